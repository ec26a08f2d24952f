//! A name lookup that answers when the test says so, as a system's lookup with a dead server.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

static STATE: Mutex<State> = Mutex::new(State { open: true, begun: 0 });
static CHANGED: Condvar = Condvar::new();

struct State {
    open: bool,
    begun: usize,
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers 127.0.0.1, but not while the gate is closed.
pub(crate) fn lookup(_: &str) -> io::Result<Vec<IpAddr>> {
    let mut state = state();
    state.begun += 1;
    drop(CHANGED.wait_while(state, |state| !state.open).unwrap_or_else(PoisonError::into_inner));
    Ok(vec![Ipv4Addr::LOCALHOST.into()])
}

/// From now on lookups wait, until this is dropped: no test leaves a thread to the next.
pub(crate) fn close() -> Closed {
    *state() = State { open: false, begun: 0 };
    Closed
}

/// A gate that is closed.
pub(crate) struct Closed;

impl Closed {
    /// Whether a lookup began since it was closed.
    pub(crate) fn is_reached(&self) -> bool {
        state().begun > 0
    }
}

impl Drop for Closed {
    fn drop(&mut self) {
        state().open = true;
        CHANGED.notify_all();
    }
}
