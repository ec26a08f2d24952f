//! Which process this is, and what a child of it must have for itself.
//!
//! At a fork some other thread may hold a lock; the child has the lock and not the thread, and would wait for ever. So
//! what threads share is either made anew in the child ([`PerProcess`]) or touched by nobody while a fork happens
//! ([`unforked`]), and what is made at first use is made in such a moment ([`Global`]). Knows nothing of what is shared.
//!
//! The rest is what the process has or is to whoever started it: descriptors, the signal mask, privileges.

mod seed;

#[cfg(unix)]
pub(crate) use descriptor::{Mark, mark};
#[cfg(feature = "http")]
pub(crate) use privileges::is_privileged;
pub(crate) use seed::fresh_seed;
pub(crate) use signals::block_all as block_signals;

use std::ops::Deref;
use std::sync::OnceLock;

/// Counts the forks between the first process that used the library and this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Generation(u32);

/// This process's generation, without a system call, since a game asks once a frame. The first call sets the counting up.
pub(crate) fn generation() -> Generation {
    Generation(forks::count())
}

/// Whether this process is a child of the one that had this generation.
pub(crate) fn is_forked_from(generation: Generation) -> bool {
    self::generation() != generation
}

/// Does something short while no other thread forks: it must not wait. May be called within itself.
pub fn unforked<R>(act: impl FnOnce() -> R) -> R {
    forks::hold_off(act)
}

/// A value that is made once. No thread is inside of the making at a fork, so that no child waits for one that it does
/// not have; a panic in it leaves the next call to try again.
#[derive(Debug)]
struct MadeOnce<T>(OnceLock<T>);

impl<T> MadeOnce<T> {
    fn get_or_make(&self, make: impl FnOnce() -> T) -> &T {
        self.0.get().unwrap_or_else(|| unforked(|| self.0.get_or_init(make)))
    }
}

/// A value of the whole process, made at its first use. Nothing of the library is made at load.
#[derive(Debug)]
pub(crate) struct Global<T> {
    value: MadeOnce<T>,
    make: fn() -> T,
}

impl<T> Global<T> {
    /// For a `static`. `make` must not wait.
    pub(crate) const fn new(make: fn() -> T) -> Global<T> {
        Global { value: MadeOnce(OnceLock::new()), make }
    }
}

impl<T> Deref for Global<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.get_or_make(self.make)
    }
}

/// One `T` a process: a child begins with a new one.
#[derive(Debug)]
pub(crate) struct PerProcess<T> {
    owner: Generation,
    own: T,
    of_child: MadeOnce<Box<PerProcess<T>>>,
}

impl<T: Default> Default for PerProcess<T> {
    fn default() -> PerProcess<T> {
        PerProcess { owner: generation(), own: T::default(), of_child: MadeOnce(OnceLock::new()) }
    }
}

impl<T: Default> PerProcess<T> {
    /// This process's own.
    pub(crate) fn get(&self) -> &T {
        let mut holder = self;
        while is_forked_from(holder.owner) {
            holder = holder.of_child.get_or_make(Box::default);
        }
        &holder.own
    }
}

#[cfg(unix)]
#[path = "descriptor_unix.rs"]
mod descriptor;
#[cfg(all(unix, not(target_os = "emscripten")))]
#[path = "forks_unix.rs"]
mod forks;
#[cfg(all(unix, feature = "http"))]
#[path = "privileges_unix.rs"]
mod privileges;
#[cfg(unix)]
#[path = "signals_unix.rs"]
mod signals;

/// Nothing else forks; a page of the web does not.
#[cfg(any(not(unix), target_os = "emscripten"))]
mod forks {
    pub(super) fn count() -> u32 {
        0
    }

    pub(super) fn hold_off<R>(act: impl FnOnce() -> R) -> R {
        act()
    }
}

/// Elsewhere a program has the rights of whoever starts it.
#[cfg(all(not(unix), feature = "http"))]
mod privileges {
    pub(crate) fn is_privileged() -> bool {
        false
    }
}

/// Nothing else has a signal mask.
#[cfg(not(unix))]
mod signals {
    pub(crate) fn block_all() {}
}

#[cfg(all(test, unix))]
pub(crate) mod tests {
    #![allow(unsafe_code)]
    use super::*;
    use std::collections::HashSet;
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::{Duration, Instant};

    /// What a child of this process answers; it has ten seconds.
    pub(crate) fn in_child(answer: impl FnOnce() -> bool) -> bool {
        // SAFETY: the child only calls `answer` and leaves, without a destructor or a handler of this process.
        unsafe {
            let child = libc::fork();
            // A function of its own: coverage takes the ways of one from each other, and both are gone here.
            (child == 0).then(|| {
                libc::alarm(10);
                let status = i32::from(!answer());
                libc::_exit(status)
            });
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
    fn a_value_of_the_process_is_made_at_its_first_use_and_once() {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let global = Global::new(|| MADE.fetch_add(1, Ordering::Relaxed));
        assert_eq!(MADE.load(Ordering::Relaxed), 0);
        assert_eq!((*global, *global), (0, 0));
        assert_eq!(MADE.load(Ordering::Relaxed), 1);
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

    #[test]
    fn children_of_one_process_get_seeds_of_their_own() {
        let (mut ours, theirs) = UnixStream::pair().expect("a pair of sockets");
        fresh_seed();
        for _ in 0..2 {
            assert!(in_child(|| (&theirs).write_all(&fresh_seed().to_ne_bytes()).is_ok()));
        }
        let mut seeds = HashSet::from([fresh_seed()]);
        for _ in 0..2 {
            let mut seed = [0; 8];
            ours.read_exact(&mut seed).expect("a seed");
            seeds.insert(u64::from_ne_bytes(seed));
        }
        assert_eq!(seeds.len(), 3, "{seeds:?}");
    }

    #[test]
    fn what_is_made_once_may_need_another_such_thing_and_may_fail_at_first() {
        static FAILURES: AtomicU32 = AtomicU32::new(1);
        static INNER: Global<u32> = Global::new(|| match FAILURES.fetch_sub(1, Ordering::Relaxed) {
            1 => panic!("no random numbers yet"),
            _ => 1,
        });
        static OUTER: Global<u32> = Global::new(|| *INNER + unforked(|| 1));
        assert!(std::panic::catch_unwind(|| *OUTER).is_err());
        assert_eq!(*OUTER, 2);
    }
}
