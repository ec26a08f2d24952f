package mlab

// #include <mlab.h>
import "C"

import (
	"math"
	"time"
	"unsafe"
)

// Unknown is the time that the server did not say.
const Unknown time.Duration = -1

// Result is what a call came back with: a copy, which any goroutine may keep.
type Result struct {
	Status     Status
	URLs       []string // byte for byte as the server lists them; none unless the job is ready
	Message    string   // one line for people
	ID         string
	HTTPStatus int           // 0 if there was no reply
	ETA        time.Duration // how much longer the server expects the job to take; Unknown
	RetryAfter time.Duration // how long the server wants to be left alone; Unknown
	Retryable  bool          // whether the same call may succeed later
	Attempts   int
	Elapsed    time.Duration
	Body       []byte  // of the reply, with the key replaced by ***
	Images     []Image // those that were downloaded, one a URL
}

// Image is one that was downloaded.
type Image struct {
	Bytes         []byte // where it was downloaded into memory
	Path          string // where it was downloaded into a file
	Type          string // such as "image/png"; empty if it is not there
	Width, Height int    // in pixels; 0 if it does not say
}

// Ready says whether the images are there.
func (r *Result) Ready() bool { return r.Status == OK }

// Output is URLs under the vendor's name.
func (r *Result) Output() []string { return r.URLs }

// Parse understands a reply that came by another way, such as a webhook, and fails as Fetch does. An httpStatus of 0 is one
// that is not known.
func Parse(body []byte, httpStatus int) (*Result, error) {
	if httpStatus < 0 || int64(httpStatus) > math.MaxInt32 {
		return nil, refuse("httpStatus", "it must be 100 to 599, or 0 if it is not known")
	}
	var made *C.mlab_result
	var start unsafe.Pointer
	if len(body) > 0 {
		start = unsafe.Pointer(&body[0])
	}
	C.mlab_parse(start, C.size_t(len(body)), C.int32_t(httpStatus), &made)
	return take(made).orError(nil)
}

// orError is the result, unless it tells of a failure; the cause is the error of a context that ended the call.
func (r *Result) orError(cause error) (*Result, error) {
	if err := failure(r.Status, r.Message, r, cause); err != nil {
		return nil, err
	}
	return r, nil
}

func duration(milliseconds C.int64_t) time.Duration {
	if milliseconds < 0 {
		return Unknown
	}
	return time.Duration(milliseconds) * time.Millisecond
}

// take copies a result and frees it; nil for NULL.
func take(owned *C.mlab_result) *Result {
	if owned == nil {
		return nil
	}
	defer C.mlab_result_free(owned)
	var count, length C.size_t
	urls := C.mlab_result_urls(owned, &count)
	body := unsafe.Pointer(C.mlab_result_body(owned, &length))
	result := &Result{
		Status:     Status(C.mlab_result_status(owned)),
		URLs:       make([]string, count),
		Message:    C.GoString(C.mlab_result_message(owned)),
		ID:         C.GoString(C.mlab_result_id(owned)),
		HTTPStatus: int(C.mlab_result_http_status(owned)),
		ETA:        duration(C.mlab_result_eta_ms(owned)),
		RetryAfter: duration(C.mlab_result_retry_after_ms(owned)),
		Retryable:  C.mlab_result_is_retryable(owned) != 0,
		Attempts:   int(C.mlab_result_attempts(owned)),
		Elapsed:    duration(C.mlab_result_elapsed_ms(owned)),
		Body:       copied(body, length),
		Images:     make([]Image, C.mlab_result_image_count(owned)),
	}
	for i, url := range unsafe.Slice(urls, int(count)) {
		result.URLs[i] = C.GoString(url)
	}
	for i := range result.Images {
		result.Images[i] = imageOf(owned, C.size_t(i))
	}
	return result
}

func imageOf(lent *C.mlab_result, index C.size_t) Image {
	var length C.size_t
	bytes := C.mlab_result_image(lent, index, &length)
	image := Image{
		Path:   C.GoString(C.mlab_result_image_path(lent, index)), // NULL becomes "".
		Type:   C.GoString(C.mlab_result_image_type(lent, index)),
		Width:  int(C.mlab_result_image_width(lent, index)),
		Height: int(C.mlab_result_image_height(lent, index)),
	}
	if bytes != nil {
		image.Bytes = copied(bytes, length)
	}
	return image
}

// copied is what C.GoBytes gives, whose length is an int of C: 2 GiB would be too much for it.
func copied(start unsafe.Pointer, length C.size_t) []byte {
	return append([]byte{}, unsafe.Slice((*byte)(start), int(length))...)
}
