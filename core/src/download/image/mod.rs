//! What an image is and whether all of it is there, told from its own bytes as they pass by.
//!
//! Nothing is kept but a few bytes of a header, so an image of any size costs the same. Pixels are not decoded: an image
//! is whole here when its container was walked from the first byte to the format's own end.
//!
//! ```text
//! scan.rs    one image under examination: sniff.rs tells its format, walk.rs goes through it
//! format.rs  what the walk knows of a format: boxes.rs (AVIF, MP4), gif.rs, jpeg.rs, png.rs, webp.rs
//! kind.rs    the formats that are taken, and what their headers say
//! ```

mod boxes;
mod format;
mod gif;
mod jpeg;
mod kind;
mod png;
mod scan;
mod sniff;
mod walk;
mod webp;

pub use kind::{ImageInfo, Kind};
pub use scan::{Ended, Scan};
pub(super) use sniff::may_be_image;
