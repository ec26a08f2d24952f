//! One job of the book, and what is told of it. Knows no other job.

use crate::download::Destination;
use crate::engine::jobs::fetching::Fetching;
use crate::engine::report::Report;
use crate::flow::plan::Plan;
use crate::flow::wait::Wait;
use crate::wire::JobId;
use std::time::Duration;

/// One job, open until its end was delivered.
#[derive(Debug)]
pub(super) struct Job {
    /// None for an image fetched by its link alone.
    pub(super) id: Option<JobId>,
    pub(super) tag: u64,
    pub(super) start: Duration,
    pub(super) wait: Wait,
    pub(super) plan: Plan,
    pub(super) over: bool,
    /// It needs polls still.
    pub(super) waiting: bool,
    /// A progress event for it is in the queue; the newest numbers are in `wait`.
    pub(super) told: bool,
    pub(super) eta_ms: Option<u64>,
    /// Where its images go, if they are to be had too.
    pub(super) keep: Option<Destination>,
    /// Its images, once they are listed.
    pub(super) fetching: Option<Box<Fetching>>,
    pub(super) bytes: (u64, Option<u64>),
}

/// What there is to tell about a job.
#[derive(Debug)]
pub struct Event {
    /// The job.
    pub job: u64,
    /// The host's own number for it.
    pub tag: u64,
    /// The polls made.
    pub polls: u32,
    /// Since it was submitted.
    pub elapsed: Duration,
    /// What the last reply expected.
    pub eta_ms: Option<u64>,
    /// When the next poll is due, since it was submitted; none once there is nothing to look for any more.
    pub next_poll: Option<Duration>,
    /// Bytes of its images that are there.
    pub bytes_done: u64,
    /// Bytes expected, if that is known of all its images.
    pub bytes_total: Option<u64>,
    /// Its end; none for progress.
    pub done: Option<Report>,
    /// One of its images that is there now, with a report that has it alone.
    pub image: Option<(usize, Report)>,
}

impl Job {
    /// What there is to tell about it now.
    pub(super) fn event(&self, number: u64, now: Duration, done: Option<Report>) -> Event {
        Event {
            job: number,
            tag: self.tag,
            polls: self.wait.polls(),
            elapsed: done.as_ref().map_or(now.saturating_sub(self.start), |report| report.elapsed),
            eta_ms: self.eta_ms,
            next_poll: (done.is_none() && self.fetching.is_none()).then(|| self.wait.next_poll()),
            bytes_done: self.bytes.0,
            bytes_total: self.bytes.1,
            done,
            image: None,
        }
    }
}
