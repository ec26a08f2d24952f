//! The images of one job while workers fetch them: which are taken, which are done, how many bytes are there. A value.

use crate::download::{Destination, stem};
use crate::engine::pictures::Fetched;
use crate::engine::report::Report;
use crate::error::Error;
use crate::net::CancelToken;
use crate::wire::JobId;
use std::time::Duration;

/// See the module's text.
#[derive(Debug)]
pub(super) struct Fetching {
    /// The reply that lists them.
    report: Report,
    keep: Destination,
    token: CancelToken,
    /// When the job was ready.
    ready: Duration,
    pictures: Vec<Picture>,
    /// The first that no worker has taken.
    next: usize,
    running: usize,
    /// Why the rest is not fetched any more.
    stopped: Option<Error>,
}

#[derive(Debug)]
struct Picture {
    entry: String,
    stem: String,
    done: u64,
    total: Option<u64>,
    fetched: Option<Fetched>,
}

/// One image to be fetched.
#[derive(Debug)]
pub(super) struct Fetch {
    pub(super) job: u64,
    pub(super) index: usize,
    pub(super) entry: String,
    pub(super) stem: String,
    pub(super) keep: Destination,
    pub(super) token: CancelToken,
    pub(super) ready: Duration,
    /// When it must have ended, and what that is called in a message.
    pub(super) end: Duration,
    pub(super) deadline: Duration,
}

impl Fetching {
    /// The images that a report lists.
    pub(super) fn new(report: Report, id: Option<&JobId>, keep: Destination, ready: Duration) -> Fetching {
        let picture = |(index, entry): (usize, &[u8])| Picture {
            entry: String::from_utf8_lossy(entry).into(),
            stem: id.map_or_else(|| "image".into(), |id| stem(id, index)),
            done: 0,
            total: None,
            fetched: None,
        };
        let pictures = report.urls.iter().enumerate().map(picture).collect();
        Fetching {
            report,
            keep,
            token: CancelToken::new(),
            ready,
            pictures,
            next: 0,
            running: 0,
            stopped: None,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.pictures.len()
    }

    /// The next one that nobody has taken.
    pub(super) fn take(&mut self, job: u64, end: Duration, deadline: Duration) -> Option<Fetch> {
        let index = self.next;
        let picture = self.pictures.get(index)?;
        self.next += 1;
        self.running += 1;
        Some(Fetch {
            job,
            index,
            entry: picture.entry.clone(),
            stem: picture.stem.clone(),
            keep: self.keep.clone(),
            token: self.token.clone(),
            ready: self.ready,
            end,
            deadline,
        })
    }

    pub(super) fn told(&mut self, index: usize, done: u64, total: Option<u64>) {
        if let Some(picture) = self.pictures.get_mut(index) {
            (picture.done, picture.total) = (done, total);
        }
    }

    /// One that was taken is done, one way or the other.
    pub(super) fn done(&mut self, index: usize, mut fetched: Fetched) {
        if let (Err(Error::Cancelled), Some(why)) = (&fetched.outcome, &self.stopped) {
            fetched.outcome = Err(why.clone());
        }
        self.running -= 1;
        self.pictures[index].fetched = Some(fetched);
    }

    /// Ends what runs and leaves the rest; those that are done stay.
    pub(super) fn stop(&mut self, why: &Error) {
        self.stopped.get_or_insert_with(|| why.clone());
        self.next = self.pictures.len();
        self.token.trigger();
    }

    /// Whether nothing runs and nothing is left.
    pub(super) fn is_over(&self) -> bool {
        self.running == 0 && self.next == self.pictures.len()
    }

    /// Bytes there, and bytes expected if all are known.
    pub(super) fn bytes(&self) -> (u64, Option<u64>) {
        let done = self.pictures.iter().map(|picture| picture.done).sum();
        (done, self.pictures.iter().map(|picture| picture.total).sum())
    }

    /// The report of a job whose images are over.
    pub(super) fn into_report(self) -> Report {
        let why = self.stopped.unwrap_or_else(|| Error::Internal("an image was lost".into()));
        let fetched =
            self.pictures.into_iter().map(|p| p.fetched.unwrap_or_else(|| Fetched::nothing(why.clone())));
        self.report.with_pictures(fetched.collect())
    }
}
