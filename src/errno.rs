//! The host's last error, kept over a call: errno, or what GetLastError gives on Windows.

/// Puts the last error back when dropped.
pub(super) struct Errno {
    location: own::Location,
    kept: own::Number,
}

impl Errno {
    pub(super) fn save() -> Errno {
        let location = own::location();
        Errno { location, kept: own::read(location) }
    }
}

impl Drop for Errno {
    fn drop(&mut self) {
        // The same thread as in `save`, since an `Errno` stays within one call.
        own::write(self.location, self.kept);
    }
}

/// Each system's C library has a name of its own for where errno is.
#[cfg(any(
    target_vendor = "apple",
    target_os = "android",
    target_os = "emscripten",
    target_os = "freebsd",
    target_os = "fuchsia",
    target_os = "linux",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "redox",
))]
mod own {
    #[cfg(any(
        target_os = "emscripten",
        target_os = "fuchsia",
        target_os = "linux",
        target_os = "redox",
    ))]
    use libc::__errno_location as place;

    #[cfg(any(target_os = "android", target_os = "netbsd", target_os = "openbsd"))]
    use libc::__errno as place;

    #[cfg(any(target_vendor = "apple", target_os = "freebsd"))]
    use libc::__error as place;

    pub(super) type Location = *mut libc::c_int;
    pub(super) type Number = libc::c_int;

    pub(super) fn location() -> Location {
        // SAFETY: takes nothing; the C library gives a valid pointer to this thread's errno.
        unsafe { place() }
    }

    pub(super) fn read(location: Location) -> Number {
        // SAFETY: from `location` of this thread, which therefore lives.
        unsafe { *location }
    }

    pub(super) fn write(location: Location, kept: Number) {
        // SAFETY: as in `read`.
        unsafe { *location = kept };
    }
}

#[cfg(windows)]
mod own {
    pub(super) type Location = ();
    pub(super) type Number = u32;

    #[link(name = "kernel32")]
    unsafe extern "system" {
        safe fn GetLastError() -> u32;
        safe fn SetLastError(error: u32);
    }

    pub(super) fn location() {}

    pub(super) fn read((): Location) -> Number {
        GetLastError()
    }

    pub(super) fn write((): Location, kept: Number) {
        SetLastError(kept);
    }
}

/// A system whose C library is not known here: a call may change errno there, as nearly every C function may.
#[cfg(not(any(
    windows,
    target_vendor = "apple",
    target_os = "android",
    target_os = "emscripten",
    target_os = "freebsd",
    target_os = "fuchsia",
    target_os = "linux",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "redox",
)))]
mod own {
    pub(super) type Location = ();
    pub(super) type Number = ();

    pub(super) fn location() {}

    pub(super) fn read((): Location) {}

    pub(super) fn write((): Location, (): Number) {}
}
