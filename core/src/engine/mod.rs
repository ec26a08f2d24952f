//! Who runs a job: the caller's own thread, workers, or the host's own HTTP.
//!
//! Puts wire, flow and net together. Must never know the C ABI, and leaves every decision to `flow` and `wire`.

mod client;
mod connection_pool;
mod core;
mod host;
mod in_flight_calls;
mod jobs;
mod known;
mod log;
mod one_shot;
mod pace;
mod pictures;
mod poll;
mod readiness;
mod report;
mod settings;

pub use client::{Client, Order, Progress};
pub use host::{Exchange, ExchangeKind, ExchangeQueue, HostTransport, Transport};
pub use jobs::{Event, NoEvent};
pub use log::{Level, Log, Sink};
pub use one_shot::{fetch_once, parse};
pub use pictures::Link;
pub use report::Report;
pub use settings::{MAX_BODY_LIMIT, Settings, image_limit};
