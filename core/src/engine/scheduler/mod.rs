//! What a client has to do and when, as a value: no lock, no clock, no I/O.
//!
//! Whoever is free hands in what happened and the time, as the `Duration` since the client began, and takes out what is
//! to be done. When an id is polled and an image tried again is `flow`'s to decide. What must be done at once besides (an
//! exchange that nobody wants any more, a blocking call that has something to do) collects in [`Effects`], to be carried
//! out after the lock is let go.
//!
//! A task is one poll of an id, one attempt at one image, one check of a place for files, or one file to be removed. Jobs
//! and blocking waits on one id share its polls: they are the members of its poll group. A group whose member is a blocking
//! wait is polled by that wait's own thread; all others by workers, or by the host's transport.
//!
//! ```text
//! mod.rs           jobs: opened, told, ended
//! job.rs           one job, and what there is to tell of it
//! poll_group.rs    the members of an id, its exchange and its last reply; membership.rs who joins, leaves and polls
//! polls.rs         the next poll, for a worker or a blocking call; answers.rs what its end means; held_calls.rs the calls
//!                  that wait until one more may be in flight
//! ends.rs          how jobs end
//! images.rs        the images of jobs; downloading.rs those of one job
//! task.rs          what is given out to be done; tasks.rs what is in flight, and the next thing to start
//! job_update.rs    what there is to tell; events.rs tells it
//! rate_limiter.rs  requests_per_second: whose turn it is; permits.rs for requests that are no poll of a group
//! ```

mod answers;
mod downloading;
mod ends;
mod events;
mod held_calls;
mod images;
mod job;
mod job_update;
mod membership;
mod permits;
mod poll_group;
mod polls;
mod rate_limiter;
mod task;
mod tasks;

pub(in crate::engine) use job::NewJob;
pub(in crate::engine) use job_update::{JobEnd, JobUpdate};
pub(in crate::engine) use polls::NextPoll;
pub(in crate::engine) use task::{Attempt, ImageTask, PollTask, Task, TaskId};

use self::held_calls::HeldCalls;
use self::job::{Caller, Job, JobPhase};
use self::job_update::Queued;
use self::poll_group::PollGroup;
use self::rate_limiter::RateLimiter;
use self::task::InFlight;
use super::report::Report;
use crate::download::ImageDownload;
use crate::error::{Error, Status};
use crate::flow::eta_accuracy::EtaAccuracy;
use crate::flow::rate_pause::RatePause;
use crate::flow::wait::{End, PollOutcome, Wait};
use crate::wire::JobId;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::sync::Arc;
use std::time::Duration;

/// The system is asked for no random numbers: where it gives none, the standard library's own seeding would panic.
pub(in crate::engine) type Map<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;

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
    /// Blocking calls whose thread has something to do.
    pub(in crate::engine) callers: Vec<u64>,
    /// Events that came.
    pub(in crate::engine) events: usize,
    /// What images that are given up had received in memory, or somebody brings too late: dropped by whoever brought it.
    pub(in crate::engine) discarded: Vec<ImageDownload>,
    /// Who stands first in the queue of the rate limiter now, if it is no blocking wait.
    pub(in crate::engine) first_permit: Option<u64>,
}

/// See the module's text.
#[derive(Debug)]
pub(in crate::engine) struct Scheduler {
    limits: Limits,
    /// Boxed, as the groups are: a map has up to twice as many places as entries.
    jobs: Map<u64, Box<Job>>,
    /// How many of them are not blocking calls.
    submitted: usize,
    last_job: u64,
    ends: BinaryHeap<Reverse<(Duration, u64)>>,
    by_id: Map<JobId, u64>,
    groups: Map<u64, Box<PollGroup>>,
    last_group: u64,
    /// Polls of groups that workers serve, by when they are due; the number makes stale entries known, and puts those due
    /// at one time into the order in which they came.
    due: BinaryHeap<Reverse<(Duration, u64, u64)>>,
    /// First polls of jobs with an eta: they rank behind all others.
    first: BinaryHeap<Reverse<(Duration, u64, u64)>>,
    last_entry: u64,
    /// Groups without members, which are kept for their last reply until then.
    forgotten: VecDeque<(Duration, u64)>,
    held: HeldCalls,
    attempts: BinaryHeap<Reverse<(Duration, u64, u64, usize)>>,
    checks: VecDeque<u64>,
    /// What is left of images that are given up, by job and index, in files that are to be removed.
    discards: VecDeque<(u64, usize, Box<ImageDownload>)>,
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
            held: HeldCalls::default(),
            attempts: BinaryHeap::new(),
            checks: VecDeque::new(),
            discards: VecDeque::new(),
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
        let is_any = !cancelled.is_empty() || !callers.is_empty() || *events > 0 || !discarded.is_empty();
        is_any || self.limiter.has_changed()
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
            Box::new(Job {
                id: new.id,
                link: new.link,
                tag: new.tag,
                group: 0,
                start: now,
                wait: Wait::new(plan),
                plan,
                phase: JobPhase::Checking,
                caller: new.is_call.then(Caller::default),
                progress_queued: false,
                eta_ms: None,
                destination: new.destination,
                wants_image_events: new.wants_image_events,
                bytes: (0, None),
                end: None,
            }),
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

    /// Tells one member what a poll of its group heard.
    fn tell(&mut self, number: u64, outcome: PollOutcome, report: &Arc<Report>, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number).filter(|job| job.is_polling()) else { return };
        job.eta_ms = report.eta_ms;
        match job.wait.handle_poll(outcome, now.saturating_sub(job.start)) {
            Some(End::Deadline) => self.end_at_deadline(number, now),
            Some(End::Ready | End::Failed) => {
                self.accuracy.record(job.wait.eta_outcome());
                if job.destination.is_some() && report.status == Status::Ok {
                    self.download(number, Arc::clone(report), now);
                } else if report.says_ready_without_links() && !job.plan.once() {
                    // The wait for links is over, and what was "not yet" is a failure.
                    self.finish(number, Arc::new(Report::clone(report).end_wait()), now);
                } else {
                    self.finish(number, Arc::clone(report), now);
                }
            }
            None => self.queue_progress(number),
        }
    }
}

/// What a reply means to the schedule.
pub(in crate::engine) fn poll_outcome(report: &Report) -> PollOutcome {
    let ms = |value: Option<u64>| value.map(Duration::from_millis);
    let retry_after = ms(report.retry_after_ms);
    match report.status {
        Status::Ok => PollOutcome::Ready,
        Status::Processing if report.says_ready_without_links() => PollOutcome::WithoutLinks { retry_after },
        Status::Processing => PollOutcome::Processing { eta: ms(report.eta_ms), retry_after },
        Status::NotFound => PollOutcome::NotFound,
        _ if report.retryable => PollOutcome::Transient { retry_after },
        _ => PollOutcome::Permanent,
    }
}

#[cfg(test)]
mod tests;
