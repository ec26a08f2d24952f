//! Pointers in and out, checked in one place.

use mlab_core::error::Error;
use std::ffi::{CStr, c_char, c_void};

/// Borrows a C string for the length of a call.
///
/// # Safety
/// `pointer` is NULL or a NUL-terminated string that stays as it is during the call.
pub(super) unsafe fn text<'a>(pointer: *const c_char, name: &'static str) -> Result<&'a str, Error> {
    if pointer.is_null() {
        return Err(Error::argument(name, "is NULL"));
    }
    // SAFETY: not NULL, and the caller promises the rest.
    let bytes = unsafe { CStr::from_ptr(pointer) };
    bytes.to_str().map_err(|_| Error::argument(name, "is not valid UTF-8"))
}

/// Borrows bytes for the length of a call; NULL is fine for none.
///
/// # Safety
/// `pointer` is NULL, or `len` bytes can be read there and stay as they are during the call.
pub(super) unsafe fn bytes<'a>(pointer: *const c_void, len: usize) -> Result<&'a [u8], Error> {
    match (pointer.is_null(), len) {
        (true, 0) => Ok(&[]),
        (true, _) => Err(Error::argument("body", "is NULL")),
        (false, len) if len > isize::MAX as usize => Err(Error::argument("len", "is no possible length")),
        // SAFETY: not NULL, and the caller promises the rest.
        (false, _) => Ok(unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), len) }),
    }
}

/// Sets an out parameter, if there is one.
///
/// # Safety
/// `out` is NULL or points to memory for a `T` that this thread may write.
pub(super) unsafe fn set<T>(out: *mut T, value: T) {
    if !out.is_null() {
        // SAFETY: not NULL, and the caller promises the rest.
        unsafe { out.write(value) };
    }
}

/// Hands an object over to the caller.
pub(super) fn give<T>(object: T) -> *mut T {
    Box::into_raw(Box::new(object))
}

/// Takes an object back and ends it; NULL is nothing.
///
/// # Safety
/// `pointer` is NULL or came from [`give`] and was not taken back yet.
pub(super) unsafe fn take_back<T>(pointer: *mut T) {
    if !pointer.is_null() {
        // SAFETY: from `give`, once, by the caller's promise.
        drop(unsafe { Box::from_raw(pointer) });
    }
}
