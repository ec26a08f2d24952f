//! One budget of requests a second for all that a client sends to its endpoint, fair between ids.
//!
//! What holds:
//! - Two turns are a gap apart. A redirect that is followed is a request too, and takes one.
//! - Who waits stands in one queue, by when its id began to wait or last had a turn. So ids take turns, however many calls
//!   ask for one of them; the calls of one id go in the order in which they came.
//! - Polls that workers make stand in the same queue since they were due. Here they are one claim, that of the poll due
//!   longest. Workers that do not come for their turn lose it to the calls, for all may be busy and a host need not call.
//! - A poll that has begun goes on first: its redirects wait for a gap, and not for the queue.
//! - A call that is cancelled or late leaves the queue, and costs nobody a turn.

use crate::wire::JobId;
use std::collections::VecDeque;
use std::time::Duration;

/// How long workers may leave a turn unused that calls wait for.
const GRACE: Duration = Duration::from_millis(50);

/// A turn taken so much after it was due does not delay those behind it: threads wake up late, and the rate would
/// suffer.
const SLACK: Duration = Duration::from_millis(10);

/// Hands out the turns. Every time is handed in.
#[derive(Debug)]
pub(super) struct RateLimiter {
    /// Between two requests; zero: no limit.
    gap: Duration,
    /// When the next turn is, or was.
    next: Duration,
    /// Sorted by `since`.
    queue: VecDeque<Waiter>,
    /// Since when the workers' poll waits that is due longest; perhaps a time to come.
    claim: Option<Duration>,
    last_permit: u64,
    /// Somebody else stands first now, or has got something to wait for.
    has_changed: bool,
}

/// An id that calls wait for, or one redirect.
#[derive(Debug)]
struct Waiter {
    id: Option<JobId>,
    since: Duration,
    permits: VecDeque<u64>,
}

impl RateLimiter {
    pub(super) fn new(gap: Duration) -> RateLimiter {
        RateLimiter {
            gap,
            next: Duration::ZERO,
            queue: VecDeque::new(),
            claim: None,
            last_permit: 0,
            has_changed: false,
        }
    }

    /// Whether there is a limit at all.
    pub(super) fn has_limit(&self) -> bool {
        !self.gap.is_zero()
    }

    /// Whether a call that comes now has to wait.
    pub(super) fn is_busy(&self, now: Duration) -> bool {
        self.has_limit() && (self.next > now || !self.queue.is_empty() || self.are_workers_before(now, now))
    }

    /// Stands in the queue for a call on an id that waits since `since`, or for a redirect.
    pub(super) fn enter(&mut self, id: Option<&JobId>, since: Duration) -> u64 {
        self.last_permit += 1;
        let permit = self.last_permit;
        match self.queue.iter_mut().find(|waiter| id.is_some() && waiter.id.as_ref() == id) {
            Some(waiter) => waiter.permits.push_back(permit),
            None => {
                let before = |waiter: &&Waiter| match id {
                    Some(_) => waiter.id.is_none() || waiter.since <= since,
                    None => waiter.id.is_none(),
                };
                let at = self.queue.iter().take_while(before).count();
                let since = if id.is_some() { since } else { Duration::ZERO };
                self.queue.insert(at, Waiter { id: id.cloned(), since, permits: [permit].into() });
            }
        }
        permit
    }

    /// Takes the turn, if it has come and is this permit's. The id goes to the end of the queue with its other calls.
    pub(super) fn take(&mut self, permit: u64, now: Duration) -> bool {
        let Some(since) = self
            .since_if_first(permit)
            .filter(|since| self.next <= now && !self.are_workers_before(*since, now))
        else {
            return false;
        };
        // A claim that was older has lost its turn.
        self.claim.take_if(|claim| *claim < since && *claim <= now);
        self.advance(since, now);
        let Some(mut waiter) = self.queue.pop_front() else { return true };
        waiter.permits.pop_front();
        waiter.since = now;
        if !waiter.permits.is_empty() {
            self.queue.push_back(waiter);
        }
        true
    }

    /// Whose turn is next among the calls.
    pub(super) fn first(&self) -> Option<u64> {
        self.queue.front().and_then(|waiter| waiter.permits.front().copied())
    }

    /// Whether somebody else than before may stand first now, since the change was last taken.
    pub(super) fn has_changed(&self) -> bool {
        self.has_changed
    }

    /// The same; from now on it counts anew.
    pub(super) fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.has_changed)
    }

    /// When a permit should ask again; none: not before it stands first.
    pub(super) fn next_try(&self, permit: u64, now: Duration) -> Option<Duration> {
        self.since_if_first(permit)?;
        Some(if self.next > now { self.next } else { self.claim_end().unwrap_or(now).max(now) })
    }

    /// Gives a place up.
    pub(super) fn leave(&mut self, permit: u64) {
        self.queue.iter_mut().for_each(|waiter| waiter.permits.retain(|other| *other != permit));
        self.queue.retain(|waiter| !waiter.permits.is_empty());
        self.has_changed = true;
    }

    /// Whether a worker's poll that was due at `since` may be made now.
    pub(super) fn is_for_jobs(&self, since: Duration, now: Duration) -> bool {
        !self.has_limit()
            || self.next.max(since) <= now && self.queue.front().is_none_or(|first| since <= first.since)
    }

    /// A worker's poll that was due at `since` takes its turn.
    pub(super) fn taken_by_jobs(&mut self, since: Duration, now: Duration) {
        if self.has_limit() {
            self.claim = None;
            self.advance(since, now);
        }
    }

    /// When workers, whose earliest poll is due at `since`, should ask for a turn; their place in the queue is kept.
    pub(super) fn ask_for_jobs(&mut self, since: Duration, now: Duration) -> Duration {
        if !self.has_limit() {
            return since;
        }
        self.claim = Some(since);
        let due = self.next.max(since);
        if due > now || self.is_for_jobs(since, now) { due } else { now + self.gap.min(GRACE) }
    }

    /// Since when this permit's id waits, if nobody stands before it.
    fn since_if_first(&self, permit: u64) -> Option<Duration> {
        self.queue.front().filter(|waiter| waiter.permits.front() == Some(&permit)).map(|waiter| waiter.since)
    }

    /// Whether workers stand before one that waits since `since`, and may still come for their turn.
    fn are_workers_before(&self, since: Duration, now: Duration) -> bool {
        self.claim.is_some_and(|claim| claim < since && claim <= now)
            && self.claim_end().is_some_and(|end| now < end)
    }

    /// When the workers' turn is lost.
    fn claim_end(&self) -> Option<Duration> {
        self.claim.map(|claim| claim.max(self.next) + GRACE)
    }

    /// The turn is taken by one that waits since `since`.
    fn advance(&mut self, since: Duration, now: Duration) {
        // Who came after the turn was due has not waited for it: from there on the gap counts.
        let turn = if since <= self.next { self.next.max(now.saturating_sub(SLACK)) } else { now };
        self.next = turn + self.gap;
        self.has_changed = true;
    }
}

#[cfg(test)]
#[path = "rate_limiter_tests.rs"]
mod tests;
