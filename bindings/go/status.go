package mlab

// #include <mlab.h>
import "C"

// Status says in one number what happened. It is an error value of its own: errors.Is(err, mlab.ErrRateLimited). Later
// versions may have more.
type Status int32

// String is the name that the header gives, such as "MLAB_E_AUTH".
func (s Status) String() string { return C.GoString(C.mlab_status_name(C.int32_t(s))) }

// Error says what the status means and what to do about it.
func (s Status) Error() string { return C.GoString(C.mlab_status_text(C.int32_t(s))) }

// Group is what kind of trouble a status is, and an error value too: errors.Is(err, mlab.GroupAccount). Later versions may
// have more.
type Group int32

// Error names the group.
func (g Group) Error() string { return "mlab: " + groupNames[g] }

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
