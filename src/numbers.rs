//! Numbers as C reads them: what is larger than their type is its largest, and what is not known is -1.

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
pub(super) fn or_unknown(number: Option<u64>) -> i64 {
    number.and_then(|number| i64::try_from(number).ok()).unwrap_or(-1)
}
