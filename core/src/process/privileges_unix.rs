//! Whether this process has rights that whoever started it has not. A system call, hence the `unsafe`.
#![allow(unsafe_code)]

/// Whether the program is setuid or setgid, or gained capabilities: its environment is not to be believed (ld.so(8),
/// secure-execution mode).
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn is_privileged() -> bool {
    // SAFETY: reads a vector that the kernel gave the process at its start; any number may be asked for.
    unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
}

/// The same, as the BSDs and macOS tell it.
#[cfg(any(
    target_vendor = "apple",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly"
))]
pub(crate) fn is_privileged() -> bool {
    // SAFETY: takes nothing, and cannot fail.
    unsafe { libc::issetugid() != 0 }
}

/// Where the system does not tell: what it was started as, and not what it has given up since.
#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_vendor = "apple",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly"
)))]
pub(crate) fn is_privileged() -> bool {
    // SAFETY: they take nothing, and cannot fail (POSIX).
    unsafe { libc::getuid() != libc::geteuid() || libc::getgid() != libc::getegid() }
}
