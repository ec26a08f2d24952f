//! `libmlab`: fetches queued images of ModelsLab, for C programs and everything that can call C.
//!
//! The C header `include/mlab.h` is the manual. This crate is the C ABI and nothing else: literal `extern "C"` functions
//! that check pointers, call one function of `mlab_core`, and lend its result. It decides nothing about jobs, replies or
//! time.
//!
//! ```text
//! objects.rs         the types of the header, each with its ownership
//! call.rs result.rs config.rs log.rs client.rs request.rs cancel.rs jobs.rs event.rs images.rs transport.rs exchange.rs
//! identity.rs        the sections of the header, in its order; the text that opens a file opens its section
//! manual.h           the text that opens the header
//! handle.rs          objects as C holds them: exclusive or shared, borrowed, taken back
//! convert.rs         strings and bytes from C; numbers.rs numbers to C; result_strings.rs the texts that a result lends
//! panic.rs           the gate that every exported function passes
//! setter.rs          setters and their refusals; callback.rs calls of the host's functions
//! ```
#![allow(unsafe_code, non_camel_case_types)]
// What every caller promises stands in the header's introduction, once: a pointer is NULL or valid.
#![allow(clippy::missing_safety_doc)]
// Comments are written and laid out for the header, whose readers see no Markdown.
#![allow(
    clippy::doc_lazy_continuation,
    rustdoc::bare_urls,
    rustdoc::broken_intra_doc_links,
    rustdoc::invalid_html_tags
)]

pub mod call;
pub mod cancel;
pub mod client;
pub mod config;
pub mod event;
pub mod exchange;
pub mod identity;
pub mod images;
pub mod jobs;
pub mod log;
pub mod objects;
pub mod request;
pub mod result;
pub mod transport;

mod callback;
mod convert;
mod handle;
mod numbers;
mod panic;
mod result_strings;
mod setter;

use mlab_core::unforked;

#[cfg(feature = "fault-injection")]
pub use panic::mlab_test_plant_panic;
