//! A stand-in for the service, on loopback: for this repository's tests, examples and benchmarks, and alone from the
//! command line for whoever writes a plugin and does not want to spend credits.
//!
//! Knows the service only as `contract.md` describes it, and nothing of the library that is tested against it: a
//! misreading in one must not be repeated in the other. A thread a connection and no runtime, since faults must be exact.
//!
//! ```
//! use mlab_standin::{Job, Options, Standin};
//! use std::time::Duration;
//!
//! let standin = Standin::start(Options::default())?;
//! standin.add_job(Job { ready_after: Duration::from_secs(2), ..Job::new("12202888") });
//! println!("ask {} and trust {}", standin.https_endpoint(), standin.ca_file().display());
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! ```text
//! service.rs     Standin: the service with its two ports; routes.rs which request gets which reply
//! queue.rs       jobs and what they look like at a moment; no I/O, no clock of its own
//! replies.rs     the bodies the service answers with; faults.rs replies gone wrong, by id and by chance
//! images.rs      small real pictures; generations.rs serves them, with ranges
//! raw.rs         RawServer: a script of exact bytes, pauses and resets a connection
//! black_hole.rs  BlackHole: an address that never accepts; closed_port.rs ClosedPort: one that refuses
//! authority.rs   certificates, good and bad; ca_file.rs the root as a file
//! main.rs        the program; arguments.rs its command line
//! http.rs tls.rs link.rs accept.rs record.rs    requests, handshakes, connections, threads, counts
//! ```

mod accept;
mod authority;
mod black_hole;
mod ca_file;
mod closed_port;
mod faults;
mod generations;
mod http;
mod images;
mod link;
mod queue;
mod raw;
mod record;
mod replies;
mod routes;
mod service;
mod tls;

pub use authority::{Authority, Identity, Leaf};
pub use black_hole::BlackHole;
pub use closed_port::ClosedPort;
pub use faults::prefixes_help;
pub use http::{Reply, Request};
pub use images::{ImageKind, picture};
pub use queue::{Clock, Job, Outcome};
pub use raw::{RawOptions, RawServer, Scripts, Step};
pub use record::Counts;
pub use service::{Log, Options, Standin};
pub use tls::Versions;
