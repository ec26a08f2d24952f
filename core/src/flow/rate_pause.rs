//! How a client behaves while its server says "too many requests".
//!
//! Some servers count from the last request, so that each one made too early begins the penalty anew: a thousand ids
//! that each keep their own pause would never get out of it. Hence the pause is the client's. Nothing is polled until it
//! is over; then one poll probes, and only a good reply lets others follow, slowly: a server that allows so many requests
//! a minute is then found out by one poll too many, not by a volley.
//!
//! Knows neither ids nor replies. Its times count from the client's begin, which may be months ago.

use super::retry;
use super::rng::Rng;
use std::time::Duration;

/// Good replies after which one more poll may be in flight. The step takes a shorter time the more are in flight, so a
/// client whose server has forgiven it is back at 32 at once after some thousand polls.
const GOOD_A_STEP: u32 = 32;

/// With so many in flight there is no limit any more: as many as a client has workers by default.
const RECOVERED: u32 = 64;

/// The state of a client towards its server's limit. Small and copied; belongs to the scheduler.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RatePause {
    until: Duration,
    /// Refusals since the last good reply.
    strikes: u32,
    /// How many polls may be in flight; none: as many as the client likes.
    window: Option<u32>,
    good: u32,
    rng: Rng,
}

impl RatePause {
    /// A client that was never refused.
    pub(crate) fn new(seed: u64) -> RatePause {
        RatePause { until: Duration::ZERO, strikes: 0, window: None, good: 0, rng: Rng::new(seed) }
    }

    /// A request was refused at `now`. The pause is as long as the server says, and never shorter than our own backoff.
    pub(crate) fn refused(&mut self, retry_after: Option<Duration>, now: Duration) {
        self.strikes = self.strikes.saturating_add(1);
        let own = Duration::from_millis(retry::delay(self.strikes, &mut self.rng).into());
        self.until = self.until.max(now.saturating_add(retry_after.unwrap_or_default().max(own)));
        (self.window, self.good) = (Some(1), 0);
    }

    /// A poll got a reply that is no refusal and no failure.
    pub(crate) fn accepted(&mut self) {
        self.strikes = 0;
        let Some(window) = self.window else { return };
        self.good += 1;
        if self.good == GOOD_A_STEP {
            self.good = 0;
            self.window = Some(window + 1).filter(|window| *window < RECOVERED);
        }
    }

    /// When the next poll may begin while `in_flight` others are; none: not before one of them has ended.
    pub(crate) fn next_start(&self, in_flight: usize) -> Option<Duration> {
        (self.room(in_flight) > 0).then_some(self.until)
    }

    /// Whether a poll may begin now.
    pub(crate) fn allows(&self, in_flight: usize, now: Duration) -> bool {
        self.next_start(in_flight).is_some_and(|start| start <= now)
    }

    /// How many more polls may be in flight, once the pause is over.
    pub(crate) fn room(&self, in_flight: usize) -> usize {
        self.window.map_or(usize::MAX, |window| (window as usize).saturating_sub(in_flight))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn refused_at(now: Duration, retry_after: Option<Duration>) -> RatePause {
        let mut pause = RatePause::new(1);
        pause.refused(retry_after, now);
        pause
    }

    #[test]
    fn nothing_begins_before_the_pause_is_over_and_then_one_at_a_time() {
        let pause = refused_at(SECOND, Some(30 * SECOND));
        assert!(!pause.allows(0, 30 * SECOND));
        assert_eq!(pause.next_start(0), Some(31 * SECOND));
        assert!(pause.allows(0, 31 * SECOND) && !pause.allows(1, 31 * SECOND));
        assert_eq!(pause.next_start(1), None);
    }

    #[test]
    fn a_client_that_is_months_old_pauses_as_a_young_one_does() {
        let now = 60 * 24 * 3600 * SECOND;
        let pause = refused_at(now, Some(30 * SECOND));
        assert!(!pause.allows(0, now) && !pause.allows(0, now + 29 * SECOND));
        assert!(pause.allows(0, now + 30 * SECOND) && !pause.allows(1, now + 30 * SECOND));
    }

    #[test]
    fn a_pause_that_is_said_to_be_none_is_as_long_as_our_own_backoff() {
        let mut pause = RatePause::new(1);
        let mut now = Duration::ZERO;
        let gaps = (0..6).map(|_| {
            pause.refused(Some(Duration::ZERO), now);
            let gap = pause.next_start(0).expect("nothing is in flight") - now;
            now += gap;
            gap
        });
        let gaps: Vec<Duration> = gaps.collect();
        assert!(gaps[0] >= SECOND / 2 && gaps[5] >= 7 * SECOND, "{gaps:?}");
        assert!(gaps.is_sorted(), "{gaps:?}");
    }

    #[test]
    fn good_replies_let_more_follow_until_there_is_no_limit_and_a_refusal_begins_anew() {
        let mut pause = refused_at(Duration::ZERO, None);
        let now = 10 * SECOND;
        let mut rooms = Vec::new();
        for _ in 0..GOOD_A_STEP * 2 {
            rooms.push(pause.room(0));
            pause.accepted();
        }
        assert_eq!((rooms[0], rooms[31], rooms[32], pause.room(0)), (1, 1, 2, 3));
        (0..GOOD_A_STEP * RECOVERED).for_each(|_| pause.accepted());
        assert_eq!(pause.room(1_000), usize::MAX);
        pause.refused(None, now);
        assert_eq!(pause.room(0), 1);
    }
}
