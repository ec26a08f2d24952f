//! The host's errno, kept over a call. A failed allocation changes it.

/// Puts errno back when dropped. Elsewhere than on Unix nothing here touches it.
#[cfg(unix)]
pub(super) struct Errno {
    location: *mut libc::c_int,
    kept: libc::c_int,
}

#[cfg(unix)]
impl Errno {
    pub(super) fn save() -> Errno {
        // SAFETY: the C library gives a valid pointer to this thread's errno.
        unsafe {
            let location = location();
            Errno { location, kept: *location }
        }
    }
}

#[cfg(unix)]
impl Drop for Errno {
    fn drop(&mut self) {
        // SAFETY: as in `save`; the same thread, since `Errno` stays within one call.
        unsafe { *self.location = self.kept };
    }
}

#[cfg(not(unix))]
pub(super) struct Errno;

#[cfg(not(unix))]
impl Errno {
    pub(super) fn save() -> Errno {
        Errno
    }
}

#[cfg(any(target_os = "linux", target_os = "emscripten", target_os = "fuchsia", target_os = "redox"))]
use libc::__errno_location as location;

#[cfg(any(target_os = "android", target_os = "netbsd", target_os = "openbsd"))]
use libc::__errno as location;

#[cfg(any(target_vendor = "apple", target_os = "freebsd"))]
use libc::__error as location;
