//! One id that jobs wait for, as the book keeps it. Knows neither heaps nor events.

use crate::engine::known::Known;
use crate::flow::plan::FLOOR;
use crate::net::CancelToken;
use std::time::Duration;

/// One id that somebody waits for.
#[derive(Debug, Default)]
pub(super) struct Target {
    /// Those that wait, and some that have ended.
    pub(super) jobs: Vec<u64>,
    /// How many of them wait.
    pub(super) open: usize,
    /// While a poll is under way: its token.
    pub(super) polling: Option<CancelToken>,
    pub(super) last_poll: Option<Duration>,
    /// When its entry in the heap is due, and the number of that entry; others of it there are stale.
    pub(super) due: Option<(Duration, u64)>,
    /// What was heard so far, without bodies.
    pub(super) known: Known,
}

impl Target {
    /// Before this no poll may be made.
    pub(super) fn floor(&self) -> Duration {
        self.last_poll.map_or(Duration::ZERO, |last| last + FLOOR)
    }

    /// Drops the jobs that have ended.
    pub(super) fn sweep(&mut self, is_open: impl Fn(&u64) -> bool) {
        if self.jobs.len() > self.open {
            self.jobs.retain(is_open);
        }
    }
}
