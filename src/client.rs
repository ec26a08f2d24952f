//! The client
//!
//! Keeps connections open between calls, tries again after failures that may pass, and waits for jobs. One client serves
//! any number of threads. Make one per key, and free it when the program ends. After fork() a client belongs to the
//! parent: in the child every call answers MLAB_E_FORKED, and freeing it is safe.

use super::convert::{give, set, take_back, text};
use super::images::Asked;
use super::objects::{mlab_cancel, mlab_client, mlab_config, mlab_request, mlab_result};
use super::panic::{entry, entry_or};
use super::result::report_into;
use mlab_core::engine::{Client, Progress, Settings};
use mlab_core::error::{Error, Status};
use mlab_core::net::CancelToken;
use mlab_core::wire::{JobId, Key};
use std::ffi::c_char;
use std::sync::Arc;
use std::time::Duration;

/// How long freeing a client waits for the calls inside it to leave.
const LEAVE_WITHIN: Duration = Duration::from_secs(1);

/// What a call needs of its pointers, taken before anything can be freed under it.
///
/// # Safety
/// Both are NULL or objects that were not freed.
pub(super) unsafe fn borrow(
    client: *const mlab_client,
    cancel: *const mlab_cancel,
) -> Result<(Arc<Client>, CancelToken), Error> {
    // SAFETY: NULL is checked by `as_ref`; the caller promises the rest.
    let (client, cancel) = unsafe { (client.as_ref(), cancel.as_ref()) };
    let client = client.ok_or_else(|| Error::argument("client", "is NULL"))?;
    Ok((Arc::clone(&client.client), cancel.map_or_else(CancelToken::new, |cancel| cancel.token.clone())))
}

/// Makes a client. Nothing is sent and no thread is made.
///
/// Parameters:
/// - key: your API key, 1 to 4096 bytes of UTF-8 without control characters; copied.
/// - config: copied; NULL for the default settings.
/// - out: receives a client to be freed with mlab_client_free(), or NULL on failure; not NULL.
/// Returns: MLAB_OK; MLAB_E_INVALID_ARGUMENT: the key cannot be used, or out is NULL; MLAB_E_INTERNAL.
/// Threads: any, while no other thread changes the config.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_new(
    key: *const c_char,
    config: *const mlab_config,
    out: *mut *mut mlab_client,
) -> i32 {
    // SAFETY: the caller promises that `out` is NULL or writable.
    unsafe { set(out, std::ptr::null_mut()) };
    let made = entry_or("mlab_client_new", || {
        if out.is_null() {
            return Err(Error::argument("out", "is NULL"));
        }
        // SAFETY: the caller promises NULL or valid pointers.
        let (key, config) = unsafe { (text(key, "key")?, config.as_ref()) };
        let settings = config.map_or_else(|| (*Settings::shared_default()).clone(), |c| c.settings.clone());
        Ok(give(mlab_client { client: Arc::new(Client::new(Key::new(key)?, settings)) }))
    });
    match made.unwrap_or_else(Err) {
        Ok(client) => {
            // SAFETY: checked not to be NULL above.
            unsafe { set(out, client) };
            Status::Ok.code()
        }
        Err(error) => error.status().code(),
    }
}

/// Ends a client. Calls inside it end with MLAB_E_CLOSED; waits up to one second for them to leave.
///
/// Parameters: client: consumed; NULL does nothing.
/// Returns: nothing.
/// Threads: any, also while calls are inside; no thread may begin a call with it any more. Not inside a callback of a call
/// on this client.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_free(client: *mut mlab_client) {
    entry("mlab_client_free", (), || {
        // SAFETY: NULL is checked by `as_ref`; the caller promises the rest.
        if let Some(client) = unsafe { client.as_ref() } {
            client.client.close(LEAVE_WITHIN);
        }
        // SAFETY: the caller's promise.
        unsafe { take_back(client) };
    });
}

/// Polls a job, and again after failures that may pass. Does not wait for the job.
///
/// Blocks for at most the request timeout, tries and pauses included.
///
/// Parameters:
/// - client: used.
/// - id: 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -; copied.
/// - cancel: ends the call; NULL for none.
/// - out: receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
/// Returns: as mlab_fetch_queued(); also MLAB_E_CANCELLED, MLAB_E_CLOSED, MLAB_E_FORKED.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_fetch(
    client: *const mlab_client,
    id: *const c_char,
    cancel: *const mlab_cancel,
    out: *mut *mut mlab_result,
) -> i32 {
    let call = || {
        // SAFETY: the caller promises NULL or valid pointers.
        let ((client, token), id) = unsafe { (borrow(client, cancel)?, text(id, "id")?) };
        Ok(client.fetch(&JobId::new(id)?, &token))
    };
    // SAFETY: the caller promises that `out` is NULL or writable.
    unsafe { report_into("mlab_client_fetch", out, call) }
}

/// Waits for a job: polls once, then when it is worth while, until the job ends or the deadline comes.
///
/// A failure that may pass does not end the wait, one that will not pass does at once. MLAB_E_NOT_FOUND is tolerated for
/// the first 15 seconds, since the server may not know a new job yet. Polls gather around the eta; how closely, a client
/// learns from how right the etas of its waits were.
///
/// Parameters:
/// - client: used.
/// - request: copied.
/// - cancel: ends the wait; NULL for none.
/// - out: receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
/// Returns: MLAB_OK: the images are there. MLAB_E_DEADLINE: the result has the last thing known, and a later wait can go
/// on. MLAB_E_CANCELLED, MLAB_E_CLOSED, MLAB_E_FORKED. Else as mlab_fetch_queued(), but not MLAB_PROCESSING.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_wait(
    client: *const mlab_client,
    request: *const mlab_request,
    cancel: *const mlab_cancel,
    out: *mut *mut mlab_result,
) -> i32 {
    let call = || {
        // SAFETY: the caller promises NULL or valid pointers.
        let ((client, token), request) = unsafe { (borrow(client, cancel)?, request.as_ref()) };
        let request = request.ok_or_else(|| Error::argument("request", "is NULL"))?;
        let order = match request.asked()? {
            Asked::Job(order) => order,
            Asked::Image(link) => return Ok(client.download(&link, &token)),
        };
        let told = request.progress;
        let progress = |progress: &Progress| {
            let Some((function, user)) = told else { return true };
            let ms = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
            let eta_ms = progress.eta_ms.and_then(|eta| i64::try_from(eta).ok()).unwrap_or(-1);
            let polls = i32::try_from(progress.polls).unwrap_or(i32::MAX);
            // SAFETY: the host's function and pointer, by its own promise.
            unsafe { function(user, polls, ms(progress.elapsed), eta_ms, ms(progress.next_poll)) == 0 }
        };
        Ok(client.wait(&order, &token, progress))
    };
    // SAFETY: the caller promises that `out` is NULL or writable.
    unsafe { report_into("mlab_client_wait", out, call) }
}
