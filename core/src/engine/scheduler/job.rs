//! One job: submitted, or a blocking call. Knows no other job.

use super::downloading::Downloading;
use super::job_update::{JobEnd, JobUpdate};
use crate::download::Destination;
use crate::flow::plan::Plan;
use crate::flow::wait::Wait;
use crate::wire::JobId;
use std::time::Duration;

/// What a job is to be.
#[derive(Debug, Clone)]
pub(in crate::engine) struct NewJob {
    /// The id to wait for.
    pub(in crate::engine) id: Option<JobId>,
    /// Without an id: the one image to be had.
    pub(in crate::engine) link: Option<String>,
    /// The host's own number for it.
    pub(in crate::engine) tag: u64,
    pub(in crate::engine) plan: Plan,
    /// Where its images go, if they are to be had.
    pub(in crate::engine) destination: Option<Destination>,
    /// Whether an event tells of each image that is there.
    pub(in crate::engine) wants_image_events: bool,
    /// Whether it is a blocking call, whose thread makes its polls and takes its end.
    pub(in crate::engine) is_call: bool,
}

impl NewJob {
    /// A job that waits for an id, for its links alone.
    pub(in crate::engine) fn of(id: JobId, plan: Plan) -> NewJob {
        NewJob {
            id: Some(id),
            link: None,
            tag: 0,
            plan,
            destination: None,
            wants_image_events: false,
            is_call: false,
        }
    }
}

/// Where a job stands.
#[derive(Debug)]
pub(super) enum JobPhase {
    /// Its place for files is being checked.
    Checking,
    /// It is a member of its id's group.
    Polling,
    /// Its images are listed.
    Downloading(Box<Downloading>),
    /// Its end is there, perhaps not yet delivered.
    Over,
}

/// The thread of a blocking call.
#[derive(Debug, Default)]
pub(super) struct Caller {
    /// It runs the host's progress function, which may take its time.
    pub(super) is_away: bool,
    /// Its place in the queue of the rate limiter.
    pub(super) permit: Option<u64>,
}

/// One job, there until its end was delivered.
#[derive(Debug)]
pub(super) struct Job {
    /// None for an image by its link alone.
    pub(super) id: Option<JobId>,
    pub(super) link: Option<String>,
    pub(super) tag: u64,
    /// 0: it has none.
    pub(super) group: u64,
    pub(super) start: Duration,
    pub(super) wait: Wait,
    pub(super) plan: Plan,
    pub(super) phase: JobPhase,
    /// None for one that was submitted.
    pub(super) caller: Option<Caller>,
    /// There is progress to tell; the newest numbers are in `wait`.
    pub(super) progress_queued: bool,
    pub(super) eta_ms: Option<u64>,
    pub(super) destination: Option<Destination>,
    pub(super) wants_image_events: bool,
    /// Bytes of its images, and how many were expected, once it is over.
    pub(super) bytes: (u64, Option<u64>),
    pub(super) end: Option<Box<JobEnd>>,
}

impl Job {
    pub(super) fn is_over(&self) -> bool {
        matches!(self.phase, JobPhase::Over)
    }

    pub(super) fn is_polling(&self) -> bool {
        matches!(self.phase, JobPhase::Polling)
    }

    pub(super) fn downloading(&self) -> Option<&Downloading> {
        match &self.phase {
            JobPhase::Downloading(downloading) => Some(downloading),
            _ => None,
        }
    }

    pub(super) fn downloading_mut(&mut self) -> Option<&mut Downloading> {
        match &mut self.phase {
            JobPhase::Downloading(downloading) => Some(downloading),
            _ => None,
        }
    }

    /// When its deadline comes.
    pub(super) fn deadline(&self) -> Duration {
        self.start + self.plan.deadline()
    }

    /// When its next poll is due.
    pub(super) fn next_poll(&self) -> Duration {
        self.start + self.wait.next_poll()
    }

    /// When the poll at its eta is due, if its first poll was not made and may give way to that.
    pub(super) fn eta_of_first_poll(&self) -> Option<Duration> {
        self.wait.eta_of_first_poll().map(|eta| self.start + eta)
    }

    /// Whether its thread can make a poll when one is due.
    pub(super) fn can_poll_itself(&self) -> bool {
        self.is_polling() && self.caller.as_ref().is_some_and(|caller| !caller.is_away)
    }

    /// What there is to tell about it now.
    pub(super) fn update(&self, number: u64, now: Duration, end: Option<Box<JobEnd>>) -> JobUpdate {
        let (bytes_done, bytes_total) = self.downloading().map_or(self.bytes, Downloading::bytes);
        JobUpdate {
            job: number,
            tag: self.tag,
            polls: end.as_ref().filter(|_| self.id.is_some()).map_or(self.wait.polls(), |end| end.attempts),
            elapsed: end.as_ref().map_or(now.saturating_sub(self.start), |end| end.elapsed),
            eta_ms: self.eta_ms,
            next_poll: self.is_polling().then(|| self.wait.next_poll()),
            bytes_done,
            bytes_total,
            image: None,
            id: self.id.clone(),
            end,
        }
    }
}
