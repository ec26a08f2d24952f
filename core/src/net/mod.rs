//! HTTP exchanges over ureq, each bounded in time and bytes and ended within a quarter second of its cancel.
//!
//! The only module that knows ureq, TLS, sockets and name lookup. Must never know JSON, ids, polling, images or the C ABI.
//!
//! ureq drives the protocol; everything that can block is ours: `lookup` resolves, `race` connects, and `stream`
//! is the transport under ureq's rustls connector. Each wait lasts to the end of the call's `Deadline`. A cancel ends it
//! from outside: whoever triggers the `CancelToken` shuts the socket down, or wakes who waits for a lookup
//! (`cancel_token::Interrupt`). So a token costs no descriptor, nothing is inherited over `fork`, and a wait no wake-ups.
//! Where a system cannot end a wait from outside, it is made of slices of `deadline::SLICE`.

mod ca_file;
mod cancel_token;
mod chunk_sizes;
mod connection;
mod deadline;
mod dial;
mod fault;
mod first_use;
mod framing_limit;
mod get;
mod lookup;
mod no_proxy;
mod proxy;
mod race;
mod reply_head;
mod roots;
mod socket;
mod stream;
mod system_error;
mod thread;
mod tls;
mod tls_words;
mod transfer;
mod tunnel;
mod write_coalescer;

pub use cancel_token::{CancelToken, Interrupt};
pub use connection::{Connection, IDLE_AGE, NetSettings};
pub use deadline::{AddressFilter, Deadline, Timeouts};
pub use get::{Get, Head, Receiver, Resume};
pub use lookup::Names;
pub use proxy::{ProxySetting, from_variables};
pub use roots::RootCertificates;
pub use thread::{spawn_quiet, spawn_quiet_in};
