//! Who waits for an id, who polls it, and when.

use super::job::{Job, JobPhase};
use super::poll_group::PollGroup;
use super::{Map, SPARE, Scheduler, poll_outcome};
use crate::wire::JobId;
use std::cmp::Reverse;
use std::time::Duration;

impl Scheduler {
    pub(super) fn join_group(&mut self, number: u64, id: JobId, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number) else { return };
        let key = *self.by_id.entry(id.clone()).or_insert_with(|| {
            self.last_group += 1;
            self.last_group
        });
        let group = self.groups.entry(key).or_insert_with(|| Box::new(PollGroup::new(id)));
        job.group = key;
        job.phase = JobPhase::Polling;
        group.members.push(number);
        group.open += 1;
        group.callers += usize::from(job.caller.is_some());
        // One that is polled once comes when it is asked for, whatever was before.
        let floor = if job.plan.once() {
            Duration::ZERO
        } else {
            group.minimum = group.minimum.min(job.plan.poll_min());
            group.floor()
        };
        let recent = group.final_reply.clone().filter(|_| now < floor);
        if let Some(report) = recent {
            self.tell(number, poll_outcome(&report), &report, now);
        }
        self.choose_driver(key);
        // Where a crowd is on one id its members need not all be looked through: a newcomer can only be due sooner.
        let (Some(job), Some(group)) = (self.jobs.get(&number), self.groups.get_mut(&key)) else { return };
        if !job.is_polling() || group.task.is_some() {
            return;
        }
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
        if is_call {
            self.pass_turn_on(number);
        }
    }

    /// A blocking call's thread runs the host's function, or is back from it.
    pub(in crate::engine) fn set_away(&mut self, number: u64, is_away: bool) {
        let Some(job) = self.jobs.get_mut(&number) else { return };
        let key = job.group;
        let Some(caller) = &mut job.caller else { return };
        caller.is_away = is_away;
        self.choose_driver(key);
        if is_away {
            self.pass_turn_on(number);
        }
    }

    /// Sees to it that somebody polls a group: one of its blocking calls, else workers.
    pub(super) fn choose_driver(&mut self, key: u64) {
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
        // It has to find out when the next poll is due.
        self.effects.callers.extend(group.driver);
        let wanted = (group.due, group.first);
        if group.task.is_none() && group.open > 0 {
            self.set_due(key, wanted);
        }
    }

    /// When a group is to be polled next: a poll that is due, and one that ranks behind all others.
    pub(super) fn wanted(&mut self, key: u64) -> (Option<Duration>, Option<Duration>) {
        let Some(group) = self.groups.get_mut(&key) else { return (None, None) };
        let jobs = &self.jobs;
        group.sweep(|number| is_polling(jobs, number));
        let (mut due, mut first, mut minimum): (Option<Duration>, Option<Duration>, Duration) =
            (None, None, Duration::MAX);
        let mut asked = None;
        let sooner = |old: Option<Duration>, new: Duration| Some(old.map_or(new, |old| old.min(new)));
        for job in group.members.iter().filter_map(|number| jobs.get(number)) {
            if job.plan.once() {
                asked = sooner(asked, job.next_poll());
                continue;
            }
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
        let due = due.map(|due| due.max(floor)).into_iter().chain(asked).min();
        (due, first.map(|first| first.max(floor)))
    }

    /// Puts a group's next poll where those who make it find it. One that nobody waits for stays until its floor is over,
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

    pub(super) fn set_due(&mut self, key: u64, (due, first): (Option<Duration>, Option<Duration>)) {
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

    pub(super) fn remove_group(&mut self, key: u64) {
        if let Some(group) = self.groups.remove(&key) {
            self.by_id.remove(&group.id);
        }
        if self.groups.is_empty() && self.jobs.is_empty() {
            self.shrink();
        }
    }
}

pub(super) fn is_polling(jobs: &Map<u64, Box<Job>>, number: &u64) -> bool {
    jobs.get(number).is_some_and(|job| job.is_polling())
}
