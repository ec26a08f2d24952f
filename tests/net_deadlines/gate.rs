//! A name lookup that answers when the test says so, as a system's lookup with a dead server.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a lookup may take to begin, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

static STATE: Mutex<State> = Mutex::new(State { open: false, begun: 0 });
static CHANGED: Condvar = Condvar::new();

struct State {
    open: bool,
    begun: usize,
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers 127.0.0.1, but not before the gate is open.
pub(crate) fn lookup(_: &str) -> io::Result<Vec<IpAddr>> {
    let mut state = state();
    state.begun += 1;
    CHANGED.notify_all();
    drop(CHANGED.wait_while(state, |state| !state.open).unwrap_or_else(PoisonError::into_inner));
    Ok(vec![Ipv4Addr::LOCALHOST.into()])
}

/// From now on lookups wait. Open again when dropped, so that no test leaves a thread to the next.
pub(crate) fn close() -> Closed {
    *state() = State { open: false, begun: 0 };
    Closed
}

/// A gate that is closed.
pub(crate) struct Closed;

impl Closed {
    /// How many lookups began since it was closed.
    pub(crate) fn begun(&self) -> usize {
        state().begun
    }

    /// Waits until that many lookups began.
    pub(crate) fn wait_for(&self, count: usize) {
        let waited = CHANGED.wait_timeout_while(state(), PATIENCE, |s| s.begun < count);
        let state = waited.unwrap_or_else(PoisonError::into_inner).0;
        assert!(state.begun >= count, "{} of {count} lookups began", state.begun);
    }
}

impl Drop for Closed {
    fn drop(&mut self) {
        state().open = true;
        CHANGED.notify_all();
    }
}
