//! What a worker does.

use super::images::ImageFetch;
use super::scheduler::{ImageTask, Task, TaskId};
use crate::download::image::Ended;

/// See the module's text.
#[derive(Debug)]
pub(super) enum Work {
    Task(Task),
    /// An image that the host has brought goes into its place.
    Save(Box<ImageFetch>, Ended, Box<ImageTask>),
}

impl Work {
    pub(super) fn task(&self) -> TaskId {
        match self {
            Work::Task(Task::Poll(poll)) => poll.task,
            Work::Task(Task::Image(image)) | Work::Save(_, _, image) => image.task,
            Work::Task(Task::Check(check)) => check.task,
            Work::Task(Task::Discard(discard)) => discard.task,
        }
    }
}
