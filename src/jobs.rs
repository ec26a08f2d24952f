//! Jobs
//!
//! For game loops, and for many ids at once: submit a request, go on, and pull what happened once a frame. Polls are made
//! on threads of the client: none before the first job or image, at most mlab_config_set_workers(), named mlab-worker, with
//! all signals blocked. No callback is ever called from them. Jobs on the same id share their polls.
//!
//! Each job ends with exactly one MLAB_EVENT_DONE, also after a cancel, a failure or a shutdown; before that there may be
//! MLAB_EVENT_PROGRESS, at most one undelivered a job. A waiting job costs memory, no thread.
//!
//! An event loop waits on mlab_client_event_fd() beside its other descriptors, no longer than
//! mlab_client_next_due_ms(), and then calls mlab_client_next_event(client, 0, &event) until it returns anything but
//! MLAB_OK.

use super::callback::is_inside;
use super::client::{ClientShare, made};
use super::event::event_of;
use super::handle::{borrow, from_caller, give, out_param, share};
use super::numbers::{ms_rounded_up, or_unknown};
use super::objects::{mlab_client, mlab_event, mlab_request};
use super::panic::{entry, entry_or, status};
use super::request::CheckedRequest;
use mlab_core::engine::{Client, NoEvent};
use mlab_core::error::{Error, Status};
use std::ffi::c_void;
use std::ptr::null_mut;
use std::time::Duration;

/// Pulls from a client, and hands over what comes; on failure nothing was made.
pub(super) fn pull_into<T>(
    function: &'static str,
    client: ClientShare,
    has_out: bool,
    pull: impl FnOnce(&Client) -> Result<T, NoEvent>,
    hand_over: impl FnOnce(T),
) -> i32 {
    // With its share, which may be the last one: then it ends the client.
    let status = entry_or(function, move || {
        if !has_out {
            return Status::InvalidArgument;
        }
        let pulled = match made(&client) {
            Ok(client) => pull(client),
            Err(error) => return error.status(),
        };
        match pulled {
            Ok(pulled) => {
                hand_over(pulled);
                Status::Ok
            }
            Err(NoEvent::Yet) => Status::NoEvent,
            Err(NoEvent::Closed) => Status::Closed,
            Err(NoEvent::Forked) => Status::Forked,
            Err(NoEvent::NotPulled) => Status::InvalidArgument,
        }
    });
    status.unwrap_or(Status::Internal).code()
}

/// Opens a job and returns at once.
///
/// Its deadline counts from now. The progress function of the request is not called: pull events. Whatever goes wrong
/// with the job itself, such as a folder that cannot be written into, is reported by its MLAB_EVENT_DONE. A job for an
/// id that has just ended may end by the same reply: see mlab_client_wait().
///
/// @param client used.
/// @param request copied.
/// @param[out] job receives the job's number, which is never 0 and never used again by this client; 0 on failure;
///   may be NULL. Its first event may be pulled by another thread before this returns.
/// @return MLAB_OK; also where the request's URL must not be fetched: the job then ends with MLAB_E_UNSAFE_URL. There is no
/// job after MLAB_E_INVALID_ARGUMENT: client or request is NULL, the request's id cannot be used, or its URL is NULL or not
/// UTF-8 (see mlab_request_message()); MLAB_E_BUSY: as many jobs are open as mlab_config_set_max_jobs() allows;
/// MLAB_E_CLOSED, MLAB_E_FORKED.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_submit(
    client: *const mlab_client,
    request: *const mlab_request,
    job: *mut u64,
) -> i32 {
    let (client, request, mut job) = from_caller!(share(client), borrow(request), out_param(job, 0));
    status("mlab_client_submit", move || {
        let client = made(&client)?;
        let request = request.ok_or_else(|| Error::argument("request", "is NULL"))?;
        // The log's function may free the request: what is needed of it is copied first.
        let (checked, tag) = (request.checked()?, request.tag);
        job.set(match checked {
            CheckedRequest::Job(request) => client.submit(&request, tag)?,
            CheckedRequest::Image(link) => client.submit_link(&link, tag)?,
        });
        Ok(())
    })
}

/// The next event.
///
/// @param client used.
/// @param timeout_ms how long to wait for an event if there is none; 0 never blocks.
/// @param[out] out receives an event to be freed with mlab_event_free(), or NULL; not NULL itself.
/// @return MLAB_OK: an event. MLAB_NO_EVENT: none came in time, or mlab_client_wakeup() ended the wait. A loop that
/// pulls ends at any negative status: MLAB_E_CLOSED: the client was shut down and nothing is left, told at once;
/// MLAB_E_FORKED; MLAB_E_INVALID_ARGUMENT: client or out is NULL; for a client that was refused, the status of
/// mlab_client_new().
/// @note Threads: any, any number at once; an event goes to one of them.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_next_event(
    client: *const mlab_client,
    timeout_ms: u32,
    out: *mut *mut mlab_event,
) -> i32 {
    let (client, mut out) = from_caller!(share(client), out_param(out, null_mut()));
    let timeout = Duration::from_millis(timeout_ms.into());
    pull_into(
        "mlab_client_next_event",
        client,
        !out.is_null(),
        |client| client.next_event(timeout),
        |event| out.set(give(event_of(event))),
    )
}

/// A descriptor for event loops: epoll, libuv, asyncio, select and their like. On Unix only; see also
/// mlab_client_event_handle().
///
/// It is readable while mlab_client_next_event(client, 0, ...) would deliver or move something, while there is an
/// exchange to be pulled, and once the client was shut down. Whoever finds it readable calls mlab_client_next_event()
/// until that returns anything but MLAB_OK; reading from it is allowed, and not needed. It is one end of a pair of
/// sockets, non-blocking and closed on exec. It belongs to the client: never close it. If somebody closes it all the
/// same, this function gives -1 from then on.
///
/// @param client used; may be NULL.
/// @return the descriptor, the same at each call, made at the first; valid until mlab_client_free(). -1 where there is
/// none: on Windows, when no descriptor is free, in a forked child, for NULL, for a client that was refused.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_event_fd(client: *const mlab_client) -> i32 {
    let client = from_caller!(share(client));
    entry("mlab_client_event_fd", -1, move || made(&client).and_then(Client::event_fd).unwrap_or(-1))
}

/// The same as mlab_client_event_fd() for Windows: a manual-reset event, for WaitForMultipleObjects() and its like.
/// It is signalled while that would be readable. It belongs to the client: never close it, nor set or reset it.
///
/// @param client used; may be NULL.
/// @return a HANDLE, the same at each call, made at the first; valid until mlab_client_free(). NULL where there is
/// none: on any other system than Windows, when no handle is free, for NULL, for a client that was refused.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_event_handle(client: *const mlab_client) -> *mut c_void {
    let client = from_caller!(share(client));
    entry("mlab_client_event_handle", null_mut(), move || {
        made(&client)
            .map_or(null_mut(), |client| client.event_handle().map_or(null_mut(), |handle| handle.cast()))
    })
}

/// When mlab_client_next_event() has something to do that no descriptor tells of: the deadline of a job, or with a
/// transport a poll that is due. An event loop waits no longer than that.
///
/// @param client used; may be NULL.
/// @return milliseconds from now, rounded up, 0 if there is something already; -1 if nothing is planned, in a forked
/// child, for NULL, for a client that was refused.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_next_due_ms(client: *const mlab_client) -> i64 {
    let client = from_caller!(share(client));
    entry("mlab_client_next_due_ms", -1, move || {
        let due = made(&client).ok().and_then(Client::next_due);
        or_unknown(due.map(ms_rounded_up))
    })
}

/// Stops a job, or all jobs. Its MLAB_EVENT_DONE has the status MLAB_E_CANCELLED, unless its end had come already.
///
/// @param client used.
/// @param job the number that mlab_client_submit() gave; 0 for all jobs.
/// @return MLAB_OK. MLAB_E_INVALID_ARGUMENT: client is NULL, or there is no such job any more: its end was delivered.
/// MLAB_E_CLOSED: the client was freed meanwhile. MLAB_E_FORKED.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_cancel_job(client: *const mlab_client, job: u64) -> i32 {
    let client = from_caller!(share(client));
    status("mlab_client_cancel_job", move || made(&client)?.cancel_job(job))
}

/// How many jobs are open: submitted, and their MLAB_EVENT_DONE not yet pulled.
///
/// @param client used; may be NULL.
/// @return the number; 0 for NULL, in a forked child and for a client that was refused.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_pending(client: *const mlab_client) -> usize {
    let client = from_caller!(share(client));
    entry("mlab_client_pending", 0, move || made(&client).map_or(0, Client::pending))
}

/// Ends every wait of this moment in mlab_client_next_event() and mlab_client_next_exchange() with MLAB_NO_EVENT; if
/// there is none, the next one that begins. It does not make mlab_client_event_fd() readable. To end several threads
/// that pull, use mlab_client_shutdown().
///
/// @param client used; NULL does nothing.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_wakeup(client: *const mlab_client) {
    let client = from_caller!(share(client));
    entry("mlab_client_wakeup", (), move || {
        if let Ok(client) = made(&client) {
            client.wake_up();
        }
    });
}

/// Ends all jobs and calls with MLAB_E_CLOSED, and waits until those calls have returned and the client's threads have
/// ended. Nothing can begin afterwards.
///
/// For hot reload: after MLAB_OK no code of the library runs for this client, and none of your functions will be
/// called. A name lookup that the system does not return from belongs to the process, and may still run. Events that
/// were not pulled still can be.
///
/// @param client used.
/// @param timeout_ms how long to wait.
/// @return MLAB_OK, also for a client that was refused; MLAB_E_BUSY: a call or thread has not ended in time, call it
/// again; MLAB_E_INVALID_ARGUMENT: client is NULL; MLAB_E_CLOSED: it was freed meanwhile; MLAB_E_FORKED.
/// @note Threads: any, any number at once. Inside a callback, whichever client it is of, it does not wait: the call that made
/// it cannot leave meanwhile.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_shutdown(client: *const mlab_client, timeout_ms: u32) -> i32 {
    let client = from_caller!(share(client));
    status("mlab_client_shutdown", move || {
        let within = if is_inside() { Duration::ZERO } else { Duration::from_millis(timeout_ms.into()) };
        match (made(&client), &client) {
            (Ok(client), _) => client.shut_down(within),
            // Refused, and so it has nothing to end.
            (Err(_), Ok(_)) => Ok(()),
            (Err(error), Err(_)) => Err(error),
        }
    })
}
