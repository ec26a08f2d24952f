//! The cancel token: sticky, shared, and triggered from any thread.

use crate::process::PerProcess;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

/// Says "stop" to any number of calls, now or later. Clones are the same token.
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    triggered: AtomicBool,
    watchers: PerProcess<Watchers>,
}

/// Who is told of a trigger: calls of this process, and none of its parent's.
#[derive(Debug, Default)]
struct Watchers {
    /// Tokens that this one triggers too.
    followers: Mutex<Vec<Weak<Shared>>>,
    changed: Condvar,
}

impl CancelToken {
    /// A token that nobody has triggered.
    pub fn new() -> CancelToken {
        CancelToken::default()
    }

    /// A token that is triggered as soon as one of `leaders` is: for a call that two sides may end.
    pub fn following(leaders: &[&CancelToken]) -> CancelToken {
        let token = CancelToken::new();
        for leader in leaders {
            let mut followers = leader.0.followers();
            // Those of ended calls: kept few, so that a client's token does not grow with its calls.
            if followers.len() == followers.capacity() {
                followers.retain(|follower| follower.strong_count() > 0);
            }
            followers.push(Arc::downgrade(&token.0));
            drop(followers);
            // After the registration: a trigger in between reaches the follower one way or the other.
            if leader.is_triggered() {
                token.trigger();
            }
        }
        token
    }

    /// Ends every call that watches this token, and every later one at once. It cannot be undone.
    pub fn trigger(&self) {
        self.0.triggered.store(true, Ordering::Release);
        // Taken so that no sleeper is between its poll the flag and its wait.
        let followers = std::mem::take(&mut *self.0.followers());
        self.0.watchers.get().changed.notify_all();
        for follower in followers.iter().filter_map(Weak::upgrade) {
            CancelToken(follower).trigger();
        }
    }

    /// Whether it was triggered.
    pub fn is_triggered(&self) -> bool {
        self.0.triggered.load(Ordering::Acquire)
    }

    /// Sleeps until `until` or the trigger; true if it was the trigger.
    pub fn sleep_until(&self, until: Instant) -> bool {
        let changed = &self.0.watchers.get().changed;
        let mut guard = self.0.followers();
        while !self.is_triggered() {
            let Some(left) = until.checked_duration_since(Instant::now()).filter(|d| !d.is_zero()) else {
                return false;
            };
            guard = changed.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

impl Shared {
    fn followers(&self) -> MutexGuard<'_, Vec<Weak<Shared>>> {
        self.watchers.get().followers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_follower_is_triggered_by_any_of_its_leaders_before_and_after_it_began() {
        let (a, b) = (CancelToken::new(), CancelToken::new());
        let early = CancelToken::following(&[&a, &b]);
        assert!(!early.is_triggered());
        b.trigger();
        assert!(early.is_triggered() && !a.is_triggered());
        assert!(CancelToken::following(&[&a, &b]).is_triggered());
    }

    #[test]
    fn a_sleeper_is_woken_by_a_leader() {
        let leader = CancelToken::new();
        let follower = CancelToken::following(&[&leader]);
        let sleeper =
            std::thread::spawn(move || follower.sleep_until(Instant::now() + Duration::from_secs(60)));
        leader.trigger();
        assert!(sleeper.join().expect("no panic"));
    }

    #[test]
    fn a_token_keeps_nothing_of_calls_that_ended() {
        let leader = CancelToken::new();
        for _ in 0..10_000 {
            drop(CancelToken::following(&[&leader]));
        }
        assert!(leader.0.followers().capacity() < 100);
    }
}
