//! What the end of an exchange means to its group, to the client, and to those who wait until polls are allowed again.

use super::task::{InFlight, Subject, TaskId};
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
        let Subject::Group(key) = flight.subject else { return false };
        if report.status == Status::Cancelled {
            self.exchange_was_lost(key, now);
            self.choose_driver(key);
            return self.groups.get(&key).is_some_and(|group| group.open > 0);
        }
        if let Some(caller) = flight.caller
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
            return self.groups.get(&key).is_some_and(|group| group.open > 0);
        }
        self.answered(key, report, now);
        self.groups.get(&key).is_some_and(|group| group.open > 0)
    }

    /// A group's exchange brought this.
    fn answered(&mut self, key: u64, report: Report, now: Duration) {
        if let Some(group) = self.groups.get_mut(&key) {
            group.task = None;
        }
        self.handle_reply(key, report, now);
        self.schedule(key, now);
        self.release_held(now);
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
        self.release_held(now);
    }

    /// Whether anybody would learn from a fetch of an id.
    pub(in crate::engine) fn would_learn(&self) -> bool {
        !self.by_id.is_empty()
    }

    /// A poll could not be made at all, by a defect of ours: it ends whoever waits for it.
    pub(in crate::engine) fn poll_broke(&mut self, task: TaskId, error: &Error, now: Duration) {
        let Some(InFlight { subject: Subject::Group(key), .. }) = self.land(task) else { return };
        self.answered(key, Report::of_error(error, None), now);
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

    /// Lets blocking calls go on that waited until polls are allowed again: as many as are.
    pub(super) fn release_held(&mut self, now: Duration) {
        let room = self.pause.room(self.polls_in_flight, now);
        for _ in 0..room.min(self.held.len()) {
            let Some(number) = self.held.pop_front() else { return };
            if self.jobs.get(&number).and_then(|job| job.caller.as_ref()).is_some_and(|caller| caller.is_held)
            {
                self.effects.callers.push(number);
            }
        }
    }
}
