//! When each group is due, who polls it, and what a poll's end means.

use super::poll_group::PollGroup;
use super::tasks::{InFlight, Subject, TaskId};
use super::{Map, SPARE, Scheduler, heard};
use crate::engine::report::Report;
use crate::error::{Error, Status};
use crate::flow::wait::Heard;
use crate::wire::JobId;
use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

/// A poll to be made, now in flight.
#[derive(Debug)]
pub(in crate::engine) struct PollTask {
    pub(in crate::engine) task: TaskId,
    pub(in crate::engine) id: JobId,
    /// When it must have ended: the last deadline of those it is made for.
    pub(in crate::engine) end: Duration,
    /// The number of this poll for the member that has made most.
    pub(in crate::engine) nth: u32,
}

/// What a blocking call does next about its polls.
#[derive(Debug)]
pub(in crate::engine) enum Turn {
    /// Make this poll.
    Poll(PollTask),
    /// Nothing before then; none: nothing until something changes.
    Sleep(Option<Duration>),
}

impl Scheduler {
    pub(super) fn join_group(&mut self, number: u64, id: JobId, now: Duration) {
        let key = *self.by_id.entry(id.clone()).or_insert_with(|| {
            self.last_group += 1;
            self.groups.insert(self.last_group, PollGroup::new(id));
            self.last_group
        });
        let (Some(job), Some(group)) = (self.jobs.get_mut(&number), self.groups.get_mut(&key)) else {
            return;
        };
        job.group = key;
        job.phase = super::Phase::Polling;
        group.members.push(number);
        group.open += 1;
        group.callers += usize::from(job.caller.is_some());
        group.minimum = group.minimum.min(job.plan.poll_min());
        let recent = group.final_reply.clone().filter(|_| now < group.floor());
        if let Some(report) = recent {
            self.tell(number, heard(&report), &report, now);
        }
        self.choose_driver(key);
        // Where a crowd is on one id its members need not all be looked through: a newcomer can only be due sooner.
        let (Some(job), Some(group)) = (self.jobs.get(&number), self.groups.get_mut(&key)) else { return };
        if !job.is_polling() || group.task.is_some() {
            return;
        }
        let floor = group.floor();
        let (due, first) = match job.eta_of_first_poll() {
            Some(eta) => (Some(eta.max(floor)), Some(now.max(floor))),
            None => (Some(job.next_poll().max(floor)), None),
        };
        let sooner = |new: Option<Duration>, old: Option<Duration>| match (new, old) {
            (Some(new), Some(old)) => Some(new.min(old)),
            (new, old) => new.or(old),
        };
        let wanted = (sooner(due, group.due), sooner(first, group.first));
        if wanted != (group.due, group.first) || group.entry == 0 {
            self.set_due(key, wanted);
        }
    }

    /// A member waits no more.
    pub(super) fn leave_group(&mut self, number: u64, now: Duration) {
        let Some(job) = self.jobs.get(&number) else { return };
        let (key, is_call) = (job.group, job.caller.is_some());
        if is_call {
            self.give_permit_up(number);
        }
        let Some(group) = self.groups.get_mut(&key) else { return };
        group.open -= 1;
        group.callers -= usize::from(is_call);
        let (task, is_empty) = (group.task, group.open == 0);
        let performs = |by: Option<u64>| by == Some(number);
        let by = task.and_then(|task| self.in_flight.get(&task)).and_then(|flight| flight.caller);
        if let Some(task) = task.filter(|_| is_empty || performs(by)) {
            // Nobody wants its answer, or whoever performs it cannot wait for it.
            self.orphan(task);
            self.effects.cancelled.push(task);
            self.exchange_was_lost(key, now);
        } else if is_empty {
            self.schedule(key, now);
        }
        self.choose_driver(key);
        let jobs = &self.jobs;
        if let Some(group) =
            self.groups.get_mut(&key).filter(|group| group.members.len() > 2 * group.open + SPARE)
        {
            group.sweep(|number| is_polling(jobs, number));
        }
    }

    /// A blocking call's thread runs the host's function, or is back from it.
    pub(in crate::engine) fn set_away(&mut self, number: u64, is_away: bool) {
        let Some(job) = self.jobs.get_mut(&number) else { return };
        let key = job.group;
        if let Some(caller) = &mut job.caller {
            caller.is_away = is_away;
            self.choose_driver(key);
        }
    }

    /// Sees to it that somebody polls a group: one of its blocking calls, else workers.
    fn choose_driver(&mut self, key: u64) {
        let Some(group) = self.groups.get_mut(&key) else { return };
        let can = |number: &u64| self.jobs.get(number).is_some_and(|job| job.can_poll_itself());
        if group.driver.is_some_and(|driver| can(&driver)) || (group.driver.is_none() && group.callers == 0) {
            return;
        }
        let before = group.driver;
        group.driver = match group.callers {
            0 => None,
            _ => group.members.iter().copied().find(|number| can(number)),
        };
        if group.driver == before {
            return;
        }
        // It has to look when the next poll is due.
        self.effects.callers.extend(group.driver);
        let wanted = (group.due, group.first);
        if group.task.is_none() && group.open > 0 {
            self.set_due(key, wanted);
        }
    }

    /// When a group is to be polled next: a poll that is due, and one that ranks behind all others.
    fn wanted(&mut self, key: u64) -> (Option<Duration>, Option<Duration>) {
        let Some(group) = self.groups.get_mut(&key) else { return (None, None) };
        let jobs = &self.jobs;
        group.sweep(|number| is_polling(jobs, number));
        let (mut due, mut first, mut minimum): (Option<Duration>, Option<Duration>, Duration) =
            (None, None, Duration::MAX);
        let sooner = |old: Option<Duration>, new: Duration| Some(old.map_or(new, |old| old.min(new)));
        for job in group.members.iter().filter_map(|number| jobs.get(number)) {
            minimum = minimum.min(job.plan.poll_min());
            match job.eta_of_first_poll() {
                Some(eta) => {
                    due = sooner(due, eta);
                    first = sooner(first, job.next_poll());
                }
                None => due = sooner(due, job.next_poll()),
            }
        }
        if minimum != Duration::MAX {
            group.minimum = minimum;
        }
        let floor = group.floor();
        (due.map(|due| due.max(floor)), first.map(|first| first.max(floor)))
    }

    /// Puts a group's next poll where those who make it look. One that nobody waits for stays until its floor is over,
    /// lest an id that is submitted again and again be polled as often.
    pub(super) fn schedule(&mut self, key: u64, now: Duration) {
        let wanted = self.wanted(key);
        let Some(group) = self.groups.get_mut(&key).filter(|group| group.task.is_none()) else { return };
        if group.open > 0 {
            self.set_due(key, wanted);
        } else {
            (group.due, group.first, group.entry) = (None, None, 0);
            let until = group.floor();
            if until <= now {
                self.remove_group(key);
            } else if !std::mem::replace(&mut group.is_listed, true) {
                self.forgotten.push_back((until, key));
            }
        }
        self.tidy();
    }

    fn set_due(&mut self, key: u64, (due, first): (Option<Duration>, Option<Duration>)) {
        let Some(group) = self.groups.get_mut(&key) else { return };
        (group.due, group.first, group.entry) = (due, first, 0);
        match group.driver {
            Some(driver) => self.effects.callers.push(driver),
            // Only blocking calls wait, and all of them are away: the first that is back polls.
            None if group.callers == group.open => {}
            None => {
                self.last_entry += 1;
                group.entry = self.last_entry;
                self.due.extend(due.map(|due| Reverse((due, self.last_entry, key))));
                let first = first.filter(|first| due.is_none_or(|due| *first < due));
                self.first.extend(first.map(|first| Reverse((first, self.last_entry, key))));
            }
        }
    }

    /// Drops the groups that nobody waits for and whose last reply is no news any more.
    pub(super) fn forget(&mut self, now: Duration) {
        while self.forgotten.front().is_some_and(|(until, _)| *until <= now) {
            let Some((_, key)) = self.forgotten.pop_front() else { return };
            if let Some(group) = self.groups.get_mut(&key) {
                group.is_listed = false;
                // Listed again for later, if it was polled since.
                if group.open == 0 && group.task.is_none() {
                    self.schedule(key, now);
                }
            }
        }
    }

    fn remove_group(&mut self, key: u64) {
        if let Some(group) = self.groups.remove(&key) {
            self.by_id.remove(&group.id);
        }
        if self.groups.is_empty() && self.jobs.is_empty() {
            self.shrink();
        }
    }

    /// The next poll for a worker, if it is due at `now` and may be made. Those due at an eta, or later, come first.
    pub(super) fn take_poll(&mut self, now: Duration) -> Option<PollTask> {
        if !self.pause.allows(self.polls_in_flight, now) {
            return None;
        }
        loop {
            self.drop_stale_entries();
            let since = self.next_entry().filter(|since| *since <= now)?;
            if !self.limiter.is_for_jobs(since, now) {
                return None;
            }
            let from_due = self.due.peek().is_some_and(|&Reverse((due, ..))| due <= now);
            let Reverse((.., key)) = if from_due { self.due.pop()? } else { self.first.pop()? };
            if self.accuracy.is_earned() && from_due {
                self.believe_etas(key, now);
            }
            // The member that it was due for may have ended meanwhile, or believe its eta now.
            let (due, first) = self.wanted(key);
            let is_due =
                due.is_some_and(|due| due <= now) || (!from_due && first.is_some_and(|first| first <= now));
            if is_due && let Some(task) = self.begin_poll(key, None, now) {
                self.limiter.taken_by_jobs(since, now);
                return Some(task);
            }
            self.schedule(key, now);
        }
    }

    /// When the earliest poll for a worker is due, or since when it waits.
    fn next_entry(&self) -> Option<Duration> {
        let at = |entry: Option<&Reverse<(Duration, u64, u64)>>| entry.map(|&Reverse((due, ..))| due);
        [at(self.due.peek()), at(self.first.peek())].into_iter().flatten().min()
    }

    /// When a worker should ask for a poll; none: not before something changes.
    pub(super) fn next_poll(&mut self, now: Duration) -> Option<Duration> {
        self.drop_stale_entries();
        let since = self.next_entry()?;
        let start = self.pause.next_start(self.polls_in_flight)?;
        Some(self.limiter.ask_for_jobs(since.max(start), now))
    }

    fn drop_stale_entries(&mut self) {
        for heap in [&mut self.due, &mut self.first] {
            while let Some(&Reverse((_, entry, key))) = heap.peek()
                && self.groups.get(&key).is_none_or(|group| group.entry != entry)
            {
                heap.pop();
            }
        }
    }

    fn believe_etas(&mut self, key: u64, now: Duration) {
        let Some(group) = self.groups.get(&key) else { return };
        for number in &group.members {
            if let Some(job) =
                self.jobs.get_mut(number).filter(|job| job.is_polling() && job.next_poll() <= now)
            {
                job.wait.believe_eta();
            }
        }
    }

    /// The next poll of a blocking call, for its own thread.
    pub(in crate::engine) fn take_call_poll(&mut self, number: u64, now: Duration) -> Turn {
        let Some(job) = self.jobs.get_mut(&number).filter(|job| job.is_polling()) else {
            return Turn::Sleep(None);
        };
        let key = job.group;
        if let Some(caller) = &mut job.caller {
            caller.is_held = false;
        }
        let drives = |group: &&PollGroup| group.driver == Some(number) && group.task.is_none();
        if self.groups.get(&key).filter(drives).is_none() {
            return Turn::Sleep(None);
        }
        // Asked for anew: the member that it was due for may have ended meanwhile.
        let (due, first) = self.wanted(key);
        let next = [due, first].into_iter().flatten().min();
        if next.is_none_or(|next| next > now) {
            return Turn::Sleep(next);
        }
        if !self.pause.allows(self.polls_in_flight, now) {
            let start = self.pause.next_start(self.polls_in_flight);
            if start.is_none()
                && let Some(caller) = self.jobs.get_mut(&number).and_then(|job| job.caller.as_mut())
            {
                caller.is_held = true;
                self.held.push_back(number);
            }
            return Turn::Sleep(start);
        }
        if self.limiter.limits() && !self.take_permit(number, next.unwrap_or(now), now) {
            let permit = self.jobs.get(&number).and_then(|job| job.caller.as_ref()?.permit);
            return Turn::Sleep(permit.and_then(|permit| self.limiter.next_try(permit, now)));
        }
        match self.begin_poll(key, Some(number), now) {
            Some(task) => Turn::Poll(task),
            None => Turn::Sleep(None),
        }
    }

    /// Takes a blocking call's turn under the rate limit, if it has come.
    fn take_permit(&mut self, number: u64, since: Duration, now: Duration) -> bool {
        let Some(job) = self.jobs.get_mut(&number) else { return false };
        let (id, Some(caller)) = (job.id.clone(), job.caller.as_mut()) else { return false };
        let permit = *caller.permit.get_or_insert_with(|| {
            let permit = self.limiter.enter(id.as_ref(), since);
            self.permits.insert(permit, number);
            permit
        });
        let taken = self.limiter.take(permit, now);
        if taken {
            self.give_permit_up(number);
        }
        taken
    }

    fn give_permit_up(&mut self, number: u64) {
        let permit = self.jobs.get_mut(&number).and_then(|job| job.caller.as_mut()?.permit.take());
        if let Some(permit) = permit {
            self.permits.remove(&permit);
            self.limiter.leave(permit);
        }
    }

    fn begin_poll(&mut self, key: u64, caller: Option<u64>, now: Duration) -> Option<PollTask> {
        let group = self.groups.get_mut(&key)?;
        let (mut last_deadline, mut nth) = (None, 0);
        for number in &group.members {
            let Some(job) = self.jobs.get_mut(number).filter(|job| job.is_polling()) else { continue };
            if job.eta_of_first_poll().is_some_and(|eta| eta <= now) {
                job.wait.skip_first_poll();
            }
            last_deadline = last_deadline.max(Some(job.deadline()));
            nth = nth.max(job.wait.polls());
        }
        let end = match caller {
            Some(number) => self.jobs.get(&number)?.deadline(),
            None => last_deadline?,
        };
        self.last_task += 1;
        let task = self.last_task;
        (group.task, group.entry, group.due, group.first) = (Some(task), 0, None, None);
        let id = group.id.clone();
        self.take_off(task, InFlight { subject: Subject::Group(key), caller });
        Some(PollTask { task, id, end, nth: nth + 1 })
    }

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
                group.last.hear(report.clone());
            }
            let report = Arc::new(report);
            self.tell(caller, heard(&report), &report, now);
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
        self.hear(key, report, now);
        self.schedule(key, now);
        self.release_held(now);
    }

    /// Tells a group's members what was heard of their id.
    fn hear(&mut self, key: u64, report: Report, now: Duration) {
        let Some(group) = self.groups.get_mut(&key) else { return };
        (group.last_poll, group.is_repeated) = (Some(now), false);
        // Many wait in jobs, and each reply may be large; who blocks for it gets all of it at its deadline.
        group.last.hear(if group.callers > 0 { report.clone() } else { report.outline() });
        let (heard, report) = (heard(&report), Arc::new(report));
        group.final_reply = matches!(heard, Heard::Ready | Heard::Permanent).then(|| Arc::clone(&report));
        for number in group.members.clone() {
            self.tell(number, heard, &report, now);
        }
    }

    /// An explicit fetch of an id brought this: what it learned, the id's group learns.
    pub(in crate::engine) fn learn(&mut self, id: &JobId, report: &Report, now: Duration) {
        self.note_answer(report, now);
        // A failure that may pass says nothing about the job, and the fetch tries again by itself.
        let says_something = !report.retryable && report.status != Status::Cancelled;
        if let Some(&key) = self.by_id.get(id).filter(|_| says_something) {
            self.hear(key, report.clone(), now);
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
    fn exchange_was_lost(&mut self, key: u64, now: Duration) {
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

pub(super) fn is_polling(jobs: &Map<u64, super::Job>, number: &u64) -> bool {
    jobs.get(number).is_some_and(super::Job::is_polling)
}
