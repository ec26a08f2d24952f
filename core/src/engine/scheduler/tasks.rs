//! What is in flight, and the next thing for a worker to start.

use super::Scheduler;
use super::job::JobPhase;
use super::task::{CheckTask, InFlight, Subject, Task, TaskId};
use std::time::Duration;

/// So many images are in flight even while polls are due that came later: polls are short, and an image waits for
/// nothing but itself, but a client that polls without end must get its images too.
const SHARE: usize = 2;

impl Scheduler {
    /// The next thing for a worker, if one may be started: polls that are due, by how long they are; then images; and last
    /// the first polls whose caller knows an eta. Files that are to be removed come first, also at the end of everything.
    pub(in crate::engine) fn take(&mut self, now: Duration) -> Option<Task> {
        if self.working >= self.limits.workers {
            return None;
        }
        if self.images_working < self.limits.images
            && let Some(discard) = self.take_discard()
        {
            return Some(Task::Discard(discard));
        }
        if self.closed {
            return None;
        }
        if self.images_working < self.limits.images {
            if let Some(check) = self.take_check() {
                return Some(Task::Check(check));
            }
            let may_poll = self.pause.allows(self.polls_before(None), now);
            self.drop_stale_entries();
            let poll = self.next_due_poll().filter(|due| may_poll && *due <= now);
            let waits_longer =
                |image: Duration| poll.is_none_or(|poll| self.images_working < SHARE && image <= poll);
            if self.next_attempt().filter(|due| *due <= now).is_some_and(waits_longer)
                && let Some(task) = self.take_attempt(now)
            {
                return Some(Task::Image(task));
            }
        }
        if let Some(task) = self.take_poll(now) {
            return Some(Task::Poll(task));
        }
        // Polls that are due may have no turn yet.
        let has_room = self.images_working < self.limits.images;
        has_room.then(|| self.take_attempt(now)).flatten().map(Task::Image)
    }

    /// When a worker has something to do next; none: not before something changes.
    pub(in crate::engine) fn next_due(&mut self, now: Duration) -> Option<Duration> {
        if self.working >= self.limits.workers {
            return None;
        }
        let has_room = self.images_working < self.limits.images;
        if has_room && !self.discards.is_empty() {
            return Some(now);
        }
        if self.closed {
            return None;
        }
        let check = (has_room && !self.checks.is_empty()).then_some(now);
        let image = has_room.then(|| self.next_attempt()).flatten();
        [check, image, self.next_poll(now)].into_iter().flatten().min()
    }

    /// When the earliest poll is due that does not rank behind all others.
    fn next_due_poll(&self) -> Option<Duration> {
        self.due.peek().map(|entry| entry.0.0)
    }

    fn take_check(&mut self) -> Option<CheckTask> {
        while let Some(number) = self.checks.pop_front() {
            let Some(destination) = self
                .jobs
                .get(&number)
                .filter(|job| matches!(job.phase, JobPhase::Checking))
                .and_then(|job| job.destination.clone())
            else {
                continue;
            };
            self.last_task += 1;
            let task = self.last_task;
            self.take_off(task, InFlight { subject: Subject::Check(number), caller: None });
            return Some(CheckTask { task, destination });
        }
        None
    }

    /// The job whose place for files was checked, if it still waits for that.
    pub(super) fn end_check(&mut self, task: TaskId) -> Option<u64> {
        let Subject::Check(number) = self.land(task)?.subject else { return None };
        let job = self.jobs.get(&number)?;
        matches!(job.phase, JobPhase::Checking).then_some(number)
    }

    pub(super) fn take_off(&mut self, task: TaskId, flight: InFlight) {
        if flight.subject.is_poll() {
            self.polls_in_flight += 1;
        } else {
            self.images_working += 1;
        }
        self.working += usize::from(flight.caller.is_none());
        self.in_flight.insert(task, flight);
    }

    pub(super) fn land(&mut self, task: TaskId) -> Option<InFlight> {
        let flight = self.in_flight.remove(&task)?;
        if flight.subject.is_poll() {
            self.polls_in_flight -= 1;
        } else {
            self.images_working -= 1;
        }
        self.working -= usize::from(flight.caller.is_none());
        Some(flight)
    }

    /// Nobody wants to know any more what comes of a task.
    pub(super) fn orphan(&mut self, task: TaskId) {
        let Some(flight) = self.in_flight.get_mut(&task) else { return };
        flight.subject = if flight.subject.is_poll() { Subject::NoPoll } else { Subject::NoImage };
    }

    /// Whether an answer to a task is still waited for.
    pub(in crate::engine) fn is_wanted(&self, task: TaskId) -> bool {
        match self.in_flight.get(&task).map(|flight| flight.subject) {
            Some(Subject::Group(_) | Subject::Check(_)) => true,
            Some(Subject::Image(number, _)) => {
                let job = self.jobs.get(&number);
                job.and_then(|job| job.downloading()).is_some_and(|downloading| !downloading.is_stopped())
            }
            Some(Subject::NoPoll | Subject::NoImage) | None => false,
        }
    }

    /// The blocking call that performs a task.
    pub(in crate::engine) fn caller_of(&self, task: TaskId) -> Option<u64> {
        self.in_flight.get(&task)?.caller
    }

    /// Tasks in flight, and jobs and calls whose end was not delivered yet.
    #[cfg(test)]
    pub(in crate::engine) fn left(&self) -> (usize, usize) {
        (self.in_flight.len(), self.jobs.len())
    }

    /// Tasks that workers or the host's transport have in flight.
    #[cfg(test)]
    pub(in crate::engine) fn working(&self) -> usize {
        self.working
    }
}
