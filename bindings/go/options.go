package mlab

// #include <stdlib.h>
// #include <mlab.h>
import "C"

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unsafe"
)

// Options say how a client works. What is zero stays as the library has it.
type Options struct {
	Endpoint          string // where to ask, with {id} in it
	ConnectTimeout    time.Duration
	RequestTimeout    time.Duration
	BodyLimit         uint64 // the largest reply taken, in bytes
	UserAgent         string // your program, added to the User-Agent
	Proxy             string
	NoProxy           bool // none, whatever the environment says
	CAFile            string
	CAPEM             string
	Roots             Roots // whose root certificates are trusted
	Retries           int   // of a fetch after failures that may pass; negative for none
	RequestsPerSecond float64
	Workers           uint32 // how many threads poll at most
	MaxJobs           uint32
	ImageLimit        uint64 // the largest image taken into a file, in bytes
	MaxImages         uint32 // of one job
}

// Roots are whose root certificates are trusted.
type Roots int32

// WaitOptions say how to wait for a job. What is zero stays as the library has it.
type WaitOptions struct {
	Deadline         time.Duration // in all; 10 minutes unless set
	MinPoll, MaxPoll time.Duration // how far apart polls are; 2 and 15 seconds unless set
	ETA              time.Duration // "eta" of the generation call's reply; saves polls
	DownloadDir      string        // a folder into which the images are downloaded
	DownloadMemory   uint64        // the largest image that is downloaded into memory, in bytes
	Progress         func(Event)   // called by Wait's own goroutine after each poll that did not end it
}

// text is a C string that must be freed, refused where C would see a shorter one.
func text(name, value string) (*C.char, error) {
	if strings.IndexByte(value, 0) >= 0 {
		return nil, refuse(name, "there is a NUL inside, behind which the library would see nothing")
	}
	return C.CString(value), nil
}

func milliseconds(name string, time_ time.Duration) (C.uint32_t, error) {
	if time_ < 0 {
		return 0, refuse(name, "it is negative")
	}
	rounded := (time_ + time.Millisecond - 1) / time.Millisecond
	if rounded > math.MaxUint32 || time_ > math.MaxInt64-time.Millisecond {
		return math.MaxUint32, nil
	}
	return C.uint32_t(rounded), nil
}

// setter calls setters until one refuses its value.
type setter struct {
	message func() *C.char
	err     error
}

func (s *setter) check(name string, status C.int32_t) {
	if s.err == nil && status != C.MLAB_OK {
		s.err = failure(Status(status), name+": "+C.GoString(s.message()), nil, nil)
	}
}

// fits says whether C's type holds a number, which would be cut otherwise.
func (s *setter) fits(name string, value, most uint64) bool {
	if s.err == nil && value > most {
		s.err = refuse(name, fmt.Sprintf("it is greater than %d", most))
	}
	return s.err == nil
}

func (s *setter) text(name, value string, set func(*C.char) C.int32_t) {
	if s.err != nil || value == "" {
		return
	}
	var c *C.char
	if c, s.err = text(name, value); s.err == nil {
		defer C.free(unsafe.Pointer(c))
		s.check(name, set(c))
	}
}

func (s *setter) time(name string, value time.Duration, set func(C.uint32_t) C.int32_t) {
	if s.err != nil || value == 0 {
		return
	}
	var ms C.uint32_t
	if ms, s.err = milliseconds(name, value); s.err == nil {
		s.check(name, set(ms))
	}
}

// config makes the library's settings, which the caller frees, whatever the error.
func (o *Options) config() (*C.mlab_config, error) {
	c := C.mlab_config_new()
	s := setter{message: func() *C.char { return C.mlab_config_message(c) }}
	s.text("Endpoint", o.Endpoint, func(v *C.char) C.int32_t { return C.mlab_config_set_endpoint(c, v) })
	s.time("ConnectTimeout", o.ConnectTimeout, func(v C.uint32_t) C.int32_t { return C.mlab_config_set_connect_timeout_ms(c, v) })
	s.time("RequestTimeout", o.RequestTimeout, func(v C.uint32_t) C.int32_t { return C.mlab_config_set_request_timeout_ms(c, v) })
	s.text("UserAgent", o.UserAgent, func(v *C.char) C.int32_t { return C.mlab_config_set_user_agent(c, v) })
	s.text("Proxy", o.Proxy, func(v *C.char) C.int32_t { return C.mlab_config_set_proxy(c, v) })
	s.text("CAFile", o.CAFile, func(v *C.char) C.int32_t { return C.mlab_config_set_ca_file(c, v) })
	s.text("CAPEM", o.CAPEM, func(v *C.char) C.int32_t { return C.mlab_config_set_ca_pem(c, v) })
	if o.NoProxy {
		none := C.CString("")
		defer C.free(unsafe.Pointer(none))
		s.check("NoProxy", C.mlab_config_set_proxy(c, none))
	}
	if o.BodyLimit != 0 && s.fits("BodyLimit", o.BodyLimit, uint64(^C.size_t(0))) {
		s.check("BodyLimit", C.mlab_config_set_body_limit(c, C.size_t(o.BodyLimit)))
	}
	if o.Roots != RootsBundled {
		s.check("Roots", C.mlab_config_set_roots(c, C.int32_t(o.Roots)))
	}
	if o.Retries > 0 && s.fits("Retries", uint64(o.Retries), math.MaxUint32) {
		s.check("Retries", C.mlab_config_set_retries(c, C.uint32_t(o.Retries)))
	} else if o.Retries < 0 {
		s.check("Retries", C.mlab_config_set_retries(c, 0))
	}
	if o.RequestsPerSecond != 0 {
		s.check("RequestsPerSecond", C.mlab_config_set_requests_per_second(c, C.double(o.RequestsPerSecond)))
	}
	if o.Workers != 0 {
		s.check("Workers", C.mlab_config_set_workers(c, C.uint32_t(o.Workers)))
	}
	if o.MaxJobs != 0 {
		s.check("MaxJobs", C.mlab_config_set_max_jobs(c, C.uint32_t(o.MaxJobs)))
	}
	if o.ImageLimit != 0 {
		s.check("ImageLimit", C.mlab_config_set_image_limit(c, C.uint64_t(o.ImageLimit)))
	}
	if o.MaxImages != 0 {
		s.check("MaxImages", C.mlab_config_set_max_images(c, C.uint32_t(o.MaxImages)))
	}
	return c, s.err
}

func (o *WaitOptions) apply(r *C.mlab_request, wantsImages bool) error {
	s := setter{message: func() *C.char { return C.mlab_request_message(r) }}
	s.time("Deadline", o.Deadline, func(v C.uint32_t) C.int32_t { return C.mlab_request_set_deadline_ms(r, v) })
	s.time("ETA", o.ETA, func(v C.uint32_t) C.int32_t { return C.mlab_request_set_eta_ms(r, v) })
	if o.MinPoll != 0 || o.MaxPoll != 0 {
		// The library takes both at once: the one that was not said is its default, made to fit.
		least, most := o.MinPoll, o.MaxPoll
		if least == 0 {
			least = 2 * time.Second
			if most < least {
				least = most
			}
		}
		if most == 0 {
			most = 15 * time.Second
			if most < least {
				most = least
			}
		}
		s.time("MinPoll or MaxPoll", least, func(min C.uint32_t) C.int32_t {
			max, err := milliseconds("MaxPoll", most)
			if err != nil {
				return C.MLAB_E_INVALID_ARGUMENT
			}
			return C.mlab_request_set_poll_ms(r, min, max)
		})
	}
	s.text("DownloadDir", o.DownloadDir, func(v *C.char) C.int32_t { return C.mlab_request_set_download_dir(r, v, 0) })
	if o.DownloadMemory != 0 {
		s.check("DownloadMemory", C.mlab_request_set_download_memory(r, C.uint64_t(o.DownloadMemory)))
	}
	if wantsImages && (o.DownloadDir != "" || o.DownloadMemory != 0) {
		s.check("images", C.mlab_request_set_image_events(r, 1))
	}
	return s.err
}
