//! The book of a client's jobs: what is open, when to poll what, and what there is to tell.
//!
//! A value without threads, locks or a clock: every time is handed in as the `Duration` since the client began. Workers
//! and the host's own HTTP both keep their jobs in it. The schedule of each job is `flow`'s.
//!
//! Jobs on one id share their polls: the id is the target, each job on it hears every poll.

mod fetches;
mod job;
mod schedule;

pub use job::Event;

use self::job::Job;
use super::target::Target;
use crate::download::Destination;
use crate::engine::report::Report;
use crate::error::{Error, Status};
use crate::flow::eta_accuracy::EtaAccuracy;
use crate::flow::plan::Plan;
use crate::flow::wait::{End, Heard, Step, Wait};
use crate::net::CancelToken;
use crate::wire::JobId;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::time::Duration;

#[derive(Debug)]
enum Queued {
    Progress(u64),
    Done(u64, Box<Report>),
}

/// A poll to be made.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) id: JobId,
    pub(super) token: CancelToken,
    /// When it must have ended: the last deadline of its jobs.
    pub(super) end: Duration,
    /// The number of this look for the job that has made most.
    pub(super) nth: u32,
}

/// See the module's text.
#[derive(Debug)]
pub(super) struct Book {
    jobs: HashMap<u64, Job>,
    targets: HashMap<JobId, Target>,
    /// What is due when; the number puts those due at one time into the order in which they came.
    polls: BinaryHeap<Reverse<(Duration, u64, JobId)>>,
    last_entry: u64,
    ends: BinaryHeap<Reverse<(Duration, u64)>>,
    events: VecDeque<Queued>,
    /// Jobs with images to fetch, once an image.
    fetches: VecDeque<u64>,
    last_job: u64,
    most: usize,
    trust: EtaAccuracy,
    closed: bool,
}

impl Book {
    /// A book for at most `most` open jobs.
    pub(super) fn new(most: usize) -> Book {
        Book {
            jobs: HashMap::new(),
            targets: HashMap::new(),
            polls: BinaryHeap::new(),
            last_entry: 0,
            ends: BinaryHeap::new(),
            events: VecDeque::new(),
            fetches: VecDeque::new(),
            last_job: 0,
            most,
            trust: EtaAccuracy::default(),
            closed: false,
        }
    }

    /// Opens a job. Its number is never used again.
    pub(super) fn submit(
        &mut self,
        id: &JobId,
        tag: u64,
        plan: Plan,
        keep: Option<Destination>,
        now: Duration,
    ) -> Result<u64, Error> {
        let number = self.open_job(Some(id), tag, plan, keep, now)?;
        let target = self.targets.entry(id.clone()).or_default();
        target.jobs.push(number);
        target.open += 1;
        let due = now.max(target.floor());
        if target.polling.is_none() && target.due.is_none_or(|(set, _)| due < set) {
            self.set_due(id, due);
        }
        self.tidy();
        Ok(number)
    }

    fn open_job(
        &mut self,
        id: Option<&JobId>,
        tag: u64,
        plan: Plan,
        keep: Option<Destination>,
        now: Duration,
    ) -> Result<u64, Error> {
        if self.closed {
            return Err(Error::Closed);
        }
        if self.jobs.len() >= self.most {
            let why =
                format!("{} jobs are open, as many as max_jobs allows; take finished ones first", self.most);
            return Err(Error::Busy(why));
        }
        self.last_job += 1;
        let number = self.last_job;
        let plan = plan.with_accuracy(self.trust);
        let job = Job {
            id: id.cloned(),
            tag,
            start: now,
            wait: Wait::new(plan),
            plan,
            over: false,
            waiting: id.is_some(),
            told: false,
            eta_ms: None,
            keep,
            fetching: None,
            bytes: (0, None),
        };
        self.ends.push(Reverse((now + plan.deadline(), number)));
        self.jobs.insert(number, job);
        self.tidy();
        Ok(number)
    }

    /// When there is something to do next: a poll, none before `free`, or the end of a job, which waits for nothing.
    pub(super) fn next_due(&self, free: Duration) -> Option<Duration> {
        let poll = self.polls.peek().map(|Reverse((due, ..))| (*due).max(free));
        poll.into_iter().chain(self.next_end()).min()
    }

    /// Since when, or from when on, the earliest poll waits; perhaps one that nobody wants any more.
    pub(super) fn next_poll(&self) -> Option<Duration> {
        self.polls.peek().map(|Reverse((due, ..))| *due)
    }

    /// When the next deadline comes; perhaps that of a job that has ended otherwise.
    pub(super) fn next_end(&self) -> Option<Duration> {
        self.ends.peek().map(|Reverse((end, _))| *end)
    }

    /// Whether there are polls to come.
    pub(super) fn has_polls(&self) -> bool {
        !self.polls.is_empty()
    }

    /// Ends the jobs whose deadline has come.
    pub(super) fn end_overdue(&mut self, now: Duration) {
        while let Some(Reverse((end, number))) = self.ends.peek().copied()
            && end <= now
        {
            self.ends.pop();
            self.end_at_deadline(number, now);
        }
    }

    fn end_at_deadline(&mut self, number: u64, now: Duration) {
        let Some(job) = self.jobs.get(&number).filter(|job| !job.over) else { return };
        let deadline = job.plan.deadline();
        if job.fetching.is_some() {
            let why =
                format!("the deadline of {} ms came before all images were whole", deadline.as_millis());
            return self.stop(number, &Error::Deadline(why), now);
        }
        let target = job.id.as_ref().and_then(|id| self.targets.get(id));
        let known = target.map(|target| target.known.clone()).unwrap_or_default();
        self.finish(number, known.at_deadline(deadline), now);
    }

    /// The next poll that is due, now under way; end it with [`Book::heard`].
    pub(super) fn take_due(&mut self, now: Duration) -> Option<Due> {
        while let Some(Reverse((due, ..))) = self.polls.peek()
            && *due <= now
        {
            let Reverse((due, entry, id)) = self.polls.pop()?;
            let Some(target) = self.targets.get_mut(&id).filter(|t| t.due == Some((due, entry))) else {
                continue;
            };
            target.due = None;
            // The job that it was due for may have ended meanwhile.
            let due = self.wanted(&id).is_some_and(|due| due <= now);
            if let Some(poll) = due.then(|| self.begin(&id)).flatten() {
                return Some(poll);
            }
            self.schedule(&id, now);
        }
        None
    }

    /// Begins a poll, if somebody waits for it.
    fn begin(&mut self, id: &JobId) -> Option<Due> {
        let target = self.targets.get_mut(id)?;
        let open = |number: &u64| self.jobs.get(number);
        let end = target.jobs.iter().filter_map(open).map(|j| j.start + j.plan.deadline()).max()?;
        let nth = target.jobs.iter().filter_map(open).map(|j| j.wait.polls()).max()? + 1;
        let token = CancelToken::new();
        target.polling = Some(token.clone());
        Some(Due { id: id.clone(), token, end, nth })
    }

    /// Takes in what a poll brought; the jobs on the id hear it, and end or go on. Whether any goes on.
    pub(super) fn heard(&mut self, id: &JobId, report: Report, now: Duration) -> bool {
        let Some(target) = self.targets.get_mut(id) else { return false };
        target.polling = None;
        target.last_poll = Some(now);
        let jobs = target.jobs.clone();
        // A poll that was stopped because nobody wanted it any more says nothing to those who came since.
        if report.status != Status::Cancelled {
            target.known.hear(report.outline());
            let heard = heard(&report);
            for number in jobs {
                self.tell(number, heard, &report, now);
            }
        }
        self.schedule(id, now);
        self.targets.get(id).is_some_and(|target| target.open > 0)
    }

    fn tell(&mut self, number: u64, heard: Heard, report: &Report, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number).filter(|job| job.waiting) else { return };
        job.eta_ms = report.eta_ms;
        match job.wait.heard(heard, now.saturating_sub(job.start)) {
            Step::Done(End::Deadline) => self.end_at_deadline(number, now),
            Step::Done(End::Ready | End::Failed) => {
                self.trust.record(job.wait.verdict());
                let fetches = job.keep.is_some() && report.status == Status::Ok;
                let report = report.clone().end_wait();
                if fetches { self.fetch(number, report, now) } else { self.finish(number, report, now) }
            }
            Step::Poll | Step::SleepUntil(_) => {
                if !std::mem::replace(&mut job.told, true) {
                    self.events.push_back(Queued::Progress(number));
                }
            }
        }
    }

    /// Ends every job on an id with an error of ours: its poll could not be made at all.
    pub(super) fn fail(&mut self, id: &JobId, error: &Error, now: Duration) {
        let Some(target) = self.targets.get_mut(id) else { return };
        target.polling = None;
        target.last_poll = Some(now);
        let waiting: Vec<u64> =
            target.jobs.iter().filter(|number| schedule::is_waiting(&self.jobs, number)).copied().collect();
        for number in waiting {
            self.finish(number, Report::of_error(error, None), now);
        }
        self.schedule(id, now);
    }

    /// Stops one job; an end that has come already stays. E_INVALID_ARGUMENT for a number that is not open.
    pub(super) fn cancel(&mut self, number: u64, now: Duration) -> Result<(), Error> {
        let unknown = || Error::argument("job", "is no job that is open");
        let job = self.jobs.get(&number).ok_or_else(unknown)?;
        if !job.over {
            self.stop(number, &Error::Cancelled, now);
        }
        Ok(())
    }

    /// Ends a job with an error; one that fetches, when what runs of that has ended.
    pub(super) fn stop(&mut self, number: u64, error: &Error, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number).filter(|job| !job.over) else { return };
        if let Some(fetching) = &mut job.fetching {
            fetching.stop(error);
            return self.end_fetching(number, now);
        }
        self.finish(number, Report::of_error(error, None), now);
    }

    /// Stops every job, each with this error.
    pub(super) fn cancel_all(&mut self, error: &Error, now: Duration) {
        let mut open: Vec<u64> = self.jobs.iter().filter(|(_, job)| !job.over).map(|(n, _)| *n).collect();
        open.sort_unstable();
        for number in open {
            self.stop(number, error, now);
        }
    }

    /// As [`Book::cancel_all`], and nothing is opened any more.
    pub(super) fn close(&mut self, now: Duration) {
        self.closed = true;
        self.cancel_all(&Error::Closed, now);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// The next thing to tell.
    pub(super) fn pop_event(&mut self, now: Duration) -> Option<Event> {
        loop {
            match self.events.pop_front()? {
                Queued::Progress(number) => {
                    // Its end came meanwhile and follows: nothing to add to that.
                    let Some(job) = self.jobs.get_mut(&number).filter(|job| !job.over) else { continue };
                    job.told = false;
                    return Some(job.event(number, now, None));
                }
                Queued::Done(number, report) => {
                    let job = self.jobs.remove(&number)?;
                    if self.jobs.is_empty() {
                        self.shrink();
                    }
                    return Some(job.event(number, now, Some(*report)));
                }
            }
        }
    }

    /// What is queued, stale entries included: zero means that there is nothing to tell.
    pub(super) fn events(&self) -> usize {
        self.events.len()
    }

    /// Jobs whose end was not delivered yet.
    pub(super) fn open(&self) -> usize {
        self.jobs.len()
    }

    fn finish(&mut self, number: u64, mut report: Report, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number).filter(|job| !job.over) else { return };
        job.over = true;
        let polls = if job.id.is_some() { job.wait.polls() } else { report.attempts };
        report.finish(job.id.as_ref(), polls, now.saturating_sub(job.start));
        self.events.push_back(Queued::Done(number, Box::new(report)));
        self.leave(number, now);
    }
}

/// What a poll means to the schedule.
pub(in crate::engine) fn heard(report: &Report) -> Heard {
    let ms = |value: Option<u64>| value.map(Duration::from_millis);
    let retry_after = ms(report.retry_after_ms);
    match report.status {
        Status::Ok => Heard::Ready,
        Status::Processing if report.without_links.is_some() => Heard::WithoutLinks { retry_after },
        Status::Processing => Heard::Processing { eta: ms(report.eta_ms), retry_after },
        Status::NotFound => Heard::NotFound,
        _ if report.retryable => Heard::Transient { retry_after },
        _ => Heard::Permanent,
    }
}

#[cfg(test)]
mod tests;
