//! Which process this is, and what a child of it must have for itself.
//!
//! At a fork some other thread may hold a lock; the child has the lock and not the thread, and would wait for ever. So
//! what threads share is either made anew in the child ([`PerProcess`]) or locked by nobody while a fork happens
//! ([`unforked`]). Knows nothing of what is shared.

use std::sync::OnceLock;

/// Counts the forks between the first process that used the library and this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Generation(u32);

/// This process's generation, without a system call, since a game asks once a frame. The first call sets the counting up.
pub(crate) fn generation() -> Generation {
    Generation(forks::count())
}

/// How many forks lie between the first process that used the library and this one.
pub fn forks() -> u32 {
    generation().0
}

/// Whether this process is a child of the one that had this generation.
pub(crate) fn is_forked_from(generation: Generation) -> bool {
    self::generation() != generation
}

/// Does something short while no other thread forks: it must neither wait nor call this again.
pub(crate) fn unforked<R>(act: impl FnOnce() -> R) -> R {
    forks::hold_off(act)
}

/// One `T` a process: a child begins with a new one.
#[derive(Debug)]
pub(crate) struct PerProcess<T> {
    owner: Generation,
    own: T,
    of_child: OnceLock<Box<PerProcess<T>>>,
}

impl<T: Default> Default for PerProcess<T> {
    fn default() -> PerProcess<T> {
        PerProcess { owner: generation(), own: T::default(), of_child: OnceLock::new() }
    }
}

impl<T: Default> PerProcess<T> {
    /// This process's own.
    pub(crate) fn get(&self) -> &T {
        let mut holder = self;
        while is_forked_from(holder.owner) {
            holder = holder.of_child.get_or_init(Box::default);
        }
        &holder.own
    }
}

#[cfg(unix)]
mod forks_unix;
#[cfg(unix)]
use forks_unix as forks;

/// Nothing else forks.
#[cfg(not(unix))]
mod forks {
    pub(super) fn count() -> u32 {
        0
    }

    pub(super) fn hold_off<R>(act: impl FnOnce() -> R) -> R {
        act()
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(unsafe_code)]
    use super::*;
    use std::sync::Mutex;
    use std::time::{Duration, Instant};

    /// What a child of this process answers; it has ten seconds.
    fn in_child(answer: impl FnOnce() -> bool) -> bool {
        // SAFETY: the child only calls `answer` and leaves, without a destructor or a handler of this process.
        unsafe {
            let child = libc::fork();
            if child == 0 {
                libc::alarm(10);
                libc::_exit(i32::from(!answer()));
            }
            let mut status = -1;
            assert_eq!(libc::waitpid(child, &mut status, 0), child);
            status == 0
        }
    }

    #[test]
    fn a_child_gets_its_own_although_its_parents_was_locked() {
        let shared: PerProcess<Mutex<Vec<u32>>> = PerProcess::default();
        let mut locked = shared.get().lock().expect("not poisoned");
        locked.push(1);
        let fresh = || shared.get().lock().expect("not poisoned").is_empty();
        assert!(in_child(|| fresh() && in_child(fresh)));
        assert!(in_child(fresh), "a child that comes later gets its own too");
        drop(locked);
        assert_eq!(*shared.get().lock().expect("not poisoned"), [1]);
    }

    #[test]
    fn no_fork_comes_between() {
        let end = Instant::now() + Duration::from_millis(100);
        let busy = Mutex::new(());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while Instant::now() < end {
                    unforked(|| drop(busy.lock()));
                }
            });
            while Instant::now() < end {
                assert!(in_child(|| busy.try_lock().is_ok()));
            }
        });
    }
}
