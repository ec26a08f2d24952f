//! The safe Rust below `libmlab`: fetches queued images of ModelsLab, waits for them, downloads them.
//!
//! The C ABI stands in the package `mlab`, above this one. Each layer here knows only those below it.
//!
//! ```text
//! engine/     runs everything that a client does: calls, jobs, workers, the host's own HTTP
//! net/        ureq, and the only module that knows it: connector, resolver, cancel, TLS roots, limits
//! download/   images as bytes: which links, what arrived, memory and files
//! flow/       what to do next, with no I/O and no clock of its own
//! wire/       the protocol, pure: request out, bytes in, ruling; the secret key type
//! error.rs    what can go wrong, and what to do about it; status.rs has its numbers
//! panics.rs   panics caught in silence; planted.rs those of tests
//! process/    what a fork leaves to the child, and what it must not
//! ```

pub mod download;
pub mod engine;
pub mod error;
pub mod flow;
pub mod net;
pub mod panics;
pub mod planted;
mod process;
mod status;
pub mod wire;

pub use process::forks;
