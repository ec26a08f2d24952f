//! What a client has to do and when, as a value: no lock, no clock, no I/O.
//!
//! Whoever is free hands in what happened and the time, as the `Duration` since the client began, and takes out what is
//! to be done. All decisions about times are `flow`'s. What must be done at once besides (an exchange that nobody wants
//! any more, a caller that should look) collects in [`Effects`], to be carried out after the lock is let go.
//!
//! A task is one poll of an id, one attempt at one image, or one check of a place for files. Jobs and blocking waits on
//! one id share its polls: they are the members of its poll group. A group whose member is a blocking wait is polled by
//! that wait's own thread; all others by workers, or by the host's transport.
//!
//! ```text
//! mod.rs           jobs: opened, told, ended
//! job.rs           one job, and what there is to tell of it
//! poll_group.rs    the members of an id, its exchange and its last reply
//! polls.rs         when each group is due, who polls it, what a poll's end means
//! images.rs        the images of jobs; downloading.rs those of one job
//! tasks.rs         what is in flight, and the next thing to start
//! events.rs        what there is to tell
//! rate_limiter.rs  requests_per_second: whose turn it is
//! ```

mod downloading;
mod events;
mod images;
mod job;
mod poll_group;
mod polls;
mod rate_limiter;
mod tasks;

pub(in crate::engine) use events::{Ended, Told};
pub(in crate::engine) use images::{Attempt, ImageTask};
pub(in crate::engine) use job::NewJob;
pub(in crate::engine) use polls::{PollTask, Turn};
pub(in crate::engine) use tasks::{CheckTask, Task, TaskId};

use self::events::Queued;
use self::job::{Caller, Job, Phase};
use self::poll_group::PollGroup;
use self::rate_limiter::RateLimiter;
use self::tasks::InFlight;
use super::report::Report;
use crate::download::ImageDownload;
use crate::error::{Error, Status};
use crate::flow::eta_accuracy::EtaAccuracy;
use crate::flow::rate_pause::RatePause;
use crate::flow::wait::{End, Heard, Step, Wait};
use crate::wire::JobId;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::sync::Arc;
use std::time::Duration;

/// The system is asked for no random numbers: where it gives none, the standard library's own seeding would panic.
type Map<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;

/// So many entries more than needed may be in a heap, or among the members of a group, before it is cleared of those that
/// are no use any more: one by one they could not be found there.
const SPARE: usize = 64;

/// How much of everything a client allows.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Limits {
    /// Tasks in flight at once, but for polls that callers make themselves.
    pub(in crate::engine) workers: usize,
    /// How many of them may be images.
    pub(in crate::engine) images: usize,
    /// Jobs open at once.
    pub(in crate::engine) jobs: usize,
    /// Images of one job.
    pub(in crate::engine) images_of_a_job: usize,
    /// Bytes of one image in a file.
    pub(in crate::engine) image_bytes: u64,
    /// Between two requests; zero: no limit.
    pub(in crate::engine) request_gap: Duration,
    /// How long a link that does not work yet is tried.
    pub(in crate::engine) link_grace: Duration,
}

/// What is to be done at once, once the lock is let go.
#[derive(Debug, Default)]
pub(in crate::engine) struct Effects {
    /// Exchanges whose answer nobody wants any more.
    pub(in crate::engine) cancelled: Vec<TaskId>,
    /// Blocking calls whose thread should look.
    pub(in crate::engine) callers: Vec<u64>,
    /// Events that came.
    pub(in crate::engine) events: usize,
    /// What images that are given up had received: to be dropped where a file may be removed.
    pub(in crate::engine) discarded: Vec<ImageDownload>,
    /// Who stands first in the queue of the rate limiter now, if it is no blocking wait.
    pub(in crate::engine) first_permit: Option<u64>,
}

/// See the module's text.
#[derive(Debug)]
pub(in crate::engine) struct Scheduler {
    limits: Limits,
    jobs: Map<u64, Job>,
    /// How many of them are not blocking calls.
    submitted: usize,
    last_job: u64,
    ends: BinaryHeap<Reverse<(Duration, u64)>>,
    by_id: Map<JobId, u64>,
    groups: Map<u64, PollGroup>,
    last_group: u64,
    /// Polls of groups that workers serve, by when they are due; the number makes stale entries known, and puts those due
    /// at one time into the order in which they came.
    due: BinaryHeap<Reverse<(Duration, u64, u64)>>,
    /// First polls of jobs with an eta: they rank behind all others.
    first: BinaryHeap<Reverse<(Duration, u64, u64)>>,
    last_entry: u64,
    /// Groups without members, which are kept for their last reply until then.
    forgotten: VecDeque<(Duration, u64)>,
    /// Blocking calls that wait until polls are allowed again, in the order in which they came.
    held: VecDeque<u64>,
    attempts: BinaryHeap<Reverse<(Duration, u64, u64, usize)>>,
    checks: VecDeque<u64>,
    in_flight: Map<TaskId, InFlight>,
    polls_in_flight: usize,
    /// Of tasks that are no caller's; and how many of those are images.
    working: usize,
    images_working: usize,
    last_task: TaskId,
    events: VecDeque<Queued>,
    limiter: RateLimiter,
    /// Which blocking call stands where in its queue.
    permits: Map<u64, u64>,
    pause: RatePause,
    accuracy: EtaAccuracy,
    effects: Effects,
    closed: bool,
}

impl Scheduler {
    /// A client without jobs. The seed is of its jitter.
    pub(in crate::engine) fn new(limits: Limits, seed: u64) -> Scheduler {
        Scheduler {
            limits,
            jobs: Map::default(),
            submitted: 0,
            last_job: 0,
            ends: BinaryHeap::new(),
            by_id: Map::default(),
            groups: Map::default(),
            last_group: 0,
            due: BinaryHeap::new(),
            first: BinaryHeap::new(),
            last_entry: 0,
            forgotten: VecDeque::new(),
            held: VecDeque::new(),
            attempts: BinaryHeap::new(),
            checks: VecDeque::new(),
            in_flight: Map::default(),
            polls_in_flight: 0,
            working: 0,
            images_working: 0,
            last_task: 0,
            events: VecDeque::new(),
            limiter: RateLimiter::new(limits.request_gap),
            permits: Map::default(),
            pause: RatePause::new(seed),
            accuracy: EtaAccuracy::default(),
            effects: Effects::default(),
            closed: false,
        }
    }

    /// What is to be done at once. To be asked for after every change.
    pub(in crate::engine) fn take_effects(&mut self) -> Effects {
        if self.limiter.take_changed()
            && let Some(permit) = self.limiter.first()
        {
            match self.permits.get(&permit) {
                Some(&number) => self.effects.callers.push(number),
                None => self.effects.first_permit = Some(permit),
            }
        }
        std::mem::take(&mut self.effects)
    }

    /// Whether there is anything to be done at once.
    pub(in crate::engine) fn has_effects(&self) -> bool {
        let Effects { cancelled, callers, events, discarded, first_permit: _ } = &self.effects;
        !cancelled.is_empty() || !callers.is_empty() || *events > 0 || !discarded.is_empty()
    }

    /// Opens a job, and gives its number, which is never used again.
    pub(in crate::engine) fn open(&mut self, new: NewJob, now: Duration) -> Result<u64, Error> {
        if self.closed {
            return Err(Error::Closed);
        }
        if !new.is_call && self.submitted >= self.limits.jobs {
            let most = self.limits.jobs;
            return Err(Error::Busy(format!(
                "{most} jobs are open, as many as max_jobs allows; take finished ones first"
            )));
        }
        self.last_job += 1;
        let number = self.last_job;
        self.submitted += usize::from(!new.is_call);
        let plan = new.plan.with_accuracy(self.accuracy);
        self.ends.push(Reverse((now + plan.deadline(), number)));
        let needs_check = new.destination.as_ref().is_some_and(|destination| destination.is_a_file());
        self.jobs.insert(
            number,
            Job {
                id: new.id,
                link: new.link,
                tag: new.tag,
                group: 0,
                start: now,
                wait: Wait::new(plan),
                plan,
                phase: Phase::Checking,
                caller: new.is_call.then(Caller::default),
                progress_queued: false,
                eta_ms: None,
                destination: new.destination,
                wants_image_events: new.wants_image_events,
                bytes: (0, None),
                end: None,
            },
        );
        if needs_check {
            self.checks.push_back(number);
        } else {
            self.begin(number, now);
        }
        self.tidy();
        Ok(number)
    }

    /// Takes in whether a job's files can be put where they are to go.
    pub(in crate::engine) fn checked(&mut self, task: TaskId, outcome: Result<(), Error>, now: Duration) {
        let Some(number) = self.end_check(task) else { return };
        match outcome {
            Ok(()) => self.begin(number, now),
            Err(error) => self.finish(number, Arc::new(Report::of_error(&error, None)), now),
        }
    }

    /// A job whose place for files is good begins what it is for.
    fn begin(&mut self, number: u64, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number) else { return };
        match (job.id.clone(), job.link.take()) {
            (Some(id), _) => self.join_group(number, id, now),
            (None, link) => {
                let report = Report::of_link(link.as_deref().unwrap_or_default());
                self.download(number, Arc::new(report), now);
            }
        }
    }

    /// Stands in the queue of the rate limiter for a fetch of an id, or for a redirect; none: it may go at once.
    pub(in crate::engine) fn enter_queue(&mut self, id: Option<&JobId>, now: Duration) -> Option<u64> {
        self.limiter.limits().then(|| self.limiter.enter(id, now))
    }

    /// Whether a request that comes now has to wait for its turn.
    pub(in crate::engine) fn is_busy(&self, now: Duration) -> bool {
        self.limiter.is_busy(now)
    }

    /// Takes the turn of a fetch or redirect, if it has come; else when to ask again, if not only once it stands first.
    pub(in crate::engine) fn take_turn(
        &mut self,
        permit: u64,
        now: Duration,
    ) -> Result<(), Option<Duration>> {
        if self.limiter.take(permit, now) { Ok(()) } else { Err(self.limiter.next_try(permit, now)) }
    }

    /// When to ask for the turn again; none: not before it stands first.
    pub(in crate::engine) fn next_turn(&self, permit: u64, now: Duration) -> Option<Duration> {
        self.limiter.next_try(permit, now)
    }

    /// Gives a place in the queue up.
    pub(in crate::engine) fn leave_queue(&mut self, permit: u64) {
        self.limiter.leave(permit);
    }

    /// Ends what is over by the clock.
    pub(in crate::engine) fn advance(&mut self, now: Duration) {
        while let Some(&Reverse((end, number))) = self.ends.peek()
            && end <= now
        {
            self.ends.pop();
            self.end_at_deadline(number, now);
        }
        // Those of jobs that have ended otherwise would wake somebody for nothing.
        while let Some(Reverse((_, number))) = self.ends.peek()
            && self.jobs.get(number).is_none_or(Job::is_over)
        {
            self.ends.pop();
        }
        self.forget(now);
    }

    /// When the next deadline comes; perhaps that of a job that has ended otherwise.
    pub(in crate::engine) fn next_end(&self) -> Option<Duration> {
        self.ends.peek().map(|&Reverse((end, _))| end)
    }

    fn end_at_deadline(&mut self, number: u64, now: Duration) {
        let Some(job) = self.jobs.get(&number).filter(|job| !job.is_over()) else { return };
        let deadline = job.plan.deadline();
        if job.downloading().is_some_and(|downloading| downloading.is_stopped()) {
            return self.give_up_downloading(number, now);
        }
        if job.deadline() > now {
            // The entry was that of an end that came otherwise.
            return;
        }
        if !job.is_polling() {
            let before = match job.phase {
                Phase::Checking => "it was known whether files can be put there",
                _ => "all images were whole",
            };
            let why = format!("the deadline of {} ms came before {before}", deadline.as_millis());
            return self.stop(number, &Error::Deadline(why), now);
        }
        let group = self.groups.get(&job.group);
        let mut last = group.map(|group| group.last.clone()).unwrap_or_default();
        if self.limiter.limits() && group.is_some_and(|group| group.task.is_none() && group.is_due(now)) {
            last.wait_for_turn();
        }
        self.finish(number, Arc::new(last.at_deadline(deadline)), now);
    }

    /// Tells one member what a poll of its group heard.
    fn tell(&mut self, number: u64, heard: Heard, report: &Arc<Report>, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number).filter(|job| job.is_polling()) else { return };
        job.eta_ms = report.eta_ms;
        match job.wait.heard(heard, now.saturating_sub(job.start)) {
            Step::Done(End::Deadline) => self.end_at_deadline(number, now),
            Step::Done(End::Ready | End::Failed) => {
                self.accuracy.record(job.wait.verdict());
                if job.destination.is_some() && report.status == Status::Ok {
                    self.download(number, Arc::clone(report), now);
                } else if report.says_ready_without_links() {
                    // The wait for links is over, and what was "not yet" is a failure.
                    self.finish(number, Arc::new(Report::clone(report).end_wait()), now);
                } else {
                    self.finish(number, Arc::clone(report), now);
                }
            }
            Step::Poll | Step::SleepUntil(_) => self.queue_progress(number),
        }
    }

    /// Stops one job; an end that has come already stays.
    pub(in crate::engine) fn cancel(&mut self, number: u64, now: Duration) -> Result<(), Error> {
        let unknown = || Error::argument("job", "is no job that is open");
        self.jobs.get(&number).ok_or_else(unknown)?;
        self.stop(number, &Error::Cancelled, now);
        Ok(())
    }

    /// Whether a job is a member of its id's group still.
    pub(in crate::engine) fn is_polling(&self, number: u64) -> bool {
        self.jobs.get(&number).is_some_and(Job::is_polling)
    }

    /// Ends a job with this error, unless it is over.
    pub(in crate::engine) fn stop_job(&mut self, number: u64, error: &Error, now: Duration) {
        self.stop(number, error, now);
    }

    /// When a job ends by the clock; that of one that was stopped comes sooner than its deadline.
    pub(in crate::engine) fn end_of(&self, number: u64) -> Option<Duration> {
        let job = self.jobs.get(&number)?;
        let stopped = job.downloading().is_some_and(|downloading| downloading.is_stopped());
        if stopped { self.next_end() } else { Some(job.deadline()) }
    }

    /// Whether the number is that of a job that the host submitted, its end not yet delivered.
    pub(in crate::engine) fn is_submitted(&self, number: u64) -> bool {
        self.jobs.get(&number).is_some_and(|job| job.caller.is_none())
    }

    /// Ends a job with an error. Images that are there stay with it.
    fn stop(&mut self, number: u64, error: &Error, now: Duration) {
        let Some(job) = self.jobs.get(&number).filter(|job| !job.is_over()) else { return };
        match job.phase {
            Phase::Downloading(_) => self.stop_downloading(number, error, now),
            _ => self.finish(number, Arc::new(Report::of_error(error, None)), now),
        }
    }

    /// Stops every job that was submitted.
    pub(in crate::engine) fn cancel_all(&mut self, now: Duration) {
        self.stop_all(&Error::Cancelled, now, |job| job.caller.is_none());
    }

    /// Ends everything, and nothing is opened any more.
    pub(in crate::engine) fn close(&mut self, now: Duration) {
        self.closed = true;
        self.stop_all(&Error::Closed, now, |_| true);
    }

    fn stop_all(&mut self, error: &Error, now: Duration, which: impl Fn(&Job) -> bool) {
        let open = self.jobs.iter().filter(|(_, job)| !job.is_over() && which(job));
        let mut open: Vec<u64> = open.map(|(number, _)| *number).collect();
        open.sort_unstable();
        for number in open {
            self.stop(number, error, now);
        }
    }

    pub(in crate::engine) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Submitted jobs whose end was not delivered yet.
    pub(in crate::engine) fn pending(&self) -> usize {
        self.submitted
    }

    /// Ends a job with this report, which it may share with others.
    fn finish(&mut self, number: u64, report: Arc<Report>, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number).filter(|job| !job.is_over()) else { return };
        let was_polling = job.is_polling();
        let attempts = if job.id.is_some() { job.wait.polls() } else { report.attempts };
        let elapsed = now.saturating_sub(job.start);
        job.end = Some(Box::new(Ended { report, images: Vec::new(), id: job.id.clone(), attempts, elapsed }));
        job.phase = Phase::Over;
        self.tell_end(number);
        if was_polling {
            self.leave_group(number, now);
        }
    }

    /// Clears the heaps once most of their entries are stale.
    fn tidy(&mut self) {
        if self.due.len() + self.first.len() > 2 * self.groups.len() + SPARE {
            let current = |groups: &Map<u64, PollGroup>, entry: u64, key: u64| {
                groups.get(&key).is_some_and(|group| group.entry == entry)
            };
            self.due.retain(|&Reverse((_, entry, key))| current(&self.groups, entry, key));
            self.first.retain(|&Reverse((_, entry, key))| current(&self.groups, entry, key));
        }
        if self.ends.len() > 2 * self.jobs.len() + SPARE {
            self.ends.retain(|Reverse((_, number))| self.jobs.get(number).is_some_and(|job| !job.is_over()));
        }
        if self.attempts.len() > 2 * self.jobs.len() * self.limits.images_of_a_job.min(4) + SPARE {
            let downloading: HashSet<u64> =
                self.jobs.iter().filter(|(_, job)| job.downloading().is_some()).map(|(n, _)| *n).collect();
            self.attempts.retain(|Reverse((_, _, number, _))| downloading.contains(number));
        }
    }

    /// Gives memory back after a rush.
    fn shrink(&mut self) {
        self.tidy();
        self.ends.clear();
        self.attempts.clear();
        self.checks.clear();
        self.held.clear();
        self.jobs.shrink_to_fit();
        self.groups.shrink_to_fit();
        self.by_id.shrink_to_fit();
        self.due.shrink_to_fit();
        self.first.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.events.shrink_to_fit();
        self.attempts.shrink_to_fit();
        self.checks.shrink_to_fit();
        self.held.shrink_to_fit();
    }
}

/// What a reply means to the schedule.
pub(in crate::engine) fn heard(report: &Report) -> Heard {
    let ms = |value: Option<u64>| value.map(Duration::from_millis);
    let retry_after = ms(report.retry_after_ms);
    match report.status {
        Status::Ok => Heard::Ready,
        Status::Processing if report.says_ready_without_links() => Heard::WithoutLinks { retry_after },
        Status::Processing => Heard::Processing { eta: ms(report.eta_ms), retry_after },
        Status::NotFound => Heard::NotFound,
        _ if report.retryable => Heard::Transient { retry_after },
        _ => Heard::Permanent,
    }
}

#[cfg(test)]
mod tests;
