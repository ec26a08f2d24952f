//! The functions that a host sets. Now and then one of them makes a call of its own, which any of them may.

use super::c_abi::objects::mlab_exchange;
use super::script::Step;
use super::{checks, exchanges, server, steps};
use std::cell::Cell;
use std::ffi::{c_char, c_void};

thread_local! {
    /// A call made by a callback makes no further ones: one in each is what there is to see.
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// A step, for one call of a callback in four.
fn maybe_call() {
    let (function, argument) = (server::next_answer(), server::next_answer());
    if argument.is_multiple_of(4) && !IS_INSIDE.replace(true) {
        steps::take(Step { function, object: argument >> 2, argument: function.rotate_left(4) ^ argument });
        IS_INSIDE.set(false);
    }
}

pub(super) unsafe extern "C" fn log(user: *mut c_void, level: i32, area: *const c_char, text: *const c_char) {
    checks::in_callback((), || {
        assert!(user.is_null() && (1..=4).contains(&level) && !checks::text(area).is_empty());
        checks::text(text);
        maybe_call();
    });
}

pub(super) unsafe extern "C" fn progress(
    user: *mut c_void,
    polls: i32,
    elapsed_ms: i64,
    eta_ms: i64,
    next_poll_ms: i64,
) -> i32 {
    checks::in_callback(1, || {
        assert!(
            user.is_null() && polls >= 1 && elapsed_ms >= 0 && eta_ms >= -1,
            "{polls} {elapsed_ms} {eta_ms}"
        );
        assert!(next_poll_ms >= 0, "{next_poll_ms}");
        steps::free_what_is_lent();
        maybe_call();
        i32::from(server::next_answer().is_multiple_of(4))
    })
}

pub(super) unsafe extern "C" fn start(user: *mut c_void, exchange: *mut mlab_exchange) {
    checks::in_callback((), || {
        assert!(user.is_null() && !exchange.is_null());
        maybe_call();
        exchanges::come(exchange);
    });
}

pub(super) unsafe extern "C" fn cancel(user: *mut c_void, id: u64) {
    checks::in_callback((), || {
        assert!(user.is_null() && id != 0);
        maybe_call();
    });
}
