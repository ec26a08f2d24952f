//! Turns under the rate limit, for requests that are no poll of the scheduler's own: fetches and redirects.

use super::Scheduler;
use crate::wire::JobId;
use std::time::Duration;

impl Scheduler {
    /// Stands in the queue of the rate limiter for a fetch of an id, or for a redirect; none: it may go at once.
    pub(in crate::engine) fn enter_queue(&mut self, id: Option<&JobId>, now: Duration) -> Option<u64> {
        self.limiter.has_limit().then(|| self.limiter.enter(id, now))
    }

    /// Whether a request that comes now has to wait for its turn.
    pub(in crate::engine) fn is_busy(&self, now: Duration) -> bool {
        self.limiter.is_busy(now)
    }

    /// Takes the turn of a fetch or redirect, if it has come; else when to ask again, if not only once it stands first.
    pub(in crate::engine) fn use_permit(
        &mut self,
        permit: u64,
        now: Duration,
    ) -> Result<(), Option<Duration>> {
        if self.limiter.take(permit, now) { Ok(()) } else { Err(self.limiter.next_try(permit, now)) }
    }

    /// When to ask for the turn again; none: not before it stands first.
    pub(in crate::engine) fn next_permit(&self, permit: u64, now: Duration) -> Option<Duration> {
        self.limiter.next_try(permit, now)
    }

    /// Gives a place in the queue up.
    pub(in crate::engine) fn leave_queue(&mut self, permit: u64) {
        self.limiter.leave(permit);
    }
}
