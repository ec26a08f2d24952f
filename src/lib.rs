//! `libmlab`: fetches queued images of ModelsLab, for C programs and everything that can call C.
//!
//! The C header `include/mlab.h` is the manual; this page is the map of the inside. Each layer knows only those below it.
//!
//! ```text
//! ffi/        the C ABI: one file a C object; no logic, and all unsafe but two system calls (signal mask, fork)
//! drive/      who runs a job: the caller's thread, workers, the host's own HTTP
//! net/        ureq, and the only module that knows it: connector, resolver, cancel, TLS roots, limits
//! download/   pictures as bytes: which links, what arrived, memory and files
//! flow/       what to do next, with no I/O and no clock of its own
//! wire/       the protocol, pure: request out, bytes in, ruling; the secret key type
//! error.rs    one status an error, and what to do about it
//! panics.rs   panics caught in silence
//! process/    what a fork leaves to the child, and what it must not
//! ```
//!
//! The Rust items are public for the crate's own tests and benchmarks. Only the C ABI is stable.

pub mod download;
pub mod drive;
pub mod error;
pub mod ffi;
pub mod flow;
pub mod net;
mod panics;
mod process;
pub mod wire;
