//! The cancel token: sticky, shared, and triggered from any thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

/// Says "stop" to any number of calls, now or later. Clones are the same token.
#[derive(Debug, Clone, Default)]
pub struct Token(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    triggered: AtomicBool,
    lock: Mutex<()>,
    changed: Condvar,
}

impl Token {
    /// A token that nobody has triggered.
    pub fn new() -> Token {
        Token::default()
    }

    /// Ends every call that watches this token, and every later one at once. It cannot be undone.
    pub fn trigger(&self) {
        self.0.triggered.store(true, Ordering::Release);
        // Taken so that no sleeper is between its look at the flag and its wait.
        drop(self.0.lock.lock().unwrap_or_else(PoisonError::into_inner));
        self.0.changed.notify_all();
    }

    /// Whether it was triggered.
    pub fn is_triggered(&self) -> bool {
        self.0.triggered.load(Ordering::Acquire)
    }

    /// Sleeps until `until` or the trigger; true if it was the trigger.
    pub fn sleep_until(&self, until: Instant) -> bool {
        let mut guard = self.0.lock.lock().unwrap_or_else(PoisonError::into_inner);
        while !self.is_triggered() {
            let Some(left) = until.checked_duration_since(Instant::now()).filter(|d| !d.is_zero()) else {
                return false;
            };
            guard = self.0.changed.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}
