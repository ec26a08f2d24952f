//! The request
//!
//! Describes one job to wait for. The defaults suit a game: polls 2 to 15 seconds apart, for at most 10 minutes. What the
//! generation call said about the time, given with mlab_request_set_eta_ms(), saves polls and waiting. A setter checks at
//! once: a refused value changes nothing, and mlab_request_message() says why it was refused.

use super::convert::text;
use super::handle::{borrow, borrow_mut, from_caller, give, take_back};
use super::objects::{RequestKind, mlab_request};
use super::panic::entry;
use super::setter::{Refusing, change, message_of};
use mlab_core::download::Destination;
use mlab_core::engine::{IMAGE_LIMIT, ImageRequest, JobRequest};
use mlab_core::error::Error;
use mlab_core::flow::plan::Plan;
use mlab_core::wire::JobId;
use std::ffi::{c_char, c_void};
use std::time::Duration;

/// Called after each poll that did not end the wait.
///
/// It is called inside mlab_client_wait(), on the thread that called it, with no lock of this library held. Inside it, any
/// function of this library may be called, also those that free the client, the request or the cancel in use. It must
/// return, and throw no exception.
///
/// @param user as it was set.
/// @param polls how many polls were made so far.
/// @param elapsed_ms milliseconds since the start of the wait.
/// @param eta_ms how much longer the last reply expected the job to take, in milliseconds; -1 if it did not say.
/// @param next_poll_ms when the next poll is due, in milliseconds since the start of the wait.
/// @return 0 to go on; any other value ends the wait with MLAB_E_CANCELLED.
pub type mlab_progress_fn = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        polls: i32,
        elapsed_ms: i64,
        eta_ms: i64,
        next_poll_ms: i64,
    ) -> i32,
>;

/// What a request asks for, ready to run.
pub(super) enum CheckedRequest {
    Job(JobRequest),
    Image(ImageRequest),
}

impl Refusing for mlab_request {
    type Set = mlab_request;

    fn set(&mut self) -> &mut mlab_request {
        self
    }

    fn keep_message(&mut self, refused: Option<&Error>) {
        self.message = message_of(refused.or(self.kind.refused()));
    }
}

fn ms(value: u32) -> Duration {
    Duration::from_millis(value.into())
}

impl RequestKind {
    fn refused(&self) -> Option<&Error> {
        match self {
            RequestKind::Job(id) => id.as_ref().err(),
            RequestKind::Image(url) => url.as_ref().err(),
        }
    }
}

impl mlab_request {
    pub(super) fn new(kind: RequestKind) -> mlab_request {
        mlab_request {
            message: message_of(kind.refused()),
            kind,
            plan: Plan::default(),
            destination: None,
            image_events: false,
            tag: 0,
            progress: None,
        }
    }

    /// What to do, in the form that runs it; the error if its id or URL was refused.
    pub(super) fn checked(&self) -> Result<CheckedRequest, Error> {
        let (plan, destination, image_events) = (self.plan, self.destination.clone(), self.image_events);
        Ok(match &self.kind {
            RequestKind::Job(id) => {
                CheckedRequest::Job(JobRequest { id: id.clone()?, plan, destination, image_events })
            }
            RequestKind::Image(url) => CheckedRequest::Image(ImageRequest {
                url: url.clone()?,
                destination: destination.unwrap_or(Destination::Memory { most: IMAGE_LIMIT }),
                deadline: plan.deadline(),
            }),
        })
    }
}

/// Makes a request for a job.
///
/// @param id the id that the generation call returned, 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -, but not "." or "..";
/// copied. One that cannot be used is refused by the call that uses the request; mlab_request_message() has the reason at once.
/// @return a request to be freed with mlab_request_free(); NULL only after an internal error.
/// @note Threads: any.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_new(id: *const c_char) -> *mut mlab_request {
    let id = from_caller!(text(id, "id"));
    entry("mlab_request_new", std::ptr::null_mut(), || {
        give(mlab_request::new(RequestKind::Job(id.and_then(JobId::new))))
    })
}

/// Ends a request. Waits that use it go on.
///
/// @param request consumed; NULL does nothing.
/// @note Threads: any; no other thread may pass it to a function any more.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_free(request: *mut mlab_request) {
    entry("mlab_request_free", (), || drop(from_caller!(take_back(request))));
}

/// Why the last setter refused its value, or why the id cannot be used: one line that names the argument.
///
/// @param request borrowed; may be NULL.
/// @return a string borrowed until the next setter or mlab_request_free(), never NULL; empty if the last setter accepted
/// its value and the id can be used.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_message(request: *const mlab_request) -> *const c_char {
    let request = from_caller!(borrow(request));
    entry("mlab_request_message", c"".as_ptr(), || {
        request.map_or(c"request is NULL".as_ptr(), |r| r.message.as_ptr())
    })
}

/// Sets how long the wait may take in all. The default is 10 minutes.
///
/// @param request changed.
/// @param deadline_ms milliseconds from the start of the wait, at least 1; more than 24 hours count as 24
///   hours.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_set_deadline_ms(request: *mut mlab_request, deadline_ms: u32) -> i32 {
    let request = from_caller!(borrow_mut(request));
    change("mlab_request_set_deadline_ms", request, |r| {
        r.plan = r.plan.with_deadline(ms(deadline_ms))?;
        Ok(())
    })
}

/// Sets how far apart polls are: never closer than min_ms, and never further than max_ms, unless the server asks for a longer
/// pause, or says an eta to a client whose etas have proved right. The defaults are 2 and 15 seconds.
///
/// @param request changed.
/// @param min_ms milliseconds, at least 1000.
/// @param max_ms milliseconds, at least min_ms; more than 24 hours count as 24 hours.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_set_poll_ms(
    request: *mut mlab_request,
    min_ms: u32,
    max_ms: u32,
) -> i32 {
    let request = from_caller!(borrow_mut(request));
    change("mlab_request_set_poll_ms", request, |r| {
        r.plan = r.plan.with_poll(ms(min_ms), ms(max_ms))?;
        Ok(())
    })
}

/// Sets how long the job is expected to take, as the generation call's reply said ("eta", in seconds there). Replies to
/// polls mostly say nothing about it.
///
/// @param request changed.
/// @param eta_ms milliseconds from the start of the wait; more than 24 hours count as 24 hours.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_set_eta_ms(request: *mut mlab_request, eta_ms: u32) -> i32 {
    let request = from_caller!(borrow_mut(request));
    change("mlab_request_set_eta_ms", request, |r| {
        r.plan = r.plan.with_eta(Some(ms(eta_ms)));
        Ok(())
    })
}

/// Sets whether the job is polled once only: it ends with the first answer, as mlab_client_fetch() would give it,
/// MLAB_PROCESSING too. It is a fetch for programs that may not block, and waits for no gap between polls; the eta and
/// mlab_request_set_poll_ms() mean nothing to it. Failures that may pass are retried as mlab_config_set_retries() says, all
/// within the request timeout, or a deadline that comes before; by its end the images must be there too, if they are to be
/// had. While the server's rate limit holds the client back it waits, and ends with MLAB_E_RATE_LIMITED if that takes
/// longer. As every job it is one of mlab_config_set_max_jobs(), and has one of mlab_config_set_workers() while the
/// server answers. The default is 0.
///
/// @param request changed.
/// @param once 0 for a wait, anything else for one poll.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_set_poll_once(request: *mut mlab_request, once: i32) -> i32 {
    let request = from_caller!(borrow_mut(request));
    change("mlab_request_set_poll_once", request, |r| {
        r.plan = r.plan.with_one_answer(once != 0);
        Ok(())
    })
}

/// Sets a number of your own that comes back with every event of this job. The default is 0.
///
/// @param request changed.
/// @param tag any number.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_set_tag(request: *mut mlab_request, tag: u64) -> i32 {
    let request = from_caller!(borrow_mut(request));
    change("mlab_request_set_tag", request, |r| {
        r.tag = tag;
        Ok(())
    })
}

/// Sets a function to be called after each poll of mlab_client_wait() that did not end it. The default is none.
///
/// @param request changed.
/// @param progress NULL for none.
/// @param user handed to it; must stay valid during the wait.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_set_progress(
    request: *mut mlab_request,
    progress: mlab_progress_fn,
    user: *mut c_void,
) -> i32 {
    let request = from_caller!(borrow_mut(request));
    change("mlab_request_set_progress", request, |r| {
        r.progress = progress.map(|function| (function, user));
        Ok(())
    })
}
