//! The calls that are inside a client, and its end: nobody enters afterwards, and the end can wait for those inside.

use crate::error::Error;
use crate::net::CancelToken;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A door with a count behind it.
#[derive(Debug, Default)]
pub(super) struct Calls {
    state: Mutex<State>,
    left: Condvar,
    end: CancelToken,
}

#[derive(Debug, Default)]
struct State {
    inside: usize,
    closed: bool,
}

/// One call; it leaves when dropped.
#[derive(Debug)]
pub(super) struct Inside<'a> {
    calls: &'a Calls,
    /// Triggered by the caller's token and by the client's end.
    pub(super) token: CancelToken,
}

impl Calls {
    /// Lets a call in, with a token that the caller's token and the client's end both trigger.
    pub(super) fn enter(&self, token: &CancelToken) -> Result<Inside<'_>, Error> {
        let mut state = self.state();
        if state.closed {
            return Err(Error::Closed);
        }
        state.inside += 1;
        drop(state);
        Ok(Inside { calls: self, token: CancelToken::following(&[token, &self.end]) })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// Lets nobody in any more, ends those inside and waits for them; whether all left in time.
    pub(super) fn close(&self, within: Duration) -> bool {
        self.state().closed = true;
        self.end.trigger();
        let until = Instant::now() + within;
        let mut state = self.state();
        while state.inside > 0 {
            let Some(left) = until.checked_duration_since(Instant::now()).filter(|d| !d.is_zero()) else {
                return false;
            };
            state = self.left.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let mut state = self.calls.state();
        state.inside -= 1;
        // Only the end waits, and it has closed the door before: otherwise there is nobody to wake.
        if state.closed {
            self.calls.left.notify_all();
        }
    }
}
