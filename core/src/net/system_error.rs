//! Which of the system's errors mean that it has no descriptors or no memory left.

use crate::error::Error;
use socket2::{Domain, Protocol, Socket, Type};
use std::io;

/// The error for a system that has no descriptor, buffer or memory left.
pub(super) fn out_of_resources(e: &io::Error) -> Option<Error> {
    let what = scarce(e.raw_os_error()?)?;
    Some(Error::NoResources { what })
}

#[cfg(unix)]
fn scarce(number: i32) -> Option<&'static str> {
    match number {
        libc::EMFILE | libc::ENFILE => Some("descriptors"),
        libc::ENOBUFS | libc::ENOMEM => Some("memory"),
        _ => None,
    }
}

/// WSAEMFILE and WSAENOBUFS.
#[cfg(windows)]
fn scarce(number: i32) -> Option<&'static str> {
    match number {
        10024 => Some("descriptors"),
        10055 => Some("memory"),
        _ => None,
    }
}

#[cfg(not(any(unix, windows)))]
fn scarce(_: i32) -> Option<&'static str> {
    None
}

/// The error for a system that gives no socket now.
pub(super) fn no_socket_to_be_had() -> Option<Error> {
    Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP)).err().as_ref().and_then(out_of_resources)
}
