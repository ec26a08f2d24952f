//! What to do next, with no I/O and no clock of its own: (reply, failure, now) in, (next poll, end) out.
//!
//! Every time is handed in, as the `Duration` since the start of what it is about: a wait, a fetch, a job's success, a
//! client. So a ten-minute wait runs in well under a millisecond of a test, and whoever drives it decides what sleeping
//! means. This layer must never know sockets, threads, what a body holds or what an image is. All randomness is jitter from
//! a seed, so the same answers give the same times.
//!
//! ```text
//! poll.rs      one poll: its request, and its redirects
//! wait.rs      one job from the first poll to its end: the machine a driver runs
//! schedule.rs  when the next poll is due, from what the server said, when, and how often we polled
//! eta_window.rs where to poll when the server has said an eta, which may come early or late
//! retry.rs     how long to wait after a failure that may pass
//! link_retry.rs when to try again to get an image; redirects.rs where its redirects lead
//! eta_accuracy.rs what earlier waits have shown about this server's etas
//! rate_pause.rs what a refusal means to all polls of a client
//! plan.rs      the settings of a wait, checked
//! rng.rs       the seeded jitter
//! ```

pub mod eta_accuracy;
mod eta_window;
pub mod link_retry;
pub mod plan;
pub mod poll;
pub(crate) mod rate_pause;
pub mod redirects;
pub mod retry;
pub mod rng;
pub mod schedule;
pub mod wait;

use std::time::Duration;

/// Times inside this layer: whole milliseconds since that start, or a length of time.
///
/// No wait exceeds 24 h ([`plan::LONGEST`]), which fits many times over; small, since many jobs wait. What counts from the
/// client's begin is a `Duration`.
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
