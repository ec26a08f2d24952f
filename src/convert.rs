//! Strings and bytes from C, checked in one place.

use mlab_core::error::Error;
use std::ffi::{CStr, c_char, c_void};

/// Borrows a C string for the length of a call.
///
/// # Safety
/// `pointer` is NULL or a NUL-terminated string that stays as it is during the call.
pub(super) unsafe fn text<'a>(pointer: *const c_char, name: &'static str) -> Result<&'a str, Error> {
    // SAFETY: NULL, or a string with a NUL at its end, which stays as it is during the call.
    unsafe { optional_text(pointer, name)? }.ok_or_else(|| Error::argument(name, "is NULL"))
}

/// As [`text`], where NULL is fine.
///
/// # Safety
/// As for [`text`].
pub(super) unsafe fn optional_text<'a>(
    pointer: *const c_char,
    name: &'static str,
) -> Result<Option<&'a str>, Error> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: NULL has left above, so it is a string with a NUL at its end, which nobody changes before `'a` is over.
    let bytes = unsafe { CStr::from_ptr(pointer) };
    bytes.to_str().map(Some).map_err(|_| Error::argument(name, "is not valid UTF-8"))
}

/// As [`text`], for a path.
///
/// # Safety
/// As for [`text`].
pub(super) unsafe fn path_text<'a>(pointer: *const c_char) -> Result<&'a str, Error> {
    // SAFETY: NULL, or a string with a NUL at its end, which stays as it is during the call.
    match unsafe { text(pointer, "path")? } {
        "" => Err(Error::argument("path", "is empty")),
        path => Ok(path),
    }
}

/// Borrows bytes for the length of a call; NULL is fine for none.
///
/// # Safety
/// `pointer` is NULL, or `len` bytes can be read there and stay as they are during the call.
pub(super) unsafe fn slice<'a>(
    pointer: *const c_void,
    len: usize,
    name: &'static str,
) -> Result<&'a [u8], Error> {
    match (pointer.is_null(), len) {
        (true, 0) => Ok(&[]),
        (true, _) => Err(Error::argument(name, "is NULL")),
        (false, len) if len > isize::MAX as usize => Err(Error::argument("len", "is no possible length")),
        // SAFETY: not NULL, and no more than `isize::MAX` bytes: the arms above see to both. The caller lets all of them be
        // read during the call.
        (false, _) => Ok(unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), len) }),
    }
}
