//! What the end of an exchange means to its group, to the client, and to those who wait until one more may be in flight.

use super::task::{Subject, TaskId};
use super::{Scheduler, poll_outcome};
use crate::engine::report::Report;
use crate::error::{Error, Status};
use crate::flow::wait::PollOutcome;
use crate::wire::JobId;
use std::sync::Arc;
use std::time::Duration;

impl Scheduler {
    /// Takes in what a poll brought; the members hear it, and end or go on. Whether any goes on.
    pub(in crate::engine) fn polled(&mut self, task: TaskId, report: Report, now: Duration) -> bool {
        let Some(flight) = self.land(task) else { return false };
        self.note_answer(&report, now);
        let goes_on = match flight.subject {
            Subject::Group(key) => {
                self.end_exchange(key, flight.caller, report, now);
                self.groups.get(&key).is_some_and(|group| group.open > 0)
            }
            _ => false,
        };
        self.release_held();
        goes_on
    }

    /// A group's exchange has ended: with an answer, or because whoever performed it had to leave.
    fn end_exchange(&mut self, key: u64, caller: Option<u64>, report: Report, now: Duration) {
        if report.status == Status::Cancelled {
            self.exchange_was_lost(key, now);
            self.choose_driver(key);
        } else if let Some(caller) = caller
            && report.status == Status::Timeout
            && self.jobs.get(&caller).is_some_and(|job| job.deadline() <= now)
        {
            // Its own time was up, which says nothing to the others: one of them asks again.
            if let Some(group) = self.groups.get_mut(&key) {
                group.task = None;
                group.last.record(report.clone());
            }
            let report = Arc::new(report);
            self.tell(caller, poll_outcome(&report), &report, now);
            self.exchange_was_lost(key, now);
        } else {
            self.answered(key, report, now);
        }
    }

    /// A group's exchange brought this.
    fn answered(&mut self, key: u64, report: Report, now: Duration) {
        if let Some(group) = self.groups.get_mut(&key) {
            group.task = None;
        }
        self.handle_reply(key, report, now);
        self.schedule(key, now);
    }

    /// Tells a group's members what was heard of their id.
    fn handle_reply(&mut self, key: u64, report: Report, now: Duration) {
        let Some(group) = self.groups.get_mut(&key) else { return };
        (group.last_poll, group.is_repeated) = (Some(now), false);
        // Many wait in jobs, and each reply may be large; who blocks for it gets all of it at its deadline.
        group.last.record(if group.callers > 0 { report.clone() } else { report.outline() });
        let (outcome, report) = (poll_outcome(&report), Arc::new(report));
        group.final_reply =
            matches!(outcome, PollOutcome::Ready | PollOutcome::Permanent).then(|| Arc::clone(&report));
        for number in group.members.clone() {
            self.tell(number, outcome, &report, now);
        }
    }

    /// An explicit fetch of an id brought this: what it learned, the id's group learns.
    pub(in crate::engine) fn learn(&mut self, id: &JobId, report: &Report, now: Duration) {
        self.note_answer(report, now);
        // A failure that may pass says nothing about the job, and the fetch tries again by itself.
        let says_something = !report.retryable && report.status != Status::Cancelled;
        if let Some(&key) = self.by_id.get(id).filter(|_| says_something) {
            self.handle_reply(key, report.clone(), now);
            self.schedule(key, now);
        }
        self.release_held();
    }

    /// Whether anybody would learn from a fetch of an id.
    pub(in crate::engine) fn would_learn(&self) -> bool {
        !self.by_id.is_empty()
    }

    /// A poll could not be made at all, by a defect of ours: it ends whoever waits for it.
    pub(in crate::engine) fn poll_broke(&mut self, task: TaskId, error: &Error, now: Duration) {
        let Some(flight) = self.land(task) else { return };
        if let Subject::Group(key) = flight.subject {
            self.answered(key, Report::of_error(error, None), now);
        }
        self.release_held();
    }

    /// The exchange of a group brought nothing, since whoever performed it had to leave: it is made again at once, once.
    pub(super) fn exchange_was_lost(&mut self, key: u64, now: Duration) {
        let Some(group) = self.groups.get_mut(&key) else { return };
        group.task = None;
        // The server may have got the request: whoever joins an id that nobody waits for keeps the distance to it.
        if std::mem::replace(&mut group.is_repeated, true) || group.open == 0 {
            group.last_poll = Some(now);
        }
        self.schedule(key, now);
    }

    fn note_answer(&mut self, report: &Report, now: Duration) {
        match report.status {
            Status::RateLimited => {
                self.pause.refused(report.retry_after_ms.map(Duration::from_millis), now);
            }
            Status::Cancelled => {}
            _ if report.retryable => {}
            _ => self.pause.accepted(),
        }
    }

    /// Lets blocking calls go on that waited until one more poll may be in flight: as many as may. Where a pause lasts, they
    /// sleep until its end.
    pub(super) fn release_held(&mut self) {
        let room = self.pause.room(self.polls_in_flight);
        self.effects.callers.extend(self.held.release(room));
    }

    /// A blocking call makes no poll now, whether it was told that it may or not: others may.
    pub(super) fn pass_turn_on(&mut self, number: u64) {
        self.held.let_go(number);
        self.release_held();
    }
}
