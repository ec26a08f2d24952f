// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.

package mlab

// The constants of mlab_statuses.
const (
	// Done: the result holds the image URLs.
	OK Status = 0

	// The job is not ready yet: poll again after the eta, or in 2 seconds.
	Processing Status = 1

	// Nothing to pull now: no event came in time, or the wait was woken.
	noEvent Status = 2

	// An argument is wrong and nothing was sent: the message names it.
	ErrInvalidArgument Status = -1

	// Stopped by your own cancel: the job goes on at the server and can be fetched later.
	ErrCancelled Status = -2

	// The wait reached its deadline: the job may still finish, wait again with the same id.
	ErrDeadline Status = -3

	// As much as is allowed is already under way: take finished work first, then try again.
	ErrBusy Status = -4

	// The client was shut down: make a new one.
	ErrClosed Status = -5

	// The client belongs to the parent process: make a new one after fork.
	ErrForked Status = -6

	// The system gave no thread, descriptor or memory: free some, then try again.
	ErrNoResources Status = -7

	// A defect in this library: please report it with the message.
	ErrInternal Status = -8

	// The host name could not be looked up: check the network and the endpoint, then try again.
	ErrResolve Status = -20

	// No connection to the server: check network and firewall, then try again.
	ErrConnect Status = -21

	// The server could not prove who it is: check the clock, the CA settings and for an intercepting proxy.
	ErrTLS Status = -22

	// The server did not answer in time: try again, or raise the timeout.
	ErrTimeout Status = -23

	// The connection broke: try again.
	ErrNetwork Status = -24

	// The server points elsewhere and the key was not sent there: correct the endpoint.
	ErrRedirect Status = -25

	// The reply could not be understood: if it lasts, check the endpoint and any proxy between.
	ErrProtocol Status = -26

	// The reply is larger than the limit: raise the body limit if this size is expected.
	ErrTooLarge Status = -27

	// The proxy could not be used: check its address and password, or set none.
	ErrProxy Status = -28

	// The server refused the API key: check it.
	ErrAuth Status = -40

	// The account has no credit or no plan for this: top it up.
	ErrPayment Status = -41

	// The key may not do this: check the account's rights and the endpoint.
	ErrForbidden Status = -42

	// The server does not know this id: check it; a job just made may need some seconds.
	ErrNotFound Status = -43

	// Too many requests: wait as long as the result's retry-after says, else 30 seconds.
	ErrRateLimited Status = -44

	// The server refused the request as malformed: the message says why; check endpoint and id.
	ErrBadRequest Status = -45

	// Trouble at the server: try again later.
	ErrServer Status = -46

	// The job itself failed at the server: make a new one.
	ErrJobFailed Status = -47

	// The server refused for a reason of its own: see the message.
	ErrAPI Status = -48

	// A file could not be read or written: the message has the path and the reason.
	ErrFile Status = -60

	// An image URL leads where no image should be fetched from: nothing was sent.
	ErrUnsafeURL Status = -61

	// What arrived is no whole image: try again, or make the job again.
	ErrBadImage Status = -62
)

// The constants of mlab_status_groups.
const (
	// No failure, or no status of this version.
	GroupNone Group = 0

	// You passed something wrong; nothing was sent.
	GroupArgument Group = 1

	// You ended it, or its time was over: cancel, deadline, shutdown, fork.
	GroupEnded Group = 2

	// This library, or the system under it: too much at once, no memory, a defect.
	GroupSystem Group = 3

	// The way to the server, or the server itself; most of it passes.
	GroupNetwork Group = 4

	// The key, and what its account may do and pay for.
	GroupAccount Group = 5

	// The job: unknown, failed, or refused for a reason of its own.
	GroupJob Group = 6

	// An image or its file.
	GroupImage Group = 7
)

// The constants of mlab_event_kinds.
const (
	// A poll was made that did not end the job, or bytes of its images came.
	Progress EventKind = 1

	// The job has ended; the event has its result.
	Done EventKind = 2

	// An image of the job is there: mlab_event_index() says which, and the event's result has it alone, at that index. Only where mlab_request_set_image_events() asks for it.
	ImageThere EventKind = 3
)

// The constants of mlab_roots_kinds.
const (
	// Mozilla's root certificates, built into the library. The default.
	RootsBundled Roots = 0

	// The system's verifier and root certificates, with what a company or user added to them.
	RootsSystem Roots = 1
)

var groupNames = map[Group]string{
	GroupNone:     "none",
	GroupArgument: "argument",
	GroupEnded:    "ended",
	GroupSystem:   "system",
	GroupNetwork:  "network",
	GroupAccount:  "account",
	GroupJob:      "job",
	GroupImage:    "image",
}
