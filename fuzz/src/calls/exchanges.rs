//! Steps about exchanges, and a transport that answers them as the input says.

use super::c_abi::exchange::{
    mlab_exchange_body, mlab_exchange_body_limit, mlab_exchange_fail, mlab_exchange_free,
    mlab_exchange_header_name, mlab_exchange_header_value, mlab_exchange_id, mlab_exchange_is_cancelled,
    mlab_exchange_kind, mlab_exchange_method, mlab_exchange_progress, mlab_exchange_reply,
    mlab_exchange_timeout_ms, mlab_exchange_url, mlab_exchange_write,
};
use super::c_abi::objects::mlab_exchange;
use super::checks;
use super::objects::{EXCHANGES, put_exchange};
use super::replies::{self, Reply};
use super::script::Step;
use super::server::next_answer;
use std::ffi::{CStr, CString};
use std::ptr::null;

/// mlab_exchange_kind()s.
const POLL: i32 = 1;
const IMAGE: i32 = 2;

/// A new exchange, which is this thread's: answered, kept for later, or dropped.
pub(super) fn come(exchange: *mut mlab_exchange) {
    ask(exchange);
    match next_answer() % 8 {
        0 => put_exchange(exchange),
        // SAFETY: this thread's, and used no more.
        1 => unsafe { mlab_exchange_free(exchange) },
        2 => {
            fail(exchange, next_answer());
            put_exchange(exchange);
        }
        answer => {
            reply(exchange, next_answer());
            if answer.is_multiple_of(2) {
                put_exchange(exchange);
            } else {
                // SAFETY: as above.
                unsafe { mlab_exchange_free(exchange) }
            }
        }
    }
}

/// What an exchange says of itself.
fn ask(exchange: *const mlab_exchange) {
    // SAFETY: held by the caller, or NULL.
    unsafe {
        let (id, kind) = (mlab_exchange_id(exchange), mlab_exchange_kind(exchange));
        assert_eq!(id == 0, exchange.is_null());
        assert!(kind == POLL || kind == IMAGE || exchange.is_null(), "{kind}");
        let method = CStr::from_ptr(mlab_exchange_method(exchange)).to_str().expect("UTF-8");
        assert_eq!(
            method,
            if exchange.is_null() {
                ""
            } else if kind == POLL {
                "POST"
            } else {
                "GET"
            }
        );
        assert!(!CStr::from_ptr(mlab_exchange_url(exchange)).to_str().expect("UTF-8").contains("test-key"));
        let mut index = 0;
        loop {
            let name = mlab_exchange_header_name(exchange, index);
            let value = mlab_exchange_header_value(exchange, index);
            assert_eq!(name.is_null(), value.is_null());
            if name.is_null() {
                break;
            }
            checks::text(name);
            checks::text(value);
            index += 1;
        }
        let mut len = usize::MAX;
        let body = mlab_exchange_body(exchange, &mut len);
        assert_eq!(body.is_null(), len == 0);
        assert_eq!(kind == POLL, !body.is_null(), "a poll has a body, an image has none");
        assert_eq!(mlab_exchange_body_limit(exchange) == 0, exchange.is_null());
        assert_eq!(mlab_exchange_timeout_ms(exchange) == 0, exchange.is_null());
        assert!((0..=1).contains(&mlab_exchange_is_cancelled(exchange)));
    }
}

/// A reply, whole or, for an image, in pieces.
fn reply(exchange: *const mlab_exchange, answer: u8) {
    // SAFETY: held by the caller, or NULL.
    let is_image = unsafe { mlab_exchange_kind(exchange) } == IMAGE;
    let Reply { status, headers, body } =
        if is_image { replies::to_image(answer >> 5, answer) } else { replies::to_poll(answer) };
    let headers = CString::new(headers).expect("no NUL");
    let comes_in_pieces = is_image && answer.is_multiple_of(3) && matches!(status, 200 | 203 | 206);
    let (bytes, len) = if comes_in_pieces { (null(), 0) } else { (body.as_ptr().cast(), body.len()) };
    let http_status = if answer == 255 { 600 } else { i32::from(status) };
    // SAFETY: as above; strings and bytes live as long as the call.
    let taken = unsafe { mlab_exchange_reply(exchange, http_status, headers.as_ptr(), bytes, len) };
    checks::status("mlab_exchange_reply", taken);
    // Else the pieces are steps of their own, or never come.
    if comes_in_pieces && taken == 0 && answer & 16 == 0 {
        for piece in body.chunks(1 + usize::from(answer)).chain([&b""[..]]) {
            if write(exchange, piece) != 0 {
                break;
            }
        }
    }
}

fn write(exchange: *const mlab_exchange, piece: &[u8]) -> i32 {
    let bytes = if piece.is_empty() { null() } else { piece.as_ptr().cast() };
    // SAFETY: held by the caller, alone, or NULL.
    let status = unsafe { mlab_exchange_write(exchange, bytes, piece.len()) };
    checks::status("mlab_exchange_write", status);
    status
}

fn fail(exchange: *const mlab_exchange, answer: u8) {
    let message = CString::new("the transport's own words\n").expect("no NUL");
    let message = if answer.is_multiple_of(2) { message.as_ptr() } else { null() };
    // SAFETY: held by the caller, or NULL.
    let status = unsafe { mlab_exchange_fail(exchange, -i32::from(answer % 70), message) };
    checks::status("mlab_exchange_fail", status);
}

pub(super) fn read(step: Step) {
    if let Some(held) = EXCHANGES.read(step.slot()) {
        ask(held.0);
    }
}

pub(super) fn answer(step: Step) {
    // Pieces are for one thread at a time.
    if let Some(held) = EXCHANGES.alone(step.slot()) {
        reply(held.0, step.argument);
    }
}

pub(super) fn write_piece(step: Step) {
    if let Some(held) = EXCHANGES.alone(step.slot()) {
        let image = replies::IMAGES[usize::from(step.argument >> 6) % 3];
        write(held.0, &image[..image.len().min(usize::from(step.argument % 64) * 8)]);
    }
}

pub(super) fn tell_progress(step: Step) {
    if let Some(held) = EXCHANGES.read(step.slot()) {
        let total = i64::from(step.argument) - 1;
        // SAFETY: held by this thread and others, or NULL.
        unsafe { mlab_exchange_progress(held.0, u64::from(step.argument >> 1), total) };
    }
}

pub(super) fn fail_one(step: Step) {
    if let Some(held) = EXCHANGES.read(step.slot()) {
        fail(held.0, step.argument);
    }
}

pub(super) fn free(step: Step) {
    // SAFETY: taken out of its place, or NULL.
    unsafe { mlab_exchange_free(EXCHANGES.take(step.slot())) };
}
