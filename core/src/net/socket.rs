//! A socket that is touched and closed only as long as it is still ours.
//!
//! Some hosts close every descriptor that they do not know, and the system soon gives the number to a file of theirs. A
//! kept connection would then write to that file, or close it. Never knows what is spoken on the socket.

use super::cancel_token::Interrupt;
#[cfg(unix)]
use crate::process::{Mark, mark};
#[cfg(not(unix))]
use identity::{Mark, mark};
#[cfg(unix)]
use socket2::SockRef;
use std::io::{self, ErrorKind};
#[cfg(unix)]
use std::mem::MaybeUninit;
use std::net::{Shutdown, TcpStream};
use std::ops::Deref;

/// A connected socket and what tells it from all others. While a call uses it, it is trusted: a host that closes
/// descriptors under a running call cannot be helped.
#[derive(Debug)]
pub(super) struct OwnSocket {
    /// `None` only in `drop`.
    stream: Option<TcpStream>,
    mark: Mark,
}

impl OwnSocket {
    /// Takes a socket that was just made.
    pub(super) fn new(stream: TcpStream) -> io::Result<OwnSocket> {
        Ok(OwnSocket { mark: mark(&stream)?, stream: Some(stream) })
    }

    /// Whether its number still leads to it.
    fn is_ours(&self) -> bool {
        mark(&**self).is_ok_and(|mark| mark == self.mark)
    }

    /// A kept connection is good if it is ours and nothing can be read from it: neither an end nor bytes nobody asked for.
    pub(super) fn is_quiet(&self) -> bool {
        self.is_ours() && peek(self).is_err_and(|e| e.kind() == ErrorKind::WouldBlock)
    }
}

/// A thread that is blocked in the socket comes back at once, and so does each later one. Linux ends a connect too.
impl Interrupt for OwnSocket {
    fn interrupt(&self) {
        if self.is_ours() {
            // Not connected yet, or no more: there is nothing to end.
            let _ = self.shutdown(Shutdown::Both);
        }
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::os::fd::OwnedFd;
    use std::time::{Duration, Instant};

    /// Two ends of a connection.
    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let one = TcpStream::connect(listener.local_addr().expect("its address")).expect("a connection");
        (one, listener.accept().expect("the other end").0)
    }

    #[test]
    fn an_interrupt_ends_a_read_that_another_thread_is_blocked_in() {
        let (ours, _theirs) = pair();
        ours.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        let socket = OwnSocket::new(ours).expect("a socket");
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| (&*socket).read(&mut [0]));
            let start = Instant::now();
            // Until it counts, whether the reader has begun or not.
            while !reader.is_finished() && start.elapsed() < Duration::from_secs(10) {
                socket.interrupt();
                std::thread::yield_now();
            }
            assert_eq!(reader.join().expect("no panic").expect("an end"), 0);
        });
    }

    #[test]
    fn an_interrupt_leaves_a_socket_of_the_host_alone_that_got_the_number_of_ours() {
        let (ours, _theirs) = pair();
        let (mut hosts, mut peer) = pair();
        let mut socket = OwnSocket::new(ours).expect("a socket");
        let mut number: OwnedFd = socket.stream.take().expect("ours").into();
        rustix::io::dup2(&hosts, &mut number).expect("the host's in place of ours");
        socket.stream = Some(number.into());
        socket.interrupt();
        peer.write_all(b"x").expect("not shut down");
        hosts.read_exact(&mut [0]).expect("not shut down");
        hosts.write_all(b"y").expect("not shut down");
        peer.read_exact(&mut [0]).expect("not shut down");
    }
}
