//! The cancel token: sticky, shared, and triggered from any thread.

use crate::process::PerProcess;
use std::fmt::Debug;
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
    told: Mutex<Vec<Weak<dyn Interrupt>>>,
    changed: Condvar,
}

/// What a trigger ends: something that a thread is, or will be, blocked in.
pub(crate) trait Interrupt: Debug + Send + Sync {
    /// Ends the blocking, from another thread. The token says "triggered" by now, so whoever looks at it before it
    /// blocks needs nothing else. Must not block, and must bear being called more than once and for nothing.
    fn interrupt(&self);
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
            leader.add_watcher(Arc::downgrade(&token.0) as Weak<dyn Interrupt>);
            // After the registration: a trigger in between reaches the follower one way or the other.
            if leader.is_triggered() {
                token.trigger();
            }
        }
        token
    }

    /// Ends every call that watches this token, and every later one at once. It cannot be undone.
    pub fn trigger(&self) {
        self.0.interrupt();
    }

    /// Whether it was triggered.
    pub fn is_triggered(&self) -> bool {
        self.0.triggered.load(Ordering::Acquire)
    }

    /// Sleeps until `until` or the trigger; true if it was the trigger.
    pub fn sleep_until(&self, until: Instant) -> bool {
        let changed = &self.0.watchers.get().changed;
        let mut guard = self.0.told();
        while !self.is_triggered() {
            let Some(left) = until.checked_duration_since(Instant::now()).filter(|d| !d.is_zero()) else {
                return false;
            };
            guard = changed.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Has `watcher` interrupted by a trigger from now on, until it is gone or taken out. Whoever calls this looks at
    /// the token afterwards: a trigger that came before told nobody.
    pub(crate) fn add_watcher(&self, watcher: Weak<dyn Interrupt>) {
        let mut told = self.0.told();
        // Those of ended calls: kept few, so that a client's token does not grow with its calls.
        if told.len() == told.capacity() {
            told.retain(|watcher| watcher.strong_count() > 0);
        }
        told.push(watcher);
    }

    /// Takes out a watcher that outlives its interest in this token.
    #[cfg_attr(not(feature = "http"), allow(dead_code, reason = "only connections outlive it"))]
    pub(crate) fn remove_watcher(&self, watcher: &dyn Interrupt) {
        let mut told = self.0.told();
        // Calls end in no particular order, but the newest often first.
        if let Some(at) = told.iter().rposition(|told| std::ptr::addr_eq(told.as_ptr(), watcher)) {
            told.swap_remove(at);
        }
    }
}

impl Shared {
    fn told(&self) -> MutexGuard<'_, Vec<Weak<dyn Interrupt>>> {
        self.watchers.get().told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The trigger, by hand or by a leader.
impl Interrupt for Shared {
    fn interrupt(&self) {
        self.triggered.store(true, Ordering::Release);
        // Taken so that no sleeper is between its look at the flag and its wait.
        let told = std::mem::take(&mut *self.told());
        self.watchers.get().changed.notify_all();
        for watcher in told.iter().filter_map(Weak::upgrade) {
            watcher.interrupt();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;
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
        assert!(leader.0.told().capacity() < 100);
    }

    #[derive(Debug, Default)]
    struct Interrupts(AtomicUsize);

    impl Interrupt for Interrupts {
        fn interrupt(&self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_watcher_is_interrupted_once_unless_it_was_taken_out() {
        let token = CancelToken::new();
        let (in_, out) = (Arc::new(Interrupts::default()), Arc::new(Interrupts::default()));
        for watcher in [&in_, &out] {
            token.add_watcher(Arc::downgrade(watcher) as Weak<dyn Interrupt>);
        }
        token.remove_watcher(&*out);
        token.trigger();
        token.trigger();
        assert_eq!((in_.0.load(Ordering::Relaxed), out.0.load(Ordering::Relaxed)), (1, 0));
    }
}
