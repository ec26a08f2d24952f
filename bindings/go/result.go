package mlab

// #include <mlab.h>
import "C"

import (
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

// Parse understands a reply that came by another way, such as a webhook. Status has the outcome.
func Parse(body []byte, httpStatus int) *Result {
	var made *C.mlab_result
	var start unsafe.Pointer
	if len(body) > 0 {
		start = unsafe.Pointer(&body[0])
	}
	C.mlab_parse(start, C.size_t(len(body)), C.int32_t(httpStatus), &made)
	return take(made)
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
	body := C.mlab_result_body(owned, &length)
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
		Body:       C.GoBytes(unsafe.Pointer(body), C.int(length)),
		Images:     make([]Image, C.mlab_result_image_count(owned)),
	}
	for i, url := range unsafe.Slice(urls, int(count)) {
		result.URLs[i] = C.GoString(url)
	}
	for i := range result.Images {
		result.Images[i] = image(owned, C.size_t(i))
	}
	return result
}

func image(lent *C.mlab_result, index C.size_t) Image {
	var length C.size_t
	bytes := C.mlab_result_image(lent, index, &length)
	copied := Image{
		Path:   C.GoString(C.mlab_result_image_path(lent, index)), // NULL becomes "".
		Type:   C.GoString(C.mlab_result_image_type(lent, index)),
		Width:  int(C.mlab_result_image_width(lent, index)),
		Height: int(C.mlab_result_image_height(lent, index)),
	}
	if bytes != nil {
		copied.Bytes = C.GoBytes(bytes, C.int(length))
	}
	return copied
}
