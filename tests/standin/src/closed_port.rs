//! [`ClosedPort`]: an address where every connect is refused.
//!
//! Knows nothing but TCP. A port that was merely free a moment ago may be somebody's by the time it is asked for.

use socket2::{Domain, Socket, Type};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

/// A port of 127.0.0.1 at which nobody listens, and which nobody else is given as long as this value lives.
#[derive(Debug)]
pub struct ClosedPort {
    address: SocketAddr,
    _bound: Socket,
}

impl ClosedPort {
    /// Takes a free port.
    pub fn open() -> io::Result<ClosedPort> {
        let bound = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        bound.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        let address = bound
            .local_addr()?
            .as_socket()
            .ok_or_else(|| io::Error::other("the socket has no address of the internet"))?;
        Ok(ClosedPort { address, _bound: bound })
    }

    /// Where to connect in vain.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn a_closed_port_refuses_and_is_nobody_elses() {
        let closed = ClosedPort::open().expect("a free port");
        for _ in 0..2 {
            let refused = TcpStream::connect(closed.addr()).expect_err("nobody listens");
            assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
        }
        assert!(TcpListener::bind(closed.addr()).is_err());
    }
}
