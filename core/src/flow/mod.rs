//! What to do next, with no I/O and no clock of its own: (reply, failure, now) in, (look, sleep until, done) out.
//!
//! Every time is handed in as the `Duration` since the start of the wait, so a ten-minute wait runs in well under a
//! millisecond of a test, and whoever drives it decides what sleeping means. This layer must never know sockets, threads,
//! the wire format or what an image is. All randomness is jitter from a seed, so the same answers give the same times.
//!
//! ```text
//! look.rs      one look at one job: its request, and its redirects
//! wait.rs      one job from the first look to its end: the machine a driver runs
//! schedule.rs  when the next look is due, from what the server said, when, and how often we looked
//! aim.rs       where to look when the server has said an eta, which may come early or late
//! retry.rs     how long to wait after a failure that may pass
//! settle.rs    when to try again to get a picture; hops.rs where its redirects lead
//! trust.rs     what earlier waits have shown about this server's etas
//! plan.rs      the settings of a wait, checked
//! chance.rs    the seeded jitter
//! ```

mod aim;
pub mod chance;
pub mod hops;
pub mod look;
pub mod plan;
pub mod retry;
pub mod schedule;
pub mod settle;
pub mod trust;
pub mod wait;

use std::time::Duration;

/// Times inside this layer: whole milliseconds since the start of the wait, or a length of time.
///
/// Nothing here exceeds 24 h (rule 9 of the ABI), which fits many times over and keeps a waiting job small.
type Millis = u32;

/// Rounded down: whether a time has come.
fn millis(time: Duration) -> Millis {
    Millis::try_from(time.as_millis()).unwrap_or(Millis::MAX)
}

/// Rounded up: what a distance is counted from, so that rounding never shortens it.
fn millis_up(time: Duration) -> Millis {
    Millis::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(Millis::MAX)
}

/// A part of a length of time; what does not fit saturates.
fn scaled(length: Millis, factor: f64) -> Millis {
    (f64::from(length) * factor) as Millis
}
