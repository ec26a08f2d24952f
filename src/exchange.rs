//! Exchanges
//!
//! One HTTP request to send, and one answer to give. A poll sends a small body and brings a small reply. An image
//! brings many bytes: mlab_exchange_progress() tells of them as they come, and mlab_exchange_write() takes them in
//! pieces, so that an image is not held twice.

use super::convert::{optional_text, slice};
use super::handle::{borrow, from_caller, out_param, take_back};
use super::numbers::{self, ms_rounded_up};
use super::objects::mlab_exchange;
use super::panic::{entry, read, status};
use mlab_core::engine::{Exchange, ExchangeKind};
use mlab_core::error::{Error, Status};
use std::ffi::{CString, c_char, c_void};
use std::ptr::null;

/// What mlab_exchange_kind() gives. Later versions may have more: fail what you do not know.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum mlab_exchange_kinds {
    /// A poll: its request holds the API key, its reply is JSON.
    MLAB_EXCHANGE_POLL = 1,
    /// An image: its request holds no key and no header of the client.
    MLAB_EXCHANGE_IMAGE = 2,
}

/// An exchange as C reads it.
pub(super) fn exchange_of(exchange: Exchange) -> mlab_exchange {
    let c_string = |text: &str| CString::new(text).unwrap_or_default();
    let headers = exchange.headers().map(|(name, value)| (c_string(name), c_string(value))).collect();
    mlab_exchange { url: c_string(&exchange.url().to_string()), headers, exchange }
}

/// The number of an exchange, never 0 and never used twice in the process.
///
/// @param exchange borrowed; may be NULL.
/// @return the number; 0 for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_id(exchange: *const mlab_exchange) -> u64 {
    let exchange = from_caller!(borrow(exchange));
    read("mlab_exchange_id", exchange, 0, |e| e.exchange.id())
}

/// What an exchange brings.
///
/// @param exchange borrowed; may be NULL.
/// @return MLAB_EXCHANGE_POLL or MLAB_EXCHANGE_IMAGE; 0 for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_kind(exchange: *const mlab_exchange) -> i32 {
    let exchange = from_caller!(borrow(exchange));
    read("mlab_exchange_kind", exchange, 0, |e| match e.exchange.kind() {
        ExchangeKind::Poll => mlab_exchange_kinds::MLAB_EXCHANGE_POLL as i32,
        ExchangeKind::Image => mlab_exchange_kinds::MLAB_EXCHANGE_IMAGE as i32,
    })
}

/// The HTTP method to use.
///
/// @param exchange borrowed; may be NULL.
/// @return a static string: "POST" for a poll, "GET" for an image; "" for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_method(exchange: *const mlab_exchange) -> *const c_char {
    let exchange = from_caller!(borrow(exchange));
    read("mlab_exchange_method", exchange, c"".as_ptr(), |e| match e.exchange.kind() {
        ExchangeKind::Poll => c"POST".as_ptr(),
        ExchangeKind::Image => c"GET".as_ptr(),
    })
}

/// Where to send the request.
///
/// @param exchange borrowed; may be NULL.
/// @return an absolute URL borrowed until mlab_exchange_free(); "" for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_url(exchange: *const mlab_exchange) -> *const c_char {
    let exchange = from_caller!(borrow(exchange));
    read("mlab_exchange_url", exchange, c"".as_ptr(), |e| e.url.as_ptr())
}

/// The name of a header to send.
///
/// @param exchange borrowed; may be NULL.
/// @param index from 0.
/// @return a string borrowed until mlab_exchange_free(); NULL if there is no such header.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_header_name(
    exchange: *const mlab_exchange,
    index: usize,
) -> *const c_char {
    let exchange = from_caller!(borrow(exchange));
    read("mlab_exchange_header_name", exchange, null(), |e| {
        e.headers.get(index).map_or(null(), |h| h.0.as_ptr())
    })
}

/// The value of a header to send.
///
/// @param exchange borrowed; may be NULL.
/// @param index from 0.
/// @return a string borrowed until mlab_exchange_free(); NULL if there is no such header.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_header_value(
    exchange: *const mlab_exchange,
    index: usize,
) -> *const c_char {
    let exchange = from_caller!(borrow(exchange));
    read("mlab_exchange_header_value", exchange, null(), |e| {
        e.headers.get(index).map_or(null(), |h| h.1.as_ptr())
    })
}

/// The body to send. That of a poll holds the API key: send it, and do nothing else with it.
///
/// @param exchange borrowed; may be NULL.
/// @param[out] len receives the number of bytes; may be NULL.
/// @return the bytes, borrowed until mlab_exchange_free(); NULL for an exchange without a body, and for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_body(
    exchange: *const mlab_exchange,
    len: *mut usize,
) -> *const c_void {
    let (exchange, mut len) = from_caller!(borrow(exchange), out_param(len, 0));
    read("mlab_exchange_body", exchange, null(), |e| {
        let body = e.exchange.body();
        len.set(body.len());
        if body.is_empty() { null() } else { body.as_ptr().cast() }
    })
}

/// The largest body that the library takes. Where a reply is larger, stop reading and fail with MLAB_E_TOO_LARGE.
///
/// @param exchange borrowed; may be NULL.
/// @return bytes, at least 1; 0 for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_body_limit(exchange: *const mlab_exchange) -> u64 {
    let exchange = from_caller!(borrow(exchange));
    read("mlab_exchange_body_limit", exchange, 0, |e| e.exchange.body_limit())
}

/// How long the exchange may take in all, in milliseconds. Afterwards nobody waits for it.
///
/// @param exchange borrowed; may be NULL.
/// @return milliseconds, at least 1 and at most 24 hours; 0 for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_timeout_ms(exchange: *const mlab_exchange) -> u32 {
    let exchange = from_caller!(borrow(exchange));
    read("mlab_exchange_timeout_ms", exchange, 0, |e| {
        // Rounded up, and never 0, which to curl and others is no limit at all.
        u32::try_from(ms_rounded_up(e.exchange.timeout())).unwrap_or(u32::MAX).max(1)
    })
}

/// Whether nobody waits for the exchange any more: it was cancelled, or has run out of time. It may still be answered, to no
/// effect, and must still be freed.
///
/// @param exchange borrowed; may be NULL.
/// @return 1 if so, and for NULL; else 0.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_is_cancelled(exchange: *const mlab_exchange) -> i32 {
    let exchange = from_caller!(borrow(exchange));
    read("mlab_exchange_is_cancelled", exchange, 1, |e| i32::from(e.exchange.is_cancelled()))
}

/// Tells how many bytes of the body have come, for the events of the job. For MLAB_EXCHANGE_IMAGE; a poll ignores it.
///
/// @param exchange used; NULL does nothing.
/// @param done bytes that have come.
/// @param total bytes in all; -1 if that is not known.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_progress(exchange: *const mlab_exchange, done: u64, total: i64) {
    let exchange = from_caller!(borrow(exchange));
    read("mlab_exchange_progress", exchange, (), |e| e.exchange.progress(done, u64::try_from(total).ok()));
}

/// Answers an exchange with the reply, whatever its HTTP status; redirects too.
///
/// @param exchange answered; still to be freed.
/// @param http_status 100 to 599.
/// @param headers the reply's header lines, "Name: value" each, separated by line ends; only Content-Type, Retry-After,
///   Date, Location, and for images Content-Length, Content-Range, Content-Encoding and ETag are used; may be NULL; copied.
/// @param body the body, decoded if it was compressed; copied. NULL only if len is 0. With MLAB_EXCHANGE_IMAGE and the
///   http_status 200, 203 or 206, NULL says that the bytes follow: mlab_exchange_write().
/// @param len its number of bytes.
/// @return MLAB_OK. MLAB_E_INVALID_ARGUMENT: an argument is wrong and the exchange is not answered. MLAB_E_CLOSED: it was
/// answered before, and this answer is dropped. MLAB_E_NO_RESOURCES: there is no memory for the body, and the exchange is
/// not answered.
/// @note Threads: any, also inside the start function.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_reply(
    exchange: *const mlab_exchange,
    http_status: i32,
    headers: *const c_char,
    body: *const c_void,
    len: usize,
) -> i32 {
    let (exchange, headers) = from_caller!(borrow(exchange), optional_text(headers, "headers"));
    let follows = body.is_null();
    let body = from_caller!(slice(body, len, "body"));
    status("mlab_exchange_reply", || {
        let exchange = exchange.ok_or_else(|| Error::argument("exchange", "is NULL"))?;
        let http_status = numbers::http_status(http_status, "must be 100 to 599")?;
        let (headers, body) = (headers?.unwrap_or_default(), body?);
        let mut copy = Vec::new();
        copy.try_reserve_exact(body.len() + 1).map_err(|_| Error::NoResources { what: "memory" })?;
        copy.extend_from_slice(body);
        exchange.exchange.reply_with_headers(http_status, headers, (!follows).then_some(copy))
    })
}

/// Hands over the next bytes of an image whose reply came with body NULL.
///
/// @param exchange one of the kind MLAB_EXCHANGE_IMAGE, answered by mlab_exchange_reply() with body NULL; still to be
///   freed. Freed before the end, it counts as a broken connection.
/// @param bytes the bytes, in order; copied, and kept in memory until the image is whole; NULL only if len is 0.
/// @param len their number; 0 ends the body.
/// @return MLAB_OK: go on. Else stop reading: MLAB_E_CLOSED: the body has ended, or nobody waits for it any more;
/// MLAB_E_TOO_LARGE, MLAB_E_BAD_IMAGE, MLAB_E_NO_RESOURCES: the image has failed with that;
/// MLAB_E_INVALID_ARGUMENT: an argument is wrong, or the exchange takes no pieces.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_write(
    exchange: *const mlab_exchange,
    bytes: *const c_void,
    len: usize,
) -> i32 {
    let (exchange, bytes) = from_caller!(borrow(exchange), slice(bytes, len, "bytes"));
    status("mlab_exchange_write", || {
        let exchange = exchange.ok_or_else(|| Error::argument("exchange", "is NULL"))?;
        exchange.exchange.write(bytes?)
    })
}

/// Answers an exchange that brought no reply.
///
/// @param exchange answered; still to be freed.
/// @param status why: MLAB_E_RESOLVE, MLAB_E_CONNECT, MLAB_E_TLS, MLAB_E_TIMEOUT, MLAB_E_NETWORK, MLAB_E_REDIRECT,
///   MLAB_E_TOO_LARGE, MLAB_E_PROXY, MLAB_E_NO_RESOURCES; any other counts as MLAB_E_NETWORK.
/// @param message one line for people; may be NULL or empty; copied.
/// @return MLAB_OK; also for an image whose reply came and whose bytes were to follow. MLAB_E_INVALID_ARGUMENT: an argument
/// is wrong, such as a message that is not UTF-8, and the exchange is not answered. MLAB_E_CLOSED: it was answered before,
/// and this answer is dropped.
/// @note Threads: any, also inside the start function.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_fail(
    exchange: *const mlab_exchange,
    status: i32,
    message: *const c_char,
) -> i32 {
    let (exchange, message) = from_caller!(borrow(exchange), optional_text(message, "message"));
    self::status("mlab_exchange_fail", || {
        let exchange = exchange.ok_or_else(|| Error::argument("exchange", "is NULL"))?;
        exchange.exchange.fail_with_status(Status::from_code(status), message?)
    })
}

/// Ends an exchange. One that was not answered counts as a broken connection.
///
/// @param exchange consumed; NULL does nothing.
/// @note Threads: any; no other thread may use the exchange any more.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_free(exchange: *mut mlab_exchange) {
    entry("mlab_exchange_free", (), || drop(from_caller!(take_back(exchange))));
}
