//! HTTP exchanges over ureq, each bounded in time and bytes and ended within a quarter second of its cancel.
//!
//! The only module that knows ureq, TLS, sockets and name lookup. Must never know JSON, ids, polling, what an image is
//! or the C ABI; names of these stand in messages alone.
//!
//! ureq drives the protocol; everything that can block is ours: `lookup` resolves, `race` connects, and `stream`
//! is the transport under ureq's rustls connector. Each wait lasts to the end of the call's `Deadline`. A cancel ends it
//! from outside: whoever triggers the `CancelToken` shuts the socket down, or wakes who waits for a lookup
//! (`cancel_token::Interrupt`). So a token costs no descriptor, nothing is inherited over `fork`, and a wait no wake-ups.
//! Where a system cannot end a wait from outside, it lasts `deadline::SLICE` at most, and is begun again.
//!
//! ```text
//! connection.rs      one connection over ureq; get.rs a GET over it, and receiver.rs who takes it; settings.rs
//! dial.rs            where it leads: lookup.rs names, race.rs several addresses, socket.rs and stream.rs the one that answers
//! proxy.rs           which proxy; no_proxy.rs the hosts that need none; tunnel.rs the way through one
//! tls.rs             TLS under ureq, tls_words.rs its failures in words; roots.rs whose roots, ca_file.rs those of a file
//! framing_limit.rs   what surrounds a body, bounded: reply_head.rs, chunk_sizes.rs; write_coalescer.rs what leaves together
//! transfer.rs        where a call stands; deadline.rs what bounds it; cancel_token.rs what ends it
//! fault.rs           ureq's errors in our words; system_error.rs the system's that the caller must do something about
//! thread.rs          threads of the library; first_use.rs what ureq makes once
//! without_http.rs    without the feature `http`, in place of all that: it refuses
//! ```

#[cfg(feature = "http")]
mod ca_file;
mod cancel_token;
#[cfg(feature = "http")]
mod chunk_sizes;
#[cfg(feature = "http")]
mod connection;
#[cfg_attr(not(feature = "http"), allow(dead_code, reason = "what only sockets ask for"))]
mod deadline;
#[cfg(feature = "http")]
mod dial;
#[cfg(feature = "http")]
mod fault;
#[cfg(feature = "http")]
mod first_use;
#[cfg(feature = "http")]
mod framing_limit;
#[cfg(feature = "http")]
mod get;
#[cfg(feature = "http")]
mod lookup;
#[cfg(feature = "http")]
mod no_proxy;
#[cfg(feature = "http")]
mod proxy;
#[cfg(feature = "http")]
mod race;
mod receiver;
#[cfg(feature = "http")]
mod reply_head;
#[cfg(feature = "http")]
mod roots;
mod settings;
#[cfg(feature = "http")]
mod socket;
#[cfg(feature = "http")]
mod stream;
#[cfg(feature = "http")]
mod system_error;
mod thread;
#[cfg(feature = "http")]
mod tls;
#[cfg(feature = "http")]
mod tls_words;
#[cfg(feature = "http")]
mod transfer;
#[cfg(feature = "http")]
mod tunnel;
#[cfg(not(feature = "http"))]
mod without_http;
#[cfg(feature = "http")]
mod write_coalescer;

pub use cancel_token::CancelToken;
pub(crate) use cancel_token::Interrupt;
#[cfg(feature = "http")]
pub use connection::Connection;
pub(crate) use deadline::whole_millis;
pub use deadline::{AddressFilter, Deadline, Timeouts};
#[cfg(feature = "http")]
pub use lookup::Names;
#[cfg(feature = "http")]
pub use proxy::ProxySetting;
#[cfg(feature = "http")]
#[doc(hidden)]
pub use proxy::from_variables;
pub(crate) use receiver::unix_seconds;
pub use receiver::{Get, Head, Receiver, Resume};
#[cfg(feature = "http")]
pub use roots::RootCertificates;
pub(crate) use settings::IDLE_AGE;
pub use settings::NetSettings;
pub(crate) use thread::spawn_quiet;
#[cfg(not(feature = "http"))]
pub use without_http::{Connection, Names, ProxySetting, RootCertificates};
