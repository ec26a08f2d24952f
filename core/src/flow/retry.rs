//! How long to wait after a failure that may pass (contract, section 3, rule 7).
//!
//! Half a second, then twice that, and so on, the same wherever something is tried again:
//!
//! - A single fetch repeats its one poll by a [`Retry`]. The floor between two polls does not bind it, since that is about
//!   polling a job and a failed request has told nothing about the job.
//! - Attempts at an image go by one too; [`super::link_retry`] bounds how many there are.
//! - Within a wait a retry is a poll like any other: [`super::schedule`] takes the same delays and widens them to the
//!   wait's gap.
//! - The pause of a client after a rate limit is at least as long (`rate_pause`).
//!
//! Never knows what failed.

use super::rng::Rng;
use super::{Millis, millis, millis_up, scaled};
use std::time::Duration;

const FIRST: Millis = 500;
const LONGEST_DELAY: Millis = 8_000;
/// Jitter only lengthens, so that no retry comes sooner than was said, nor later than this much.
const JITTER: f64 = 1.25;
/// What is added at most to a Retry-After: clients told the same number at the same moment should not all keep to it.
const JITTER_SAID: f64 = 0.1;

/// The delay before the `nth` retry in a row, from 1: 0.5 s doubling to 8 s.
pub(super) fn delay(nth: u32, rng: &mut Rng) -> Millis {
    let doubled = FIRST.saturating_mul(1 << nth.saturating_sub(1).min(5));
    scaled(doubled.min(LONGEST_DELAY), rng.between(1.0, JITTER)).min(LONGEST_DELAY)
}

/// A Retry-After with its jitter. None is added to 0, which says nothing.
pub(super) fn spread_out(said: Millis, rng: &mut Rng) -> Millis {
    if said == 0 { 0 } else { said.saturating_add(scaled(said, rng.between(0.0, JITTER_SAID))) }
}

/// The retries of one fetch or image. Small and copied; belongs to whoever runs it.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    left: u32,
    made: u32,
    deadline: Millis,
    rng: Rng,
}

impl Retry {
    /// `retries` more attempts after the first, none of them begun at or after `deadline`, counted from the start of the
    /// call and clamped to 24 h.
    pub fn new(retries: u32, deadline: Duration, seed: u64) -> Retry {
        Retry {
            left: retries,
            made: 0,
            deadline: millis(deadline.min(super::plan::LONGEST)),
            rng: Rng::new(seed),
        }
    }

    /// After a failure at `now`: when to try again, or `None` if that is the end. A Retry-After is the least delay: one of
    /// 0 makes no burst. One that ends past the deadline is the end at once, since to try before it would be to ignore it.
    pub fn after(&mut self, retry_after: Option<Duration>, now: Duration) -> Option<Duration> {
        self.left = self.left.checked_sub(1)?;
        self.made += 1;
        let said = retry_after.map_or(0, |said| spread_out(millis_up(said), &mut self.rng));
        let delay = delay(self.made, &mut self.rng).max(said);
        let due = millis_up(now).saturating_add(delay);
        (due < self.deadline).then(|| Duration::from_millis(due.into()))
    }
}
