//! Runs everything that a client does: one scheduler, one loop, two transports, blocking calls beside jobs.
//!
//! Puts wire, flow, download and net together. Must never know the C ABI. What a reply means is `wire`'s to decide, and when
//! an id is polled and an image tried again is `flow`'s.
//!
//! ```text
//! client.rs           what a client can be asked for; settings.rs; log.rs; one_shot.rs a poll without a client
//! engine_loop.rs      the one loop, and what its threads share; sleepers.rs who of them sleeps; parker.rs
//! scheduler/          what is to be done and when, as a value
//! blocking.rs         fetch, wait, download: on the caller's thread; permits.rs waiting under requests_per_second
//! events.rs           what is pulled: events, exchanges, wake-ups; readiness.rs the descriptor or handle that tells of them
//! workers.rs          our transport: threads; work.rs what they do, connection_pool.rs their connections
//! taken_in.rs         what tasks brought, whoever performed them
//! host.rs             the host's; exchange.rs what it is asked; answer.rs what it answers; host_tasks.rs tasks as exchanges;
//!                     host_work.rs what is kept of them
//! poll.rs             one poll and its redirects; images/ one attempt at an image, progress_throttle.rs what is told of it
//! in_flight_calls.rs  who is inside a client, and its end
//! last_reply.rs       what is known of an id; report.rs what a call comes back with
//! ```

mod answer;
mod blocking;
mod client;
mod connection_pool;
mod engine_loop;
mod events;
mod exchange;
mod host;
mod host_tasks;
#[cfg(test)]
mod host_tests;
mod host_work;
mod images;
mod in_flight_calls;
mod last_reply;
mod log;
mod one_shot;
mod parker;
mod permits;
mod poll;
mod progress_throttle;
mod readiness;
mod report;
mod scheduler;
mod settings;
mod sleepers;
mod taken_in;
mod work;
mod workers;

pub use blocking::{JobRequest, Progress};
pub use client::Client;
pub use events::{Event, NoEvent};
pub use exchange::{Exchange, ExchangeKind};
pub use host::{HostTransport, Transport};
pub use images::ImageRequest;
pub use log::{Level, Log, Sink};
pub use one_shot::{fetch_once, parse};
pub use report::Report;
pub use settings::{IMAGE_LIMIT, MAX_BODY_LIMIT, Settings, image_limit};
