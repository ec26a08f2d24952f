// Package mlab fetches queued images of ModelsLab. Fetch asks once; Wait waits until the images are there.
package mlab

// #cgo pkg-config: mlab
// #include <stdlib.h>
// #include <mlab.h>
import "C"

import (
	"context"
	"os"
	"runtime"
	"sync"
	"unsafe"
)

const leaveMilliseconds = 1000

// Client serves a whole program: it keeps connections, and any goroutine may call it.
type Client struct {
	handle *C.mlab_client
	jobs   jobs

	mutex    sync.Mutex
	left     *sync.Cond // inside has become 0
	inside   int        // calls that use the handle; Close waits for them before it frees
	isClosed bool
}

// NewClient makes a client. An empty key is taken from MODELSLAB_API_KEY, then API_KEY, in the environment; options may
// be nil. The key or an option that cannot be used is an error of GroupArgument that names it.
func NewClient(key string, options *Options) (*Client, error) {
	if C.mlab_abi_version() != C.MLAB_ABI_VERSION {
		return nil, &Error{Status: ErrInternal, Message: "libmlab has another ABI than its header: install one of them anew"}
	}
	if key == "" {
		if key = os.Getenv("MODELSLAB_API_KEY"); key == "" {
			key = os.Getenv("API_KEY")
		}
		if key == "" {
			return nil, refuse("key", "none was given, and neither MODELSLAB_API_KEY nor API_KEY is set")
		}
	}
	if options == nil {
		options = &Options{}
	}
	config, err := options.config()
	defer C.mlab_config_free(config)
	if err != nil {
		return nil, err
	}
	c, err := text("key", key)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(c))
	var made *C.mlab_client
	if status := Status(C.mlab_client_new(c, config, &made)); status != OK {
		defer C.mlab_client_free(made)
		return nil, failure(status, C.GoString(C.mlab_client_message(made)), nil, nil)
	}
	client := &Client{handle: made}
	client.jobs.open = map[uint64]*job{}
	client.left = sync.NewCond(&client.mutex)
	// One that was forgotten: nobody is inside, so that the free does not wait.
	runtime.SetFinalizer(client, func(client *Client) { C.mlab_client_free(client.handle) })
	return client, nil
}

// Close ends every call and job with ErrClosed, and waits at most a second for them to leave.
func (c *Client) Close() error {
	if err := c.enter(); err != nil {
		return nil
	}
	C.mlab_client_shutdown(c.handle, leaveMilliseconds)
	c.leave()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.isClosed = true
	for c.inside > 0 {
		c.left.Wait()
	}
	C.mlab_client_free(c.handle) // Takes NULL, where two have closed it at once.
	c.handle = nil
	runtime.SetFinalizer(c, nil)
	return nil
}

// enter keeps the handle for a call, until leave.
func (c *Client) enter() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.isClosed {
		return failure(ErrClosed, "", nil, nil)
	}
	c.inside++
	return nil
}

// stay keeps the handle for longer than the call that has entered.
func (c *Client) stay() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.inside++
}

func (c *Client) leave() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.inside--
	if c.inside == 0 {
		c.left.Broadcast()
	}
}

// Fetch asks once how a job stands, and again after failures that may pass. A job that is not ready is no error: see
// Result.Ready. (The vendor's own clients have a fetch that waits: here that is Wait.) It takes a thread meanwhile, for at
// most the request timeout: fetch no more at once than the process may have threads.
func (c *Client) Fetch(ctx context.Context, id string) (*Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, failure(ErrCancelled, "", nil, err)
	}
	name, err := text("id", id)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(name))
	if err := c.enter(); err != nil {
		return nil, err
	}
	defer c.leave()
	var cancel *C.mlab_cancel
	if ctx.Done() != nil {
		cancel = C.mlab_cancel_new()
		defer C.mlab_cancel_free(cancel)
		returned, left := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(left)
			select {
			case <-ctx.Done():
				C.mlab_cancel_trigger(cancel)
			case <-returned:
			}
		}()
		defer func() { close(returned); <-left }()
	}
	var made *C.mlab_result
	C.mlab_client_fetch(c.handle, name, cancel, &made)
	return take(made).orError(ctx.Err())
}

// Wait waits until a job has ended, and takes no thread meanwhile. Options may be nil. A context that ends it leaves the
// job alone, which goes on at the server; errors.Is finds the context's error then.
func (c *Client) Wait(ctx context.Context, id string, options *WaitOptions) (*Result, error) {
	return c.run(ctx, job{id: id, kind: "id"}, options)
}

// Download downloads one image by its URL into a file, which is replaced if it is there; into memory if path is empty.
func (c *Client) Download(ctx context.Context, url, path string, options *WaitOptions) (*Result, error) {
	return c.run(ctx, job{id: url, kind: "url", path: path}, options)
}

func (c *Client) run(ctx context.Context, what job, options *WaitOptions) (*Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, failure(ErrCancelled, "", nil, err)
	}
	if options == nil {
		options = &WaitOptions{}
	}
	told := newQueue()
	what.told = told
	opened, err := c.submit(what, options, false)
	if err != nil {
		return nil, err
	}
	defer c.cancel(opened) // Where Progress does not return; to no effect where the job has ended.
	stop := ctx.Done()
	for {
		select {
		case <-stop:
			c.cancel(opened)
			stop = nil // Its end comes within 250 ms.
		case <-told.ready:
			for _, event := range told.take() {
				if event.Kind == Done {
					if err := failure(event.Status, event.message, event.Result, ctx.Err()); err != nil {
						return nil, err
					}
					return event.Result, nil
				}
				if options.Progress != nil {
					options.Progress(event)
				}
			}
		}
	}
}

// Events waits for some jobs and tells what happens to each: progress, images, and one event of the kind Done, whatever
// the end. The channel is closed after the last. A context that is done stops the jobs, and nobody need read on; whoever
// does finds the channel closed within 250 ms, and may miss events. So leave the channel before its end only with a context
// that you cancel.
func (c *Client) Events(ctx context.Context, options *WaitOptions, ids ...string) (<-chan Event, error) {
	if options == nil {
		options = &WaitOptions{}
	}
	told := newQueue()
	var opened []*job
	for _, id := range ids {
		one, err := c.submit(job{id: id, kind: "id", told: told}, options, true)
		if err != nil {
			for _, other := range opened {
				c.cancel(other)
			}
			return nil, err
		}
		opened = append(opened, one)
	}
	events := make(chan Event)
	go func() {
		defer close(events)
		stop := ctx.Done()
		for open := len(opened); open > 0; {
			select {
			case <-stop:
				for _, one := range opened {
					c.cancel(one)
				}
				stop = nil
			case <-told.ready:
				for _, event := range told.take() {
					if event.Kind == Done {
						open--
					}
					select {
					case events <- event:
					case <-ctx.Done():
					}
				}
			}
		}
	}()
	return events, nil
}

// Pending is how many jobs are open.
func (c *Client) Pending() int {
	if c.enter() != nil {
		return 0
	}
	defer c.leave()
	return int(C.mlab_client_pending(c.handle))
}
