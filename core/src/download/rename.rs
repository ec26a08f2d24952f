//! A file put in another's place. On Windows somebody may hold either of the two for a moment: a virus scanner reads each
//! new file, and while it does the system refuses the rename.

use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// Pauses between tries, 0.6 s in all: scanners let go of an image within some tens of milliseconds.
const PAUSES_MS: [u64; 6] = [5, 15, 40, 80, 160, 300];

/// Renames; tries again while the system says that somebody holds the file.
pub(super) fn into_place(from: &Path, to: &Path) -> io::Result<()> {
    patiently(|| fs::rename(from, to), is_held, thread::sleep)
}

fn patiently(
    mut rename: impl FnMut() -> io::Result<()>,
    is_held: impl Fn(&io::Error) -> bool,
    mut pause: impl FnMut(Duration),
) -> io::Result<()> {
    let mut pauses = PAUSES_MS.iter();
    loop {
        match (rename(), pauses.next()) {
            (Err(e), Some(ms)) if is_held(&e) => pause(Duration::from_millis(*ms)),
            (done, _) => return done,
        }
    }
}

/// ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION. The first also comes of a lack of rights, which
/// lasts: it costs a wait.
#[cfg(windows)]
fn is_held(e: &io::Error) -> bool {
    matches!(e.raw_os_error(), Some(5 | 32 | 33))
}

/// Elsewhere a rename asks nobody who reads the files.
#[cfg(not(windows))]
fn is_held(_: &io::Error) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    /// Renames a file that is held for some tries; gives how it ended and how long was paused.
    fn held_for(tries: usize, kind: ErrorKind) -> (Result<(), ErrorKind>, Duration, usize) {
        let (mut made, mut paused) = (0, Duration::ZERO);
        let rename = || {
            made += 1;
            if made <= tries { Err(kind.into()) } else { Ok(()) }
        };
        let done = patiently(rename, |e| e.kind() == ErrorKind::PermissionDenied, |pause| paused += pause);
        (done.map_err(|e| e.kind()), paused, made)
    }

    #[test]
    fn a_file_that_is_held_for_a_moment_is_replaced() {
        assert_eq!(held_for(0, ErrorKind::PermissionDenied), (Ok(()), Duration::ZERO, 1));
        assert_eq!(held_for(3, ErrorKind::PermissionDenied), (Ok(()), Duration::from_millis(60), 4));
    }

    #[test]
    fn a_file_that_stays_held_ends_in_its_error_before_a_second_is_over() {
        let (done, paused, made) = held_for(99, ErrorKind::PermissionDenied);
        assert_eq!((done, made), (Err(ErrorKind::PermissionDenied), PAUSES_MS.len() + 1));
        assert!(paused < Duration::from_secs(1), "{paused:?}");
    }

    #[test]
    fn another_error_is_told_at_once() {
        assert_eq!(held_for(1, ErrorKind::NotFound), (Err(ErrorKind::NotFound), Duration::ZERO, 1));
    }
}
