//! Calls of the host's own functions.

use std::cell::Cell;

thread_local! {
    /// How many of the host's functions this thread is in. No destructor, so that nothing is registered with a host's thread.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
}

/// Calls a function of the host.
pub(super) fn call_host<R>(call: impl FnOnce() -> R) -> R {
    INSIDE.set(INSIDE.get() + 1);
    let outcome = call();
    INSIDE.set(INSIDE.get() - 1);
    outcome
}

/// Whether this thread is inside a function of the host that we called: a wait for our own calls would wait for itself.
pub(super) fn is_inside() -> bool {
    INSIDE.get() > 0
}
