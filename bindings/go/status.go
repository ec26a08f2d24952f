package mlab

// #include <mlab.h>
import "C"

// Status says in one number what happened. It is an error value of its own: errors.Is(err, mlab.ErrRateLimited).
type Status int32

// The statuses of mlab.h. Later versions may have more.
const (
	OK                 Status = C.MLAB_OK
	Processing         Status = C.MLAB_PROCESSING
	noEvent            Status = C.MLAB_NO_EVENT
	ErrInvalidArgument Status = C.MLAB_E_INVALID_ARGUMENT
	ErrCancelled       Status = C.MLAB_E_CANCELLED
	ErrDeadline        Status = C.MLAB_E_DEADLINE
	ErrBusy            Status = C.MLAB_E_BUSY
	ErrClosed          Status = C.MLAB_E_CLOSED
	ErrForked          Status = C.MLAB_E_FORKED
	ErrNoResources     Status = C.MLAB_E_NO_RESOURCES
	ErrInternal        Status = C.MLAB_E_INTERNAL
	ErrResolve         Status = C.MLAB_E_RESOLVE
	ErrConnect         Status = C.MLAB_E_CONNECT
	ErrTLS             Status = C.MLAB_E_TLS
	ErrTimeout         Status = C.MLAB_E_TIMEOUT
	ErrNetwork         Status = C.MLAB_E_NETWORK
	ErrRedirect        Status = C.MLAB_E_REDIRECT
	ErrProtocol        Status = C.MLAB_E_PROTOCOL
	ErrTooLarge        Status = C.MLAB_E_TOO_LARGE
	ErrProxy           Status = C.MLAB_E_PROXY
	ErrAuth            Status = C.MLAB_E_AUTH
	ErrPayment         Status = C.MLAB_E_PAYMENT
	ErrForbidden       Status = C.MLAB_E_FORBIDDEN
	ErrNotFound        Status = C.MLAB_E_NOT_FOUND
	ErrRateLimited     Status = C.MLAB_E_RATE_LIMITED
	ErrBadRequest      Status = C.MLAB_E_BAD_REQUEST
	ErrServer          Status = C.MLAB_E_SERVER
	ErrJobFailed       Status = C.MLAB_E_JOB_FAILED
	ErrAPI             Status = C.MLAB_E_API
	ErrFile            Status = C.MLAB_E_FILE
	ErrUnsafeURL       Status = C.MLAB_E_UNSAFE_URL
	ErrBadImage        Status = C.MLAB_E_BAD_IMAGE
)

// String is the name that the header gives, such as "MLAB_E_AUTH".
func (s Status) String() string { return C.GoString(C.mlab_status_name(C.int32_t(s))) }

// Error says what the status means and what to do about it.
func (s Status) Error() string { return C.GoString(C.mlab_status_text(C.int32_t(s))) }

// Group is what kind of trouble a status is, and an error value too: errors.Is(err, mlab.GroupAccount).
type Group int32

// The groups of mlab.h. Later versions may have more.
const (
	GroupArgument Group = C.MLAB_GROUP_ARGUMENT // something wrong was passed, and nothing was sent
	GroupEnded    Group = C.MLAB_GROUP_ENDED    // a cancel, a deadline, Close
	GroupSystem   Group = C.MLAB_GROUP_SYSTEM   // the library, or the system under it
	GroupNetwork  Group = C.MLAB_GROUP_NETWORK  // the way to the server, or the server itself
	GroupAccount  Group = C.MLAB_GROUP_ACCOUNT  // the key, and what its account may do and pay for
	GroupJob      Group = C.MLAB_GROUP_JOB      // unknown, failed, or refused for a reason of its own
	GroupImage    Group = C.MLAB_GROUP_IMAGE    // an image or its file
)

// Error names the group.
func (g Group) Error() string {
	names := map[Group]string{GroupArgument: "argument", GroupEnded: "ended", GroupSystem: "system",
		GroupNetwork: "network", GroupAccount: "account", GroupJob: "job", GroupImage: "image"}
	return "mlab: " + names[g]
}

// Error is what every call of this package fails with.
type Error struct {
	Status  Status
	Message string  // one line that names the argument, or says what to do
	Result  *Result // what came with it: RetryAfter, Retryable, Body; nil where nothing was asked
	cause   error   // of a context that ended the call
}

func (e *Error) Error() string { return "mlab: " + e.Message }

// Group is the kind of trouble.
func (e *Error) Group() Group { return Group(C.mlab_status_group(C.int32_t(e.Status))) }

// Is matches a Status or a Group.
func (e *Error) Is(target error) bool {
	switch target := target.(type) {
	case Status:
		return e.Status == target
	case Group:
		return e.Group() == target
	}
	return false
}

// Unwrap is the context's error where a context ended the call.
func (e *Error) Unwrap() error { return e.cause }

func refuse(name, why string) error {
	return &Error{Status: ErrInvalidArgument, Message: name + ": " + why}
}

func failure(status Status, message string, result *Result, cause error) error {
	if status >= 0 {
		return nil
	}
	if message == "" {
		message = status.Error()
	}
	if status != ErrCancelled {
		cause = nil
	}
	return &Error{Status: status, Message: message, Result: result, cause: cause}
}
