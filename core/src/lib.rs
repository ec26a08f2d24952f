//! The safe Rust below `libmlab`: fetches queued images of ModelsLab, waits for them, downloads them.
//!
//! ```
//! use mlab_core::{CancelToken, Client, Endpoint, JobId, Key, JobRequest, Settings};
//!
//! # fn main() -> Result<(), mlab_core::Error> {
//! # let standin = mlab_standin::Standin::start(mlab_standin::Options::default()).expect("free ports");
//! # standin.add_job(mlab_standin::Job::new("12202888"));
//! # let template = standin.http_endpoint();
//! # let key = "test-key-not-real";
//! // Without an endpoint it is ModelsLab's own; Client::from_environment() takes the key of MODELSLAB_API_KEY.
//! let settings = Settings::with_endpoint(Endpoint::new(&template)?);
//! let client = Client::new(Key::new(key)?, settings);
//! let id = JobId::new("12202888")?;
//!
//! // One poll: it may be Status::Processing.
//! let result = client.fetch(&id, &CancelToken::new());
//! assert!(result.is_ready(), "{}", result.message);
//!
//! // Polls until the job ends. Whoever holds a clone of the token may stop it, and so may the closure.
//! let result = client.wait(&JobRequest::new(id), &CancelToken::new(), |progress| progress.polls < 100);
//! for url in result.urls.texts() {
//!     println!("{url}");
//! }
//! # assert_eq!(result.output().len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! A call gives a [`Report`], whether it went well or not: its status says what happened, its message what to do. The rest is
//! below: jobs and events ([`Client::submit`], [`Client::next_event`]), images ([`download`],
//! [`JobRequest::destination`]), HTTP of your own ([`engine::Transport`]). What calls mean, when they end and how often
//! they poll is what `mlab.h` says.
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
//! panics.rs   panics caught in silence; planted.rs faults that tests plant
//! byte_order.rs numbers as formats write them
//! process/    which process this is: forks, privileges, signals, descriptors, seeds
//! ```

#![deny(missing_docs)]

mod byte_order;
pub mod download;
pub mod engine;
pub mod error;
pub mod flow;
pub mod net;
#[doc(hidden)]
pub mod panics;
#[doc(hidden)]
pub mod planted;
mod process;
mod status;
pub mod wire;

pub use engine::{Client, Event, JobRequest, NoEvent, Progress, Report, Settings};
pub use error::{Error, Status};
pub use net::CancelToken;
#[doc(hidden)]
pub use process::unforked;
pub use wire::{Endpoint, JobId, Key};
