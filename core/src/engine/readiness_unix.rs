//! What an event loop of Unix waits on: a pair of sockets, since Node takes no eventfd.
//!
//! The host may close what it does not know: neither end is used any more once one of them is not ours.

use crate::process::{Mark, mark};
use rustix::net::{RecvFlags, SendFlags, recv, send};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

/// One end, closed only as long as it is ours.
#[derive(Debug)]
struct End {
    /// `None` only in `drop`.
    stream: Option<UnixStream>,
    mark: Mark,
}

impl End {
    fn new(stream: UnixStream) -> io::Result<End> {
        stream.set_nonblocking(true)?;
        Ok(End { mark: mark(&stream)?, stream: Some(stream) })
    }

    fn stream(&self) -> &UnixStream {
        self.stream.as_ref().expect("there until the drop")
    }

    fn is_ours(&self) -> bool {
        mark(self.stream()).is_ok_and(|mark| mark == self.mark)
    }
}

impl Drop for End {
    fn drop(&mut self) {
        if !self.is_ours() {
            // The number is the host's now, or nobody's.
            std::mem::forget(self.stream.take());
        }
    }
}

/// Two ends: a byte sent into one makes the other readable.
#[derive(Debug)]
pub(super) struct Signal {
    inner: End,
    outer: End,
}

impl Signal {
    pub(super) fn new() -> io::Result<Signal> {
        let (inner, outer) = UnixStream::pair()?;
        Ok(Signal { inner: End::new(inner)?, outer: End::new(outer)? })
    }

    pub(super) fn waitable(&self) -> i32 {
        self.outer.stream().as_raw_fd()
    }

    pub(super) fn is_ours(&self) -> bool {
        self.inner.is_ours() && self.outer.is_ours()
    }

    /// A full buffer is as good: it is readable then.
    pub(super) fn send(&self) {
        // Its own constant is missing on macOS, where the system has the flag.
        let flags = SendFlags::from_bits_retain(libc::MSG_NOSIGNAL as _);
        let _ = send(self.inner.stream(), &[1], flags);
    }

    pub(super) fn drain(&self) {
        let mut bytes = [0; 16];
        let mut read = || recv(self.outer.stream(), &mut bytes, RecvFlags::DONTWAIT);
        while read().is_ok_and(|(read, _)| read == 16) {}
    }
}
