//! Counts forks with a handler that runs in each child. A system call, hence the `unsafe`.
#![allow(unsafe_code)]

use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

static FORKS: AtomicU32 = AtomicU32::new(0);

extern "C" fn in_child() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

/// How many forks lie between the process that called this first and this one.
pub(super) fn count() -> u32 {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| {
        // SAFETY: the handler only adds to an atomic, which is allowed in a child of a threaded process; the library is
        // never unmapped (see build.rs), and the C library drops the handlers of an unmapped one.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
    FORKS.load(Ordering::Relaxed)
}
