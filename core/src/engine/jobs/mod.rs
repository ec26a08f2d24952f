//! Jobs that run while their host does something else, and the events that tell of them.
//!
//! ```text
//! book.rs      what is open, what is due, what there is to tell: a value; book/ its heaps and its images
//! fetching.rs  the images of a job on their way
//! target.rs    one id that jobs wait for
//! workers.rs   threads that make the polls
//! pump.rs      polls made by the host's own HTTP, inside its calls
//! jobs.rs      what the client calls
//! ```

mod book;
mod fetching;
#[expect(clippy::module_inception, reason = "the thing itself, beside its parts")]
mod jobs;
mod pump;
mod target;
mod workers;

pub use book::Event;
pub(super) use book::heard;
pub(super) use jobs::Jobs;
pub use jobs::NoEvent;
