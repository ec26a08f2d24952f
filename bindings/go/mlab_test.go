package mlab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const testKey = "test-key-not-real"

var background = context.Background()

// soon is for jobs that are ready half a second after their first poll.
var soon = &WaitOptions{ETA: 600 * time.Millisecond, MinPoll: time.Second}

func client(t testing.TB, options *Options) *Client {
	t.Helper()
	if os.Getenv("MLAB_TEST_HTTP") == "" {
		t.Skip("MLAB_TEST_HTTP is not set: cargo test runs these tests against the stand-in")
	}
	if options == nil {
		options = &Options{}
	}
	if options.Endpoint == "" {
		options.Endpoint = os.Getenv("MLAB_TEST_HTTP")
	}
	made, err := NewClient(testKey, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { made.Close() })
	return made
}

func is(t testing.TB, err error, targets ...error) {
	t.Helper()
	for _, target := range targets {
		if !errors.Is(err, target) {
			t.Fatalf("is %v (%T) and should be %v", err, err, target)
		}
	}
}

func no(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func within(t testing.TB, limit time.Duration, act func()) {
	t.Helper()
	at := time.Now()
	act()
	if took := time.Since(at); took > limit {
		t.Fatalf("took %v", took)
	}
}

func TestWaitGivesTheURLsOfAReadyJob(t *testing.T) {
	result, err := client(t, nil).Wait(background, "12202888", nil)
	no(t, err)
	if len(result.URLs) != 4 || len(result.Output()) != 4 || !result.Ready() || result.HTTPStatus != 200 {
		t.Fatalf("%+v", result)
	}
}

func TestFetchOfAJobThatIsNotReadyIsNoError(t *testing.T) {
	result, err := client(t, nil).Fetch(background, "never-go-fetch")
	no(t, err)
	if result.Status != Processing || result.Ready() || len(result.URLs) != 0 {
		t.Fatalf("%+v", result)
	}
}

func TestErrorsAreFoundByStatusAndByGroup(t *testing.T) {
	c := client(t, &Options{Retries: -1})
	_, err := c.Wait(background, "fail-go", nil)
	is(t, err, ErrJobFailed, GroupJob)
	_, err = c.Fetch(background, "auth-go")
	is(t, err, ErrAuth, GroupAccount)
	_, err = c.Fetch(background, "rate-go")
	is(t, err, ErrRateLimited, GroupAccount)
	var failed *Error
	if !errors.As(err, &failed) || failed.Result.RetryAfter <= 0 || !failed.Result.Retryable {
		t.Fatalf("%+v", failed)
	}
	_, err = c.Fetch(background, "busy-go")
	is(t, err, ErrServer, GroupNetwork)
}

func TestAnUnreachableServerIsANetworkError(t *testing.T) {
	_, err := client(t, &Options{Endpoint: os.Getenv("MLAB_TEST_UNREACHABLE"), Retries: -1}).Fetch(background, "1")
	is(t, err, ErrConnect, GroupNetwork)
}

func TestTextIsUTF8BothWays(t *testing.T) {
	result, err := client(t, &Options{Endpoint: os.Getenv("MLAB_TEST_UTF8")}).Fetch(background, "1")
	no(t, err)
	if result.Message != "fertig: 日本" || result.URLs[0] != "https://images.example/é/😀" {
		t.Fatalf("%+v", result)
	}
}

func TestABodyIsBytesWhateverIsInIt(t *testing.T) {
	body := []byte("\x00a\x00\xffb\x00")
	c := client(t, &Options{Endpoint: os.Getenv("MLAB_TEST_BINARY")})
	for name, call := range map[string]func() error{
		"fetch": func() error { _, err := c.Fetch(background, "1"); return err },
		"wait":  func() error { _, err := c.Wait(background, "1", nil); return err },
	} {
		err := call()
		is(t, err, ErrAuth)
		var failed *Error
		if !errors.As(err, &failed) || !bytes.Equal(failed.Result.Body, body) {
			t.Errorf("%s: %+v", name, failed)
		}
	}
	_, err := Parse(body, 401)
	is(t, err, ErrAuth)
	var failed *Error
	if !errors.As(err, &failed) || !bytes.Equal(failed.Result.Body, body) {
		t.Errorf("%+v", failed)
	}
}

func TestParseFailsAsAFetchDoes(t *testing.T) {
	ready, err := Parse([]byte(`{"status":"success","output":["https://images.example/1.png"]}`), 200)
	no(t, err)
	if !ready.Ready() || len(ready.URLs) != 1 {
		t.Fatalf("%+v", ready)
	}
	waiting, err := Parse([]byte(`{"status":"processing"}`), 0)
	no(t, err)
	if waiting.Status != Processing {
		t.Fatalf("%+v", waiting)
	}
	_, err = Parse([]byte("{}"), 429)
	is(t, err, ErrRateLimited, GroupAccount)
	for _, status := range []int{-1, 7, 1<<32 + 200} {
		_, err = Parse([]byte("{}"), status)
		is(t, err, ErrInvalidArgument)
	}
}

func TestAnIDOf64BitsSurvives(t *testing.T) {
	result, err := client(t, nil).Wait(background, "18446744073709551615", soon)
	no(t, err)
	if result.ID != "18446744073709551615" {
		t.Fatal(result.ID)
	}
}

func TestAStringThatCWouldCutIsRefused(t *testing.T) {
	c := client(t, nil)
	_, err := c.Fetch(background, "12202888\x00x")
	is(t, err, GroupArgument)
	_, err = c.Wait(background, "12202888\x00x", nil)
	is(t, err, GroupArgument)
	_, err = c.Download(background, "https://a.example/1.png", "a\x00b", nil)
	is(t, err, GroupArgument)
	_, err = NewClient("a\x00b", nil)
	is(t, err, GroupArgument)
	if c.Pending() != 0 {
		t.Fatal("there are jobs")
	}
}

func TestOptionsAreRefusedByName(t *testing.T) {
	client(t, nil)
	for name, options := range map[string]*Options{
		"Endpoint":       {Endpoint: "no url"},
		"ConnectTimeout": {ConnectTimeout: -time.Second},
		"CAPEM":          {CAPEM: "no certificate"},
		"Retries":        {Retries: 1 << 32},
	} {
		_, err := NewClient(testKey, options)
		is(t, err, ErrInvalidArgument)
		if !strings.HasPrefix(err.Error(), "mlab: "+name+": ") {
			t.Errorf("%v", err)
		}
	}
}

func TestTheKeyComesFromTheEnvironment(t *testing.T) {
	client(t, nil)
	options := &Options{Endpoint: os.Getenv("MLAB_TEST_HTTP")}
	t.Setenv("API_KEY", "")
	_, err := NewClient("", options)
	is(t, err, GroupArgument)
	for _, set := range [][2]string{{"", testKey}, {testKey, "another-key-not-real"}} {
		t.Setenv("MODELSLAB_API_KEY", set[0])
		t.Setenv("API_KEY", set[1])
		c, err := NewClient("", options)
		no(t, err)
		_, err = c.Fetch(background, "12202888")
		no(t, err)
		c.Close()
	}
}

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
		within(t, 100*time.Millisecond, func() { is(t, call(ctx), context.Canceled) })
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
	within(t, 1500*time.Millisecond, func() { c.Close() })
	for i := 0; i < 6; i++ {
		is(t, <-ends, ErrClosed)
	}
	no(t, c.Close())
	_, err := c.Fetch(background, "1")
	is(t, err, ErrClosed)
	_, err = c.Wait(background, "1", nil)
	is(t, err, ErrClosed)
}

func threads(t testing.TB) int {
	tasks, err := os.ReadDir("/proc/self/task")
	no(t, err)
	return len(tasks)
}

func TestThirtyWaitsAtOnceTakeThreeSeconds(t *testing.T) {
	c := client(t, nil)
	within(t, 3*time.Second, func() {
		var all sync.WaitGroup
		for i := 0; i < 30; i++ {
			all.Add(1)
			go func(i int) {
				defer all.Done()
				if _, err := c.Wait(background, fmt.Sprint("go-many-", i), soon); err != nil {
					t.Error(err)
				}
			}(i)
		}
		all.Wait()
	})
}

func TestAWaitTakesNoThread(t *testing.T) {
	c := client(t, nil)
	before := threads(t)
	for i := 0; i < 200; i++ {
		go c.Wait(background, fmt.Sprint("never-go-thread-", i), nil)
	}
	for c.Pending() < 200 {
		runtime.Gosched()
	}
	// The library has some, and so has Go, the more the busier the machine is.
	if more := threads(t) - before; more > 60 {
		t.Errorf("%d more threads for 200 waits", more)
	}
}

func TestProgressIsTold(t *testing.T) {
	var told []Event
	options := *soon
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

func TestAContextEndsADownloadAndLeavesNoFile(t *testing.T) {
	c, folder, url := client(t, nil), t.TempDir(), os.Getenv("MLAB_TEST_STALLED")
	took := time.Hour
	for try := 0; try < 3 && took >= 300*time.Millisecond; try++ {
		ctx, cancel := context.WithCancel(background)
		var at time.Time
		time.AfterFunc(200*time.Millisecond, func() { at = time.Now(); cancel() })
		_, err := c.Download(ctx, url, filepath.Join(folder, "1.png"), nil)
		took = time.Since(at)
		is(t, err, context.Canceled, ErrCancelled)
	}
	if took >= 300*time.Millisecond {
		t.Error(took)
	}
	left, err := os.ReadDir(folder)
	no(t, err)
	if len(left) != 0 {
		t.Error(left)
	}
}

func TestImagesComeIntoMemoryAndFiles(t *testing.T) {
	c := client(t, nil)
	folder := filepath.Join(t.TempDir(), "bilder-é-日本")
	no(t, os.Mkdir(folder, 0o777))
	result, err := c.Wait(background, "12202888", &WaitOptions{DownloadMemory: 1 << 20})
	no(t, err)
	saved, err := c.Wait(background, "12202888", &WaitOptions{DownloadDir: folder})
	no(t, err)
	for i, kind := range []string{"image/png", "image/jpeg", "image/webp", "image/gif"} {
		read, err := os.ReadFile(saved.Images[i].Path)
		no(t, err)
		if in := result.Images[i]; in.Type != kind || in.Width != 64 || in.Path != "" || !bytes.Equal(in.Bytes, read) {
			t.Errorf("image %d: %s, %d bytes, file %d bytes", i, in.Type, len(in.Bytes), len(read))
		}
	}
	path := filepath.Join(folder, "eins-é.png")
	one, err := c.Download(background, result.URLs[0], path, nil)
	no(t, err)
	if one.Images[0].Path != path {
		t.Error(one.Images[0].Path)
	}
	in, err := c.Download(background, result.URLs[0], "", nil)
	no(t, err)
	if !bytes.Equal(in.Images[0].Bytes, result.Images[0].Bytes) {
		t.Error("other bytes")
	}
	_, err = c.Wait(background, "12202888", &WaitOptions{DownloadMemory: 10})
	is(t, err, ErrTooLarge)
}

func resident(t testing.TB) int {
	runtime.GC()
	read, err := os.ReadFile("/proc/self/statm")
	no(t, err)
	pages, err := strconv.Atoi(strings.Fields(string(read))[1])
	no(t, err)
	return pages * os.Getpagesize()
}

func TestTenThousandCallsDoNotGrow(t *testing.T) {
	c := client(t, nil)
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	body := []byte(`{"status":"success","output":["` + strings.Repeat("a", 2000) + `"]}`)
	calls := func(count int) {
		for i := 0; i < count; i++ {
			_, err := Parse(body, 200)
			no(t, err)
			_, err = c.Wait(background, "no id", nil)
			is(t, err, GroupArgument)
			if i%4 != 0 {
				continue
			}
			_, err = c.Fetch(ctx, "12202888")
			no(t, err)
			if i%40 != 0 {
				continue
			}
			events, err := c.Events(ctx, nil, "12202888")
			no(t, err)
			for range events {
			}
		}
	}
	calls(3000)
	before := resident(t)
	calls(10000)
	// Of 10,000 results of 4 KB each, one in ten would show.
	if more := resident(t) - before; more > 4<<20 {
		t.Errorf("grew by %d bytes", more)
	}
}

func TestAProcessWithOpenJobsEndsAtOnce(t *testing.T) {
	c := client(t, nil)
	if os.Getenv("MLAB_TEST_EXIT") != "" {
		for i := 0; i < 200; i++ {
			go c.Wait(background, fmt.Sprint("never-go-exit-", i), nil)
		}
		go c.Fetch(background, "slow-30-go-exit")
		for c.Pending() < 200 {
			runtime.Gosched()
		}
		os.Exit(7)
	}
	within(t, 5*time.Second, func() {
		again := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
		again.Env = append(os.Environ(), "MLAB_TEST_EXIT=1")
		err := again.Run()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 7 {
			t.Error(err)
		}
	})
}
