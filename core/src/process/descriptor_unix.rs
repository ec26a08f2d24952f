//! What tells an open file from all others. Some hosts close every descriptor that they do not know, and the system soon gives
//! the number to a file of theirs.

use rustix::fs::fstat;
use std::io;
use std::os::fd::AsFd;

/// Device, inode, and the bits that say what it is. Linux numbers its sockets; where a system does not, a file is still told
/// from a socket, but one socket not from another.
pub(crate) type Mark = (u64, u64, u32);

/// The mark of what a descriptor leads to now.
#[allow(clippy::unnecessary_cast, reason = "the types differ between systems")]
pub(crate) fn mark(descriptor: impl AsFd) -> io::Result<Mark> {
    let about = fstat(descriptor)?;
    Ok((about.st_dev as u64, about.st_ino as u64, about.st_mode as u32))
}
