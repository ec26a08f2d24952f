//! Who runs a job: the caller's own thread, workers, or the host's own HTTP.
//!
//! Puts wire, flow and net together. Must never know the C ABI, and leaves every decision to `flow` and `wire`.

mod calls;
mod client;
mod connection_pool;
mod core;
mod host;
mod jobs;
mod known;
mod log;
mod one_shot;
mod pace;
mod pictures;
mod poll;
mod report;
mod settings;

pub use client::{Client, Order, Progress};
pub use host::{Exchange, HostTransport, Transport};
pub use jobs::Event;
pub use log::{Level, Log, Sink};
pub use one_shot::{fetch_once, parse};
pub use pictures::Link;
pub use report::Report;
pub use settings::{MAX_BODY_LIMIT, Settings, image_limit};
