//! Waits and retries over real sockets: what each ends with, after how many polls, and when.
//!
//! The schedule itself is tested in virtual time (`schedule.rs`); here it meets servers and a clock.

#[path = "client_call/mod.rs"]
mod call;
#[path = "client_wait/deadlines.rs"]
mod deadlines;
#[path = "client_wait/ends.rs"]
mod ends;
#[path = "client_wait/log.rs"]
mod log;
#[path = "client_wait/progress.rs"]
mod progress;
#[path = "support/quickest.rs"]
mod quickest;
#[path = "client_wait/retries.rs"]
mod retries;
