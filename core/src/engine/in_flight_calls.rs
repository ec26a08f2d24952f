//! The calls that are inside a client, and its end, which can wait until all of them have left.
//!
//! Counted without a lock, since a game calls once a frame; only the end waits.

use crate::error::Error;
use crate::net::CancelToken;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Set in the state once the end has begun; the calls are counted above it.
const CLOSED: usize = 1;
const ONE_CALL: usize = 2;

/// See the module's text.
#[derive(Debug, Default)]
pub(super) struct InFlightCalls {
    state: AtomicUsize,
    /// Held while the end waits and while it is told, so that it misses nobody.
    leaving: Mutex<()>,
    left: Condvar,
    end: CancelToken,
}

/// One call; it leaves when dropped.
#[derive(Debug)]
pub(super) struct CallGuard<'a> {
    calls: &'a InFlightCalls,
}

impl InFlightCalls {
    /// Counts a call that may come before and after the end: it only looks, or takes what is left.
    pub(super) fn visit(&self) -> CallGuard<'_> {
        self.state.fetch_add(ONE_CALL, Ordering::AcqRel);
        CallGuard { calls: self }
    }

    /// Counts a call that the end refuses, with a token that the caller's token and the end both trigger.
    pub(super) fn enter(&self, token: &CancelToken) -> Result<(CallGuard<'_>, CancelToken), Error> {
        let guard = self.visit();
        if self.is_closed() {
            return Err(Error::Closed);
        }
        // The end may begin now: then it has triggered its token, or does before it waits for this call.
        Ok((guard, CancelToken::following(&[token, &self.end])))
    }

    pub(super) fn is_closed(&self) -> bool {
        self.state.load(Ordering::Acquire) & CLOSED != 0
    }

    /// Lets nobody in any more, ends those inside and waits for them; whether all left in time.
    pub(super) fn close(&self, within: Duration) -> bool {
        self.state.fetch_or(CLOSED, Ordering::AcqRel);
        self.end.trigger();
        let until = Instant::now() + within;
        let mut leaving = self.leaving.lock().unwrap_or_else(PoisonError::into_inner);
        while self.state.load(Ordering::Acquire) >= ONE_CALL {
            let Some(left) = until.checked_duration_since(Instant::now()).filter(|d| !d.is_zero()) else {
                return false;
            };
            leaving = self.left.wait_timeout(leaving, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

impl Drop for CallGuard<'_> {
    fn drop(&mut self) {
        let before = self.calls.state.fetch_sub(ONE_CALL, Ordering::AcqRel);
        if before == ONE_CALL | CLOSED {
            let _leaving = self.calls.leaving.lock().unwrap_or_else(PoisonError::into_inner);
            self.calls.left.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn the_end_refuses_who_enters_counts_who_only_looks_and_waits_for_both() {
        let calls = InFlightCalls::default();
        let token = CancelToken::new();
        let (inside, both) = calls.enter(&token).expect("not closed");
        assert!(!calls.close(Duration::ZERO) && both.is_triggered() && !token.is_triggered());
        assert_eq!(calls.enter(&token).map(drop), Err(Error::Closed));
        let looking = calls.visit();
        drop(inside);
        assert!(!calls.close(Duration::ZERO), "one only looks, and is inside all the same");
        thread::scope(|scope| {
            let end = scope.spawn(|| calls.close(Duration::from_secs(60)));
            drop(looking);
            assert!(end.join().expect("no panic"));
        });
    }
}
