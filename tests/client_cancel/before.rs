//! The process as it was before the calls of a test.

use crate::left::{alone, descriptors, threads, wait_for_threads};
use std::sync::MutexGuard;

/// Keeps the other tests of this binary, which share descriptors and threads, out while it lives.
pub(crate) struct Before {
    descriptors: usize,
    _turn: MutexGuard<'static, ()>,
}

impl Before {
    /// Counts, when no other test runs.
    pub(crate) fn now() -> Before {
        let turn = alone();
        Before { descriptors: descriptors().len(), _turn: turn }
    }

    /// What there is now and was not then.
    pub(crate) fn left_behind(&self) -> Result<(), String> {
        if !wait_for_threads(0) {
            return Err(format!("{} threads are left", threads()));
        }
        let open = descriptors();
        if open.len() == self.descriptors { Ok(()) } else { Err(format!("descriptors are left: {open:?}")) }
    }
}
