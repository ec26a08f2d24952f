//! Images as bytes: what may be fetched, what arrived, and where it is kept. No sockets, no thread of its own, no clock.
//!
//! Must never know who makes the requests, nor the C ABI. Files are the one thing of the outside that it touches, and on
//! Windows it pauses for one that somebody holds (rename.rs).
//!
//! ```text
//! image_list.rs      which of the images that a reply lists are fetched; entry.rs: a link, or the image itself
//! address_policy.rs  which links may be followed; addresses.rs: which addresses are no public ones
//! image_download.rs  one image over HTTP: what replies mean, and going on where an attempt broke off
//! image_sink.rs      one image on its way in, decoded, bounded, examined and kept
//! body_decoder.rs    whether it comes as text; base64_text.rs
//! byte_budget.rs     what all images of a job may have together
//! image/             what an image is, and whether it is whole, told from its bytes as they pass
//! destination.rs     where it is kept: memory.rs, file.rs; commit_gate.rs: whether its file is still wanted;
//!                    rename.rs: how it takes its place
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
mod rename;

pub use address_policy::AddressPolicy;
pub use byte_budget::ByteBudget;
pub use commit_gate::CommitGate;
pub use destination::{Destination, stem};
pub use entry::Entry;
pub use image_download::{Failure, ImageDownload, ReplyHead, failure};
pub(crate) use image_list::{Listed, list_images, too_many_images};
pub use image_sink::{Image, ImageBytes, ImageSink, SinkBounds};
