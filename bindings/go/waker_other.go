//go:build !unix

package mlab

// #include <mlab.h>
import "C"

// waker lets the library wait, in slices, where Go's poller takes no descriptor.
type waker struct{}

func newWaker(*C.mlab_client) *waker { return &waker{} }

func (*waker) slice() uint32 { return 200 }

func (*waker) wait(int64) {}

func (*waker) wake() {}

func (*waker) close() {}
