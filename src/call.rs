//! The one call
//!
//! Polls one queued job, once, on the calling thread, over a connection of its own that is closed before the call
//! returns. It generates nothing and can be repeated freely: every 2 seconds or so while it answers MLAB_PROCESSING.

use super::convert::{slice, text};
use super::handle::{from_caller, out_param};
use super::numbers;
use super::objects::mlab_result;
use super::result::{reply_into, report_into};
use mlab_core::engine::{Settings, fetch_once, parse};
use mlab_core::net::CancelToken;
use mlab_core::wire::{JobId, Key};
use std::ffi::{c_char, c_void};
use std::ptr::null_mut;

/// Fetches the images of a queued job: one poll, no waiting for the job.
///
/// Blocks for at most the request timeout (30 seconds unless set with mlab_set_default_config()). Uses the default
/// settings; makes no thread but for a name lookup, which ends with it.
///
/// @param key your API key, 1 to 4096 bytes of UTF-8 without control characters; copied.
/// @param id the id that the generation call returned, 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -, but not "." or
///   ".."; copied.
/// @param[out] out receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
/// @return MLAB_OK: mlab_result_urls() has the images. MLAB_PROCESSING: not ready, poll again.
/// MLAB_E_INVALID_ARGUMENT: nothing was sent, the message names the argument; *out is NULL only if out itself was.
/// Else what went wrong, from MLAB_E_RESOLVE to MLAB_E_API, MLAB_E_NO_RESOURCES or MLAB_E_INTERNAL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_fetch_queued(
    key: *const c_char,
    id: *const c_char,
    out: *mut *mut mlab_result,
) -> i32 {
    let (key, id, out) = from_caller!(text(key, "key"), text(id, "id"), out_param(out, null_mut()));
    report_into("mlab_fetch_queued", out, || {
        let (key, id) = (Key::new(key?)?, JobId::new(id?)?);
        Ok(fetch_once(&key, &id, &Settings::shared_default(), &CancelToken::new()))
    })
}

/// Rules on a reply that came some other way: a saved one, a webhook's body, an HTTP exchange of your own.
///
/// Sends nothing. The body may be no longer than the default settings' body limit (1 MiB unless set).
///
/// @param body the reply's bytes, copied; NULL only if len is 0.
/// @param len their number.
/// @param http_status the HTTP status code, 100 to 599, or 0 if it is not known, which counts as 200.
/// @param[out] out receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
/// @return as mlab_fetch_queued() would for this reply; MLAB_E_INVALID_ARGUMENT: the message names the argument;
/// MLAB_E_TOO_LARGE: the body is over the limit.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_parse(
    body: *const c_void,
    len: usize,
    http_status: i32,
    out: *mut *mut mlab_result,
) -> i32 {
    let (bytes, out) = from_caller!(slice(body, len, "body"), out_param(out, null_mut()));
    reply_into("mlab_parse", out, || {
        let http_status = match http_status {
            0 => 200,
            code => numbers::http_status(code, "must be 100 to 599, or 0 if it is not known")?,
        };
        let bytes = bytes?;
        let report = parse(bytes, http_status, Settings::shared_body_limit());
        let ruled = report.http_status != 0;
        Ok((report, if ruled { bytes } else { &[] }))
    })
}
