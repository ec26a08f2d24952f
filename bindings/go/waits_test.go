package mlab

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"
)

func TestAContextEndsEveryKindOfCall(t *testing.T) {
	c := client(t, nil)
	for name, call := range map[string]func(context.Context) error{
		"fetch": func(ctx context.Context) error { _, err := c.Fetch(ctx, "slow-30-go"); return err },
		"wait":  func(ctx context.Context) error { _, err := c.Wait(ctx, "never-go-context", nil); return err },
	} {
		var ctx context.Context
		var cancel context.CancelFunc
		var took time.Duration
		// Whatever else the machine does may hold this up: the best of three tries counts.
		for try := 0; try < 3; try++ {
			ctx, cancel = context.WithCancel(background)
			var at time.Time
			time.AfterFunc(200*time.Millisecond, func() { at = time.Now(); cancel() })
			err := call(ctx)
			took = time.Since(at)
			is(t, err, context.Canceled, ErrCancelled, GroupEnded)
			if took < 300*time.Millisecond {
				break
			}
		}
		if took >= 300*time.Millisecond {
			t.Errorf("%s: %v", name, took)
		}
		within(t, 2*time.Second, func() { is(t, call(ctx), context.Canceled) })
		late, stop := context.WithTimeout(background, 100*time.Millisecond)
		is(t, call(late), context.DeadlineExceeded)
		stop()
	}
}

func TestTheDeadlineEndsAWait(t *testing.T) {
	within(t, 2*time.Second, func() {
		_, err := client(t, nil).Wait(background, "never-go-deadline", &WaitOptions{Deadline: 300 * time.Millisecond})
		is(t, err, ErrDeadline, GroupEnded)
	})
}

func TestCloseEndsEveryCall(t *testing.T) {
	c := client(t, nil)
	ends := make(chan error, 6)
	for i := 0; i < 5; i++ {
		go func(i int) { _, err := c.Wait(background, fmt.Sprint("never-go-close-", i), nil); ends <- err }(i)
	}
	go func() { _, err := c.Fetch(background, "slow-30-go-close"); ends <- err }()
	for c.Pending() < 5 {
		runtime.Gosched()
	}
	time.Sleep(100 * time.Millisecond) // The fetch, which nothing tells of.
	within(t, 5*time.Second, func() { c.Close() })
	for i := 0; i < 6; i++ {
		is(t, <-ends, ErrClosed)
	}
	no(t, c.Close())
	_, err := c.Fetch(background, "1")
	is(t, err, ErrClosed)
	_, err = c.Wait(background, "1", nil)
	is(t, err, ErrClosed)
}

func TestThirtyWaitsAtOnceTakeThreeSeconds(t *testing.T) {
	c := client(t, nil)
	took := time.Hour
	// The best of three tries, of which each has its own jobs.
	for try := 0; try < 3 && took > 3*time.Second; try++ {
		at := time.Now()
		var all sync.WaitGroup
		for i := 0; i < 30; i++ {
			all.Add(1)
			go func(id string) {
				defer all.Done()
				if _, err := c.Wait(background, id, soon); err != nil {
					t.Error(err)
				}
			}(fmt.Sprint("go-many-", try, "-", i))
		}
		all.Wait()
		took = time.Since(at)
	}
	if took > 3*time.Second {
		t.Error(took)
	}
}

func TestProgressIsTold(t *testing.T) {
	var told []Event
	options := *soon
	options.MinPoll = 3 * time.Second // A job's end drops the progress before it.
	options.Progress = func(now Event) { told = append(told, now) }
	_, err := client(t, nil).Wait(background, "go-progress", &options)
	no(t, err)
	if len(told) == 0 || told[0].Polls != 1 || told[0].ID != "go-progress" || told[0].NextPoll <= 0 {
		t.Fatalf("%+v", told)
	}
}

func TestAProgressThatPanicsLeavesNoJob(t *testing.T) {
	c := client(t, nil)
	options := *soon
	for name, leave := range map[string]func(){"panic": func() { panic("no more") }, "Goexit": runtime.Goexit} {
		options.Progress = func(Event) { leave() }
		var all sync.WaitGroup
		all.Add(1)
		go func() {
			defer all.Done()
			defer func() { _ = recover() }()
			_, err := c.Wait(background, "never-go-panic", &options)
			t.Errorf("%s: it returned: %v", name, err)
		}()
		all.Wait()
		for at := time.Now(); c.Pending() > 0; runtime.Gosched() {
			if time.Since(at) > 2*time.Second {
				t.Fatalf("%s: its job is open", name)
			}
		}
	}
}

func TestEventsTellOfEveryJob(t *testing.T) {
	c := client(t, nil)
	options := *soon
	options.DownloadMemory = 1 << 20
	events, err := c.Events(background, &options, "12202888", "fail-go-events", "go-events")
	no(t, err)
	ends, images := map[string]Status{}, 0
	for event := range events {
		switch event.Kind {
		case Done:
			ends[event.ID] = event.Status
		case ImageThere:
			if len(event.Result.Images[event.Index].Bytes) > 0 {
				images++
			}
		}
	}
	if len(ends) != 3 || ends["12202888"] != OK || ends["fail-go-events"] != ErrJobFailed || ends["go-events"] != OK || images != 5 {
		t.Fatalf("%v, %d images", ends, images)
	}
	ctx, cancel := context.WithCancel(background)
	events, err = c.Events(ctx, nil, "never-go-events")
	no(t, err)
	cancel()
	within(t, 2*time.Second, func() {
		for range events {
		}
	})
	_, err = c.Events(background, nil, "never-go-events-2", "no id")
	is(t, err, GroupArgument)
}

func TestEventsThatNobodyReadsAnyMoreLeaveNothing(t *testing.T) {
	c := client(t, nil)
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(background)
	events, err := c.Events(ctx, nil, "never-go-left", "never-go-left-2", "12202888")
	no(t, err)
	<-events
	for at := time.Now(); time.Since(at) < 100*time.Millisecond; {
		runtime.Gosched() // More events come, for which there is no reader.
	}
	cancel()
	for at := time.Now(); c.Pending() > 0 || runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Since(at) > 2*time.Second {
			t.Fatalf("%d jobs and %d more goroutines", c.Pending(), runtime.NumGoroutine()-before)
		}
	}
}
