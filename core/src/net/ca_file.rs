//! A file of certificates, read whole or refused: never waited for, and never cut.

use crate::error::{Error, system_words};
use std::fs::{File, OpenOptions};
use std::io::{self, Read};

/// The largest file read, in MiB. All roots of a system are less than one.
const MAX_MIB: u64 = 16;

/// The file's bytes; `name` is the parameter that its path came in.
pub(super) fn read(name: &'static str, path: &str) -> Result<Vec<u8>, Error> {
    if path.is_empty() {
        return Err(Error::argument(name, "is empty; name a file with PEM certificates"));
    }
    let fail = |reason: String| Error::File { path: path.to_owned(), reason: format!("{name}: {reason}") };
    let file = open(path).map_err(|e| fail(system_words(&e)))?;
    if !file.metadata().map_err(|e| fail(system_words(&e)))?.is_file() {
        return Err(fail("it is no regular file".into()));
    }
    let limit = MAX_MIB * 1024 * 1024;
    let mut bytes = Vec::new();
    // Not by its length: some systems' files say 0, and a file may grow.
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|e| fail(system_words(&e)))?;
    if bytes.len() as u64 > limit {
        return Err(fail(format!("it is larger than {MAX_MIB} MiB, which no file of certificates is")));
    }
    Ok(bytes)
}

/// Opens without waiting: a FIFO would until someone writes to it. A terminal does not become the process's own.
#[cfg(unix)]
fn open(path: &str) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

#[cfg(not(unix))]
fn open(path: &str) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}
