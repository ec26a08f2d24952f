//! Numbers as C reads them: what is larger than their type is its largest, and what is not known is -1. What it
//! passes is checked.

use mlab_core::error::Error;
use std::time::Duration;

/// Milliseconds.
pub(super) fn ms(time: Duration) -> i64 {
    large(time.as_millis())
}

/// Milliseconds, rounded up: whoever waits so long does not wait too little.
pub(super) fn ms_rounded_up(time: Duration) -> i64 {
    large(time.as_nanos().div_ceil(1_000_000))
}

/// A number that may be large.
pub(super) fn large(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// How many, or how often.
pub(super) fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// A number that may not be known. One that C's type cannot hold is not known either.
pub(super) fn or_unknown<T: TryInto<C>, C: From<i8>>(number: Option<T>) -> C {
    number.and_then(|number| number.try_into().ok()).unwrap_or(C::from(-1))
}

/// The argument `http_status`; the reason says what it must be.
pub(super) fn http_status(code: i32, reason: &str) -> Result<u16, Error> {
    match code {
        100..=599 => Ok(code as u16),
        _ => Err(Error::argument("http_status", reason)),
    }
}
