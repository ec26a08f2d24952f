//! A TCP connection as ureq sees it: every wait ends with the call, and with nothing in between.
//!
//! A blocked read or write has the socket's own timeout, which is never past the call's end; a cancel shuts the socket
//! down. So a wait costs one system call.

use super::socket::OwnSocket;
use super::system_error::reason;
use super::transfer::Transfer;
use crate::error::Error;
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
}

impl Stream {
    /// Takes a socket that has just connected, and blocks.
    pub(super) fn new(
        socket: Arc<OwnSocket>,
        host: String,
        buffers: LazyBuffers,
        transfer: Arc<Transfer>,
    ) -> Stream {
        Stream { socket, host, buffers, transfer, timeout: Duration::ZERO }
    }

    /// Repeats a socket operation until it did something or the call must end.
    fn insist(
        &mut self,
        mut operation: impl FnMut(&mut Self) -> io::Result<usize>,
    ) -> Result<usize, UreqError> {
        loop {
            let left = self.transfer.time_left().map_err(|e| self.transfer.fail(e))?;
            self.limit(left)?;
            match operation(self) {
                Ok(0) if self.transfer.is_cancelled() => return Err(self.transfer.fail(Error::Cancelled)),
                Ok(done) => return Ok(done),
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(self.broken(&e)),
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

    fn broken(&self, e: &io::Error) -> UreqError {
        let (host, phase) = (self.host.clone(), self.transfer.phase());
        self.transfer.fail(match self.transfer.is_cancelled() {
            true => Error::Cancelled,
            false => Error::Network { host, phase, why: reason(e) },
        })
    }
}

impl Transport for Stream {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), UreqError> {
        let mut sent = 0;
        while sent < amount {
            sent += self.insist(|s| match (&**s.socket).write(&s.buffers.output()[sent..amount])? {
                0 => Err(ErrorKind::WriteZero.into()),
                n => Ok(n),
            })?;
        }
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, UreqError> {
        let received = self.insist(|s| {
            let room = s.buffers.input_append_buf();
            let most = room.len().min(READ);
            (&**s.socket).read(&mut room[..most])
        })?;
        self.buffers.input_appended(received);
        Ok(received > 0)
    }

    fn is_open(&mut self) -> bool {
        self.socket.is_quiet()
    }
}
