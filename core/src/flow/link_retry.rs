//! When to try again to get an image.
//!
//! A link may answer 404 or 403 for up to a minute after success and then work; past a day it does so for good (contract,
//! section 4). Nothing tells the two apart but time, so both are asked again, ever less often, for one minute. Other
//! failures that may pass are tried again as for a fetch. Never knows what an image is.

use super::retry::Retry;
use super::rng::Rng;
use super::{Millis, millis, millis_up, scaled};
use std::time::Duration;

/// How long a link that does not work yet is borne.
pub const LINK_GRACE: Duration = Duration::from_secs(60);

/// The first gap, what it grows by, and the widest.
const FIRST: Millis = 1_000;
const GROWTH: f64 = 1.5;
const WIDEST: Millis = 8_000;
const JITTER: f64 = 1.25;

/// What came of one try, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// HTTP 404 or 403: perhaps not there yet.
    NotThere,
    /// Something else that may pass.
    Passing {
        /// How long the server asks to be left alone, if it did.
        retry_after: Option<Duration>,
    },
}

/// The tries of one image. Small and copied; belongs to whoever fetches it.
#[derive(Debug, Clone, Copy)]
pub struct LinkRetry {
    patience: Millis,
    deadline: Millis,
    gap: Millis,
    retry: Retry,
    chance: Rng,
}

impl LinkRetry {
    /// Tries for an image whose job succeeded at time 0. `retries` bounds the failures other than [`Failed::NotThere`];
    /// no try begins at or after `deadline`.
    pub fn new(patience: Duration, retries: u32, deadline: Duration, seed: u64) -> LinkRetry {
        LinkRetry {
            patience: millis(patience.min(LINK_GRACE)),
            deadline: millis(deadline),
            gap: FIRST,
            retry: Retry::new(retries, deadline, seed),
            chance: Rng::new(seed),
        }
    }

    /// After a failure at `now`: when to try again, or `None` if that is the end.
    pub fn after(&mut self, failed: Failed, now: Duration) -> Option<Duration> {
        match failed {
            Failed::Passing { retry_after } => self.retry.after(retry_after, now),
            Failed::NotThere => {
                let now = millis_up(now);
                if now >= self.patience {
                    return None;
                }
                let gap = scaled(self.gap, self.chance.between(1.0, JITTER));
                self.gap = scaled(self.gap, GROWTH).min(WIDEST);
                // The last one comes at the end of the minute, so that all of it is used.
                let due = now.saturating_add(gap).min(self.patience);
                (due < self.deadline).then(|| Duration::from_millis(due.into()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEADLINE: Duration = Duration::from_secs(600);

    /// The times of all tries at a link that fails in this way, each taking `took`.
    fn tries(mut settle: LinkRetry, failed: Failed, took: Duration) -> Vec<Duration> {
        let mut tries = vec![Duration::ZERO];
        while let Some(at) = settle.after(failed, *tries.last().expect("one") + took) {
            tries.push(at);
        }
        tries
    }

    #[test]
    fn a_link_that_is_not_there_is_asked_for_one_minute_ever_less_often() {
        for seed in 0..200 {
            let took = Duration::from_millis(150);
            let tries = tries(LinkRetry::new(LINK_GRACE, 2, DEADLINE, seed), Failed::NotThere, took);
            let last = *tries.last().expect("one");
            assert!((LINK_GRACE - took..=LINK_GRACE).contains(&last), "{tries:?}");
            assert!((8..=14).contains(&tries.len()), "{tries:?}");
            let gaps: Vec<Duration> = tries.windows(2).map(|pair| pair[1] - pair[0]).collect();
            assert!(gaps.iter().all(|gap| *gap <= Duration::from_millis(10_150)), "{gaps:?}");
            assert!(gaps[0] >= Duration::from_secs(1), "{gaps:?}");
        }
    }

    #[test]
    fn no_try_begins_past_the_deadline() {
        for deadline in (1..20).map(Duration::from_secs) {
            let settle = LinkRetry::new(LINK_GRACE, 100, deadline, 7);
            for failed in [Failed::NotThere, Failed::Passing { retry_after: None }] {
                let tries = tries(settle, failed, Duration::ZERO);
                assert!(tries.iter().all(|at| *at < deadline), "{deadline:?}: {tries:?}");
            }
        }
    }

    #[test]
    fn failures_that_may_pass_are_bounded_by_their_number_and_not_by_the_minute() {
        let failed = Failed::Passing { retry_after: Some(Duration::from_secs(50)) };
        let tries = tries(LinkRetry::new(LINK_GRACE, 3, DEADLINE, 1), failed, Duration::ZERO);
        assert_eq!(tries.len(), 4);
        assert!(*tries.last().expect("one") >= Duration::from_secs(150));
    }

    #[test]
    fn what_is_late_does_not_use_up_the_retries() {
        let mut settle = LinkRetry::new(LINK_GRACE, 1, DEADLINE, 1);
        for second in 0..5 {
            assert!(settle.after(Failed::NotThere, Duration::from_secs(second)).is_some());
        }
        let passing = Failed::Passing { retry_after: None };
        assert!(settle.after(passing, Duration::from_secs(6)).is_some());
        assert!(settle.after(passing, Duration::from_secs(8)).is_none());
    }
}
