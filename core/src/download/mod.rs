//! Pictures as bytes: what may be fetched, what arrived, and where it is kept. No sockets, no threads, no clock.
//!
//! Must never know HTTP, ureq or the C ABI. Files are the one thing of the outside that it touches.
//!
//! ```text
//! safe.rs        which links may be followed; addresses.rs which addresses may be dialled
//! inline.rs      pictures that come as text in place of a link
//! image/         what a picture is, and whether it is whole, while its bytes pass
//! keep.rs        where pictures go: memory.rs, file.rs; names.rs what files are called
//! intake.rs      one picture on its way in: bounded, looked at, kept
//! ```

mod addresses;
mod file;
pub mod image;
mod inline;
mod intake;
mod keep;
mod memory;
mod names;
mod safe;

pub use inline::{Entry, decode};
pub use intake::{Image, Intake};
pub use keep::Keep;
pub use names::stem;
pub use safe::Reach;
