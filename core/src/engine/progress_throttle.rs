//! Twenty times a second: how often it is told how many bytes of an image came. A frame of a game has no use for more.

use std::time::{Duration, Instant};

/// The least time between two things told.
const BETWEEN: Duration = Duration::from_millis(50);

/// See the module's text. One an attempt at an image.
#[derive(Debug, Default)]
pub(super) struct ProgressThrottle {
    last: Option<Instant>,
}

impl ProgressThrottle {
    /// Whether this is to be told; the end always is.
    pub(super) fn lets_through(&mut self, done: u64, total: Option<u64>) -> bool {
        let is_due = self.last.is_none_or(|last| last.elapsed() >= BETWEEN) || Some(done) == total;
        if is_due {
            self.last = Some(Instant::now());
        }
        is_due
    }
}
