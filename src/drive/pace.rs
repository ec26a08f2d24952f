//! One budget of requests a second for all calls of a client, first come, first served.
//!
//! Fair between ids because each has at most one request waiting at a time: whoever asks more often queues behind the
//! others again.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Hands out the times at which requests may go.
#[derive(Debug)]
pub(super) struct Pace {
    /// Between two requests; zero: no limit.
    gap: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    pub(super) fn new(requests_per_second: f64) -> Pace {
        let gap = if requests_per_second > 0.0 {
            Duration::from_secs_f64(1.0 / requests_per_second)
        } else {
            Duration::ZERO
        };
        Pace { gap, next: Mutex::new(None) }
    }

    /// When the next request may go.
    pub(super) fn next_free(&self, now: Instant) -> Instant {
        if self.gap.is_zero() {
            return now;
        }
        self.next.lock().unwrap_or_else(PoisonError::into_inner).map_or(now, |next| next.max(now))
    }

    /// The next free time, now taken.
    pub(super) fn turn(&self, now: Instant) -> Instant {
        if self.gap.is_zero() {
            return now;
        }
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = next.map_or(now, |next| next.max(now));
        *next = Some(turn + self.gap);
        turn
    }

    /// Gives a turn back that was not used, if nobody queued behind it.
    pub(super) fn give_back(&self, turn: Instant) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if *next == Some(turn + self.gap) {
            *next = Some(turn);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_a_gap_apart_and_an_unused_last_one_is_free_again() {
        let pace = Pace::new(10.0);
        let now = Instant::now();
        let turns: Vec<Duration> = (0..3).map(|_| pace.turn(now) - now).collect();
        assert_eq!(turns, [0, 100, 200].map(Duration::from_millis));
        pace.give_back(now + Duration::from_millis(200));
        assert_eq!(pace.turn(now), now + Duration::from_millis(200));
        let later = now + Duration::from_secs(9);
        assert_eq!(pace.turn(later), later);
        assert_eq!(Pace::new(0.0).turn(now), now);
    }
}
