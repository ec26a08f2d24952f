//! Images of a job, or of a link: fetched or decoded, in memory or in files.
//!
//! ```text
//! one.rs    one image, all its tries
//! try.rs    one try: its redirects, and going on where the last one broke off
//! all.rs    the images of a job side by side, on threads that end with the call
//! link.rs   an image by its link alone
//! ```

mod all;
mod link;
mod one;
#[path = "try.rs"]
mod single_try;

pub(super) use all::add_pictures;
pub use link::Link;
pub(super) use link::download;
pub(super) use one::{Bounds, Fetched, Wanted, picture};
