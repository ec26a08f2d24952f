//! When each group is due, who polls it, and what a poll's end means.

use super::Scheduler;
use super::job::Job;
use super::task::{InFlight, PollTask, Subject};
use std::cmp::Reverse;
use std::time::Duration;

/// What a blocking call does next about its polls.
#[derive(Debug)]
pub(in crate::engine) enum NextPoll {
    /// Make this poll.
    Poll(PollTask),
    /// Nothing before then; none: nothing until something changes.
    Sleep(Option<Duration>),
}

impl Scheduler {
    /// The next poll for a worker, if it is due at `now` and may be made. Those due at an eta, or later, come first.
    pub(super) fn take_poll(&mut self, now: Duration) -> Option<PollTask> {
        if !self.pause.allows(self.polls_before(None), now) {
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

    /// Polls in flight, and those of blocking calls whose turn has come: nobody else, a call or a worker, overtakes them.
    pub(super) fn polls_before(&self, caller: Option<u64>) -> usize {
        self.polls_in_flight + self.held.told_beside(caller)
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
        let start = self.pause.next_start(self.polls_before(None))?;
        Some(self.limiter.ask_for_jobs(since.max(start), now))
    }

    pub(super) fn drop_stale_entries(&mut self) {
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
    pub(in crate::engine) fn take_call_poll(&mut self, number: u64, now: Duration) -> NextPoll {
        let wanted = self.wanted_of_call(number);
        let Some((key, next)) = wanted.filter(|(_, next)| *next <= now) else {
            self.pass_turn_on(number);
            return NextPoll::Sleep(wanted.map(|(_, next)| next));
        };
        let Some(start) = self.pause.next_start(self.polls_before(Some(number))) else {
            self.held.hold(number);
            return NextPoll::Sleep(None);
        };
        if start > now {
            return NextPoll::Sleep(Some(start));
        }
        if self.limiter.has_limit() && !self.take_permit(number, next, now) {
            let permit = self.jobs.get(&number).and_then(|job| job.caller.as_ref()?.permit);
            return NextPoll::Sleep(permit.and_then(|permit| self.limiter.next_try(permit, now)));
        }
        self.held.let_go(number);
        self.begin_poll(key, Some(number), now).map_or(NextPoll::Sleep(None), NextPoll::Poll)
    }

    /// The group that a blocking call polls, and when that is due; none while it has nothing to poll.
    fn wanted_of_call(&mut self, number: u64) -> Option<(u64, Duration)> {
        let key = self.jobs.get(&number).filter(|job| job.is_polling())?.group;
        self.groups.get(&key).filter(|group| group.driver == Some(number) && group.task.is_none())?;
        // Asked for anew: the member that it was due for may have ended meanwhile.
        let (due, first) = self.wanted(key);
        Some((key, [due, first].into_iter().flatten().min()?))
    }

    /// Takes a blocking call's turn under the rate limit, if it has come.
    pub(super) fn take_permit(&mut self, number: u64, since: Duration, now: Duration) -> bool {
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

    pub(super) fn give_permit_up(&mut self, number: u64) {
        let permit = self.jobs.get_mut(&number).and_then(|job| job.caller.as_mut()?.permit.take());
        if let Some(permit) = permit {
            self.permits.remove(&permit);
            self.limiter.leave(permit);
        }
    }

    pub(super) fn begin_poll(&mut self, key: u64, caller: Option<u64>, now: Duration) -> Option<PollTask> {
        let group = self.groups.get_mut(&key)?;
        let bound = |job: &Job| (job.deadline(), job.plan.bound());
        let (mut last, mut nth): (Option<(Duration, &'static str)>, u32) = (None, 0);
        for number in &group.members {
            let Some(job) = self.jobs.get_mut(number).filter(|job| job.is_polling()) else { continue };
            if job.eta_of_first_poll().is_some_and(|eta| eta <= now) {
                job.wait.skip_first_poll();
            }
            last = last.into_iter().chain([bound(job)]).max_by_key(|(end, _)| *end);
            nth = nth.max(job.wait.polls());
        }
        let (end, bound) = match caller {
            Some(number) => bound(self.jobs.get(&number)?),
            None => last?,
        };
        self.last_task += 1;
        let task = self.last_task;
        (group.task, group.entry, group.due, group.first) = (Some(task), 0, None, None);
        let id = group.id.clone();
        self.take_off(task, InFlight { subject: Subject::Group(key), caller });
        Some(PollTask { task, id, end, bound, nth: nth + 1 })
    }
}
