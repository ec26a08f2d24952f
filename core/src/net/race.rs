//! One TCP connection to a host with several addresses: they are tried in turn, and the first that answers is it.

use super::cancel_token::Interrupt;
use super::socket::OwnSocket;
use super::system_error::out_of_resources;
use super::transfer::Transfer;
use crate::error::{Error, system_words};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// A further address is tried this long after the last one was (RFC 8305, section 5), or as soon as one fails.
const STAGGER: Duration = Duration::from_millis(250);

/// How long a connect is waited for before the call's bounds are looked at again. On Linux a cancel ends it.
#[cfg(any(target_os = "linux", target_os = "android"))]
const MAX_WAIT: Duration = Duration::MAX;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const MAX_WAIT: Duration = super::deadline::SLICE;

/// Families in turn, beginning with the system's first choice, so that one dead family costs one [`STAGGER`] only.
pub(super) fn interleave(addresses: Vec<IpAddr>) -> Vec<IpAddr> {
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

/// Connects to the first address that answers; a further attempt starts while earlier ones still wait. The socket that
/// comes of it blocks. `host` is what an error calls it.
pub(super) fn connect(
    addresses: &[SocketAddr],
    host: &str,
    transfer: &Transfer,
) -> Result<Arc<OwnSocket>, Error> {
    let mut waiting: Vec<Arc<OwnSocket>> = Vec::new();
    let mut untried = addresses.iter();
    let mut lost = Lost::new();
    let mut next_start = Instant::now();
    loop {
        let mut left = transfer.time_left()?;
        let now = Instant::now();
        if waiting.is_empty() || now >= next_start {
            match untried.next() {
                Some(address) => {
                    next_start = now + STAGGER;
                    match start(*address) {
                        Ok(socket) => {
                            transfer.blocks_in(Arc::downgrade(&socket) as Weak<dyn Interrupt>);
                            waiting.push(socket);
                        }
                        Err(e) => lost.note(&e),
                    }
                    continue;
                }
                None if waiting.is_empty() => return Err(lost.into_error(host)),
                None => {}
            }
        }
        if untried.len() > 0 {
            left = left.min(next_start.saturating_duration_since(now));
        }
        wait_for_any(&waiting, left.min(MAX_WAIT)).map_err(|e| Lost::of(&e).into_error(host))?;
        let mut at = 0;
        while at < waiting.len() {
            match is_connected(&waiting[at]) {
                Ok(true) => {
                    let socket = waiting.swap_remove(at);
                    prepare(&socket).map_err(|e| Lost::of(&e).into_error(host))?;
                    return Ok(socket);
                }
                Ok(false) => at += 1,
                Err(e) => {
                    lost.note(&e);
                    waiting.swap_remove(at);
                    next_start = Instant::now();
                }
            }
        }
    }
}

/// Why no connection came about.
struct Lost {
    /// What the last address said.
    reason: String,
    /// That the system had nothing left at some address: this the caller can mend.
    scarce: Option<Error>,
}

impl Lost {
    fn new() -> Lost {
        Lost { reason: "no address that may be used".into(), scarce: None }
    }

    fn of(e: &io::Error) -> Lost {
        let mut lost = Lost::new();
        lost.note(e);
        lost
    }

    fn note(&mut self, e: &io::Error) {
        self.reason = system_words(e);
        if let Some(scarce) = out_of_resources(e) {
            self.scarce = Some(scarce);
        }
    }

    fn into_error(self, host: &str) -> Error {
        self.scarce.unwrap_or_else(|| Error::Connect { host: host.to_owned(), reason: self.reason })
    }
}

/// Begins to connect, without waiting.
fn start(address: SocketAddr) -> io::Result<Arc<OwnSocket>> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    match socket.connect(&SockAddr::from(address)) {
        Err(e) if !is_under_way(&e) => Err(e),
        _ => Ok(Arc::new(OwnSocket::new(socket.into())?)),
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
fn is_connected(socket: &OwnSocket) -> io::Result<bool> {
    if let Some(e) = socket.take_error()? {
        return Err(e);
    }
    match socket.peer_addr() {
        Ok(_) => Ok(true),
        Err(e) if e.kind() == ErrorKind::NotConnected => Ok(false),
        Err(e) => Err(e),
    }
}

fn prepare(socket: &OwnSocket) -> io::Result<()> {
    socket.set_nonblocking(false)?;
    // A body in several writes: none must wait for the last to be acknowledged.
    socket.set_nodelay(true)
}

fn wait_for_any(sockets: &[Arc<OwnSocket>], time: Duration) -> io::Result<()> {
    let mut polled: Vec<PollFd<'_>> =
        sockets.iter().map(|socket| PollFd::new(&***socket, PollFlags::OUT)).collect();
    let time = Timespec::try_from(time).map_err(io::Error::other)?;
    match poll(&mut polled, Some(&time)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(e) => Err(e.into()),
    }
}
