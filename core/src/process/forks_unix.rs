//! Counts forks, and holds them off, with handlers that run around each. A system call, hence the `unsafe`.
#![allow(unsafe_code)]

use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

static FORKS: AtomicU32 = AtomicU32::new(0);

/// Held over each fork, and by what no fork may come into. A lock without an owner, since the handlers take and leave it.
static GATE: AtomicBool = AtomicBool::new(false);

fn shut() {
    while GATE.compare_exchange_weak(false, true, Ordering::Acquire, Ordering::Relaxed).is_err() {
        std::thread::yield_now();
    }
}

fn open() {
    GATE.store(false, Ordering::Release);
}

extern "C" fn before_fork() {
    shut();
}

extern "C" fn in_parent() {
    open();
}

extern "C" fn in_child() {
    FORKS.fetch_add(1, Ordering::Relaxed);
    open();
}

/// How many forks lie between the process that called this first and this one.
pub(super) fn count() -> u32 {
    static HANDLERS: Once = Once::new();
    HANDLERS.call_once(|| {
        // SAFETY: the handlers only touch atomics, which is allowed in a child of a threaded process; the library is
        // never unmapped (see build.rs), and the C library drops the handlers of an unmapped one.
        unsafe { libc::pthread_atfork(Some(before_fork), Some(in_parent), Some(in_child)) };
    });
    FORKS.load(Ordering::Relaxed)
}

/// Does something while no other thread forks.
pub(super) fn hold_off<R>(act: impl FnOnce() -> R) -> R {
    struct Open;
    impl Drop for Open {
        fn drop(&mut self) {
            open();
        }
    }
    count();
    shut();
    let _open = Open;
    act()
}
