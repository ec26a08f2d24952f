//! Objects as C holds them: a pointer, with the kind of ownership in the type that it leads to.
//!
//! An [`Exclusive`] object is a `Box`: whoever holds the pointer decides when it is used and when it ends, and a call
//! borrows it. A [`Shared`] object is an `Arc`: another thread may end it while a call uses it, so a call takes a share of
//! its own and cannot borrow; the functions that borrow do not take such a type. Compile-fail tests hold that.
//!
//! # How a share is taken while another thread frees
//!
//! A call has C's pointer and nothing else. Between its first instruction and its share the object may be freed, so the
//! pointer must lead to memory until every such call has looked. Three things see to that:
//!
//! - C's pointer stands for a strong and a weak share. Freeing drops the strong one, and the object ends with the last
//!   call inside; the weak one keeps the memory of the counters, from which `Weak::upgrade` tells that it is over.
//! - [`ENTERING`] counts the calls between their first instruction and their share.
//! - The weak share goes to [`RETIRED`] as the last act of freeing, and is dropped by a later call that makes an object
//!   and finds nobody entering. Whoever entered before the free returned has looked by then. So no more is kept than the
//!   most objects that were there at once left behind: their counters, and the room of an object that holds one pointer.
//!
//! Nothing here waits, so that a child of a process that forked meanwhile cannot wait for a thread that it does not have.

use std::any::Any;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ops::Deref;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

/// An object that C holds, and how it is owned.
pub(super) trait Handle {
    /// [`Exclusive`] or [`Shared`].
    type Ownership;
}

/// One owner: a `Box`.
pub(super) enum Exclusive {}

/// Every call inside owns it too: an `Arc`.
pub(super) enum Shared {}

/// Takes an exported function's pointers at its head; the rest of the body is safe code.
macro_rules! from_caller {
    ($($taken:expr),+ $(,)?) => {
        // SAFETY: what the header asks of every caller: a pointer is NULL or valid; an object was not freed, and no other
        // thread uses it where the function's comment says "one at a time"; strings and bytes stay as they are during the
        // call; an out parameter may be written.
        unsafe { ($($taken),+) }
    };
}
pub(super) use from_caller;

/// Hands an object over to C.
pub(super) fn give<T: Handle<Ownership = Exclusive>>(object: T) -> *mut T {
    give_box(Box::new(object))
}

/// As [`give`], for an object that is not to be moved.
pub(super) fn give_box<T: Handle<Ownership = Exclusive>>(object: Box<T>) -> *mut T {
    Box::into_raw(object)
}

/// Borrows an object for a call; nothing for NULL.
///
/// # Safety
/// `pointer` is NULL or came from [`give`], and is not taken back during the borrow.
pub(super) unsafe fn borrow<'a, T: Handle<Ownership = Exclusive>>(pointer: *const T) -> Option<&'a T> {
    // SAFETY: `as_ref` looks for NULL; any other pointer came from `give`, and not taken back while `'a` lasts.
    unsafe { pointer.as_ref() }
}

/// Borrows an object to change it; nothing for NULL.
///
/// # Safety
/// As for [`borrow`], and nobody else uses the object during the borrow.
pub(super) unsafe fn borrow_mut<'a, T: Handle<Ownership = Exclusive>>(pointer: *mut T) -> Option<&'a mut T> {
    // SAFETY: `as_mut` looks for NULL; any other pointer came from `give`, not taken back while `'a` lasts, and nobody else's
    // for as long.
    unsafe { pointer.as_mut() }
}

/// Takes an object back from C; nothing for NULL.
///
/// # Safety
/// `pointer` is NULL or came from [`give`] and was not taken back before; nobody uses it any more.
pub(super) unsafe fn take_back<T: Handle<Ownership = Exclusive>>(pointer: *mut T) -> Option<Box<T>> {
    // SAFETY: not NULL where it is used; `give` made it by `Box::into_raw`, and it comes back once.
    (!pointer.is_null()).then(|| unsafe { Box::from_raw(pointer) })
}

/// Why a call has no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absent {
    /// The pointer is NULL.
    Null,
    /// The object was freed as the call began.
    Freed,
}

/// Hands an object over to C that its calls share.
pub(super) fn give_shared<T>(object: T) -> *mut T
where
    T: Handle<Ownership = Shared> + Send + Sync + 'static,
{
    drop_retired();
    let strong = Arc::new(object);
    let weak = Arc::downgrade(&strong).into_raw();
    // The same address, and both shares are C's from here on: see `retire`.
    debug_assert!(std::ptr::eq(weak, Arc::as_ptr(&strong)));
    Arc::into_raw(strong).cast_mut()
}

/// A call's own share of an object, taken however many threads free it at this moment.
///
/// # Safety
/// `pointer` is NULL or came from [`give_shared`], and the call began before `retire` returned.
pub(super) unsafe fn share<T: Handle<Ownership = Shared>>(pointer: *const T) -> Result<Arc<T>, Absent> {
    if pointer.is_null() {
        return Err(Absent::Null);
    }
    let _entering = Entering::begin();
    // SAFETY: C's weak share of `give_shared`, borrowed. It is dropped by `drop_retired` alone, which does not while
    // somebody is entering.
    let weak = ManuallyDrop::new(unsafe { Weak::from_raw(pointer) });
    weak.upgrade().ok_or(Absent::Freed)
}

/// C's own share, taken back; it ends when this is dropped, and the object when the last call inside has left.
pub(super) struct Retiring<T: Send + Sync + 'static> {
    /// `None` only in `drop`.
    shares: Option<(Arc<T>, Weak<T>)>,
}

/// Takes C's own share back; nothing for NULL.
///
/// # Safety
/// `pointer` is NULL or came from [`give_shared`] and was not taken back before.
pub(super) unsafe fn retire<T>(pointer: *mut T) -> Option<Retiring<T>>
where
    T: Handle<Ownership = Shared> + Send + Sync + 'static,
{
    if pointer.is_null() {
        return None;
    }
    // SAFETY: the two shares that `give_shared` left to C; a pointer is retired once, so nobody has taken them before.
    Some(Retiring { shares: Some(unsafe { (Arc::from_raw(pointer), Weak::from_raw(pointer)) }) })
}

impl<T: Send + Sync + 'static> Deref for Retiring<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.shares.as_ref().expect("there until the drop").0
    }
}

impl<T: Send + Sync + 'static> Drop for Retiring<T> {
    fn drop(&mut self) {
        if let Some((strong, weak)) = self.shares.take() {
            drop(strong);
            push_retired(Box::new(Retired { _shell: weak, next: std::ptr::null_mut() }));
        }
    }
}

/// The calls between their first instruction and their share, under the number of forks of the process that they are in:
/// what the threads of a parent were doing at a fork does not count in its child.
static ENTERING: AtomicUsize = AtomicUsize::new(0);

/// The bits of [`ENTERING`] that count; above them stands the process.
const COUNT: u32 = usize::BITS / 2;

fn process() -> usize {
    (super::forks() as usize) << COUNT
}

/// One call in [`ENTERING`].
struct Entering;

impl Entering {
    fn begin() -> Entering {
        let mut seen = ENTERING.load(Ordering::Relaxed);
        loop {
            let others = seen.max(process());
            match ENTERING.compare_exchange_weak(seen, others + 1, Ordering::SeqCst, Ordering::Relaxed) {
                Ok(_) => return Entering,
                Err(now) => seen = now,
            }
        }
    }
}

impl Drop for Entering {
    fn drop(&mut self) {
        // In the process in which it began: only the thread that forks goes on in a child, and it forks elsewhere.
        ENTERING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What is left of a freed object; the stack below owns it.
struct Retired {
    _shell: Weak<dyn Any + Send + Sync>,
    next: *mut Retired,
}

/// A stack that threads push to and take as a whole, which needs no lock.
static RETIRED: AtomicPtr<Retired> = AtomicPtr::new(std::ptr::null_mut());

fn push_retired(retired: Box<Retired>) {
    let node = Box::into_raw(retired);
    let mut top = RETIRED.load(Ordering::Relaxed);
    loop {
        // SAFETY: the node is this thread's until it is on the stack.
        unsafe { (*node).next = top };
        match RETIRED.compare_exchange_weak(top, node, Ordering::SeqCst, Ordering::Relaxed) {
            Ok(_) => return,
            Err(now) => top = now,
        }
    }
}

fn drop_retired() {
    let mut next = RETIRED.swap(std::ptr::null_mut(), Ordering::SeqCst);
    while !next.is_null() {
        // SAFETY: taken off the stack as a whole, so it is this thread's alone; from `Box::into_raw`.
        let retired = unsafe { Box::from_raw(next) };
        next = retired.next;
        if ENTERING.load(Ordering::SeqCst) > process() {
            push_retired(retired);
        }
    }
}

/// An out parameter.
pub(super) struct Out<'a, T>(Option<&'a mut MaybeUninit<T>>);

/// Takes an out parameter and sets it to `neutral`, the first act of every function that has one.
///
/// # Safety
/// `pointer` is NULL or points to memory for a `T` that this thread may write, during the call.
pub(super) unsafe fn out_param<'a, T>(pointer: *mut T, neutral: T) -> Out<'a, T> {
    // SAFETY: `as_mut` looks for NULL; anywhere else there is room for a `T` that this thread may write during the call.
    // As `MaybeUninit`, since what was never written is no value yet.
    let mut out = Out(unsafe { pointer.cast::<MaybeUninit<T>>().as_mut() });
    out.set(neutral);
    out
}

impl<T> Out<'_, T> {
    pub(super) fn is_null(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn set(&mut self, value: T) {
        if let Some(out) = &mut self.0 {
            out.write(value);
        }
    }
}
