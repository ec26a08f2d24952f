//! The system's own errors: in its words, and told apart where the caller must do something else.

use crate::error::Error;
use socket2::{Domain, Protocol, Socket, Type};
use std::io;

/// The system's words, without Rust's suffix of the error number and without Windows' full stop: what follows them in a
/// message goes on in the same sentence.
pub(super) fn reason(e: &io::Error) -> String {
    let text = e.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    words.trim_end().trim_end_matches('.').to_owned()
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_words_end_without_a_number_and_without_a_full_stop() {
        for (text, words) in [
            ("Connection refused (os error 111)", "Connection refused"),
            ("No connection could be made. (os error 10061)", "No connection could be made"),
            ("No connection could be made.\r\n", "No connection could be made"),
            ("no such name", "no such name"),
        ] {
            assert_eq!(reason(&io::Error::other(text)), words);
        }
    }
}
