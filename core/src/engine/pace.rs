//! One budget of requests a second for all that a client sends to its endpoint, fair between ids.
//!
//! What holds:
//! - Two turns are a gap apart. A redirect that is followed is a request too, and takes one.
//! - Who waits stands in one row, by when its id began to wait or last had a turn. So ids take turns, however many calls
//!   ask for one of them; the calls of one id go in the order in which they came.
//! - An id that jobs poll stands in the same row since its poll was due. Their polls are kept in the book: here they
//!   are one claim, that of the poll due longest. Jobs that do not come for their turn lose it to the calls, for the
//!   threads may all be busy and a host need not call.
//! - A poll that has begun goes on first: its redirects wait for a gap, and not for the row.
//! - A call that is cancelled or late leaves the row, and costs nobody a turn.
//!
//! Without a budget none of it costs anything, not even a lock.

use crate::net::CancelToken;
use crate::wire::JobId;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a call waits before it polls its token again: well within the 250 ms that a cancel may take.
const SLICE: Duration = Duration::from_millis(50);

/// How long jobs may leave a turn unused that calls wait for.
const GRACE: Duration = Duration::from_millis(50);

/// A turn taken so much after it was due does not delay those behind it: threads wake up late, and the rate would
/// suffer.
const SLACK: Duration = Duration::from_millis(10);

/// Hands out the turns.
#[derive(Debug)]
pub(super) struct Pace {
    /// Between two requests; zero: no limit.
    gap: Duration,
    /// Before everything: since when those stand in the row who go first.
    began: Instant,
    row: Mutex<Row>,
    /// Somebody else is first now.
    changed: Condvar,
}

/// How a call's waiting for its turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// The request may go, now.
    Come,
    Cancelled,
    /// The end of the call came first.
    Late,
}

/// Who waits, as a value: every time is handed in.
#[derive(Debug)]
struct Row {
    gap: Duration,
    /// As the pace's.
    began: Instant,
    /// When the next turn is, or was.
    next: Instant,
    /// Sorted by `since`.
    places: VecDeque<Place>,
    /// Since when the jobs' poll waits that is due longest; perhaps a time to come.
    claim: Option<Instant>,
    last_ticket: u64,
}

/// An id that calls wait for, or one redirect.
#[derive(Debug)]
struct Place {
    id: Option<JobId>,
    since: Instant,
    tickets: VecDeque<u64>,
}

impl Pace {
    pub(super) fn new(requests_per_second: f64) -> Pace {
        let gap = if requests_per_second > 0.0 {
            Duration::from_secs_f64(1.0 / requests_per_second)
        } else {
            Duration::ZERO
        };
        let began = Instant::now();
        Pace { gap, began, row: Mutex::new(Row::new(gap, began)), changed: Condvar::new() }
    }

    /// Whether a call that comes now has to wait. Only a guess: the turn may be another's the next moment.
    pub(super) fn is_busy(&self) -> bool {
        !self.gap.is_zero() && self.row().is_busy(Instant::now())
    }

    /// Waits for the turn of a call on `id`, or of a redirect with none, and takes it.
    pub(super) fn wait(&self, id: Option<&JobId>, token: &CancelToken, end: Instant) -> Turn {
        if token.is_triggered() {
            return Turn::Cancelled;
        }
        if self.gap.is_zero() {
            return Turn::Come;
        }
        let mut row = self.row();
        let ticket = row.enter(id, Instant::now());
        loop {
            let now = Instant::now();
            let turn = if token.is_triggered() {
                Turn::Cancelled
            } else if now >= end {
                Turn::Late
            } else if row.take(ticket, now) {
                Turn::Come
            } else {
                let nap = row.nap(ticket, now).min(end - now);
                // The token cannot be waited for beside the row.
                row = self.changed.wait_timeout(row, nap).unwrap_or_else(PoisonError::into_inner).0;
                continue;
            };
            row.leave(ticket);
            self.wake(&row);
            return turn;
        }
    }

    /// Takes a turn for the jobs' poll that was due at `since`, if it is theirs now and `take` gives something.
    pub(super) fn take_for_jobs<T>(
        &self,
        since: Instant,
        now: Instant,
        take: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        if self.gap.is_zero() {
            return take();
        }
        let mut row = self.row();
        let taken = row.is_for_jobs(since, now).then(take).flatten();
        if taken.is_some() {
            row.claim = None;
            row.advance(since, now);
            self.wake(&row);
        }
        taken
    }

    /// When the jobs, whose earliest poll is due at `since`, should ask for a turn; their place in the row is kept.
    pub(super) fn ask_for_jobs(&self, since: Instant, now: Instant) -> Instant {
        if self.gap.is_zero() {
            return since;
        }
        let mut row = self.row();
        row.claim = Some(since);
        let due = row.next.max(since);
        if due > now || row.is_for_jobs(since, now) { due } else { now + self.gap.min(SLICE) }
    }

    /// Since when a redirect of a job's poll waits: those go first.
    pub(super) fn first(&self) -> Instant {
        self.began
    }

    fn wake(&self, row: &Row) {
        if !row.places.is_empty() {
            self.changed.notify_all();
        }
    }

    fn row(&self) -> MutexGuard<'_, Row> {
        self.row.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Row {
    fn new(gap: Duration, now: Instant) -> Row {
        Row { gap, began: now, next: now, places: VecDeque::new(), claim: None, last_ticket: 0 }
    }

    fn is_busy(&self, now: Instant) -> bool {
        self.next > now || !self.places.is_empty() || self.are_jobs_before(now, now)
    }

    fn enter(&mut self, id: Option<&JobId>, now: Instant) -> u64 {
        self.last_ticket += 1;
        let ticket = self.last_ticket;
        match self.places.iter_mut().find(|place| id.is_some() && place.id.as_ref() == id) {
            Some(place) => place.tickets.push_back(ticket),
            None => {
                let (at, since) = match id {
                    Some(_) => (self.places.len(), now),
                    None => (self.places.iter().take_while(|place| place.id.is_none()).count(), self.began),
                };
                self.places.insert(at, Place { id: id.cloned(), since, tickets: [ticket].into() });
            }
        }
        ticket
    }

    /// Takes the turn, if it has come and is this ticket's. The id goes to the end of the row with its other calls.
    fn take(&mut self, ticket: u64, now: Instant) -> bool {
        let Some(since) =
            self.first_since(ticket).filter(|since| self.next <= now && !self.are_jobs_before(*since, now))
        else {
            return false;
        };
        // A claim that was older has lost its turn.
        self.claim.take_if(|claim| *claim < since && *claim <= now);
        self.advance(since, now);
        if let Some(mut place) = self.places.pop_front() {
            place.tickets.pop_front();
            place.since = now;
            if !place.tickets.is_empty() {
                self.places.push_back(place);
            }
        }
        true
    }

    /// Since when this ticket's id waits, if nobody stands before it.
    fn first_since(&self, ticket: u64) -> Option<Instant> {
        self.places.front().filter(|place| place.tickets.front() == Some(&ticket)).map(|place| place.since)
    }

    /// How long this ticket has nothing to ask for, if nothing changes.
    fn nap(&self, ticket: u64, now: Instant) -> Duration {
        let nap = match self.first_since(ticket) {
            Some(_) if self.next > now => self.next - now,
            Some(_) => self.claim_end().unwrap_or(now).saturating_duration_since(now),
            None => SLICE,
        };
        nap.min(SLICE)
    }

    fn leave(&mut self, ticket: u64) {
        self.places.iter_mut().for_each(|place| place.tickets.retain(|other| *other != ticket));
        self.places.retain(|place| !place.tickets.is_empty());
    }

    /// Whether the jobs stand before one that waits since `since`, and may still come for their turn.
    fn are_jobs_before(&self, since: Instant, now: Instant) -> bool {
        self.claim.is_some_and(|claim| claim < since && claim <= now)
            && self.claim_end().is_some_and(|end| now < end)
    }

    /// When the jobs' turn is lost.
    fn claim_end(&self) -> Option<Instant> {
        self.claim.map(|claim| claim.max(self.next) + GRACE)
    }

    fn is_for_jobs(&self, since: Instant, now: Instant) -> bool {
        self.next.max(since) <= now && self.places.front().is_none_or(|first| since <= first.since)
    }

    /// The turn is taken by one that waits since `since`.
    fn advance(&mut self, since: Instant, now: Instant) {
        // Who came after the turn was due has not waited for it: from there on the gap counts.
        let turn =
            if since <= self.next { self.next.max(now.checked_sub(SLACK).unwrap_or(now)) } else { now };
        self.next = turn + self.gap;
    }
}

#[cfg(test)]
mod tests;
