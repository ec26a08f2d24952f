//! Tells of jobs: whoever pulls events, and blocking calls.

use super::Scheduler;
use super::job_update::{JobEnd, JobUpdate, Queued};
use std::time::Duration;

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
    pub(in crate::engine) fn pop_event(&mut self, now: Duration) -> Option<JobUpdate> {
        loop {
            match self.events.pop_front()? {
                Queued::Progress(number) => {
                    // Its end came meanwhile and follows: nothing to add to that.
                    let Some(job) = self.jobs.get_mut(&number).filter(|job| !job.is_over()) else { continue };
                    job.progress_queued = false;
                    return Some(job.update(number, now, None));
                }
                Queued::Image(number, index, image) => {
                    let Some(job) = self.jobs.get(&number) else { continue };
                    let update = job.update(number, now, None);
                    return Some(JobUpdate { image: Some((index, image)), next_poll: None, ..update });
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
    pub(in crate::engine) fn take_end(&mut self, number: u64, now: Duration) -> Option<Box<JobEnd>> {
        self.jobs.get(&number).filter(|job| job.is_over())?;
        self.take_job(number, now)?.end
    }

    /// What a blocking call has to tell its host, once for each time that something moved on.
    pub(in crate::engine) fn take_progress(&mut self, number: u64, now: Duration) -> Option<JobUpdate> {
        let job = self.jobs.get_mut(&number).filter(|job| job.is_polling())?;
        std::mem::take(&mut job.progress_queued).then(|| job.update(number, now, None))
    }

    fn take_job(&mut self, number: u64, now: Duration) -> Option<JobUpdate> {
        let mut job = self.jobs.remove(&number)?;
        self.submitted -= usize::from(job.caller.is_none());
        if self.jobs.is_empty() {
            self.shrink();
        }
        let end = job.end.take();
        Some(job.update(number, now, end))
    }
}
