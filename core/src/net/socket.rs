//! A socket that is touched and closed only as long as it is still ours.
//!
//! Some hosts close every descriptor that they do not know, and the system soon gives the number to a file of theirs. A
//! kept connection would then write to that file, or close it. Never knows what is spoken on the socket.

#[cfg(unix)]
use socket2::SockRef;
use std::io::{self, ErrorKind};
#[cfg(unix)]
use std::mem::MaybeUninit;
use std::net::TcpStream;
use std::ops::Deref;

/// A connected socket and what tells it from all others. While a call uses it, it is trusted: a host that closes
/// descriptors under a running call cannot be helped.
#[derive(Debug)]
pub(super) struct OwnSocket {
    /// `None` only in `drop`.
    stream: Option<TcpStream>,
    mark: identity::Mark,
}

impl OwnSocket {
    /// Takes a socket that was just made.
    pub(super) fn new(stream: TcpStream) -> io::Result<OwnSocket> {
        Ok(OwnSocket { mark: identity::mark(&stream)?, stream: Some(stream) })
    }

    /// Whether its number still leads to it.
    fn is_ours(&self) -> bool {
        identity::mark(self).is_ok_and(|mark| mark == self.mark)
    }

    /// A kept connection is good if it is ours and nothing can be read from it: neither an end nor bytes nobody asked for.
    pub(super) fn is_quiet(&self) -> bool {
        self.is_ours() && peek(self).is_err_and(|e| e.kind() == ErrorKind::WouldBlock)
    }
}

/// Looks for a byte without taking or awaiting it.
#[cfg(unix)]
fn peek(stream: &TcpStream) -> io::Result<usize> {
    SockRef::from(stream).recv_with_flags(&mut [MaybeUninit::uninit()], libc::MSG_PEEK | libc::MSG_DONTWAIT)
}

/// Looks for a byte without taking or awaiting it.
#[cfg(not(unix))]
fn peek(stream: &TcpStream) -> io::Result<usize> {
    stream.set_nonblocking(true)?;
    let seen = stream.peek(&mut [0]);
    stream.set_nonblocking(false)?;
    seen
}

impl Deref for OwnSocket {
    type Target = TcpStream;

    fn deref(&self) -> &TcpStream {
        self.stream.as_ref().expect("there until the drop")
    }
}

impl Drop for OwnSocket {
    fn drop(&mut self) {
        if !self.is_ours() {
            // The number is the host's now, or nobody's; ours was closed with it.
            std::mem::forget(self.stream.take());
        }
    }
}

#[cfg(unix)]
mod identity {
    use rustix::fs::fstat;
    use std::io;
    use std::net::TcpStream;

    /// Device, inode, and the bits that say "a socket". Linux numbers its sockets; where a system does not, a file is
    /// still told from a socket, but one socket not from another.
    pub(super) type Mark = (u64, u64, u32);

    #[allow(clippy::unnecessary_cast, reason = "the types differ between systems")]
    pub(super) fn mark(stream: &TcpStream) -> io::Result<Mark> {
        let about = fstat(stream)?;
        Ok((about.st_dev as u64, about.st_ino as u64, about.st_mode as u32))
    }
}

/// Nothing else closes what it does not know: sockets are no descriptors there.
#[cfg(not(unix))]
mod identity {
    use std::io;
    use std::net::TcpStream;

    pub(super) type Mark = ();

    pub(super) fn mark(_: &TcpStream) -> io::Result<Mark> {
        Ok(())
    }
}
