//! The book's part about images: jobs whose poll has listed them, and jobs that are one image by its link.

use super::{Book, Queued};
use crate::engine::jobs::fetching::{Fetch, Fetching};
use crate::engine::pictures::{Fetched, Link};
use crate::engine::report::Report;
use crate::error::Error;
use crate::flow::plan::Plan;
use std::time::Duration;

impl Book {
    /// Opens the fetching of one image by its link.
    pub(in crate::engine::jobs) fn submit_link(
        &mut self,
        link: &Link,
        tag: u64,
        plan: Plan,
        now: Duration,
    ) -> Result<u64, Error> {
        let number = self.open_job(None, tag, plan, Some(link.keep.clone()), now)?;
        self.fetch(number, Report::of_link(&link.url), now);
        Ok(number)
    }

    /// Lists the images of a job for the workers; it takes no part in polls any more.
    pub(in crate::engine::jobs) fn fetch(&mut self, number: u64, report: Report, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number) else { return };
        let Some(keep) = job.keep.clone() else { return };
        let fetching = Fetching::new(report, job.id.as_ref(), keep, now);
        self.fetches.extend(std::iter::repeat_n(number, fetching.count()));
        job.fetching = Some(Box::new(fetching));
        self.leave(number, now);
    }

    /// Images that no worker has taken yet.
    pub(in crate::engine::jobs) fn fetches(&self) -> usize {
        self.fetches.len()
    }

    /// The next image to fetch, now under way; end it with [`Book::fetched`].
    pub(in crate::engine::jobs) fn take_fetch(&mut self) -> Option<Fetch> {
        while let Some(number) = self.fetches.pop_front() {
            let Some(job) = self.jobs.get_mut(&number) else { continue };
            let (end, deadline) = (job.start + job.plan.deadline(), job.plan.deadline());
            let fetch = job.fetching.as_mut().and_then(|fetching| fetching.take(number, end, deadline));
            if fetch.is_some() {
                return fetch;
            }
        }
        None
    }

    /// Bytes of an image came.
    pub(in crate::engine::jobs) fn told_bytes(
        &mut self,
        number: u64,
        index: usize,
        done: u64,
        total: Option<u64>,
    ) {
        let Some(job) = self.jobs.get_mut(&number) else { return };
        if let Some(fetching) = &mut job.fetching {
            fetching.told(index, done, total);
            job.bytes = fetching.bytes();
            if !std::mem::replace(&mut job.told, true) {
                self.events.push_back(Queued::Progress(number));
            }
        }
    }

    /// Takes in what came of an image.
    pub(in crate::engine::jobs) fn fetched(
        &mut self,
        number: u64,
        index: usize,
        fetched: Fetched,
        now: Duration,
    ) {
        if let Some(fetching) = self.jobs.get_mut(&number).and_then(|job| job.fetching.as_mut()) {
            fetching.done(index, fetched);
            self.end_fetching(number, now);
        }
    }

    pub(in crate::engine::jobs) fn end_fetching(&mut self, number: u64, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number) else { return };
        if let Some(fetching) = job.fetching.take_if(|fetching| fetching.is_over()) {
            job.bytes = fetching.bytes();
            self.finish(number, fetching.into_report(), now);
        }
    }
}
