package mlab

// #include <stdlib.h>
// #include <mlab.h>
import "C"

import (
	"sync"
	"time"
	"unsafe"
)

// EventKind is what happened: Progress, Done, or ImageThere. Later versions may have more: ignore what you do not know.
type EventKind int32

// Event is what happened to a job.
type Event struct {
	Kind       EventKind
	ID         string // as it was asked for
	Status     Status
	Polls      int
	Elapsed    time.Duration
	ETA        time.Duration // how much longer the server expects the job to take; Unknown
	NextPoll   time.Duration // counted from the start of the job; Unknown
	Index      int           // of the image; -1 unless the kind is ImageThere
	BytesDone  int64
	BytesTotal int64   // -1 while that is not known
	Result     *Result // of a job that is Done, or with the image that is there alone
	message    string
}

// job is one that is open.
type job struct {
	id, kind, path string
	told           *queue
	number         C.uint64_t
}

// queue holds events for a reader that may be slow: the pump never waits for one.
type queue struct {
	mutex  sync.Mutex
	events []Event
	ready  chan struct{}
}

func newQueue() *queue { return &queue{ready: make(chan struct{}, 1)} }

func (q *queue) put(event Event) {
	q.mutex.Lock()
	q.events = append(q.events, event)
	q.mutex.Unlock()
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

func (q *queue) take() []Event {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	events := q.events
	q.events = nil
	return events
}

// jobs are those that are open, and whether a goroutine pulls their events.
type jobs struct {
	mutex   sync.Mutex
	open    map[uint64]*job
	lastTag uint64
	pump    *waker // nil while no job is open
}

func (c *Client) submit(what job, options *WaitOptions, wantsImages bool) (*job, error) {
	id, err := text(what.kind, what.id)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(id))
	var request *C.mlab_request
	if what.kind == "url" {
		request = C.mlab_request_new_download(id)
	} else {
		request = C.mlab_request_new(id)
	}
	defer C.mlab_request_free(request)
	if err := options.apply(request, wantsImages); err != nil {
		return nil, err
	}
	s := setter{message: func() *C.char { return C.mlab_request_message(request) }}
	s.text("path", what.path, func(v *C.char) C.int32_t { return C.mlab_request_set_download_file(request, v) })
	if s.err != nil {
		return nil, s.err
	}
	if err := c.enter(); err != nil {
		return nil, err
	}
	defer c.leave()
	opened := &what
	c.jobs.mutex.Lock()
	c.jobs.lastTag++
	tag := c.jobs.lastTag
	c.jobs.open[tag] = opened // First of all: the first event may come before the submit has returned.
	c.jobs.mutex.Unlock()
	C.mlab_request_set_tag(request, C.uint64_t(tag))
	status := Status(C.mlab_client_submit(c.handle, request, &opened.number))
	c.jobs.mutex.Lock()
	defer c.jobs.mutex.Unlock()
	if status != OK {
		delete(c.jobs.open, tag)
		return nil, failure(status, C.GoString(C.mlab_request_message(request)), nil, nil)
	}
	if c.jobs.pump != nil {
		c.jobs.pump.wake() // Its deadline may be nearer than those that are waited for.
	} else if len(c.jobs.open) > 0 {
		c.jobs.pump = newWaker(c.handle)
		c.stay()
		go c.pump(c.jobs.pump)
	}
	return opened, nil
}

func (c *Client) cancel(what *job) {
	if c.enter() == nil {
		defer c.leave()
		C.mlab_client_cancel_job(c.handle, what.number)
	}
}

// pump delivers events while jobs are open.
func (c *Client) pump(pump *waker) {
	defer c.leave()
	defer pump.close()
	for {
		var made *C.mlab_event
		status := Status(C.mlab_client_next_event(c.handle, C.uint32_t(pump.slice()), &made))
		if status == OK {
			c.deliver(made)
			continue
		}
		c.jobs.mutex.Lock()
		if len(c.jobs.open) == 0 || status < 0 {
			c.jobs.pump = nil
			left := c.jobs.open
			c.jobs.open = map[uint64]*job{}
			c.jobs.mutex.Unlock()
			for _, one := range left {
				one.told.put(Event{Kind: Done, ID: one.id, Status: status})
			}
			return
		}
		c.jobs.mutex.Unlock()
		pump.wait(int64(C.mlab_client_next_due_ms(c.handle)))
	}
}

func (c *Client) deliver(made *C.mlab_event) {
	defer C.mlab_event_free(made)
	event := Event{
		Kind:       EventKind(C.mlab_event_kind(made)),
		Status:     Status(C.mlab_event_status(made)),
		Polls:      int(C.mlab_event_polls(made)),
		Elapsed:    duration(C.mlab_event_elapsed_ms(made)),
		ETA:        duration(C.mlab_event_eta_ms(made)),
		NextPoll:   duration(C.mlab_event_next_poll_ms(made)),
		Index:      int(C.mlab_event_index(made)),
		BytesDone:  int64(C.mlab_event_bytes_done(made)),
		BytesTotal: int64(C.mlab_event_bytes_total(made)),
		Result:     take(C.mlab_event_take_result(made)),
	}
	if event.Result != nil {
		event.message = event.Result.Message
	}
	tag := uint64(C.mlab_event_tag(made))
	c.jobs.mutex.Lock()
	told := c.jobs.open[tag]
	if event.Kind == Done {
		delete(c.jobs.open, tag)
	}
	c.jobs.mutex.Unlock()
	if told != nil {
		event.ID = told.id
		told.told.put(event)
	}
}
