//! What a client keeps of the work that its host's transport has: exchanges in flight, and what is left for a thread of ours.

use super::answer::Awaited;
use super::scheduler::{ImageTask, PollTask, TaskId};
use crate::flow::poll::Poll;
use std::time::{Duration, Instant};

/// A task that the host has in flight, or that waits to go on.
#[derive(Debug)]
pub(super) struct HostTask {
    /// None while it waits for its turn to follow a redirect.
    pub(super) awaited: Option<Awaited>,
    pub(super) end: Instant,
    pub(super) started: Instant,
    pub(super) kind: HostTaskKind,
}

/// The task itself.
#[derive(Debug)]
pub(super) enum HostTaskKind {
    Poll {
        poll: PollTask,
        flow: Box<Poll>,
        /// While a redirect waits: how much of the request timeout is left, which does not run meanwhile, and its place in
        /// the queue of the rate limiter.
        left: Duration,
        permit: Option<u64>,
    },
    Image(Box<ImageTask>),
}

impl HostTask {
    pub(super) fn task(&self) -> TaskId {
        match &self.kind {
            HostTaskKind::Poll { poll, .. } => poll.task,
            HostTaskKind::Image(image) => image.task,
        }
    }
}
