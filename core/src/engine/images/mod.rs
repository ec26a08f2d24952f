//! Images of a job, or of a link: fetched or decoded, in memory or in files.
//!
//! ```text
//! attempt.rs   one attempt at one image: a value that whoever performs the exchange drives
//! fetched.rs   what came of it in the end, and what that makes of the job's report
//! ```

mod attempt;
mod fetched;

pub(super) use attempt::{AfterReply, ImageFetch, decode_local, is_local, late_image};
pub(super) use fetched::Fetched;
pub use fetched::ImageRequest;
