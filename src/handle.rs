//! Objects as C holds them: a pointer, with the kind of ownership in the type that it leads to.
//!
//! An [`Exclusive`] object is a `Box`: whoever holds the pointer decides when it is used and when it ends, and a call
//! borrows it. A [`Shared`] object is an `Arc`: another thread may end it while a call uses it, so a call takes a share of
//! its own and cannot borrow; the functions that borrow do not take such a type. Compile-fail tests hold that.
//!
//! # How a share is taken while another thread frees
//!
//! A call has C's pointer and nothing else. Between the caller's decision to call and the first look at the object, it may
//! be freed, however long that thread is kept from the processor. So the pointer does not lead to the object: it leads to a
//! [`Shell`], which counts those who look, and says whether there is an object still.
//!
//! - No shell is ever given back to the allocator: whoever comes late, at whatever time, reads a shell.
//! - Freeing empties the shell, and the object ends with the last call inside. Who looks at an empty shell hears that it is
//!   gone.
//! - An empty shell is used again for a later object, but not before it has rested for [`REST`]: a call that was made before
//!   its object was freed, and has not come to look for that long, would find the later one. It would be a call on another
//!   object of its type, or find none; no memory is misused.
//!
//! So what is kept are the shells of the most objects that were there at once, and of those freed within [`REST`].
//!
//! Empty shells are taken and put back while no other thread forks, so that no child finds them locked by a thread that it
//! does not have. Looking takes no lock, except where the object was freed meanwhile: the last who looks puts
//! its shell back.

use std::any::Any;
use std::cell::UnsafeCell;
use std::collections::VecDeque;
use std::mem::MaybeUninit;
use std::ops::Deref;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

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
    /// The object was freed before the call came to look.
    Freed,
}

/// Hands an object over to C that its calls share.
pub(super) fn give_shared<T>(object: T) -> *mut T
where
    T: Handle<Ownership = Shared> + Send + Sync + 'static,
{
    let shell = empty_shells(|shells| shells.take(Instant::now()));
    shell.fill(Arc::new(object));
    ptr::from_ref(shell).cast_mut().cast()
}

/// A call's own share of an object, taken however many threads free it at this moment.
///
/// # Safety
/// `pointer` is NULL or came from [`give_shared`], and the call began before `retire` returned.
pub(super) unsafe fn share<T>(pointer: *const T) -> Result<Arc<T>, Absent>
where
    T: Handle<Ownership = Shared> + Send + Sync + 'static,
{
    // SAFETY: NULL or from `give_shared`, as `shell_of` asks.
    let shell = unsafe { shell_of(pointer) }.ok_or(Absent::Null)?;
    shell.share().ok_or(Absent::Freed)
}

/// C's own share, taken back; it ends when this is dropped, and the object when the last call inside has left.
pub(super) struct Retiring<T> {
    object: Arc<T>,
    shell: &'static Shell,
}

/// Takes C's own share back; nothing for NULL.
///
/// # Safety
/// `pointer` is NULL or came from [`give_shared`] and was not taken back before.
pub(super) unsafe fn retire<T>(pointer: *mut T) -> Option<Retiring<T>>
where
    T: Handle<Ownership = Shared> + Send + Sync + 'static,
{
    // SAFETY: NULL or from `give_shared`, as `shell_of` asks.
    let shell = unsafe { shell_of(pointer) }?;
    Some(Retiring { object: shell.share()?, shell })
}

impl<T> Deref for Retiring<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.object
    }
}

impl<T> Drop for Retiring<T> {
    fn drop(&mut self) {
        self.shell.leave();
    }
}

/// How long a shell stays empty before it is used again.
pub(super) const REST: Duration = Duration::from_secs(10);

/// What C's pointer to a shared object leads to; see the module's text.
pub(super) struct Shell {
    /// C's own share and whoever looks now; 0: it is empty, and stays so until it is filled again.
    holders: AtomicUsize,
    object: UnsafeCell<Option<Arc<dyn Any + Send + Sync>>>,
}

// SAFETY: `object` is read by holders, and written by whoever has the shell alone: the last holder, and who fills it.
unsafe impl Sync for Shell {}

/// The shell of an object; none for NULL.
///
/// # Safety
/// `pointer` is NULL or came from [`give_shared`].
unsafe fn shell_of<T: Handle<Ownership = Shared>>(pointer: *const T) -> Option<&'static Shell> {
    // SAFETY: `as_ref` looks for NULL; any other pointer leads to a shell, of which none ever ends.
    unsafe { pointer.cast::<Shell>().as_ref() }
}

impl Shell {
    fn new() -> Shell {
        Shell { holders: AtomicUsize::new(0), object: UnsafeCell::new(None) }
    }

    /// Puts an object into an empty shell that nobody else fills.
    fn fill(&self, object: Arc<dyn Any + Send + Sync>) {
        // SAFETY: without holders, it is this thread's alone, which took it from the empty ones.
        unsafe { *self.object.get() = Some(object) };
        self.holders.store(1, Ordering::Release);
    }

    /// A share of the object; none if there is none, or one of another type.
    fn share<T: Send + Sync + 'static>(&'static self) -> Option<Arc<T>> {
        let one_more = |holders| (holders != 0).then_some(holders + 1);
        self.holders.fetch_update(Ordering::Acquire, Ordering::Relaxed, one_more).ok()?;
        // SAFETY: this is a holder, and while there is one, nobody writes.
        let object = unsafe { (*self.object.get()).clone() };
        self.leave();
        object?.downcast().ok()
    }

    /// A holder leaves; the last one empties the shell.
    fn leave(&'static self) {
        if self.holders.fetch_sub(1, Ordering::AcqRel) > 1 {
            return;
        }
        // SAFETY: without holders, it is this thread's alone, which was the last, until it is among the empty ones.
        let object = unsafe { (*self.object.get()).take() };
        drop(object);
        empty_shells(|shells| shells.put(self, Instant::now()));
    }
}

/// Shells are made in blocks of so many, so that one who makes and frees a client now and then makes one block in all.
const BLOCK: usize = 64;

/// The shells without an object.
pub(super) struct EmptyShells {
    /// Those that had one, and since when they have not; the longest stands first. Has room for all shells.
    resting: VecDeque<(Instant, &'static Shell)>,
    /// The rest of the last block.
    fresh: &'static [Shell],
    made: usize,
}

static EMPTY: Mutex<EmptyShells> = Mutex::new(EmptyShells { resting: VecDeque::new(), fresh: &[], made: 0 });

/// Does something about the shells without an object, while no other thread forks.
pub(super) fn empty_shells<R>(act: impl FnOnce(&mut EmptyShells) -> R) -> R {
    super::unforked(|| act(&mut EMPTY.lock().unwrap_or_else(PoisonError::into_inner)))
}

impl EmptyShells {
    /// Allocates nothing: a call that is the last to look comes here before the gate for panics.
    fn put(&mut self, shell: &'static Shell, now: Instant) {
        self.resting.push_back((now, shell));
    }

    fn take(&mut self, now: Instant) -> &'static Shell {
        if let Some(shell) = self.take_rested(now) {
            return shell;
        }
        if self.fresh.is_empty() {
            self.made += BLOCK;
            self.resting.reserve(self.made - self.resting.len());
            self.fresh = Box::leak((0..BLOCK).map(|_| Shell::new()).collect());
        }
        let (shell, rest) = self.fresh.split_first().expect("a block was made");
        self.fresh = rest;
        shell
    }

    /// One that has rested by now.
    pub(super) fn take_rested(&mut self, now: Instant) -> Option<&'static Shell> {
        let (since, _) = self.resting.front()?;
        let has_rested = now.saturating_duration_since(*since) >= REST;
        has_rested.then(|| self.resting.pop_front()).flatten().map(|(_, shell)| shell)
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
