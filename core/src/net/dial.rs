//! TCP connections under ureq: addresses raced, every wait bounded by the call's watch.

use super::deadline::{SLICE, Transfer};
use super::lookup::Names;
use super::socket::OwnSocket;
use crate::error::{Error, Phase};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};
use ureq::Error as UreqError;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};

/// A further address is tried this long after the last one was (RFC 8305, section 5), or as soon as one fails.
const STAGGER: Duration = Duration::from_millis(250);

/// Addresses tried for one connection.
const MAX_ADDRESSES: usize = 16;

/// Bytes read at once. After an interim reply ureq takes all that is read for the head and holds it to the head's
/// limit, so this must stay well below that; it is what one TLS record can hold.
const READ: usize = 16 * 1024;

/// ureq asks for addresses before every exchange, also when it then takes a kept connection. This answers "none";
/// [`Dial`] looks up when it really connects, so that the address judged is the address dialled.
#[derive(Debug)]
pub(super) struct NoLookup;

impl Resolver for NoLookup {
    fn resolve(
        &self,
        _: &ureq::http::Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, UreqError> {
        Ok(self.empty())
    }
}

/// Makes connections for ureq's connector chain.
#[derive(Debug)]
pub(super) struct Dial {
    pub(super) slot: Arc<Transfer>,
    pub(super) names: Arc<Names>,
}

impl<In: Transport> Connector<In> for Dial {
    type Out = Either<In, Stream>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, UreqError> {
        if let Some(tunnel) = chained {
            return Ok(Some(Either::A(tunnel)));
        }
        let (host, port) = destination(details.uri).ok_or(UreqError::HostNotFound)?;
        let to_proxy = self.slot.phase() == Phase::Proxy;
        let stream =
            self.dial(&host, port, to_proxy || details.needs_tls()).map_err(|e| self.slot.fail(e))?;
        let buffers =
            LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        let (host, slot) = (format!("{host}:{port}"), Arc::clone(&self.slot));
        Ok(Some(Either::B(Stream { stream, host, buffers, slot, slice: SLICE })))
    }
}

fn destination(uri: &ureq::http::Uri) -> Option<(String, u16)> {
    let default = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    Some((uri.host()?.to_owned(), uri.port_u16().unwrap_or(default)))
}

impl Dial {
    fn dial(&self, host: &str, port: u16, guarded: bool) -> Result<OwnSocket, Error> {
        self.slot.begin_connect();
        let mut addresses = interleave(self.names.resolve(host, &self.slot)?);
        if !guarded {
            // Plain http was allowed because the host is this machine: hold the address to that.
            addresses.retain(IpAddr::is_loopback);
        }
        if self.slot.phase() != Phase::Proxy {
            self.judge(host, &mut addresses)?;
        }
        if self.slot.phase() != Phase::Proxy {
            self.slot.enter(Phase::Connect);
        }
        let addresses: Vec<SocketAddr> =
            addresses.into_iter().take(MAX_ADDRESSES).map(|ip| SocketAddr::new(ip, port)).collect();
        let stream =
            race(&addresses, &self.slot).map_err(|lost| lost.into_error(&format!("{host}:{port}")))?;
        prepare(stream).map_err(|e| Lost::Io(e).into_error(&format!("{host}:{port}")))
    }

    /// Leaves the addresses that may be dialled, and these are what is dialled next: no second lookup is between. Behind a
    /// proxy the proxy looks names up, and its own address is the user's choice.
    fn judge(&self, host: &str, addresses: &mut Vec<IpAddr>) -> Result<(), Error> {
        let objection = addresses.iter().find_map(|ip| Some((*ip, self.slot.objection(*ip)?)));
        addresses.retain(|ip| self.slot.objection(*ip).is_none());
        match objection {
            Some((ip, what)) if addresses.is_empty() => {
                Err(Error::UnsafeUrl(format!("the image's host {host} leads to {ip}, {what}")))
            }
            _ => Ok(()),
        }
    }
}

/// Families in turn, beginning with the system's first choice, so that one dead family costs one [`STAGGER`] only.
fn interleave(addresses: Vec<IpAddr>) -> Vec<IpAddr> {
    let v6_first = addresses.first().is_some_and(IpAddr::is_ipv6);
    let (first, second): (Vec<IpAddr>, Vec<IpAddr>) =
        addresses.into_iter().partition(|a| a.is_ipv6() == v6_first);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut mixed = Vec::new();
    loop {
        let pair = [first.next(), second.next()];
        if pair == [None, None] {
            return mixed;
        }
        mixed.extend(pair.into_iter().flatten());
    }
}

/// Why no connection came about.
enum Lost {
    Ended(Error),
    Io(io::Error),
}

impl Lost {
    fn into_error(self, host: &str) -> Error {
        match self {
            Lost::Ended(error) => error,
            Lost::Io(e) => out_of_resources(&e)
                .unwrap_or_else(|| Error::Connect { host: host.to_owned(), why: reason(&e) }),
        }
    }
}

/// The system's words without Rust's suffix of the error number.
pub(super) fn reason(e: &io::Error) -> String {
    let text = e.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

/// The error for a system that has no descriptor, buffer or memory left.
pub(super) fn out_of_resources(e: &io::Error) -> Option<Error> {
    #[cfg(unix)]
    let what = match e.raw_os_error()? {
        libc::EMFILE | libc::ENFILE => "descriptors",
        libc::ENOBUFS | libc::ENOMEM => "memory",
        _ => return None,
    };
    #[cfg(windows)]
    let what = match e.raw_os_error()? {
        10024 => "descriptors",
        10055 => "memory",
        _ => return None,
    };
    Some(Error::NoResources { what })
}

/// The error for a system that gives no socket now.
pub(super) fn no_socket_to_be_had() -> Option<Error> {
    Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP)).err().as_ref().and_then(out_of_resources)
}

/// Connects to the first address that answers; a further attempt starts while earlier ones still wait.
fn race(addresses: &[SocketAddr], slot: &Transfer) -> Result<TcpStream, Lost> {
    let mut waiting: Vec<Socket> = Vec::new();
    let mut untried = addresses.iter();
    let mut last = io::Error::new(ErrorKind::AddrNotAvailable, "no address that may be used");
    let mut next_start = Instant::now();
    loop {
        let slice = slot.slice().map_err(Lost::Ended)?;
        if waiting.is_empty() || Instant::now() >= next_start {
            match untried.next() {
                Some(address) => {
                    next_start = Instant::now() + STAGGER;
                    match start(*address) {
                        Ok(socket) => waiting.push(socket),
                        Err(e) if out_of_resources(&e).is_some() => return Err(Lost::Io(e)),
                        Err(e) => last = e,
                    }
                    continue;
                }
                None if waiting.is_empty() => return Err(Lost::Io(last)),
                None => {}
            }
        }
        wait_for_any(&waiting, slice).map_err(Lost::Io)?;
        let mut at = 0;
        while at < waiting.len() {
            match state(&waiting[at]) {
                Ok(true) => return Ok(waiting.swap_remove(at).into()),
                Ok(false) => at += 1,
                Err(e) => {
                    last = e;
                    waiting.swap_remove(at);
                    next_start = Instant::now();
                }
            }
        }
    }
}

/// Begins to connect, without waiting.
fn start(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    match socket.connect(&SockAddr::from(address)) {
        Err(e) if !is_under_way(&e) => Err(e),
        _ => Ok(socket),
    }
}

fn is_under_way(e: &io::Error) -> bool {
    #[cfg(unix)]
    if e.raw_os_error() == Some(libc::EINPROGRESS) {
        return true;
    }
    matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

/// Whether a connect has ended: true when it stands, false while it waits, else how it failed.
fn state(socket: &Socket) -> io::Result<bool> {
    if let Some(e) = socket.take_error()? {
        return Err(e);
    }
    match socket.peer_addr() {
        Ok(_) => Ok(true),
        Err(e) if e.kind() == ErrorKind::NotConnected => Ok(false),
        Err(e) => Err(e),
    }
}

fn wait_for_any(sockets: &[Socket], slice: Duration) -> io::Result<()> {
    let mut polled: Vec<PollFd<'_>> = sockets.iter().map(|s| PollFd::new(s, PollFlags::OUT)).collect();
    let slice = Timespec::try_from(slice).map_err(io::Error::other)?;
    match poll(&mut polled, Some(&slice)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(e) => Err(e.into()),
    }
}

fn prepare(stream: TcpStream) -> io::Result<OwnSocket> {
    stream.set_nonblocking(false)?;
    // A body in several writes: none must wait for the last to be acknowledged.
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(SLICE))?;
    stream.set_write_timeout(Some(SLICE))?;
    OwnSocket::new(stream)
}

/// A connection as ureq sees it.
#[derive(Debug)]
pub(super) struct Stream {
    stream: OwnSocket,
    /// Host and port as they were dialled.
    host: String,
    buffers: LazyBuffers,
    slot: Arc<Transfer>,
    /// The timeout that the socket has now.
    slice: Duration,
}

impl Stream {
    /// Repeats a socket operation, in slices, until it did something or the call must end.
    fn insist(
        &mut self,
        mut operation: impl FnMut(&mut Self) -> io::Result<usize>,
    ) -> Result<usize, UreqError> {
        loop {
            // At least a millisecond: a zero timeout would mean "for ever".
            let slice = self.slot.slice().map_err(|e| self.slot.fail(e))?.max(Duration::from_millis(1));
            if slice != self.slice && (slice < SLICE || self.slice < SLICE) {
                self.stream.set_read_timeout(Some(slice))?;
                self.stream.set_write_timeout(Some(slice))?;
                self.slice = slice;
            }
            match operation(self) {
                Ok(done) => return Ok(done),
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(self.broken(&e)),
            }
        }
    }

    fn broken(&self, e: &io::Error) -> UreqError {
        self.slot.fail(Error::Network { host: self.host.clone(), phase: self.slot.phase(), why: reason(e) })
    }
}

impl Transport for Stream {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), UreqError> {
        let mut sent = 0;
        while sent < amount {
            sent += self.insist(|s| match (&*s.stream).write(&s.buffers.output()[sent..amount])? {
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
            (&*s.stream).read(&mut room[..most])
        })?;
        self.buffers.input_appended(received);
        Ok(received > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.is_quiet()
    }
}
