//! The library in a process whose system refuses things, and in surroundings that lack them: the C programs of
//! tests/c_torture, run against servers of their own.

// System calls are judged by Linux, memory is counted before glibc's own functions.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

#[path = "torture/faults.rs"]
mod faults;
#[path = "torture/killed.rs"]
mod killed;
#[path = "torture/statuses.rs"]
mod statuses;
mod support;
#[path = "torture/surroundings.rs"]
mod surroundings;
