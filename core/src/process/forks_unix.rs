//! Counts forks, and holds them off, with handlers that run around each. A system call, hence the `unsafe`.
//!
//! Nothing here waits for a thread that may not be in this process, and a fork in a signal handler waits for nothing that
//! the interrupted thread holds. (Such a child may only exec or _exit, as after any fork in a handler.)
#![allow(unsafe_code)]

use super::signals;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

static FORKS: AtomicU32 = AtomicU32::new(0);

/// How far the registration of the handlers is.
static HANDLERS: AtomicU8 = AtomicU8::new(NONE);
const NONE: u8 = 0;
const UNDER_WAY: u8 = 1;
const REGISTERED: u8 = 2;

/// The thread that holds the gate; 0: it is open. Held over each fork, and by what no fork may come into.
static GATE: AtomicUsize = AtomicUsize::new(0);

/// How often the holder has entered again: a fork in its signal handler, or what it does within.
static ENTERED_AGAIN: AtomicU32 = AtomicU32::new(0);

/// The process that last registered the handlers or had them run.
static PROCESS: AtomicU32 = AtomicU32::new(0);

/// Looks at what another thread is about to end, before the processor is left to others for longer.
const YIELDS: u32 = 64;

/// Further looks, one each [`PAUSE`], before a registration under way is taken over. What it takes is one `malloc`.
const LOOKS: u32 = 100;

const PAUSE: Duration = Duration::from_micros(100);

fn pause(looks: u32) {
    if looks < YIELDS {
        std::thread::yield_now();
    } else {
        // A thread of a higher fixed priority would keep the other one out for ever.
        std::thread::sleep(PAUSE);
    }
}

/// This thread. Not a thread-local's address: the first use of one in a thread may allocate, which a handler must not.
fn me() -> usize {
    // SAFETY: takes nothing, and cannot fail (POSIX).
    unsafe { libc::pthread_self() as usize }
}

fn enter() {
    let mut looks = 0;
    while let Err(holder) = GATE.compare_exchange(0, me(), Ordering::Acquire, Ordering::Relaxed) {
        if holder == me() {
            ENTERED_AGAIN.fetch_add(1, Ordering::Relaxed);
            return;
        }
        pause(looks);
        looks += 1;
        if looks > YIELDS + LOOKS && is_child_unawares() {
            let _ = GATE.compare_exchange(holder, 0, Ordering::Relaxed, Ordering::Relaxed);
        }
    }
}

/// A C library may run a fork without handlers that are registered meanwhile, and the child then has the gate as some
/// thread of its parent held it.
fn is_child_unawares() -> bool {
    let (before, now) = (PROCESS.load(Ordering::Relaxed), std::process::id());
    let found_out =
        now != before && PROCESS.compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
    if found_out {
        FORKS.fetch_add(1, Ordering::Relaxed);
    }
    found_out
}

fn leave() {
    // Handlers that were registered during a fork have not entered.
    if GATE.load(Ordering::Relaxed) != me() {
        return;
    }
    // Only the holder's thread comes here.
    match ENTERED_AGAIN.load(Ordering::Relaxed) {
        0 => GATE.store(0, Ordering::Release),
        again => ENTERED_AGAIN.store(again - 1, Ordering::Relaxed),
    }
}

extern "C" fn before_fork() {
    enter();
}

extern "C" fn in_parent() {
    leave();
}

extern "C" fn in_child() {
    FORKS.fetch_add(1, Ordering::Relaxed);
    PROCESS.store(std::process::id(), Ordering::Relaxed);
    leave();
}

/// How many forks lie between the process that called this first and this one.
pub(super) fn count() -> u32 {
    if HANDLERS.load(Ordering::Acquire) != REGISTERED {
        register();
    }
    FORKS.load(Ordering::Relaxed)
}

#[cold]
fn register() {
    // A handler that forks in between would wait for the C library's list of handlers, which this thread has locked.
    let _blocked = signals::block_all();
    // At the end of the looks: whoever does it may be a thread of the parent's, which this child does not have. Twice does no
    // harm: the second set of handlers enters again, and leaves.
    for looks in 0..=YIELDS + LOOKS {
        match HANDLERS.compare_exchange(NONE, UNDER_WAY, Ordering::Acquire, Ordering::Acquire) {
            Ok(_) => break,
            Err(REGISTERED) => return,
            Err(_) => pause(looks),
        }
    }
    PROCESS.store(std::process::id(), Ordering::Relaxed);
    // SAFETY: the handlers only touch atomics and yield, which is allowed in a child of a threaded process; the library
    // is never unmapped (see build.rs), and the C library drops the handlers of an unmapped one.
    let failed = unsafe { libc::pthread_atfork(Some(before_fork), Some(in_parent), Some(in_child)) } != 0;
    // Without memory for it the next call tries again.
    HANDLERS.store(if failed { NONE } else { REGISTERED }, Ordering::Release);
}

/// Does something while no other thread forks. May be called within itself.
pub(super) fn hold_off<R>(act: impl FnOnce() -> R) -> R {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            leave();
        }
    }
    count();
    enter();
    let _leave = Leave;
    act()
}

#[cfg(test)]
mod tests {
    use super::super::tests::in_child;
    use super::*;

    #[test]
    fn a_child_takes_over_a_registration_that_its_parent_had_under_way() {
        assert!(in_child(|| {
            HANDLERS.store(UNDER_WAY, Ordering::Relaxed);
            let before = count();
            before == hold_off(count) && HANDLERS.load(Ordering::Relaxed) == REGISTERED
        }));
    }

    #[test]
    fn handlers_that_another_thread_has_registered_meanwhile_are_not_registered_again() {
        assert!(in_child(|| {
            let before = count();
            register();
            in_child(|| count() == before + 1)
        }));
    }

    #[test]
    fn whoever_has_not_entered_leaves_the_gate_as_it_is() {
        assert!(in_child(|| {
            GATE.store(1, Ordering::Relaxed);
            leave();
            GATE.load(Ordering::Relaxed) == 1
        }));
    }

    #[test]
    fn a_child_that_no_handler_ran_in_opens_the_gate_that_a_thread_of_its_parent_held() {
        count();
        assert!(in_child(|| {
            let before = count();
            GATE.store(1, Ordering::Relaxed);
            PROCESS.store(1, Ordering::Relaxed);
            hold_off(|| ());
            count() == before + 1
        }));
    }

    #[test]
    fn handlers_that_are_registered_twice_count_and_open_all_the_same() {
        assert!(in_child(|| {
            HANDLERS.store(NONE, Ordering::Relaxed);
            let before = count();
            in_child(|| hold_off(count) > before) && hold_off(count) == before
        }));
    }
}
