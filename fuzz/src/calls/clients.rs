//! Clients and cancels, which may be freed while calls use them, and the jobs of a client.
//!
//! The header forbids one thing: a call that begins after the free has returned. Between reading a pointer and the first
//! instruction of the call a thread can be held up for as long as the system likes, and nothing outside the library can
//! tell: such a call must find that its object is gone, whatever was made meanwhile.

use super::c_abi::client::{mlab_client_free, mlab_client_message, mlab_client_new};
use super::c_abi::event::{mlab_event_job, mlab_event_kind};
use super::c_abi::jobs::{mlab_client_next_event, mlab_client_pending, mlab_client_shutdown};
use super::c_abi::objects::{mlab_cancel, mlab_client, mlab_config, mlab_event};
use super::checks;
use super::jobs;
use super::objects::{Pointer, put_event};
use mlab_core::error::Status;
use std::collections::BTreeSet;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An object that calls share, with what is known of it.
pub(super) struct Shared<T, K> {
    pub(super) pointer: Pointer<T>,
    /// The calls that have the pointer.
    users: AtomicUsize,
    pub(super) known: K,
}

/// One call's pointer.
pub(super) struct Lent<T, K>(pub(super) Arc<Shared<T, K>>);

impl<T, K> Drop for Lent<T, K> {
    fn drop(&mut self) {
        self.0.users.fetch_sub(1, Ordering::SeqCst);
    }
}

/// An object in its place, if there is one.
type Place<T, K> = Mutex<Option<Arc<Shared<T, K>>>>;

/// The places for such objects.
pub(super) struct SharedPlaces<T, K, const N: usize> {
    places: [Place<T, K>; N],
    /// Freed, and perhaps still with calls in that gap.
    freed: Mutex<Vec<Arc<Shared<T, K>>>>,
}

impl<T, K, const N: usize> SharedPlaces<T, K, N> {
    const fn new() -> SharedPlaces<T, K, N> {
        SharedPlaces { places: [const { Mutex::new(None) }; N], freed: Mutex::new(Vec::new()) }
    }

    /// For a call.
    pub(super) fn lend(&self, place: usize) -> Option<Lent<T, K>> {
        let held = lock(&self.places[place % N]);
        held.as_ref().map(|object| {
            object.users.fetch_add(1, Ordering::SeqCst);
            Lent(Arc::clone(object))
        })
    }

    /// For what it lends, which must not be read while it is freed.
    pub(super) fn hold(&self, place: usize, use_it: impl FnOnce(*const T)) {
        let held = lock(&self.places[place % N]);
        use_it(held.as_ref().map_or(null_mut(), |object| object.pointer.0));
    }

    /// Whether no call has one any more that was freed.
    fn have_all_left(&self) -> bool {
        let mut freed = lock(&self.freed);
        freed.retain(|object| object.users.load(Ordering::SeqCst) > 0);
        freed.is_empty()
    }

    /// Puts a new object into an empty place; gives it back if there is none.
    fn put(&self, object: *mut T, known: K) -> Result<(), *mut T> {
        for place in &self.places {
            let mut held = lock(place);
            if held.is_none() {
                let pointer = Pointer(object);
                *held = Some(Arc::new(Shared { pointer, users: AtomicUsize::new(0), known }));
                return Ok(());
            }
        }
        Err(object)
    }

    /// Frees an object while others may be inside.
    pub(super) fn free(&self, place: usize, free: unsafe extern "C" fn(*mut T)) {
        let taken = lock(&self.places[place % N]).take();
        if let Some(object) = taken {
            lock(&self.freed).push(Arc::clone(&object));
            // SAFETY: taken out of its place, so that no other thread frees it or begins a call with it.
            unsafe { free(object.pointer.0) };
        }
    }
}

/// The jobs of a client, as its caller knows them.
#[derive(Default)]
pub(super) struct Jobs {
    submitted: Mutex<BTreeSet<u64>>,
    done: Mutex<BTreeSet<u64>>,
}

impl Jobs {
    pub(super) fn submitted(&self, job: u64) {
        assert!(job != 0 && lock(&self.submitted).insert(job), "job {job} was there before");
    }

    /// One event.
    pub(super) fn told(&self, event: *const mlab_event) {
        // SAFETY: an event of this thread.
        let (kind, job) = unsafe { (mlab_event_kind(event), mlab_event_job(event)) };
        assert!((1..=3).contains(&kind) && job != 0, "an event of kind {kind} for job {job}");
        if kind == jobs::DONE {
            assert!(lock(&self.done).insert(job), "job {job} ended twice");
        }
    }

    fn open(&self) -> usize {
        lock(&self.submitted).difference(&lock(&self.done)).count()
    }
}

pub(super) static CLIENTS: SharedPlaces<mlab_client, Jobs, 3> = SharedPlaces::new();
pub(super) static CANCELS: SharedPlaces<mlab_cancel, (), 2> = SharedPlaces::new();

/// Makes a client.
pub(super) fn make(key: &[u8], config: *const mlab_config) {
    let mut client = checks::rubbish();
    // SAFETY: the key ends with NUL; the config is held by the caller.
    let status = unsafe { mlab_client_new(key.as_ptr().cast(), config, &mut client) };
    checks::status("mlab_client_new", status);
    assert!(!client.is_null(), "a client is made on failure too");
    // SAFETY: nobody else has it yet.
    let message = checks::text(unsafe { mlab_client_message(client) });
    assert_eq!(status == 0, message.is_empty(), "{status}: {message:?}");
    if let Err(client) = CLIENTS.put(client, Jobs::default()) {
        // SAFETY: as above.
        unsafe { mlab_client_free(client) };
    }
}

pub(super) fn put_cancel(cancel: *mut mlab_cancel) {
    if let Err(cancel) = CANCELS.put(cancel, ()) {
        // SAFETY: nobody else has it.
        unsafe { super::c_abi::cancel::mlab_cancel_free(cancel) };
    }
}

/// Ends all clients and cancels, with nobody inside them any more.
pub(super) fn end_all(shuts_down: bool) {
    for place in 0..3 {
        if shuts_down && let Some(client) = CLIENTS.lend(place) {
            end(&client.0);
        }
        CLIENTS.free(place, mlab_client_free);
    }
    for place in 0..2 {
        CANCELS.free(place, super::c_abi::cancel::mlab_cancel_free);
    }
    assert!(CLIENTS.have_all_left() && CANCELS.have_all_left(), "a call has not returned");
}

fn end(client: &Shared<mlab_client, Jobs>) {
    let pointer = client.pointer.0;
    // SAFETY: a client of this thread alone.
    let (pending, message) = unsafe { (mlab_client_pending(pointer), mlab_client_message(pointer)) };
    assert_eq!(pending, client.known.open(), "open jobs");
    let is_refused = !checks::text(message).is_empty();
    // SAFETY: as above.
    let status = unsafe { mlab_client_shutdown(pointer, 5000) };
    assert_eq!(status, Status::Ok.code(), "nobody is inside, and it does not end");
    loop {
        let mut event = checks::rubbish();
        // SAFETY: as above.
        let status = unsafe { mlab_client_next_event(pointer, 0, &mut event) };
        if status != Status::Ok.code() {
            let refused = Status::InvalidArgument.code();
            assert_eq!(status, if is_refused { refused } else { Status::Closed.code() });
            break;
        }
        client.known.told(event);
        put_event(event);
    }
    assert_eq!(client.known.open(), 0, "jobs have not ended");
    // SAFETY: as above.
    assert_eq!(unsafe { mlab_client_pending(pointer) }, 0);
}
