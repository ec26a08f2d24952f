//! The result
//!
//! A result never changes, and any number of threads may read it at once. Everything that it lends is valid until
//! mlab_result_free(). Each of these functions takes NULL for a result that holds nothing.

use super::handle::{Out, borrow, from_caller, give_box, out_param, take_back};
use super::numbers::{count, ms, or_unknown};
use super::objects::{Facts, mlab_result};
use super::panic::{entry, entry_or, read};
use super::result_strings::ResultStrings;
use mlab_core::download::Image;
use mlab_core::engine::Report;
use mlab_core::error::{Error, Status};
use std::ffi::{CString, c_char};
use std::mem::take;

/// An array with no URL: a NULL alone.
struct NoUrls([*const c_char; 1]);
// SAFETY: its one pointer is NULL and never changes.
unsafe impl Sync for NoUrls {}
static NO_URLS: NoUrls = NoUrls([std::ptr::null()]);

impl mlab_result {
    /// Makes a report fit to be lent to C; its texts and images are taken out of it. `body` is the reply's if the report
    /// has none.
    ///
    /// Moves nothing as a whole: where a reply is small, that would take longer than reading it.
    pub(super) fn of(report: &mut Report, body: &[u8]) -> Box<mlab_result> {
        let strings = match ResultStrings::take_from(report, body) {
            Ok(strings) => strings,
            // Small now: it ends here.
            Err(error) => return mlab_result::of(&mut Report::of_error(&error, None), &[]),
        };
        let images = take(&mut report.images);
        let path = |image: &Option<Image>| CString::new(image.as_ref()?.path.as_deref()?).ok();
        let paths = images.iter().map(path).collect();
        let facts = Facts {
            http_status: report.http_status.into(),
            eta_ms: or_unknown(report.eta_ms),
            retry_after_ms: or_unknown(report.retry_after_ms),
            is_retryable: report.retryable.into(),
            attempts: count(report.attempts),
            elapsed_ms: ms(report.elapsed),
        };
        Box::new(mlab_result { status: report.status, facts, strings, images, paths })
    }
}

/// Runs a call that ends in a report, and hands the report over as a result: on success, on failure and after a panic.
pub(super) fn report_into(
    function: &'static str,
    out: Out<'_, *mut mlab_result>,
    call: impl FnOnce() -> Result<Report, Error>,
) -> i32 {
    reply_into(function, out, || Ok((call()?, &[][..])))
}

/// As [`report_into`], with the reply's body if the report has none.
pub(super) fn reply_into<'b>(
    function: &'static str,
    mut out: Out<'_, *mut mlab_result>,
    call: impl FnOnce() -> Result<(Report, &'b [u8]), Error>,
) -> i32 {
    let has_no_out = out.is_null();
    let mut finish = |report: &mut Report, body: &[u8]| {
        if out.is_null() {
            return report.status.code();
        }
        let result = mlab_result::of(report, body);
        let status = result.status.code();
        out.set(give_box(result));
        status
    };
    let outcome = entry_or(function, || {
        let mut called = if has_no_out { Err(Error::argument("out", "is NULL")) } else { call() };
        match &mut called {
            Ok((report, body)) => finish(report, body),
            Err(error) => finish(&mut Report::of_error(error, None), &[]),
        }
    });
    outcome.unwrap_or_else(|panic| {
        entry(function, Status::Internal.code(), || finish(&mut Report::of_error(&panic, None), &[]))
    })
}

/// Ends a result, and with it every string and array that it lent.
///
/// @param result consumed; NULL does nothing.
/// @note Threads: any; no other thread may use the result any more.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_free(result: *mut mlab_result) {
    entry("mlab_result_free", (), || drop(from_caller!(take_back(result))));
}

/// The status of the call that made the result.
///
/// @param result borrowed; may be NULL.
/// @return the same as the call did; MLAB_E_INVALID_ARGUMENT for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_status(result: *const mlab_result) -> i32 {
    let result = from_caller!(borrow(result));
    entry("mlab_result_status", Status::Internal.code(), || {
        result.map_or(Status::InvalidArgument, |r| r.status).code()
    })
}

/// The image URLs byte for byte, in the server's order; some accounts get base64 or data: text in their place.
///
/// They answer 404 or 403 for up to a minute after success, and are gone after 24 hours.
///
/// @param result borrowed; may be NULL.
/// @param[out] count receives the number of URLs; may be NULL.
/// @return an array of count strings with a NULL behind the last, never NULL itself; empty unless the status is
/// MLAB_OK, or an image could not be downloaded: then it has the URLs of the ready job, or the one that was asked for.
/// Borrowed until mlab_result_free().
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_urls(
    result: *const mlab_result,
    count: *mut usize,
) -> *const *const c_char {
    let (result, mut count) = from_caller!(borrow(result), out_param(count, 0));
    read("mlab_result_urls", result, NO_URLS.0.as_ptr(), |r| {
        count.set(r.strings.urls().len());
        r.strings.urls().as_ptr()
    })
}

/// The number of image URLs.
///
/// @param result borrowed; may be NULL.
/// @return the number; 0 where mlab_result_urls() is empty.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_url_count(result: *const mlab_result) -> usize {
    let result = from_caller!(borrow(result));
    read("mlab_result_url_count", result, 0, |r| r.strings.urls().len())
}

/// One image URL.
///
/// @param result borrowed; may be NULL.
/// @param index from 0.
/// @return a string borrowed until mlab_result_free(); NULL if there is no such URL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_url(result: *const mlab_result, index: usize) -> *const c_char {
    let none = std::ptr::null();
    let result = from_caller!(borrow(result));
    read("mlab_result_url", result, none, |r| r.strings.urls().get(index).copied().unwrap_or(none))
}

/// One line for people: on failure what went wrong and what to do, else what the server said.
///
/// At most 1024 bytes, without control characters, and never with your key.
///
/// @param result borrowed; may be NULL.
/// @return a string borrowed until mlab_result_free(), never NULL; may be empty when the status is MLAB_OK.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_message(result: *const mlab_result) -> *const c_char {
    let result = from_caller!(borrow(result));
    read("mlab_result_message", result, c"result is NULL".as_ptr(), |r| r.strings.message().as_ptr())
}

/// The id of the job: as the reply names it, else as it was asked for.
///
/// @param result borrowed; may be NULL.
/// @return a string borrowed until mlab_result_free(), never NULL; empty if neither is known.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_id(result: *const mlab_result) -> *const c_char {
    let result = from_caller!(borrow(result));
    read("mlab_result_id", result, c"".as_ptr(), |r| r.strings.id().as_ptr())
}

/// The HTTP status code of the reply.
///
/// @param result borrowed; may be NULL.
/// @return 100 to 599; 0 if there was no reply, or no usable one: a 2xx reply that broke off, one over a limit of size
/// or time, one that is not HTTP. The code of an image's reply is known as soon as its head has come.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_http_status(result: *const mlab_result) -> i32 {
    let result = from_caller!(borrow(result));
    read("mlab_result_http_status", result, 0, |r| r.facts.http_status)
}

/// How much longer the server expects the job to take, in milliseconds, rounded up, at most 24 hours. The server
/// guesses.
///
/// @param result borrowed; may be NULL.
/// @return milliseconds; -1 if the server did not say.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_eta_ms(result: *const mlab_result) -> i64 {
    let result = from_caller!(borrow(result));
    read("mlab_result_eta_ms", result, -1, |r| r.facts.eta_ms)
}

/// How long the server wants to be left alone, in milliseconds, at most one hour.
///
/// @param result borrowed; may be NULL.
/// @return milliseconds; -1 if the server did not say.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_retry_after_ms(result: *const mlab_result) -> i64 {
    let result = from_caller!(borrow(result));
    read("mlab_result_retry_after_ms", result, -1, |r| r.facts.retry_after_ms)
}

/// Whether the same call may succeed later without anything being changed: with MLAB_E_RESOLVE, MLAB_E_CONNECT,
/// MLAB_E_TIMEOUT, MLAB_E_NETWORK, MLAB_E_RATE_LIMITED and MLAB_E_SERVER; with MLAB_E_PROTOCOL and MLAB_E_BAD_IMAGE if
/// the reply was cut off or empty, or is the page of something in between.
///
/// MLAB_E_DEADLINE and MLAB_E_CANCELLED are no failures of the job: the same wait may always be made again.
///
/// @param result borrowed; may be NULL.
/// @return 1 if so; 0 if not, for MLAB_OK, MLAB_PROCESSING, MLAB_E_DEADLINE and MLAB_E_CANCELLED, and for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_is_retryable(result: *const mlab_result) -> i32 {
    let result = from_caller!(borrow(result));
    read("mlab_result_is_retryable", result, 0, |r| r.facts.is_retryable)
}

/// How many times the call tried to ask the server, whether or not a connection came about. Redirects are not counted,
/// nor is a kept connection that was found dead. A wait or job that was answered by the reply to an earlier one says 1,
/// although it sent nothing: see mlab_client_wait().
///
/// @param result borrowed; may be NULL.
/// @return the number; 0 if the call ended before its first try (refused, or cancelled before), and for mlab_parse().
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_attempts(result: *const mlab_result) -> i32 {
    let result = from_caller!(borrow(result));
    read("mlab_result_attempts", result, 0, |r| r.facts.attempts)
}

/// How long the call took, in milliseconds on a monotonic clock, with everything that it waited for.
///
/// @param result borrowed; may be NULL.
/// @return milliseconds; 0 if an argument was refused, and for mlab_parse().
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_elapsed_ms(result: *const mlab_result) -> i64 {
    let result = from_caller!(borrow(result));
    read("mlab_result_elapsed_ms", result, 0, |r| r.facts.elapsed_ms)
}

/// The body of the reply as it was received, with your key replaced by ***. For logs and bug reports.
///
/// @param result borrowed; may be NULL.
/// @param[out] len receives the number of bytes; may be NULL.
/// @return the bytes with a NUL behind them, never NULL; they may hold further NULs and need not be UTF-8. Empty if
/// there was no usable reply. Of a reply other than 2xx that broke off, what came. Borrowed until mlab_result_free().
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_body(result: *const mlab_result, len: *mut usize) -> *const c_char {
    let (result, mut len) = from_caller!(borrow(result), out_param(len, 0));
    read("mlab_result_body", result, c"".as_ptr(), |r| {
        let (body, body_len) = r.strings.body();
        len.set(body_len);
        body
    })
}
