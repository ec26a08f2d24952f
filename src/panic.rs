//! The one gate that every exported function passes: no panic leaves, nothing is printed, the last error is put back.

use mlab_core::error::{Error, Status};
use mlab_core::panics::caught;
use mlab_core::planted;

/// Runs the body of an exported function; `on_panic` is returned if it panics.
pub(super) fn entry<R>(function: &'static str, on_panic: R, body: impl FnOnce() -> R) -> R {
    entry_or(function, body).unwrap_or(on_panic)
}

/// As [`entry`], with the panic as the error it is reported as.
pub(super) fn entry_or<R>(function: &'static str, body: impl FnOnce() -> R) -> Result<R, Error> {
    // Or what GetLastError gives on Windows.
    let errno = errno::errno();
    let outcome = caught(|| {
        planted::at_entry(function);
        body()
    });
    errno::set_errno(errno);
    outcome
}

/// Reads an object, or gives `absent` for NULL and after a panic.
pub(super) fn read<'a, T, R: Copy>(
    function: &'static str,
    object: Option<&'a T>,
    absent: R,
    get: impl FnOnce(&'a T) -> R,
) -> R {
    entry(function, absent, || object.map_or(absent, get))
}

/// Runs the body of an exported function that gives a status and makes no result.
pub(super) fn status(function: &'static str, body: impl FnOnce() -> Result<(), Error>) -> i32 {
    match entry_or(function, body).unwrap_or_else(Err) {
        Ok(()) => Status::Ok.code(),
        Err(error) => error.status().code(),
    }
}

/// Makes the next call of the named function panic at its entry; NULL for none. Returns 1 if the panic planted before
/// has not gone off. Only in builds for this crate's own tests.
///
/// # Safety
/// `function` is NULL or a NUL-terminated string.
#[cfg(feature = "fault-injection")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_test_plant_panic(function: *const std::ffi::c_char) -> i32 {
    let name = (!function.is_null()).then(|| {
        // SAFETY: not NULL, and so a name with a NUL at its end.
        unsafe { std::ffi::CStr::from_ptr(function) }.to_string_lossy().into_owned()
    });
    i32::from(planted::plant(name))
}
