//! Jobs and events
//!
//! For game loops, and for many ids at once: submit a request, go on, and pull what happened once a frame. Polls are made
//! on threads of the client: none before the first job, at most mlab_config_set_workers(), named mlab-worker, with all
//! signals blocked. No callback is ever called from them. Jobs on the same id share their polls.
//!
//! Each job ends with exactly one MLAB_EVENT_DONE, also after a cancel, a failure or a shutdown; before that there may be
//! MLAB_EVENT_PROGRESS, at most one undelivered a job. A waiting job costs memory, no thread.

use super::client::borrow;
use super::convert::{give, set, take_back};
use super::images::Asked;
use super::objects::{mlab_client, mlab_event, mlab_request, mlab_result};
use super::panic::{entry, entry_or};
use mlab_core::error::{Error, Status};
use std::time::Duration;

/// What mlab_event_kind() gives.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum mlab_event_kinds {
    /// mlab_event_kind(): a poll was made that did not end the job.
    MLAB_EVENT_PROGRESS = 1,
    /// mlab_event_kind(): the job has ended; the event has its result.
    MLAB_EVENT_DONE = 2,
}

fn code(outcome: Result<Result<(), Error>, Error>) -> i32 {
    match outcome.unwrap_or_else(Err) {
        Ok(()) => Status::Ok.code(),
        Err(error) => error.status().code(),
    }
}

/// Opens a job and returns at once.
///
/// Its deadline counts from now. The progress function of the request is not called: pull events.
///
/// Parameters:
/// - client: used.
/// - request: copied.
/// - job: receives the job's number, which is never 0 and never used again by this client; 0 on failure;
///   may be NULL.
/// Returns: MLAB_OK. MLAB_E_INVALID_ARGUMENT: client or request is NULL, or the request's id cannot be used (see
/// mlab_request_message()). MLAB_E_BUSY: as many jobs are open as mlab_config_set_max_jobs() allows.
/// MLAB_E_NO_RESOURCES: the system gave no thread. MLAB_E_CLOSED, MLAB_E_FORKED.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_submit(
    client: *const mlab_client,
    request: *const mlab_request,
    job: *mut u64,
) -> i32 {
    // SAFETY: the caller promises that `job` is NULL or writable.
    unsafe { set(job, 0) };
    code(entry_or("mlab_client_submit", || {
        // SAFETY: the caller promises NULL or valid pointers.
        let (client, request) = unsafe { (borrow(client, std::ptr::null())?.0, request.as_ref()) };
        let request = request.ok_or_else(|| Error::argument("request", "is NULL"))?;
        let number = match request.asked()? {
            Asked::Job(order) => client.submit(&order, request.tag)?,
            Asked::Image(link) => client.submit_link(&link, request.tag)?,
        };
        // SAFETY: as above.
        unsafe { set(job, number) };
        Ok(())
    }))
}

/// The next event.
///
/// Parameters:
/// - client: used; may be NULL.
/// - timeout_ms: how long to wait for an event if there is none; 0 never blocks.
/// Returns: an event to be freed with mlab_event_free(); NULL if there is none, after mlab_client_wakeup(), for a NULL
/// client and in a forked child.
/// Threads: any, any number at once; an event goes to one of them.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_next_event(
    client: *const mlab_client,
    timeout_ms: u32,
) -> *mut mlab_event {
    entry("mlab_client_next_event", std::ptr::null_mut(), || {
        // SAFETY: NULL is checked by `as_ref`; the caller promises the rest, and does not free it during the call.
        let Some(client) = (unsafe { client.as_ref() }) else { return std::ptr::null_mut() };
        let event = client.client.next_event(Duration::from_millis(timeout_ms.into()));
        event.map_or(std::ptr::null_mut(), |event| give(mlab_event::new(event)))
    })
}

/// Stops a job, or all jobs. Its MLAB_EVENT_DONE has the status MLAB_E_CANCELLED, unless its end had come already.
///
/// Parameters:
/// - client: used.
/// - job: the number that mlab_client_submit() gave; 0 for all jobs.
/// Returns: MLAB_OK. MLAB_E_INVALID_ARGUMENT: client is NULL, or there is no such job any more: its end was delivered.
/// MLAB_E_FORKED.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_cancel_job(client: *const mlab_client, job: u64) -> i32 {
    code(entry_or("mlab_client_cancel_job", || {
        // SAFETY: the caller promises NULL or a valid pointer.
        unsafe { borrow(client, std::ptr::null())? }.0.cancel_job(job)
    }))
}

/// How many jobs are open: submitted, and their MLAB_EVENT_DONE not yet pulled.
///
/// Parameters: client: used; may be NULL.
/// Returns: the number; 0 for NULL and in a forked child.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_pending(client: *const mlab_client) -> usize {
    entry("mlab_client_pending", 0, || {
        // SAFETY: NULL is checked by `as_ref`; the caller promises the rest.
        unsafe { client.as_ref() }.map_or(0, |client| client.client.pending())
    })
}

/// Ends a wait in mlab_client_next_event() at once; if nobody waits, the next wait ends at once.
///
/// Parameters: client: used; NULL does nothing.
/// Returns: nothing.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_wakeup(client: *const mlab_client) {
    entry("mlab_client_wakeup", (), || {
        // SAFETY: NULL is checked by `as_ref`; the caller promises the rest.
        if let Some(client) = unsafe { client.as_ref() } {
            client.client.wake_up();
        }
    });
}

/// Ends all jobs and calls with MLAB_E_CLOSED and waits for the client's threads to end; nothing can be begun afterwards.
/// For hot reload: after MLAB_OK no code of the library runs for this client. Events that were not pulled still can be.
///
/// Parameters:
/// - client: used.
/// - timeout_ms: how long to wait.
/// Returns: MLAB_OK; MLAB_E_BUSY: not all have ended in time, call it again; MLAB_E_INVALID_ARGUMENT: client is NULL;
/// MLAB_E_FORKED.
/// Threads: any; not inside a callback of a call on this client.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_shutdown(client: *const mlab_client, timeout_ms: u32) -> i32 {
    code(entry_or("mlab_client_shutdown", || {
        // SAFETY: the caller promises NULL or a valid pointer.
        let client = unsafe { borrow(client, std::ptr::null())? }.0;
        client.shut_down(Duration::from_millis(timeout_ms.into()))
    }))
}

/// Reads an event, or gives `absent` for NULL and after a panic.
///
/// # Safety
/// `event` is NULL or an event that was not freed.
unsafe fn read<R>(
    function: &'static str,
    event: *const mlab_event,
    absent: R,
    get: impl FnOnce(&mlab_event) -> R,
) -> R
where
    R: Copy,
{
    entry(function, absent, || {
        // SAFETY: NULL is checked by `as_ref`; the caller promises the rest.
        unsafe { event.as_ref() }.map_or(absent, get)
    })
}

/// Ends an event, and its result unless that was taken.
///
/// Parameters: event: consumed; NULL does nothing.
/// Returns: nothing.
/// Threads: any; no other thread may use the event any more.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_free(event: *mut mlab_event) {
    // SAFETY: the caller's promise.
    entry("mlab_event_free", (), || unsafe { take_back(event) });
}

/// What happened.
///
/// Parameters: event: borrowed; may be NULL.
/// Returns: MLAB_EVENT_PROGRESS or MLAB_EVENT_DONE; later versions may have more, to be ignored; 0 for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_kind(event: *const mlab_event) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read("mlab_event_kind", event, 0, mlab_event::kind) }
}

/// The number of the job that the event tells of.
///
/// Parameters: event: borrowed; may be NULL.
/// Returns: the number that mlab_client_submit() gave; 0 for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_job(event: *const mlab_event) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { read("mlab_event_job", event, 0, |e| e.event.job) }
}

/// Your own number for the job: mlab_request_set_tag().
///
/// Parameters: event: borrowed; may be NULL.
/// Returns: the number; 0 for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_tag(event: *const mlab_event) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { read("mlab_event_tag", event, 0, |e| e.event.tag) }
}

/// How the job stands.
///
/// Parameters: event: borrowed; may be NULL.
/// Returns: MLAB_PROCESSING for MLAB_EVENT_PROGRESS; for MLAB_EVENT_DONE the status of its result, as mlab_client_wait()
/// would return it; MLAB_E_INVALID_ARGUMENT for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_status(event: *const mlab_event) -> i32 {
    entry("mlab_event_status", Status::Internal.code(), || {
        // SAFETY: NULL is checked by `as_ref`; the caller promises the rest.
        unsafe { event.as_ref() }.map_or(Status::InvalidArgument, |e| e.status).code()
    })
}

/// The result of a job that has ended.
///
/// Parameters: event: borrowed; may be NULL.
/// Returns: a result borrowed until mlab_event_free(); NULL for MLAB_EVENT_PROGRESS, for NULL, and after
/// mlab_event_take_result().
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_result(event: *const mlab_event) -> *const mlab_result {
    let none = std::ptr::null();
    // SAFETY: the caller's promise.
    unsafe {
        read("mlab_event_result", event, none, |e| e.result.as_deref().map_or(none, std::ptr::from_ref))
    }
}

/// Takes the result out of the event, to keep it longer than that.
///
/// Parameters: event: changed; may be NULL.
/// Returns: a result to be freed with mlab_result_free(); NULL where mlab_event_result() would give NULL.
/// Threads: one at a time.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_take_result(event: *mut mlab_event) -> *mut mlab_result {
    entry("mlab_event_take_result", std::ptr::null_mut(), || {
        // SAFETY: NULL is checked by `as_mut`; the caller promises the rest.
        let result = unsafe { event.as_mut() }.and_then(|event| event.result.take());
        result.map_or(std::ptr::null_mut(), Box::into_raw)
    })
}

/// How often the job was polled so far.
///
/// Parameters: event: borrowed; may be NULL.
/// Returns: the number; 0 for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_polls(event: *const mlab_event) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { read("mlab_event_polls", event, 0, |e| i32::try_from(e.event.polls).unwrap_or(i32::MAX)) }
}

fn ms(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// How long the job has run, in milliseconds since it was submitted.
///
/// Parameters: event: borrowed; may be NULL.
/// Returns: milliseconds; 0 for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_elapsed_ms(event: *const mlab_event) -> i64 {
    // SAFETY: the caller's promise.
    unsafe { read("mlab_event_elapsed_ms", event, 0, |e| ms(e.event.elapsed)) }
}

/// How long the last reply expected the job to take still, in milliseconds.
///
/// Parameters: event: borrowed; may be NULL.
/// Returns: milliseconds; -1 if it did not say, and for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_eta_ms(event: *const mlab_event) -> i64 {
    // SAFETY: the caller's promise.
    unsafe {
        read("mlab_event_eta_ms", event, -1, |e| {
            e.event.eta_ms.and_then(|eta| i64::try_from(eta).ok()).unwrap_or(-1)
        })
    }
}

/// When the next poll is due, in milliseconds since the job was submitted.
///
/// Parameters: event: borrowed; may be NULL.
/// Returns: milliseconds; -1 for MLAB_EVENT_DONE, while images are downloaded, and for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_next_poll_ms(event: *const mlab_event) -> i64 {
    // SAFETY: the caller's promise.
    unsafe { read("mlab_event_next_poll_ms", event, -1, |e| e.event.next_poll.map_or(-1, ms)) }
}

impl mlab_event {
    fn new(mut event: mlab_core::engine::Event) -> mlab_event {
        let done = event.done.take();
        let status = done.as_ref().map_or(Status::Processing, |report| report.status);
        mlab_event { event, status, result: done.map(|mut report| mlab_result::of(&mut report, &[])) }
    }

    fn kind(&self) -> i32 {
        let kind = if self.status == Status::Processing {
            mlab_event_kinds::MLAB_EVENT_PROGRESS
        } else {
            mlab_event_kinds::MLAB_EVENT_DONE
        };
        kind as i32
    }
}
