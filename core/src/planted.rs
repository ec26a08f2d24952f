//! Panics planted by tests, where a defect of this library would be. Without the feature `fault-injection` there are none.

use crate::wire::JobId;
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
