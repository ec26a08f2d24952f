//! Objects of one owner, in a few places each. Who uses one holds its place; who frees it, or changes it, holds it alone.

use super::c_abi::objects::{mlab_config, mlab_event, mlab_exchange, mlab_request, mlab_result};
use super::c_abi::{config, event, exchange, request, result};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};

/// A pointer that threads hand on, as C does.
pub(super) struct Pointer<T>(pub(super) *mut T);

// SAFETY: who may use what it leads to, and when, is for whoever holds the place: the header's rules are kept there.
unsafe impl<T> Send for Pointer<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Pointer<T> {}

/// The places for objects of one kind; NULL where there is none.
pub(super) struct Places<T, const N: usize>([RwLock<Pointer<T>>; N]);

impl<T, const N: usize> Places<T, N> {
    const fn new() -> Places<T, N> {
        Places([const { RwLock::new(Pointer(std::ptr::null_mut())) }; N])
    }

    /// The object of a place, to be read with others; `None` while somebody has it alone.
    pub(super) fn read(&self, place: usize) -> Option<RwLockReadGuard<'_, Pointer<T>>> {
        match self.0[place % N].try_read() {
            Ok(pointer) => Some(pointer),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// The object of a place, alone; `None` while somebody uses it.
    pub(super) fn alone(&self, place: usize) -> Option<RwLockWriteGuard<'_, Pointer<T>>> {
        match self.0[place % N].try_write() {
            Ok(pointer) => Some(pointer),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Takes an object out of its place; NULL if there is none, or it is in use.
    pub(super) fn take(&self, place: usize) -> *mut T {
        self.alone(place).map_or(std::ptr::null_mut(), |mut held| {
            std::mem::replace(&mut *held, Pointer(std::ptr::null_mut())).0
        })
    }

    /// Puts an object into an empty place, or frees it.
    pub(super) fn put(&self, object: *mut T, free: impl FnOnce(*mut T)) {
        if object.is_null() {
            return;
        }
        for place in 0..N {
            if let Some(mut held) = self.alone(place)
                && held.0.is_null()
            {
                held.0 = object;
                return;
            }
        }
        free(object);
    }

    fn free_all(&self, free: unsafe extern "C" fn(*mut T)) {
        for place in &self.0 {
            let mut held = place.write().unwrap_or_else(PoisonError::into_inner);
            let object = std::mem::replace(&mut *held, Pointer(std::ptr::null_mut())).0;
            // SAFETY: taken out of its place, so that nobody else has it.
            unsafe { free(object) };
        }
    }
}

pub(super) static CONFIGS: Places<mlab_config, 2> = Places::new();
pub(super) static REQUESTS: Places<mlab_request, 4> = Places::new();
pub(super) static RESULTS: Places<mlab_result, 4> = Places::new();
pub(super) static EVENTS: Places<mlab_event, 4> = Places::new();
pub(super) static EXCHANGES: Places<mlab_exchange, 6> = Places::new();

pub(super) fn put_result(object: *mut mlab_result) {
    // SAFETY: nobody else has it.
    RESULTS.put(object, |object| unsafe { result::mlab_result_free(object) });
}

pub(super) fn put_request(object: *mut mlab_request) {
    // SAFETY: as above.
    REQUESTS.put(object, |object| unsafe { request::mlab_request_free(object) });
}

pub(super) fn put_event(object: *mut mlab_event) {
    // SAFETY: as above.
    EVENTS.put(object, |object| unsafe { event::mlab_event_free(object) });
}

pub(super) fn put_exchange(object: *mut mlab_exchange) {
    // SAFETY: as above.
    EXCHANGES.put(object, |object| unsafe { exchange::mlab_exchange_free(object) });
}

/// Ends whatever is left, clients excepted.
pub(super) fn free_all() {
    EXCHANGES.free_all(exchange::mlab_exchange_free);
    EVENTS.free_all(event::mlab_event_free);
    RESULTS.free_all(result::mlab_result_free);
    REQUESTS.free_all(request::mlab_request_free);
    CONFIGS.free_all(config::mlab_config_free);
}
