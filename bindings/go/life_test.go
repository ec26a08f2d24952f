package mlab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

func threads(t testing.TB) int {
	tasks, err := os.ReadDir("/proc/self/task")
	no(t, err)
	return len(tasks)
}

func TestAWaitTakesNoThread(t *testing.T) {
	c := client(t, nil)
	before := threads(t)
	// One by one: of calls that begin at once each may take a thread of Go's, which are kept.
	for i := 0; i < 200; i++ {
		go c.Wait(background, fmt.Sprint("never-go-thread-", i), nil)
		for c.Pending() <= i {
			runtime.Gosched()
		}
	}
	// The library has some, and so has Go.
	if more := threads(t) - before; more > 100 {
		t.Errorf("%d more threads for 200 waits", more)
	}
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
	// Long before the fetch would end.
	within(t, 20*time.Second, func() {
		again := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
		again.Env = append(os.Environ(), "MLAB_TEST_EXIT=1")
		err := again.Run()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 7 {
			t.Error(err)
		}
	})
}
