//! Your own HTTP
//!
//! With mlab_config_set_transport() your program performs the HTTP exchanges: for consoles, an engine's own stack, tests.
//! The library then makes no thread and no socket. Your start function is called inside mlab_fetch_queued(),
//! mlab_client_fetch(), mlab_client_wait(), mlab_client_next_event(), mlab_client_cancel_job(), mlab_client_shutdown() and
//! mlab_client_free(), on the thread that called; jobs move on only inside mlab_client_next_event(), so call it every
//! frame. Send what the exchange says, and answer it once: inside the start function or later, from any thread.
//!
//! Images are not fetched this way: with a transport, take the URLs from the result and fetch them yourself.
//!
//! Verify TLS. Do not follow redirects: the request holds the API key, and the library judges where it may go. Do not log
//! the body.

use super::convert::{give, take_back, text};
use super::objects::{mlab_config, mlab_exchange};
use super::panic::{entry, entry_or};
use super::setter::change;
use mlab_core::engine::{Exchange, HostTransport, Transport};
use mlab_core::error::{Error, Phase, Status};
use mlab_core::wire::{RawReply, clean};
use std::ffi::{CString, c_char, c_void};
use std::sync::Arc;

/// Begins an exchange. It must return without waiting for the reply, and throw no exception.
///
/// user: as it was set. exchange: yours: answer it with mlab_exchange_reply() or mlab_exchange_fail(), then end it with
/// mlab_exchange_free().
pub type mlab_transport_start_fn =
    Option<unsafe extern "C" fn(user: *mut c_void, exchange: *mut mlab_exchange)>;

/// Tells that nobody waits for an exchange any more: it was cancelled or has run out of time. It may still be answered, to
/// no effect, and must still be freed. It must return at once, and throw no exception.
///
/// user: as it was set. id: mlab_exchange_id() of the exchange.
pub type mlab_transport_cancel_fn = Option<unsafe extern "C" fn(user: *mut c_void, id: u64)>;

/// The host's functions as a transport.
struct HostHttp {
    start: unsafe extern "C" fn(*mut c_void, *mut mlab_exchange),
    cancel: mlab_transport_cancel_fn,
    user: *mut c_void,
}

// SAFETY: the host promises that its functions and pointer may be used from every thread that makes calls.
unsafe impl Send for HostHttp {}
// SAFETY: as above.
unsafe impl Sync for HostHttp {}

impl Transport for HostHttp {
    fn start(&self, exchange: Exchange) {
        // SAFETY: the host's function and pointer, by its own promise.
        unsafe { (self.start)(self.user, give(mlab_exchange::new(exchange))) };
    }

    fn cancel(&self, id: u64) {
        if let Some(cancel) = self.cancel {
            // SAFETY: as above.
            unsafe { cancel(self.user, id) };
        }
    }
}

impl mlab_exchange {
    fn new(exchange: Exchange) -> mlab_exchange {
        let c_string = |text: &str| CString::new(text).unwrap_or_default();
        let request = exchange.request();
        let fixed = request.headers.iter().map(|(name, value)| (*name, *value));
        let headers = fixed.chain([("User-Agent", exchange.user_agent())]);
        mlab_exchange {
            url: c_string(&request.url.to_string()),
            headers: headers.map(|(name, value)| (c_string(name), c_string(value))).collect(),
            exchange,
        }
    }
}

/// Reads an exchange, or gives `absent` for NULL and after a panic.
///
/// # Safety
/// `exchange` is NULL or an exchange that was not freed.
unsafe fn read<R: Copy>(
    function: &'static str,
    exchange: *const mlab_exchange,
    absent: R,
    get: impl FnOnce(&mlab_exchange) -> R,
) -> R {
    entry(function, absent, || {
        // SAFETY: NULL is checked by `as_ref`; the caller promises the rest.
        unsafe { exchange.as_ref() }.map_or(absent, get)
    })
}

/// Sets who performs the HTTP exchanges. The default is the library itself.
///
/// With a transport the settings for timeouts, body limit, user agent and endpoint apply; those for proxy, CA and roots are
/// yours to handle. mlab_config_set_workers() then limits the exchanges under way for jobs at once.
///
/// Parameters:
/// - config: changed.
/// - start: begins an exchange; NULL for the library's own HTTP.
/// - cancel: told of exchanges that nobody waits for any more; may be NULL.
/// - user: handed to both; must stay valid as long as anything made from this config is used.
/// Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// Threads: one at a time.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_transport(
    config: *mut mlab_config,
    start: mlab_transport_start_fn,
    cancel: mlab_transport_cancel_fn,
    user: *mut c_void,
) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        change("mlab_config_set_transport", config, |settings| {
            settings.transport = start.map(|start| HostTransport(Arc::new(HostHttp { start, cancel, user })));
            Ok(())
        })
    }
}

/// The number of an exchange, never 0 and never used twice in the process.
///
/// Parameters: exchange: borrowed; may be NULL.
/// Returns: the number; 0 for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_id(exchange: *const mlab_exchange) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { read("mlab_exchange_id", exchange, 0, |e| e.exchange.id()) }
}

/// The HTTP method to use.
///
/// Parameters: exchange: borrowed; may be NULL.
/// Returns: a static string, "POST" in this version; "" for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_method(exchange: *const mlab_exchange) -> *const c_char {
    // SAFETY: the caller's promise.
    unsafe { read("mlab_exchange_method", exchange, c"".as_ptr(), |_| c"POST".as_ptr()) }
}

/// Where to send the request.
///
/// Parameters: exchange: borrowed; may be NULL.
/// Returns: an absolute URL borrowed until mlab_exchange_free(); "" for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_url(exchange: *const mlab_exchange) -> *const c_char {
    // SAFETY: the caller's promise.
    unsafe { read("mlab_exchange_url", exchange, c"".as_ptr(), |e| e.url.as_ptr()) }
}

/// The name of a header to send.
///
/// Parameters:
/// - exchange: borrowed; may be NULL.
/// - index: from 0.
/// Returns: a string borrowed until mlab_exchange_free(); NULL if there is no such header.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_header_name(
    exchange: *const mlab_exchange,
    index: usize,
) -> *const c_char {
    let none = std::ptr::null();
    // SAFETY: the caller's promise.
    unsafe {
        read("mlab_exchange_header_name", exchange, none, |e| {
            e.headers.get(index).map_or(none, |h| h.0.as_ptr())
        })
    }
}

/// The value of a header to send.
///
/// Parameters:
/// - exchange: borrowed; may be NULL.
/// - index: from 0.
/// Returns: a string borrowed until mlab_exchange_free(); NULL if there is no such header.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_header_value(
    exchange: *const mlab_exchange,
    index: usize,
) -> *const c_char {
    let none = std::ptr::null();
    // SAFETY: the caller's promise.
    unsafe {
        read("mlab_exchange_header_value", exchange, none, |e| {
            e.headers.get(index).map_or(none, |h| h.1.as_ptr())
        })
    }
}

/// The body to send. It holds the API key: send it, and do nothing else with it.
///
/// Parameters:
/// - exchange: borrowed; may be NULL.
/// - len: receives the number of bytes; may be NULL.
/// Returns: the bytes, borrowed until mlab_exchange_free(); NULL for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_body(
    exchange: *const mlab_exchange,
    len: *mut usize,
) -> *const c_void {
    // SAFETY: the caller's promises.
    unsafe {
        super::convert::set(len, 0);
        read("mlab_exchange_body", exchange, std::ptr::null(), |e| {
            let body = &e.exchange.request().body.0;
            super::convert::set(len, body.len());
            body.as_ptr().cast()
        })
    }
}

/// How long the exchange may take in all, in milliseconds. Afterwards nobody waits for it.
///
/// Parameters: exchange: borrowed; may be NULL.
/// Returns: milliseconds, at least 1 and at most 24 hours; 0 for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_timeout_ms(exchange: *const mlab_exchange) -> u32 {
    // SAFETY: the caller's promise.
    unsafe {
        read("mlab_exchange_timeout_ms", exchange, 0, |e| {
            // Rounded up, and never 0, which to curl and others is no limit at all.
            let ms = e.exchange.timeout().as_nanos().div_ceil(1_000_000);
            u32::try_from(ms).unwrap_or(u32::MAX).max(1)
        })
    }
}

/// Answers an exchange with the reply, whatever its HTTP status; redirects too.
///
/// Parameters:
/// - exchange: answered; still to be freed.
/// - http_status: 100 to 599.
/// - headers: the reply's header lines, "Name: value" each, separated by line ends; only Content-Type,
///   Retry-After, Date and Location are used; may be NULL; copied.
/// - body: the body, decoded if it was compressed; copied; NULL only if len is 0.
/// - len: its number of bytes.
/// Returns: MLAB_OK. MLAB_E_INVALID_ARGUMENT: an argument is wrong and the exchange is not answered; or it was answered
/// before, and this answer is dropped. MLAB_E_NO_RESOURCES: there is no memory for the body, and the exchange is not
/// answered.
/// Threads: any, also inside the start function.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_reply(
    exchange: *const mlab_exchange,
    http_status: i32,
    headers: *const c_char,
    body: *const c_void,
    len: usize,
) -> i32 {
    let outcome = entry_or("mlab_exchange_reply", || {
        // SAFETY: NULL is checked by `as_ref`; the caller promises the rest.
        let exchange = unsafe { exchange.as_ref() }.ok_or_else(|| Error::argument("exchange", "is NULL"))?;
        if !(100..=599).contains(&http_status) {
            return Err(Error::argument("http_status", "must be 100 to 599"));
        }
        // SAFETY: the caller promises NULL or a C string, and `len` readable bytes.
        let (headers, body) = unsafe {
            let headers = if headers.is_null() { "" } else { text(headers, "headers")? };
            (headers, super::convert::bytes(body, len)?)
        };
        let mut copy = Vec::new();
        copy.try_reserve_exact(body.len() + 1).map_err(|_| Error::NoResources { what: "memory" })?;
        copy.extend_from_slice(body);
        let header = |wanted: &str| {
            let fields = headers.lines().filter_map(|line| line.split_once(':'));
            let mut values = fields.filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
            values.next().map(|(_, value)| value.trim().to_owned())
        };
        exchange.exchange.reply(RawReply {
            http_status: http_status as u16,
            content_type: header("content-type"),
            retry_after: header("retry-after"),
            date: header("date"),
            location: header("location"),
            body: copy.into(),
            received_unix_s: None,
        })
    });
    outcome.unwrap_or_else(Err).map_or_else(|error| error.status().code(), |()| Status::Ok.code())
}

/// Answers an exchange that brought no reply.
///
/// Parameters:
/// - exchange: answered; still to be freed.
/// - status: why: MLAB_E_RESOLVE, MLAB_E_CONNECT, MLAB_E_TLS, MLAB_E_TIMEOUT, MLAB_E_NETWORK,
///   MLAB_E_PROXY, MLAB_E_NO_RESOURCES; any other counts as MLAB_E_NETWORK.
/// - message: one line for people; may be NULL; copied.
/// Returns: MLAB_OK. MLAB_E_INVALID_ARGUMENT: an argument is wrong and the exchange is not answered; or it was answered
/// before, and this answer is dropped.
/// Threads: any, also inside the start function.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_fail(
    exchange: *const mlab_exchange,
    status: i32,
    message: *const c_char,
) -> i32 {
    let outcome = entry_or("mlab_exchange_fail", || {
        // SAFETY: NULL is checked by `as_ref`; the caller promises the rest.
        let exchange = unsafe { exchange.as_ref() }.ok_or_else(|| Error::argument("exchange", "is NULL"))?;
        let said = match message.is_null() {
            true => "the host gave no reason",
            // SAFETY: not NULL, and the caller promises a C string.
            false => unsafe { text(message, "message")? },
        };
        exchange.exchange.fail(failure(&exchange.exchange, status, clean(said, None)))
    });
    outcome.unwrap_or_else(Err).map_or_else(|error| error.status().code(), |()| Status::Ok.code())
}

/// The error that a host's failure stands for.
fn failure(exchange: &Exchange, status: i32, why: String) -> Error {
    let host = exchange.host();
    match Status::from_code(status) {
        Some(Status::Resolve) => Error::Resolve { host, why },
        Some(Status::Connect) => Error::Connect { host, why },
        Some(Status::Tls) => Error::Tls { host, why },
        Some(Status::Timeout) => {
            Error::Timeout { phase: Phase::Receive, which: "request", after: exchange.timeout() }
        }
        Some(Status::Proxy) => Error::Proxy(why),
        Some(Status::NoResources) => Error::NoResources { what: "resources" },
        _ => Error::Network { host, phase: Phase::Receive, why },
    }
}

/// Ends an exchange. One that was not answered counts as a broken connection.
///
/// Parameters: exchange: consumed; NULL does nothing.
/// Returns: nothing.
/// Threads: any; no other thread may use the exchange any more.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_exchange_free(exchange: *mut mlab_exchange) {
    // SAFETY: the caller's promise.
    entry("mlab_exchange_free", (), || unsafe { take_back(exchange) });
}
