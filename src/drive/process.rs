//! Whether this is still the process it was: without a system call, since a game asks once a frame.

/// Counts the forks between the first process that used the library and this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Generation(u32);

/// This process's generation. The first call sets the counting up.
pub(super) fn generation() -> Generation {
    Generation(forks::count())
}

/// Whether this process is a child of the one that had this generation.
pub(super) fn is_forked_from(generation: Generation) -> bool {
    self::generation() != generation
}

#[cfg(unix)]
#[path = "forks_unix.rs"]
mod forks;

/// Nothing else forks.
#[cfg(not(unix))]
mod forks {
    pub(super) fn count() -> u32 {
        0
    }
}
