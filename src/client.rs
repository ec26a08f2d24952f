//! The client
//!
//! Keeps connections open between calls, tries again after failures that may pass, and waits for jobs. One client serves
//! any number of threads. Make one for each key, and free it when the program ends. After fork() a client belongs to the
//! parent: in the child every call answers MLAB_E_FORKED, and freeing it is safe.

use super::callback::{call_host, is_inside};
use super::convert::text;
use super::handle::{Absent, borrow, from_caller, give_shared, out_param, retire, share};
use super::numbers::{count, ms, or_unknown};
use super::objects::{MadeClient, mlab_cancel, mlab_client, mlab_config, mlab_request, mlab_result};
use super::panic::{entry, entry_or};
use super::request::CheckedRequest;
use super::result::report_into;
use super::setter::message_of;
use mlab_core::engine::{Client, Progress, Settings};
use mlab_core::error::{Error, Status};
use mlab_core::net::CancelToken;
use mlab_core::wire::{JobId, Key};
use std::ffi::c_char;
use std::ptr::null_mut;
use std::sync::Arc;

/// A call's share of a client.
pub(super) type ClientShare = Result<Arc<mlab_client>, Absent>;

/// The client that a call is for; one that was refused answers every call with the reason.
pub(super) fn made(share: &ClientShare) -> Result<&Client, Error> {
    match share {
        Ok(client) => client.client.made.as_ref().map_err(Error::clone),
        Err(Absent::Null) => Err(Error::argument("client", "is NULL")),
        Err(Absent::Freed) => Err(Error::Closed),
    }
}

/// The token of a call's cancel; without one, a token that nobody triggers.
pub(super) fn token(share: Result<Arc<mlab_cancel>, Absent>) -> CancelToken {
    share.map_or_else(|_| CancelToken::new(), |cancel| cancel.token.clone())
}

/// Makes a client. Nothing is sent and no thread is made.
///
/// A client is made on failure too, to say why: mlab_client_message(). Each call on it then answers the same status; there
/// are no jobs and no descriptor, and shutting it down succeeds. It is freed as any other.
///
/// @param key your API key, 1 to 4096 bytes of UTF-8 without control characters; copied.
/// @param config copied; NULL for the default settings.
/// @param[out] out receives a client to be freed with mlab_client_free(), on success and on failure; not NULL.
/// @return MLAB_OK; MLAB_E_INVALID_ARGUMENT: the key cannot be used, or out is NULL; MLAB_E_INTERNAL: the one failure
/// after which *out is NULL.
/// @note Threads: any, while no other thread changes the config.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_new(
    key: *const c_char,
    config: *const mlab_config,
    out: *mut *mut mlab_client,
) -> i32 {
    let (key, config, mut out) = from_caller!(text(key, "key"), borrow(config), out_param(out, null_mut()));
    let status = entry_or("mlab_client_new", || {
        if out.is_null() {
            return Status::InvalidArgument;
        }
        let settings =
            || config.map_or_else(|| (*Settings::shared_default()).clone(), |c| c.settings.clone());
        let made = key.and_then(Key::new).map(|key| Client::new(key, settings()));
        let status = made.as_ref().map_or_else(Error::status, |_| Status::Ok);
        let message = message_of(made.as_ref().err());
        out.set(give_shared(mlab_client { client: Box::new(MadeClient { made, message }) }));
        status
    });
    status.unwrap_or(Status::Internal).code()
}

/// Why the client was refused, in one line of at most 1024 bytes that names the argument, without your key.
///
/// @param client borrowed; may be NULL.
/// @return a string borrowed until mlab_client_free(), never NULL; empty for a client that was not refused.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_message(client: *const mlab_client) -> *const c_char {
    let client = from_caller!(share(client));
    entry("mlab_client_message", c"".as_ptr(), move || match client {
        // C's own share keeps it until the free.
        Ok(client) => client.client.message.as_ptr(),
        Err(Absent::Null) => c"client is NULL".as_ptr(),
        Err(Absent::Freed) => c"client was freed".as_ptr(),
    })
}

/// Ends a client. Calls inside it end with MLAB_E_CLOSED; waits up to one second for them to leave.
///
/// Once it has returned, your functions and pointers are not used for this client any more, unless a thread is still in one
/// of your functions then, or on its way into it. What takes longer, such as a write to a slow disk, ends by itself and is
/// dropped.
///
/// @param client consumed; NULL does nothing.
/// @note Threads: any, also while other threads are inside the client, and inside a callback: then it waits for nobody.
/// A call that began before it returned is answered MLAB_E_CLOSED, or as usual if it had its answer already; none may begin
/// afterwards.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_free(client: *mut mlab_client) {
    entry("mlab_client_free", (), || {
        let client = from_caller!(retire(client));
        if let Some(Ok(client)) = client.as_deref().map(|client| &client.client.made) {
            client.close_for_good(is_inside());
        }
    });
}

/// Polls a job, and again after failures that may pass. Does not wait for the job.
///
/// Blocks for at most the request timeout, tries and pauses included. With a transport of your own
/// (mlab_config_set_transport()), a thread that would itself have to bring the answer blocks for all of that time.
///
/// @param client used.
/// @param id 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -, but not "." or ".."; copied.
/// @param cancel ends the call; NULL for none.
/// @param[out] out receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
/// @return as mlab_fetch_queued(); also MLAB_E_CANCELLED, MLAB_E_CLOSED, MLAB_E_FORKED.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_fetch(
    client: *const mlab_client,
    id: *const c_char,
    cancel: *const mlab_cancel,
    out: *mut *mut mlab_result,
) -> i32 {
    let (client, id) = from_caller!(share(client), text(id, "id"));
    let (cancel, out) = from_caller!(share(cancel), out_param(out, null_mut()));
    report_into("mlab_client_fetch", out, move || {
        let client = made(&client)?;
        Ok(client.fetch(&JobId::new(id?)?, &token(cancel)))
    })
}

/// Waits for a job: polls once, then whenever it is worthwhile, until the job ends or the deadline comes.
///
/// A wait or job for an id that has just ended, successfully or not, gets the same reply if it begins within the
/// shortest gap between polls (mlab_request_set_poll_ms()): nothing is sent, and mlab_result_attempts() and the events
/// say 1. That gap holds for all waits and jobs of a client on one id: one that begins just after a poll waits for the
/// next.
///
/// A failure that may pass does not end the wait, one that will not pass does at once. MLAB_E_NOT_FOUND is tolerated
/// for the first 15 seconds, since the server may not know a new job yet. Polls gather around the eta; once four in a
/// row were right, most waits go straight to theirs, until one is wrong. Blocks for at most the deadline of the request;
/// with a transport of your own (mlab_config_set_transport()), a thread that would itself have to bring the answers
/// blocks for all of that time.
///
/// @param client used.
/// @param request copied.
/// @param cancel ends the wait; NULL for none.
/// @param[out] out receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
/// @return MLAB_OK: the images are there. MLAB_E_DEADLINE: the result has the last thing known, and a later wait can go
/// on. MLAB_E_CANCELLED, MLAB_E_CLOSED, MLAB_E_FORKED. Else as mlab_fetch_queued(), though MLAB_PROCESSING only after
/// mlab_request_set_poll_once(), and with images as mlab_client_download().
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_wait(
    client: *const mlab_client,
    request: *const mlab_request,
    cancel: *const mlab_cancel,
    out: *mut *mut mlab_result,
) -> i32 {
    let (client, request) = from_caller!(share(client), borrow(request));
    let (cancel, out) = from_caller!(share(cancel), out_param(out, null_mut()));
    report_into("mlab_client_wait", out, move || {
        let client = made(&client)?;
        let request = request.ok_or_else(|| Error::argument("request", "is NULL"))?;
        // A callback may free the request: what is needed of it is copied first.
        let (checked, progress_fn, token) = (request.checked()?, request.progress, token(cancel));
        let request = match checked {
            CheckedRequest::Job(request) => request,
            CheckedRequest::Image(link) => return Ok(client.download(&link, &token)),
        };
        let progress = |progress: &Progress| {
            let Some((function, user)) = progress_fn else { return true };
            let (polls, eta_ms) = (count(progress.polls), or_unknown(progress.eta_ms));
            let (elapsed, next_poll) = (ms(progress.elapsed), ms(progress.next_poll));
            // SAFETY: an mlab_progress_fn with the pointer that was set beside it; it returns, which the header asks of it.
            call_host(|| unsafe { function(user, polls, elapsed, eta_ms, next_poll) == 0 })
        };
        Ok(client.wait(&request, &token, progress))
    })
}
