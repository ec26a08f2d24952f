//go:build unix

package mlab

// #include <mlab.h>
import "C"

import (
	"os"
	"syscall"
	"time"
)

const sliceMilliseconds = 200

// waker waits for the client's descriptor in Go's own poller, which takes no thread.
type waker struct {
	file     *os.File // nil where there was no descriptor to be had
	isBroken bool     // the poller does not take it
}

func newWaker(client *C.mlab_client) *waker {
	// A duplicate, since a file closes what it has, and the descriptor belongs to the client. No fork between the two calls:
	// the child's program would keep it.
	syscall.ForkLock.RLock()
	descriptor, err := syscall.Dup(int(C.mlab_client_event_fd(client)))
	if err == nil {
		syscall.CloseOnExec(descriptor)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return &waker{}
	}
	return &waker{file: os.NewFile(uintptr(descriptor), "mlab events")}
}

// slice is how long the library itself may wait.
func (w *waker) slice() uint32 {
	if w.file == nil || w.isBroken {
		return sliceMilliseconds
	}
	return 0
}

// wait returns when there is something to pull, when that time is over (never if negative), or after wake.
func (w *waker) wait(milliseconds int64) {
	if w.file == nil || w.isBroken {
		return
	}
	// No longer than a slice: a wake between the caller's look at the time and the next line would be lost.
	if milliseconds < 0 || milliseconds > sliceMilliseconds {
		milliseconds = sliceMilliseconds
	}
	if w.file.SetReadDeadline(time.Now().Add(time.Duration(milliseconds)*time.Millisecond)) != nil {
		w.isBroken = true
		return
	}
	var bytes [64]byte
	_, _ = w.file.Read(bytes[:]) // What is read is of no interest: all events are pulled afterwards.
}

func (w *waker) wake() {
	if w.file != nil {
		_ = w.file.SetReadDeadline(time.Now())
	}
}

func (w *waker) close() {
	if w.file != nil {
		_ = w.file.Close()
	}
}
