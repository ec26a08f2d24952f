//! One id that somebody waits for. Knows neither heaps nor events.

use super::task::TaskId;
use crate::engine::last_reply::LastReply;
use crate::engine::report::Report;
use crate::flow::plan::Plan;
use crate::wire::JobId;
use std::sync::Arc;
use std::time::Duration;

/// See the module's text.
#[derive(Debug)]
pub(super) struct PollGroup {
    pub(super) id: JobId,
    /// Those that wait, and some that have ended.
    pub(super) members: Vec<u64>,
    /// How many of them wait, and how many of those are blocking calls.
    pub(super) open: usize,
    pub(super) callers: usize,
    /// The blocking call whose thread makes the polls; none: workers do.
    pub(super) driver: Option<u64>,
    /// The exchange in flight.
    pub(super) task: Option<TaskId>,
    /// When the last one ended.
    pub(super) last_poll: Option<Duration>,
    /// The smallest of the members' least gaps, but of those that are polled once; the largest time there is: none has one.
    pub(super) minimum: Duration,
    /// Whether an exchange was repeated because whoever performed it had to leave: that happens once in a row.
    pub(super) is_repeated: bool,
    /// When the next poll is due, and when one that ranks behind all others is.
    pub(super) due: Option<Duration>,
    pub(super) first: Option<Duration>,
    /// The number of its entries in the heaps; others of it there are stale. 0: it has none.
    pub(super) entry: u64,
    /// It is listed among those to be forgotten.
    pub(super) is_listed: bool,
    /// What was heard so far: without bodies, unless a blocking call waits.
    pub(super) last: LastReply,
    /// The reply that ended members, for those who join soon after it.
    pub(super) final_reply: Option<Arc<Report>>,
}

impl PollGroup {
    pub(super) fn new(id: JobId) -> PollGroup {
        PollGroup {
            id,
            members: Vec::new(),
            open: 0,
            callers: 0,
            driver: None,
            task: None,
            last_poll: None,
            minimum: Duration::MAX,
            is_repeated: false,
            due: None,
            first: None,
            entry: 0,
            is_listed: false,
            last: LastReply::default(),
            final_reply: None,
        }
    }

    /// Before this no poll may be made, but for who is polled once.
    pub(super) fn floor(&self) -> Duration {
        let has_one = self.minimum != Duration::MAX;
        let minimum = if has_one { self.minimum } else { Plan::default().poll_min() };
        self.last_poll.map_or(Duration::ZERO, |last| last + minimum)
    }

    /// Whether a poll is due.
    pub(super) fn is_due(&self, now: Duration) -> bool {
        self.due.is_some_and(|due| due <= now) || self.first.is_some_and(|first| first <= now)
    }

    /// Drops the members that have ended.
    pub(super) fn sweep(&mut self, waits: impl Fn(&u64) -> bool) {
        if self.members.len() > self.open {
            self.members.retain(waits);
        }
    }
}
