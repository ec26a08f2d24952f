//! A TCP connection as ureq sees it: every wait ends with the call, and with nothing in between.
//!
//! A blocked read or write has the socket's own timeout, which is never past the call's end; a cancel shuts the socket
//! down. So a wait costs one system call.

use super::socket::OwnSocket;
use super::transfer::Transfer;
use crate::error::{Error, system_words};
use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;
use std::time::Duration;
use ureq::Error as UreqError;
use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport};

/// Bytes read at once. After an interim reply ureq takes all that is read for the head and holds it to the head's
/// limit, so this must stay well below that; it is what one TLS record can hold.
const READ: usize = 16 * 1024;

/// How long one system call may block. Windows promises nothing about a read whose socket another thread shuts down.
#[cfg(unix)]
const MAX_WAIT: Duration = Duration::MAX;
#[cfg(not(unix))]
const MAX_WAIT: Duration = super::deadline::SLICE;

/// See the module's text.
#[derive(Debug)]
pub(super) struct Stream {
    socket: Arc<OwnSocket>,
    /// Host and port as they were dialled.
    host: String,
    buffers: LazyBuffers,
    transfer: Arc<Transfer>,
    /// The timeout that the socket has now; zero: none yet.
    timeout: Duration,
    /// Why something could not be sent. A peer that refuses early (a proxy, a server that wants a certificate) says why
    /// before it closes: that is read first, and this counts only if there is nothing.
    unsent: Option<Error>,
}

impl Stream {
    /// Takes a socket that has just connected, and blocks.
    pub(super) fn new(
        socket: Arc<OwnSocket>,
        host: String,
        buffers: LazyBuffers,
        transfer: Arc<Transfer>,
    ) -> Stream {
        Stream { socket, host, buffers, transfer, timeout: Duration::ZERO, unsent: None }
    }

    /// Repeats a socket operation until it did something or the call must end.
    fn insist(&mut self, mut operation: impl FnMut(&mut Self) -> io::Result<usize>) -> Result<usize, Error> {
        loop {
            let left = self.transfer.time_left()?;
            let outcome = self.limit(left).and_then(|()| operation(self));
            match outcome {
                Ok(0) if self.transfer.is_cancelled() => return Err(Error::Cancelled),
                Ok(done) => return Ok(done),
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                // A cancel breaks the connection on purpose.
                Err(_) if self.transfer.is_cancelled() => return Err(Error::Cancelled),
                Err(e) => {
                    let (host, phase) = (self.host.clone(), self.transfer.phase());
                    return Err(Error::Network { host, phase, reason: system_words(&e) });
                }
            }
        }
    }

    /// Keeps the socket's timeout within what is left of the call. Set anew only where it must be, and with room for
    /// the calls to come, so that a kept connection spends no system call on it.
    fn limit(&mut self, left: Duration) -> io::Result<()> {
        if self.timeout <= left && self.timeout >= (left / 8).min(MAX_WAIT) {
            return Ok(());
        }
        let timeout = if self.timeout > left { left } else { (left / 2).min(MAX_WAIT) };
        // A zero timeout would mean "for ever".
        let timeout = timeout.max(Duration::from_millis(1));
        self.socket.set_read_timeout(Some(timeout))?;
        self.socket.set_write_timeout(Some(timeout))?;
        self.timeout = timeout;
        Ok(())
    }
}

impl Transport for Stream {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), UreqError> {
        let mut sent = 0;
        while sent < amount && self.unsent.is_none() {
            let outcome = self.insist(|s| match (&**s.socket).write(&s.buffers.output()[sent..amount])? {
                0 => Err(ErrorKind::WriteZero.into()),
                n => Ok(n),
            });
            match outcome {
                Ok(count) => sent += count,
                Err(error @ Error::Network { .. }) => self.unsent = Some(error),
                Err(error) => return Err(self.transfer.fail(error)),
            }
        }
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, UreqError> {
        let received = self.insist(|s| {
            let room = s.buffers.input_append_buf();
            let most = room.len().min(READ);
            (&**s.socket).read(&mut room[..most])
        });
        let received = match (received, self.unsent.take()) {
            (Ok(0) | Err(Error::Network { .. }), Some(unsent)) => Err(unsent),
            (received, unsent) => {
                self.unsent = unsent;
                received
            }
        };
        let received = received.map_err(|e| self.transfer.fail(e))?;
        self.buffers.input_appended(received);
        Ok(received > 0)
    }

    fn is_open(&mut self) -> bool {
        self.unsent.is_none() && self.socket.is_quiet()
    }
}
