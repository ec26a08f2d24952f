//! [`BlackHole`]: an address where a connect neither succeeds nor fails.
//!
//! Knows nothing but TCP. A listener whose queue is full drops further SYNs on Linux and macOS; Windows refuses them,
//! so there it cannot be made.

use socket2::{Domain, SockAddr, Socket, Type};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

/// How long a connect is waited for before the queue counts as full. On loopback one that succeeds takes microseconds.
const FULL_AFTER: Duration = Duration::from_millis(100);

/// A system may round a backlog up; past this many it does not keep to it at all.
const MOST: usize = 256;

/// A port that never accepts. Its queue stays full as long as this value lives.
#[derive(Debug)]
pub struct BlackHole {
    address: SocketAddr,
    _listener: Socket,
    _queued: Vec<Socket>,
}

impl BlackHole {
    /// On a free port of 127.0.0.1.
    pub fn open() -> io::Result<BlackHole> {
        BlackHole::open_at(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0))
    }

    /// On a loopback address of the caller's choice; port 0 is any free one.
    pub fn open_at(address: SocketAddr) -> io::Result<BlackHole> {
        let listener = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
        listener.bind(&address.into())?;
        listener.listen(0)?;
        let address = listener
            .local_addr()?
            .as_socket()
            .ok_or_else(|| io::Error::other("the listener has no address of the internet"))?;
        let queued = fill(&address.into())?;
        Ok(BlackHole { address, _listener: listener, _queued: queued })
    }

    /// Where to connect in vain.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }
}

/// Connects until one hangs; the connections that did not are what fills the queue.
fn fill(address: &SockAddr) -> io::Result<Vec<Socket>> {
    let mut queued = Vec::new();
    while queued.len() < MOST {
        let socket = Socket::new(address.domain(), Type::STREAM, None)?;
        match socket.connect_timeout(address, FULL_AFTER) {
            Ok(()) => queued.push(socket),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => return Ok(queued),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::Unsupported, "this system accepts beyond any backlog"))
}
