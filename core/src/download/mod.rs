//! Images as bytes: what may be fetched, what arrived, and where it is kept. No sockets, no threads, no clock.
//!
//! Must never know HTTP, ureq or the C ABI. Files are the one thing of the outside that it touches.
//!
//! ```text
//! safe.rs        which links may be followed; addresses.rs which addresses may be dialled
//! inline.rs      images that come as text in place of a link
//! image/         what an image is, and whether it is whole, while its bytes pass
//! destination.rs where images go: memory.rs, file.rs; names.rs what files are called
//! image_sink.rs  one image on its way in: bounded, examined, kept
//! ```

mod addresses;
mod destination;
mod file;
pub mod image;
mod image_sink;
mod inline;
mod memory;
mod names;
mod safe;

pub use destination::Destination;
pub use image_sink::{Image, ImageSink};
pub use inline::{Entry, decode};
pub use names::stem;
pub use safe::Reach;
