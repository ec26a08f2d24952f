//! Threads that share an object, and one that frees it.

use crate::handle::{Absent, Handle, REST, Shared, empty_shells, give_shared, retire, share};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Instant;

/// Counts those that are there.
struct Counted(Arc<AtomicUsize>);

impl Handle for Counted {
    type Ownership = Shared;
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A pointer that threads may hand on, as C does.
#[derive(Clone, Copy)]
struct Pointer(*mut Counted);
// SAFETY: what it leads to is used through `share` and `retire` alone, which any thread may call.
unsafe impl Send for Pointer {}
// SAFETY: as above.
unsafe impl Sync for Pointer {}

impl Pointer {
    fn new(there: &Arc<AtomicUsize>) -> Pointer {
        there.fetch_add(1, Ordering::Relaxed);
        Pointer(give_shared(Counted(Arc::clone(there))))
    }

    fn share(self) -> Result<Arc<Counted>, Absent> {
        // SAFETY: from `give_shared`, and called before `retire` has returned.
        unsafe { share(self.0) }
    }
}

#[test]
fn an_object_ends_with_the_last_share_and_nobody_gets_one_after_the_free() {
    let there = Arc::default();
    let pointer = Pointer::new(&there);
    let inside = pointer.share().expect("it is there");
    // SAFETY: from `give_shared`, once.
    let retiring = unsafe { retire(pointer.0) }.expect("not NULL");
    assert!(pointer.share().is_ok(), "a call that comes while the free waits is inside as well");
    drop(inside);
    assert_eq!(there.load(Ordering::Relaxed), 1);
    drop(retiring);
    assert_eq!(there.load(Ordering::Relaxed), 0);
}

/// It was made before the free, on a thread that then did not get the processor.
#[test]
fn a_call_that_comes_to_look_long_after_the_free_finds_neither_freed_memory_nor_another_object() {
    let there = Arc::default();
    let late = Pointer::new(&there);
    // SAFETY: from `give_shared`, once.
    drop(unsafe { retire(late.0) });
    let others: Vec<Pointer> = (0..64).map(|_| Pointer::new(&there)).collect();
    assert_eq!(late.share().err(), Some(Absent::Freed));
    for other in others {
        assert!(other.share().is_ok());
        // SAFETY: from `give_shared`, once.
        drop(unsafe { retire(other.0) });
    }
    assert_eq!(there.load(Ordering::Relaxed), 0);
}

#[test]
fn what_is_left_of_an_object_is_used_again_once_nobody_can_come_any_more() {
    let there = Arc::default();
    let pointer = Pointer::new(&there);
    // SAFETY: from `give_shared`, once.
    drop(unsafe { retire(pointer.0) });
    let later = Instant::now() + REST;
    let taken =
        || empty_shells(|shells| shells.take_rested(later)).map(|shell| std::ptr::from_ref(shell).addr());
    let mut left = std::iter::from_fn(taken);
    assert!(left.any(|address| address == pointer.0.addr()));
}

#[test]
fn null_has_no_share_and_is_freed_to_no_effect() {
    // SAFETY: NULL is allowed.
    let (share, retired) =
        unsafe { (share::<Counted>(std::ptr::null()), retire::<Counted>(std::ptr::null_mut())) };
    assert_eq!(share.err(), Some(Absent::Null));
    assert!(retired.is_none());
}

/// A use after free in here is for AddressSanitizer and valgrind to find; without them it mostly crashes.
#[test]
fn calls_that_begin_while_an_object_is_freed_get_a_share_or_hear_that_it_is_gone() {
    const THREADS: usize = 4;
    let there = Arc::default();
    for _ in 0..2000 {
        let pointer = Pointer::new(&there);
        let start = Barrier::new(THREADS + 1);
        // The free returns only after each has begun its last call: before that is all that a caller promises.
        let begun = Barrier::new(THREADS + 1);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    start.wait();
                    for _ in 0..10 {
                        let share = pointer.share();
                        assert!(!matches!(share, Err(Absent::Null)));
                    }
                    begun.wait();
                });
            }
            start.wait();
            // SAFETY: from `give_shared`, once.
            let retiring = unsafe { retire(pointer.0) };
            begun.wait();
            drop(retiring);
        });
        assert_eq!(there.load(Ordering::Relaxed), 0);
    }
}
