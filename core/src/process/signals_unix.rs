//! The calling thread's signal mask, blocked and put back. A system call, hence the `unsafe`.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;

/// Puts the mask back when dropped.
pub(crate) struct Blocked(Option<libc::sigset_t>);

/// Blocks every signal in this thread until the result is dropped.
pub(crate) fn block_all() -> Blocked {
    let mut all = MaybeUninit::<libc::sigset_t>::uninit();
    let mut before = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: both point to writable sets of this frame; sigfillset initialises `all` before it is read, and
    // pthread_sigmask initialises `before` if it returns 0.
    unsafe {
        libc::sigfillset(all.as_mut_ptr());
        let failed = libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
        Blocked(if failed == 0 { Some(before.assume_init()) } else { None })
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            // SAFETY: `before` is the set that pthread_sigmask filled in; the old mask may be NULL.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before, std::ptr::null_mut()) };
        }
    }
}
