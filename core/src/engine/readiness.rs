//! Tells an event loop of the host's that `next_event` has something to do: a descriptor that is readable then, or on
//! Windows an event that is signalled. Made when it is first asked for, so that a game's frames cost nothing.

use signal::Signal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(unix)]
#[path = "readiness_unix.rs"]
mod signal;
#[cfg(windows)]
#[path = "readiness_windows.rs"]
mod signal;

/// What the host waits on: on Unix a descriptor, on Windows a handle.
#[cfg(not(windows))]
pub(super) type Waitable = i32;
#[cfg(windows)]
pub(super) type Waitable = *mut std::ffi::c_void;

/// See the module's text.
#[derive(Debug, Default)]
pub(super) struct Readiness {
    /// Whether there is a signal, to be asked without a lock.
    made: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    signal: Option<Signal>,
    /// It was sent and not taken back; on Unix the host may have read its byte.
    raised: bool,
    /// It was closed by somebody else, or could not be made: there will be none any more.
    lost: bool,
}

impl Readiness {
    /// What to wait on, made at the first call and raised at once if `ready`; none if the system gave none, or it was closed.
    pub(super) fn waitable(&self, ready: bool) -> Option<Waitable> {
        let mut state = self.state();
        if state.signal.is_none() && !state.lost {
            state.signal = Signal::new().ok();
            self.made.store(state.signal.is_some(), Ordering::Release);
            if ready {
                state.raise();
            }
        }
        state.check();
        state.signal.as_ref().map(Signal::waitable)
    }

    /// There is something to pull. Costs nothing where nobody waits on it.
    pub(super) fn raise(&self) {
        if self.made.load(Ordering::Acquire) {
            self.state().raise();
        }
    }

    /// Somebody has pulled. Raised anew if there is `more`, since the host may have read the byte; asked once it is lowered,
    /// so that what comes meanwhile is not lost.
    pub(super) fn rearm(&self, more: impl FnOnce() -> bool) {
        if self.made.load(Ordering::Acquire) {
            let mut state = self.state();
            state.clear();
            if more() {
                state.raise();
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Gives the signal up if it is not ours any more.
    fn check(&mut self) {
        if self.signal.as_ref().is_some_and(|signal| !signal.is_ours()) {
            self.signal = None;
            self.lost = true;
        }
    }

    fn raise(&mut self) {
        if !self.raised {
            self.check();
            if let Some(signal) = &self.signal {
                signal.send();
                self.raised = true;
            }
        }
    }

    fn clear(&mut self) {
        if std::mem::replace(&mut self.raised, false) {
            self.check();
            if let Some(signal) = &self.signal {
                signal.drain();
            }
        }
    }
}

/// No event loops that wait on a thing of the system's.
#[cfg(not(any(unix, windows)))]
mod signal {
    use super::Waitable;
    use std::io;

    #[derive(Debug)]
    pub(super) struct Signal(std::convert::Infallible);

    impl Signal {
        pub(super) fn new() -> io::Result<Signal> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(super) fn waitable(&self) -> Waitable {
            match self.0 {}
        }

        pub(super) fn is_ours(&self) -> bool {
            match self.0 {}
        }

        pub(super) fn send(&self) {}

        pub(super) fn drain(&self) {}
    }
}
