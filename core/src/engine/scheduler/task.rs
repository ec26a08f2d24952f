//! What the scheduler gives out to be done, and what comes of an attempt at an image.

use crate::download::{Destination, Image, ImageDownload, SinkBounds};
use crate::engine::report::Report;
use crate::error::Error;
use crate::flow::link_retry::Failed;
use crate::wire::JobId;
use std::sync::Arc;
use std::time::Duration;

/// The number of a task, never used twice by a client.
pub(in crate::engine) type TaskId = u64;

/// Something to be done, now in flight.
#[derive(Debug)]
pub(in crate::engine) enum Task {
    /// End it with `Scheduler::polled` or `Scheduler::poll_broke`.
    Poll(PollTask),
    /// End it with `Scheduler::attempted`.
    Image(Box<ImageTask>),
    /// End it with `Scheduler::checked`.
    Check(CheckTask),
    /// End it with `Scheduler::discarded`.
    Discard(DiscardTask),
}

/// A poll to be made, now in flight.
#[derive(Debug)]
pub(in crate::engine) struct PollTask {
    pub(in crate::engine) task: TaskId,
    pub(in crate::engine) id: JobId,
    /// When it must have ended: the last deadline of those it is made for.
    pub(in crate::engine) end: Duration,
    /// What that is called in messages.
    pub(in crate::engine) bound: &'static str,
    /// The number of this poll for the member that has made most.
    pub(in crate::engine) nth: u32,
}

/// An attempt at one image, now in flight.
#[derive(Debug)]
pub(in crate::engine) struct ImageTask {
    pub(in crate::engine) task: TaskId,
    /// The reply that lists it, and where.
    pub(in crate::engine) report: Arc<Report>,
    pub(in crate::engine) index: usize,
    pub(in crate::engine) destination: Destination,
    /// What its file in a folder is called, without the ending.
    pub(in crate::engine) stem: String,
    /// How large it may be, alone and together with the job's others; and whether its file is still wanted.
    pub(in crate::engine) bounds: SinkBounds,
    /// When it must have ended, and what that is called in a message.
    pub(in crate::engine) end: Duration,
    pub(in crate::engine) deadline: Duration,
    /// What the last attempt left.
    pub(in crate::engine) received: Option<Box<ImageDownload>>,
}

/// A place for files, to be checked.
#[derive(Debug)]
pub(in crate::engine) struct CheckTask {
    pub(in crate::engine) task: TaskId,
    pub(in crate::engine) destination: Destination,
}

/// What came of an image that is given up, in a file: to be dropped where a disk may be waited for.
#[derive(Debug)]
pub(in crate::engine) struct DiscardTask {
    pub(in crate::engine) task: TaskId,
    pub(in crate::engine) received: Box<ImageDownload>,
}

/// What came of an attempt.
#[derive(Debug)]
pub(in crate::engine) struct Attempt {
    pub(in crate::engine) outcome: Result<Image, Error>,
    /// How another one may be made; none: it may not.
    pub(in crate::engine) failed: Option<Failed>,
    /// Whether a request went out.
    pub(in crate::engine) was_sent: bool,
    /// Of the last reply; 0: there was none.
    pub(in crate::engine) http_status: u16,
    /// Whether it brought bytes that were not there before.
    pub(in crate::engine) has_progressed: bool,
    /// What it leaves to the next.
    pub(in crate::engine) received: Option<Box<ImageDownload>>,
}

impl Attempt {
    /// One that ended before anything was sent.
    pub(in crate::engine) fn refused(error: Error) -> Attempt {
        let (outcome, http_status) = (Err(error), 0);
        Attempt { outcome, failed: None, was_sent: false, http_status, has_progressed: false, received: None }
    }
}

/// What a task is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// A group's poll.
    Group(u64),
    /// A job's image.
    Image(u64, usize),
    /// A job's place for files.
    Check(u64),
    /// Nobody wants a poll's answer any more; or an image's.
    NoPoll,
    NoImage,
}

/// A task in flight.
#[derive(Debug, Clone, Copy)]
pub(super) struct InFlight {
    pub(super) subject: Subject,
    /// The blocking call that performs it; none: a worker.
    pub(super) caller: Option<u64>,
}

impl Subject {
    pub(super) fn is_poll(self) -> bool {
        matches!(self, Subject::Group(_) | Subject::NoPoll)
    }
}
