//! HTTP exchanges over ureq, each bounded in time and bytes and ended within a quarter second of its cancel.
//!
//! The only module that knows ureq, TLS, sockets and name lookup. Must never know JSON, ids, polling, pictures or the C ABI.
//!
//! ureq drives the protocol; everything that can block is ours: [`lookup`] resolves, [`dial`] connects and is the
//! transport under ureq's rustls connector. Both wait in slices of [`watch::SLICE`] and look at the call's
//! [`Watch`] between them. Slices, rather than a descriptor to wake a wait, because a token then costs no descriptor,
//! nothing is inherited over `fork`, and every platform works alike.

mod ca_file;
mod dial;
mod fault;
mod gather;
mod get;
mod lane;
mod lookup;
mod meter;
mod proxy;
mod socket;
mod thread;
mod tls;
mod token;
mod watch;

pub use get::{Get, Head, Receiver, Resume};
pub use lane::{IDLE_AGE, Lane, NetSettings};
pub use lookup::Names;
pub use proxy::ProxySetting;
pub use thread::{spawn_quiet, spawn_quiet_in};
pub use tls::Trust;
pub use token::Token;
pub use watch::{Limits, Watch};
