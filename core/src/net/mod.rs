//! HTTP exchanges over ureq, each bounded in time and bytes and ended within a quarter second of its cancel.
//!
//! The only module that knows ureq, TLS, sockets and name lookup. Must never know JSON, ids, polling, images or the C ABI.
//!
//! ureq drives the protocol; everything that can block is ours: [`lookup`] resolves, [`dial`] connects and is the
//! transport under ureq's rustls connector. Both wait in slices of [`deadline::SLICE`] and check the call's
//! [`Deadline`] between them. Slices, rather than a descriptor to wake a wait, because a token then costs no descriptor,
//! nothing is inherited over `fork`, and every platform works alike.

mod ca_file;
mod cancel_token;
mod connection;
mod deadline;
mod dial;
mod fault;
mod framing_limit;
mod get;
mod lookup;
mod proxy;
mod socket;
mod thread;
mod tls;
mod write_coalescer;

pub use cancel_token::CancelToken;
pub use connection::{Connection, IDLE_AGE, NetSettings};
pub use deadline::{Deadline, Timeouts};
pub use get::{Get, Head, Receiver, Resume};
pub use lookup::Names;
pub use proxy::ProxySetting;
pub use thread::{spawn_quiet, spawn_quiet_in};
pub use tls::RootCertificates;
