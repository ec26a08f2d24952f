//! Who runs a job: here, the caller's own thread.
//!
//! Puts wire, flow and net together. Must never know the C ABI, and leaves every decision to `flow` and `wire`.

mod one_shot;
mod report;
mod settings;

pub use one_shot::{fetch_once, parse};
pub use report::{Report, Strings};
pub use settings::{MAX_BODY_LIMIT, Settings};
