//! Images as bytes: what may be fetched, what arrived, and where it is kept. No sockets, no threads, no clock.
//!
//! Must never know who makes the requests, nor the C ABI. Files are the one thing of the outside that it touches.
//!
//! ```text
//! address_policy.rs which links may be followed; addresses.rs which addresses are no public ones
//! image_list.rs  which of the images that a reply lists are fetched; entry.rs whether one is a link or the image itself
//! body_decoder.rs images that come as text: base64_text.rs
//! image/         what an image is, and whether it is whole, while its bytes pass
//! destination.rs where images go: memory.rs, file.rs; names.rs what files are called; commit_gate.rs whether a file is
//!                still wanted
//! image_sink.rs  one image on its way in: bounded, examined, kept; byte_budget.rs what all of a job may have together
//! image_download.rs the same over HTTP: what replies mean, and going on where an attempt broke off
//! ```

mod address_policy;
mod addresses;
mod base64_text;
mod body_decoder;
mod byte_budget;
mod commit_gate;
mod destination;
mod entry;
mod file;
pub mod image;
mod image_download;
mod image_list;
mod image_sink;
mod memory;
mod names;

pub use address_policy::AddressPolicy;
pub use byte_budget::ByteBudget;
pub use commit_gate::CommitGate;
pub use destination::Destination;
pub use entry::Entry;
pub use image_download::{Failure, ImageDownload, ReplyHead, failure};
pub use image_list::{Listed, list_images, too_many_images};
pub use image_sink::{Image, ImageBytes, ImageSink, SinkBounds};
pub use names::stem;
