//! What there is to tell: to whoever pulls events, and to blocking calls.

use super::Scheduler;
use crate::download::Image;
use crate::engine::images::Fetched;
use crate::engine::report::Report;
use crate::wire::JobId;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug)]
pub(super) enum Queued {
    Progress(u64),
    Image(u64, usize, Box<Image>),
    Done(u64),
}

/// How a job ended. The report is kept once, however many jobs it ends.
#[derive(Debug)]
pub(in crate::engine) struct Ended {
    pub(super) report: Arc<Report>,
    /// What came of the images that it lists, if they were to be had.
    pub(super) images: Vec<Fetched>,
    pub(super) id: Option<JobId>,
    pub(super) attempts: u32,
    pub(super) elapsed: Duration,
}

impl Ended {
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
pub(in crate::engine) struct Told {
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
    pub(in crate::engine) end: Option<Box<Ended>>,
}

impl Scheduler {
    pub(super) fn queue(&mut self, event: Queued) {
        self.events.push_back(event);
        self.effects.events += 1;
    }

    /// A job has ended: whoever waits for that is told.
    pub(super) fn tell_end(&mut self, number: u64) {
        match self.jobs.get(&number).is_some_and(|job| job.caller.is_some()) {
            true => self.effects.callers.push(number),
            false => self.queue(Queued::Done(number)),
        }
    }

    /// Something moved on that did not end a job. At most one such event of a job waits to be delivered.
    pub(super) fn queue_progress(&mut self, number: u64) {
        let Some(job) = self.jobs.get_mut(&number) else { return };
        if std::mem::replace(&mut job.progress_queued, true) {
            return;
        }
        match job.caller {
            Some(_) => self.effects.callers.push(number),
            None => self.queue(Queued::Progress(number)),
        }
    }

    /// The next event of a submitted job.
    pub(in crate::engine) fn pop_event(&mut self, now: Duration) -> Option<Told> {
        loop {
            match self.events.pop_front()? {
                Queued::Progress(number) => {
                    // Its end came meanwhile and follows: nothing to add to that.
                    let Some(job) = self.jobs.get_mut(&number).filter(|job| !job.is_over()) else { continue };
                    job.progress_queued = false;
                    return Some(job.told(number, now, None));
                }
                Queued::Image(number, index, image) => {
                    let Some(job) = self.jobs.get(&number) else { continue };
                    let told = job.told(number, now, None);
                    return Some(Told { image: Some((index, image)), next_poll: None, ..told });
                }
                Queued::Done(number) => return self.take_job(number, now),
            }
        }
    }

    /// What is queued, stale entries included: zero means that there is nothing to tell.
    pub(in crate::engine) fn events(&self) -> usize {
        self.events.len()
    }

    /// The end of a blocking call, once it is there.
    pub(in crate::engine) fn take_end(&mut self, number: u64, now: Duration) -> Option<Box<Ended>> {
        self.jobs.get(&number).filter(|job| job.is_over())?;
        self.take_job(number, now)?.end
    }

    /// What a blocking call has to tell its host, once for each time that something moved on.
    pub(in crate::engine) fn take_progress(&mut self, number: u64, now: Duration) -> Option<Told> {
        let job = self.jobs.get_mut(&number).filter(|job| job.is_polling())?;
        std::mem::take(&mut job.progress_queued).then(|| job.told(number, now, None))
    }

    fn take_job(&mut self, number: u64, now: Duration) -> Option<Told> {
        let mut job = self.jobs.remove(&number)?;
        self.submitted -= usize::from(job.caller.is_none());
        if self.jobs.is_empty() {
            self.shrink();
        }
        let end = job.end.take();
        Some(job.told(number, now, end))
    }
}
