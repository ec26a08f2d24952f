//! A thread that sleeps until somebody wakes it or a time has come.
//!
//! The standard library's parking keeps a handle in the memory of each thread for the thread's whole life; the host's
//! threads are left as they were.

use crate::net::{CancelToken, Interrupt};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// Sleeps on one thread, is woken from any. Shared by the sleeper and whoever may wake it.
#[derive(Debug, Default)]
pub(super) struct Parker {
    is_woken: Mutex<bool>,
    changed: Condvar,
}

impl Parker {
    /// One that a trigger of the token wakes too.
    pub(super) fn of(token: &CancelToken) -> Arc<Parker> {
        let parker = Arc::new(Parker::default());
        token.add_watcher(Arc::downgrade(&parker) as Weak<dyn Interrupt>);
        parker
    }

    /// Sleeps no longer than `time`. Returns at once if it was woken since it last slept.
    pub(super) fn park(&self, time: Duration) {
        let until = Instant::now().checked_add(time);
        let mut is_woken = self.is_woken();
        while !*is_woken {
            let left = until.map_or(time, |until| until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return;
            }
            is_woken = self.changed.wait_timeout(is_woken, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        *is_woken = false;
    }

    /// Wakes it, now or when it next wants to sleep.
    pub(super) fn wake(&self) {
        let was_woken = std::mem::replace(&mut *self.is_woken(), true);
        if !was_woken {
            self.changed.notify_one();
        }
    }

    fn is_woken(&self) -> MutexGuard<'_, bool> {
        self.is_woken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Interrupt for Parker {
    fn interrupt(&self) {
        self.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wake_that_comes_first_is_not_lost_and_counts_once() {
        let parker = Parker::default();
        parker.wake();
        parker.wake();
        parker.park(Duration::from_secs(60));
        let began = Instant::now();
        parker.park(Duration::from_millis(20));
        assert!(began.elapsed() >= Duration::from_millis(20));
    }

    #[test]
    fn a_trigger_of_its_token_wakes_a_sleeper() {
        let token = CancelToken::new();
        let parker = Parker::of(&token);
        let sleeper = std::thread::spawn(move || parker.park(Duration::from_secs(60)));
        token.trigger();
        sleeper.join().expect("no panic");
    }
}
