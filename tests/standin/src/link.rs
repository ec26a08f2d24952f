//! One accepted connection, plain or TLS: bytes in, bytes out, and the exact ways to end it.
//!
//! Knows nothing of HTTP, and closes nothing on its own but by being dropped.

use crate::record::Record;
use rustls::{HandshakeKind, ServerConfig, ServerConnection, Stream};
use socket2::SockRef;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// How long a closed connection is still read, so that unread bytes do not turn its end into a reset.
const LINGER: Duration = Duration::from_secs(3);

/// A connection. Owned by its thread; dropped, it closes the socket at once.
pub(crate) struct Link {
    socket: Arc<TcpStream>,
    tls: Option<Box<ServerConnection>>,
}

impl Link {
    /// Takes a connection over, with a handshake if there is a configuration for one. `None`: the handshake failed.
    pub(crate) fn open(
        socket: Arc<TcpStream>,
        config: Option<Arc<ServerConfig>>,
        record: &Record,
    ) -> Option<Link> {
        let Some(config) = config else { return Some(Link { socket, tls: None }) };
        match Link::secure(socket, config) {
            Ok((link, resumed)) => {
                record.count(|counts| {
                    counts.handshakes += 1;
                    counts.resumed += u64::from(resumed);
                });
                Some(link)
            }
            Err(_) => {
                record.count(|counts| counts.failed_handshakes += 1);
                None
            }
        }
    }

    /// Shakes hands; also says whether the client resumed an earlier session.
    fn secure(socket: Arc<TcpStream>, config: Arc<ServerConfig>) -> io::Result<(Link, bool)> {
        let mut tls = ServerConnection::new(config).map_err(io::Error::other)?;
        while tls.is_handshaking() {
            if tls.complete_io(&mut &*socket)?.0 == 0 && tls.is_handshaking() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        // The tickets of TLS 1.3 follow the handshake.
        while tls.wants_write() {
            tls.write_tls(&mut &*socket)?;
        }
        let resumed = tls.handshake_kind() == Some(HandshakeKind::Resumed);
        Ok((Link { socket, tls: Some(Box::new(tls)) }, resumed))
    }

    /// Whether the client ended the connection, as far as can be told without taking bytes away from a reader.
    pub(crate) fn is_closed_by_client(&self) -> bool {
        if self.socket.set_nonblocking(true).is_err() {
            return true;
        }
        let peeked = self.socket.peek(&mut [0]);
        let restored = self.socket.set_nonblocking(false);
        match peeked {
            Ok(count) => count == 0 || restored.is_err(),
            Err(error) => error.kind() != io::ErrorKind::WouldBlock || restored.is_err(),
        }
    }

    /// Ends the connection as a server should: close_notify, FIN, then what the client still sends goes to `late`.
    pub(crate) fn close(mut self, late: &mut dyn FnMut(&[u8])) {
        if let Some(tls) = &mut self.tls {
            tls.send_close_notify();
            while tls.wants_write() && tls.write_tls(&mut &*self.socket).is_ok() {}
        }
        self.drain(late);
    }

    /// Ends the connection with a FIN alone: to a TLS client the reply is cut, not ended (RFC 8446 section 6.1).
    pub(crate) fn hang_up(mut self, late: &mut dyn FnMut(&[u8])) {
        self.drain(late);
    }

    /// Ends the connection with a RST: what is under way in either direction is lost.
    pub(crate) fn reset(self) {
        // A linger time of zero makes the close, which is the drop that follows, send a RST.
        let _ = SockRef::from(&*self.socket).set_linger(Some(Duration::ZERO));
    }

    fn drain(&mut self, late: &mut dyn FnMut(&[u8])) {
        let ready = self.socket.shutdown(Shutdown::Write).and(self.socket.set_read_timeout(Some(LINGER)));
        let mut buffer = [0; 4096];
        if ready.is_ok() {
            while let Ok(count @ 1..) = self.read(&mut buffer) {
                late(&buffer[..count]);
            }
        }
    }
}

impl Read for Link {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = match &mut self.tls {
                Some(tls) => Stream::new(tls.as_mut(), &mut &*self.socket).read(buffer),
                None => (&*self.socket).read(buffer),
            };
            match read {
                // With a read timeout Linux does not restart the call (signal(7)); a child's end is signal enough.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }
}

impl Write for Link {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.tls {
            Some(tls) => Stream::new(tls.as_mut(), &mut &*self.socket).write(bytes),
            None => (&*self.socket).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.tls {
            Some(tls) => Stream::new(tls.as_mut(), &mut &*self.socket).flush(),
            None => Ok(()),
        }
    }
}
