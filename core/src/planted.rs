//! Faults planted by tests: panics where a defect of this library would be, and threads that the system does not give.
//! Without the feature `fault-injection` there are none.

use crate::wire::JobId;
use std::cell::Cell;
use std::io::{self, ErrorKind};
use std::sync::{Mutex, MutexGuard, PoisonError};

const CAN_BE: bool = cfg!(any(test, feature = "fault-injection"));

/// Where the next one is: the name of an exported function.
static PLANTED: Mutex<Option<String>> = Mutex::new(None);

fn planted() -> MutexGuard<'static, Option<String>> {
    PLANTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Plants a panic at the entry of a function, or takes it away; whether the one planted before has not gone off.
pub fn plant(function: Option<String>) -> bool {
    std::mem::replace(&mut *planted(), function).is_some()
}

/// Panics if a panic is planted at the entry of this function; once.
#[inline]
pub fn at_entry(function: &str) {
    if CAN_BE {
        let found = planted().take_if(|name| name == function);
        assert!(found.is_none(), "planted at {function}");
    }
}

/// Panics if a poll of this id is to be a defect of this library.
#[inline]
pub(crate) fn in_poll(id: &JobId) {
    if CAN_BE {
        assert!(!id.as_str().starts_with("panic-"), "planted in a poll");
    }
}

/// Panics if what comes of a poll of this id is to be a defect of the workers' loop.
#[inline]
pub(crate) fn in_loop(id: &JobId) {
    if CAN_BE {
        assert!(!id.as_str().starts_with("panic-loop-"), "planted in the loop");
    }
}

thread_local! {
    /// Whether what this thread does is to find no other.
    static IS_ALONE: Cell<bool> = const { Cell::new(false) };
}

/// From here on the system gives this thread no other.
#[cfg(test)]
pub(crate) fn refuse_threads() {
    IS_ALONE.set(true);
}

/// Fails if the system is to give no thread.
#[inline]
pub(crate) fn at_spawn() -> io::Result<()> {
    if CAN_BE && IS_ALONE.get() { Err(ErrorKind::WouldBlock.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panics::caught;

    #[test]
    fn a_panic_goes_off_at_the_entry_that_it_is_planted_at_and_once() {
        assert!(!plant(Some("here".into())), "there was none");
        at_entry("elsewhere");
        assert!(caught(|| at_entry("here")).is_err());
        at_entry("here");
        assert!(!plant(None), "it has gone off");
    }
}
