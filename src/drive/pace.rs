//! One budget of requests a second for all calls of a client, first come, first served.
//!
//! Fair between ids because each has at most one request waiting at a time: whoever asks more often queues behind the
//! others again.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Hands out the times at which requests may go.
#[derive(Debug)]
pub(super) struct Pace {
    /// Between two requests; zero: no limit.
    gap: Duration,
    turns: Mutex<Turns>,
}

#[derive(Debug, Default)]
struct Turns {
    /// After all that were taken.
    next: Option<Instant>,
    /// Before it, given back by calls that ended while they waited.
    free: BTreeSet<Instant>,
}

impl Pace {
    pub(super) fn new(requests_per_second: f64) -> Pace {
        let gap = if requests_per_second > 0.0 {
            Duration::from_secs_f64(1.0 / requests_per_second)
        } else {
            Duration::ZERO
        };
        Pace { gap, turns: Mutex::default() }
    }

    /// When the next request may go.
    pub(super) fn next_free(&self, now: Instant) -> Instant {
        if self.gap.is_zero() { now } else { self.turns().first(now) }
    }

    /// The next free time, now taken.
    pub(super) fn turn(&self, now: Instant) -> Instant {
        if self.gap.is_zero() {
            return now;
        }
        let mut turns = self.turns();
        let turn = turns.first(now);
        if !turns.free.remove(&turn) {
            turns.next = Some(turn + self.gap);
        }
        turn
    }

    /// Gives a turn back that was not used, for whoever comes next: many calls that are cancelled at once must not leave
    /// their places in the queue empty.
    pub(super) fn give_back(&self, turn: Instant) {
        if self.gap.is_zero() {
            return;
        }
        let mut turns = self.turns();
        turns.free.insert(turn);
        // With nobody behind it a turn is as if it had never been taken.
        while let Some(last) = turns.free.last().copied().filter(|&last| turns.next == Some(last + self.gap))
        {
            turns.free.remove(&last);
            turns.next = Some(last);
        }
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turns {
    /// The first time that is free, and not past.
    fn first(&mut self, now: Instant) -> Instant {
        self.free = self.free.split_off(&now);
        let after_all = self.next.map_or(now, |next| next.max(now));
        self.free.first().map_or(after_all, |&given_back| given_back.min(after_all))
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

    #[test]
    fn turns_that_many_gave_back_are_free_again_whoever_waits_behind_them() {
        let pace = Pace::new(10.0);
        let now = Instant::now();
        let turns: Vec<Instant> = (0..6).map(|_| pace.turn(now)).collect();
        turns[1..5].iter().for_each(|turn| pace.give_back(*turn));
        assert_eq!(pace.next_free(now), turns[1]);
        // The fifth waits on; those after it fill the gap before they queue behind it.
        let again: Vec<Instant> = (0..5).map(|_| pace.turn(now)).collect();
        assert_eq!(again[..4], turns[1..5]);
        assert_eq!(again[4], turns[5] + Duration::from_millis(100));
        // What is past is gone.
        pace.give_back(again[0]);
        assert_eq!(pace.turn(again[4]), again[4] + Duration::from_millis(100));
    }

    #[test]
    fn when_all_that_waited_gave_up_nobody_waits_longer_than_one_gap() {
        let pace = Pace::new(10.0);
        let now = Instant::now();
        let turns: Vec<Instant> = (0..6).map(|_| pace.turn(now)).collect();
        turns[1..].iter().for_each(|turn| pace.give_back(*turn));
        let later = now + Duration::from_millis(150);
        assert_eq!((pace.next_free(later), pace.turn(later)), (later, later));
    }
}
