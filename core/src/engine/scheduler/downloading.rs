//! The images of one job: which wait, which are in flight, which are there, how many bytes came. A value.

use super::task::{Attempt, TaskId};
use crate::download::{
    ByteBudget, CommitGate, Image, ImageDownload, Listed, SinkBounds, list_images, too_many_images,
};
use crate::engine::images::Fetched;
use crate::engine::report::Report;
use crate::error::Error;
use crate::flow::link_retry::LinkRetry;
use std::sync::Arc;
use std::time::Duration;

/// See the module's text.
#[derive(Debug)]
pub(super) struct Downloading {
    /// The reply that lists them.
    pub(super) report: Arc<Report>,
    /// When the job was ready.
    pub(super) ready: Duration,
    images: Vec<ImageState>,
    /// Those that are neither over nor another's copy.
    left: usize,
    /// Why the rest is not fetched any more.
    stopped: Option<Error>,
    /// How many bytes one may have, and all of them.
    one: u64,
    together: ByteBudget,
}

#[derive(Debug)]
struct ImageState {
    state: State,
    retry: LinkRetry,
    tries: u32,
    /// Whether its file is still wanted.
    gate: CommitGate,
    done: u64,
    total: Option<u64>,
}

#[derive(Debug)]
enum State {
    /// For its first attempt, or for the next with what the last one left.
    Waiting(Option<Box<ImageDownload>>),
    Running(TaskId),
    /// It is not to be had, and over once the file with what came of it is removed.
    LettingGo(Fetched),
    Over(Fetched),
    /// The same link stands earlier in the list.
    SameAs(usize),
}

/// What comes after an attempt.
#[derive(Debug)]
pub(super) enum AfterAttempt {
    /// Another one, then.
    RetryAt(Duration),
    /// The image is there.
    There,
    /// It is not to be had; what the attempt left is of no use any more.
    Lost(Option<Box<ImageDownload>>),
}

impl ImageState {
    /// Nothing more is fetched. Whether it is over with that: a file with what is left of it is removed first.
    fn end(&mut self, fetched: Fetched, left: Option<&ImageDownload>) -> bool {
        let lets_go = left.is_some_and(ImageDownload::is_in_a_file);
        self.state = if lets_go { State::LettingGo(fetched) } else { State::Over(fetched) };
        !lets_go
    }
}

impl Downloading {
    /// The images that a report lists, of which at most so many are taken, each with at most so many bytes. Gives those to
    /// begin with.
    pub(super) fn new(
        report: Arc<Report>,
        ready: Duration,
        (most, one): (usize, u64),
        retry: LinkRetry,
    ) -> (Downloading, Vec<usize>) {
        let listed = list_images(report.urls.iter(), most);
        let (count, mut begin) = (listed.len(), Vec::new());
        let image = |(index, listed): (usize, Listed)| {
            let state = match listed {
                Listed::Fetched => {
                    begin.push(index);
                    State::Waiting(None)
                }
                Listed::SameAs(earlier) => State::SameAs(earlier),
                Listed::Refused => State::Over(Fetched::nothing(too_many_images(count, most))),
            };
            let (retry, gate) = (retry.with_seed_of(index), CommitGate::default());
            ImageState { state, retry, tries: 0, gate, done: 0, total: None }
        };
        let images: Vec<ImageState> = listed.into_iter().enumerate().map(image).collect();
        let (left, together) = (begin.len(), ByteBudget::of_job(one));
        (Downloading { report, ready, images, left, stopped: None, one, together }, begin)
    }

    /// What an attempt at an image is bounded by.
    pub(super) fn bounds(&self, index: usize) -> SinkBounds {
        let gate = self.images.get(index).map(|image| image.gate.clone()).unwrap_or_default();
        SinkBounds { most: self.one, gate, together: self.together.clone() }
    }

    /// Gives up the files of its attempts: those whose rename has not begun never appear.
    pub(super) fn abandon_files(&self) {
        for image in &self.images {
            if matches!(image.state, State::Running(_)) {
                image.gate.abandon();
            }
        }
    }

    /// Begins an attempt at one that waits; gives what the last one left.
    pub(super) fn take(&mut self, index: usize, task: TaskId) -> Option<Option<Box<ImageDownload>>> {
        let image = self.images.get_mut(index)?;
        let State::Waiting(received) = &mut image.state else { return None };
        let received = received.take();
        image.state = State::Running(task);
        Some(received)
    }

    /// Bytes of an image came.
    pub(super) fn progress(&mut self, index: usize, done: u64, total: Option<u64>) {
        if let Some(image) = self.images.get_mut(index) {
            (image.done, image.total) = (done, total);
        }
    }

    /// Takes in what came of an attempt, and says what is next. Drops no file, which may take long.
    pub(super) fn attempted(&mut self, index: usize, attempt: Attempt, now: Duration) -> AfterAttempt {
        let Some(image) = self.images.get_mut(index) else { return AfterAttempt::Lost(attempt.received) };
        image.tries += u32::from(attempt.was_sent);
        if attempt.has_progressed {
            image.retry.progressed();
        }
        let since_ready = now.saturating_sub(self.ready);
        let again = match (&attempt.outcome, attempt.failed) {
            (Err(_), Some(failed)) if self.stopped.is_none() => image.retry.after(failed, since_ready),
            _ => None,
        };
        if let Some(at) = again {
            image.state = State::Waiting(attempt.received);
            return AfterAttempt::RetryAt(self.ready + at);
        }
        let outcome = match (attempt.outcome, &self.stopped) {
            (Err(Error::Cancelled), Some(reason)) => Err(reason.clone()),
            (outcome, _) => outcome,
        };
        let is_there = outcome.is_ok();
        let fetched = Fetched { outcome, tries: image.tries, http_status: attempt.http_status };
        self.left -= usize::from(image.end(fetched, attempt.received.as_deref()));
        if is_there { AfterAttempt::There } else { AfterAttempt::Lost(attempt.received) }
    }

    /// The file of an image that is not to be had is removed.
    pub(super) fn let_go(&mut self, index: usize) {
        let Some(image) = self.images.get_mut(index) else { return };
        if let State::LettingGo(fetched) = &mut image.state {
            let fetched = std::mem::replace(fetched, Fetched::nothing(Error::Cancelled));
            image.state = State::Over(fetched);
            self.left -= 1;
        }
    }

    /// Fetches nothing more. Gives what runs, and what attempts had left of which images.
    pub(super) fn stop(&mut self, reason: &Error) -> (Vec<TaskId>, Vec<(usize, Box<ImageDownload>)>) {
        self.stopped.get_or_insert_with(|| reason.clone());
        let (mut running, mut received) = (Vec::new(), Vec::new());
        for (index, image) in self.images.iter_mut().enumerate() {
            match &mut image.state {
                State::Running(task) => running.push(*task),
                State::Waiting(left) => {
                    let left = left.take();
                    let nothing =
                        Fetched { outcome: Err(reason.clone()), tries: image.tries, http_status: 0 };
                    self.left -= usize::from(image.end(nothing, left.as_deref()));
                    received.extend(left.map(|left| (index, left)));
                }
                State::LettingGo(_) | State::Over(_) | State::SameAs(_) => {}
            }
        }
        (running, received)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.is_some()
    }

    /// Whether nothing runs and nothing is left.
    pub(super) fn is_over(&self) -> bool {
        self.left == 0
    }

    /// Bytes there, and bytes expected if that is known of all.
    pub(super) fn bytes(&self) -> (u64, Option<u64>) {
        let own = || self.images.iter().filter(|image| !matches!(image.state, State::SameAs(_)));
        (own().map(|image| image.done).sum(), own().map(|image| image.total).sum())
    }

    /// The report that listed them and what came of each, in the order of the list.
    pub(super) fn into_parts(self) -> (Arc<Report>, Vec<Fetched>) {
        let reason = self.stopped.unwrap_or_else(|| Error::Internal("an image was lost".into()));
        let mut fetched: Vec<Fetched> = Vec::with_capacity(self.images.len());
        for image in self.images {
            let one = match image.state {
                State::LettingGo(fetched) | State::Over(fetched) => fetched,
                State::SameAs(earlier) => {
                    let Fetched { outcome, http_status, .. } = &fetched[earlier];
                    Fetched { outcome: outcome.clone(), tries: 0, http_status: *http_status }
                }
                State::Waiting(_) | State::Running(_) => {
                    Fetched { outcome: Err(reason.clone()), tries: image.tries, http_status: 0 }
                }
            };
            fetched.push(one);
        }
        (self.report, fetched)
    }

    /// An image that is there.
    pub(super) fn image(&self, index: usize) -> Option<&Image> {
        let State::Over(fetched) = &self.images.get(index)?.state else { return None };
        fetched.outcome.as_ref().ok()
    }

    /// The images that are copies of one that is there.
    pub(super) fn copies_of(&self, index: usize) -> Vec<usize> {
        let same = |image: &ImageState| matches!(image.state, State::SameAs(earlier) if earlier == index);
        (0..self.images.len()).filter(|at| same(&self.images[*at])).collect()
    }
}
