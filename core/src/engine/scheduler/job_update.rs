//! What there is to tell of a job.

use crate::download::Image;
use crate::engine::images::Fetched;
use crate::engine::report::Report;
use crate::wire::JobId;
use std::sync::Arc;
use std::time::Duration;

/// What is queued for whoever pulls events, by the number of the job.
#[derive(Debug)]
pub(super) enum Queued {
    Progress(u64),
    Image(u64, usize, Box<Image>),
    Done(u64),
}

/// How a job ended. The report is kept once, however many jobs it ends.
#[derive(Debug)]
pub(in crate::engine) struct JobEnd {
    pub(super) report: Arc<Report>,
    /// What came of the images that it lists, if they were to be had.
    pub(super) images: Vec<Fetched>,
    pub(super) id: Option<JobId>,
    pub(super) attempts: u32,
    pub(super) elapsed: Duration,
}

impl JobEnd {
    /// The job's own report. May copy a large one: not to be called with a lock held.
    pub(in crate::engine) fn into_report(self) -> Report {
        let mut report = Arc::unwrap_or_clone(self.report).with_images(self.images);
        let attempts = if self.id.is_some() { self.attempts } else { report.attempts };
        report.finish(self.id.as_ref(), attempts, self.elapsed);
        report
    }
}

/// What there is to tell about a job.
#[derive(Debug)]
pub(in crate::engine) struct JobUpdate {
    pub(in crate::engine) job: u64,
    pub(in crate::engine) tag: u64,
    pub(in crate::engine) polls: u32,
    pub(in crate::engine) elapsed: Duration,
    pub(in crate::engine) eta_ms: Option<u64>,
    pub(in crate::engine) next_poll: Option<Duration>,
    pub(in crate::engine) bytes_done: u64,
    pub(in crate::engine) bytes_total: Option<u64>,
    /// The image that is there.
    pub(in crate::engine) image: Option<(usize, Box<Image>)>,
    pub(in crate::engine) id: Option<JobId>,
    pub(in crate::engine) end: Option<Box<JobEnd>>,
}
