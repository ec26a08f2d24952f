//! When to try again to get an image (contract, section 4).
//!
//! A link may answer 404 or 403 for up to a minute after success and then work; past a day it does so for good. Nothing
//! tells the two apart but time, so both are asked again, ever less often, for one minute. Whatever else may pass, such as
//! a broken connection, a cut image or a server in trouble, is tried again for a minute too, however few retries are set:
//! the image belongs to a job that took minutes and was paid for. The tries end with the deadline.
//!
//! Never knows what an image is.

use super::retry::Retry;
use super::rng::Rng;
use super::{Millis, millis, millis_up, scaled};
use std::time::Duration;

/// How long a link that does not work yet is asked again, and how long other failures in a row are.
pub(crate) const LINK_GRACE: Duration = Duration::from_secs(60);

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
pub(crate) struct LinkRetry {
    grace: Millis,
    deadline: Millis,
    /// The next pause for a link that does not work yet.
    gap: Millis,
    retries: u32,
    /// Passing failures since bytes last came, and when the first of them did.
    failures: u32,
    failing_since: Option<Millis>,
    backoff: Retry,
    jitter: Rng,
}

impl LinkRetry {
    /// Tries for an image whose job succeeded at time 0. A link that does not work yet is asked again until `grace` is
    /// over, at most [`LINK_GRACE`]. Other failures are tried again until both `grace`, from the first of them on, and
    /// `retries` are used up. No try begins at or after `deadline`.
    pub(crate) fn new(grace: Duration, retries: u32, deadline: Duration, seed: u64) -> LinkRetry {
        LinkRetry {
            grace: millis(grace.min(LINK_GRACE)),
            deadline: millis(deadline),
            gap: FIRST,
            retries,
            failures: 0,
            failing_since: None,
            backoff: Retry::new(u32::MAX, deadline, seed),
            jitter: Rng::new(seed),
        }
    }

    /// The same for the image of this index in a job: the images of one job should not keep step.
    pub(crate) fn with_seed_of(self, index: usize) -> LinkRetry {
        let mut jitter = self.jitter;
        let seed = Rng::new(jitter.bits() ^ index as u64).bits();
        LinkRetry { backoff: self.new_backoff(seed), jitter: Rng::new(seed), ..self }
    }

    /// Bytes came that were not there before: what fails from now on is counted anew. A long image may so outlive several
    /// failures of the network.
    pub(crate) fn progressed(&mut self) {
        (self.failures, self.failing_since) = (0, None);
        let seed = self.jitter.bits();
        self.backoff = self.new_backoff(seed);
    }

    /// The number of failures is bounded here, not there.
    fn new_backoff(&self, seed: u64) -> Retry {
        Retry::new(u32::MAX, Duration::from_millis(self.deadline.into()), seed)
    }

    /// After a failure at `now`: when to try again, or `None` if that is the end.
    pub(crate) fn after(&mut self, failed: Failed, now: Duration) -> Option<Duration> {
        match failed {
            Failed::Passing { retry_after } => {
                self.failures = self.failures.saturating_add(1);
                let since = *self.failing_since.get_or_insert(millis_up(now));
                let is_over = millis_up(now).saturating_sub(since) >= self.grace;
                if is_over && self.failures > self.retries {
                    return None;
                }
                self.backoff.after(retry_after, now)
            }
            Failed::NotThere => {
                let now = millis_up(now);
                if now >= self.grace {
                    return None;
                }
                let gap = scaled(self.gap, self.jitter.between(1.0, JITTER));
                self.gap = scaled(self.gap, GROWTH).min(WIDEST);
                // The last one comes at the end of the minute, so that all of it is used.
                let due = now.saturating_add(gap).min(self.grace);
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
    fn tries(mut retry: LinkRetry, failed: Failed, took: Duration) -> Vec<Duration> {
        let mut tries = vec![Duration::ZERO];
        while let Some(at) = retry.after(failed, *tries.last().expect("one") + took) {
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
            let retry = LinkRetry::new(LINK_GRACE, 100, deadline, 7);
            for failed in [Failed::NotThere, Failed::Passing { retry_after: None }] {
                let tries = tries(retry, failed, Duration::ZERO);
                assert!(tries.iter().all(|at| *at < deadline), "{deadline:?}: {tries:?}");
            }
        }
    }

    #[test]
    fn failures_that_may_pass_are_tried_again_for_a_minute_however_few_retries_are_set() {
        let passing = Failed::Passing { retry_after: None };
        for seed in 0..200 {
            for retries in [0, 1, 2, 5] {
                let took = Duration::from_millis(150);
                let tries = tries(LinkRetry::new(LINK_GRACE, retries, DEADLINE, seed), passing, took);
                let last = *tries.last().expect("one");
                let longest_backoff = Duration::from_secs(9);
                assert!((LINK_GRACE..LINK_GRACE + longest_backoff).contains(&last), "{tries:?}");
                assert!((9..=13).contains(&tries.len()), "{retries}: {tries:?}");
            }
        }
    }

    /// Three quick tries are over within it; the image of a job that took minutes was lost.
    #[test]
    fn a_network_that_is_away_for_ten_seconds_loses_no_image() {
        let passing = Failed::Passing { retry_after: None };
        for seed in 0..200 {
            for away_from in [0, 30, 120, 3_000].map(Duration::from_secs) {
                let back = away_from + Duration::from_secs(10);
                let mut retry = LinkRetry::new(LINK_GRACE, 0, Duration::from_secs(4_000), seed);
                let mut now = away_from;
                while now < back {
                    now = retry.after(passing, now).expect("one more try");
                }
                assert!(now < back + Duration::from_secs(10), "back at {back:?}, tried at {now:?}");
            }
        }
    }

    /// With 30 % of replies failing, three tries lose one image in 37; the minute loses none of ten thousand.
    #[test]
    fn replies_that_fail_by_chance_lose_no_image() {
        for seed in 0..10_000 {
            let mut rng = Rng::new(!seed);
            let mut retry = LinkRetry::new(LINK_GRACE, 0, DEADLINE, seed);
            let mut now = Duration::ZERO;
            while rng.between(0.0, 1.0) < 0.3 {
                now = retry.after(Failed::Passing { retry_after: None }, now).expect("one more try");
            }
        }
    }

    #[test]
    fn bytes_that_come_between_failures_begin_the_minute_anew() {
        let passing = Failed::Passing { retry_after: None };
        let mut retry = LinkRetry::new(LINK_GRACE, 0, DEADLINE, 3);
        let first = retry.after(passing, Duration::from_secs(1)).expect("a try");
        // The same failures without bytes would have ended long ago.
        for minute in 2..9 {
            retry.progressed();
            let now = Duration::from_secs(60 * minute);
            let next = retry.after(passing, now).expect("a try");
            assert!(next - now < Duration::from_secs(1), "the backoff begins anew: {next:?}");
        }
        assert!(first < Duration::from_secs(2));
        let end = Duration::from_secs(60 * 8) + LINK_GRACE;
        assert_eq!(retry.after(passing, end), None);
    }

    #[test]
    fn images_of_one_job_do_not_keep_step() {
        let job = LinkRetry::new(LINK_GRACE, 2, DEADLINE, 7);
        for failed in [Failed::NotThere, Failed::Passing { retry_after: None }] {
            let mut second: Vec<Duration> =
                (0..20).map(|index| tries(job.with_seed_of(index), failed, Duration::ZERO)[1]).collect();
            second.sort();
            second.dedup();
            assert!(second.len() > 10, "{failed:?}: {second:?}");
        }
    }

    #[test]
    fn past_the_minute_the_retries_count() {
        let failed = Failed::Passing { retry_after: Some(Duration::from_secs(50)) };
        let tries = tries(LinkRetry::new(LINK_GRACE, 3, DEADLINE, 1), failed, Duration::ZERO);
        assert_eq!(tries.len(), 4);
        assert!(*tries.last().expect("one") >= Duration::from_secs(150));
    }

    #[test]
    fn a_link_that_is_late_does_not_use_up_the_retries() {
        let mut retry = LinkRetry::new(Duration::from_secs(5), 1, DEADLINE, 1);
        for second in 0..5 {
            assert!(retry.after(Failed::NotThere, Duration::from_secs(second)).is_some());
        }
        let passing = Failed::Passing { retry_after: None };
        assert!(retry.after(passing, Duration::from_secs(6)).is_some());
        assert!(retry.after(passing, Duration::from_secs(12)).is_none());
    }

    #[test]
    fn without_grace_the_retries_alone_count() {
        for retries in 0..5 {
            let passing = Failed::Passing { retry_after: None };
            let tries = tries(LinkRetry::new(Duration::ZERO, retries, DEADLINE, 1), passing, Duration::ZERO);
            assert_eq!(tries.len() as u32, retries + 1);
        }
    }
}
