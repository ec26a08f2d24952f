//! ureq's errors in our own words. Its texts are never handed on: they can hold URLs.

use super::system_error::out_of_resources;
use super::transfer::Transfer;
use crate::error::{Error, Phase, system_words};
use std::io::{self, ErrorKind};
use ureq::Error as UreqError;
use ureq::http::StatusCode;

/// The largest head of a reply that is read, in bytes. The edges in front of the service send 1 to 2 KiB.
pub(super) const MAX_HEAD: usize = 32 * 1024;

/// ureq's limit on the fields of a head.
const MAX_FIELDS: usize = 128;

/// What went wrong before a reply's head was whole.
pub(super) fn before_the_body(e: UreqError, transfer: &Transfer, host: &str) -> Error {
    if let Some(fault) = transfer.take_fault() {
        return match (transfer.phase(), fault) {
            (
                Phase::Proxy,
                fault @ (Error::Resolve { .. }
                | Error::Connect { .. }
                | Error::Network { .. }
                | Error::Tls { .. }),
            ) => Error::Proxy(format!("the proxy is out of reach: {fault}")),
            (_, fault) => fault,
        };
    }
    let host = || host.to_owned();
    match (transfer.phase(), e) {
        (Phase::Proxy, _) => Error::Proxy(format!("the proxy gave no tunnel to {}", host())),
        (Phase::Tls, UreqError::Io(e)) if e.kind() == ErrorKind::UnexpectedEof => {
            Error::Network { host: host(), phase: Phase::Tls, reason: "it was closed".into() }
        }
        (_, UreqError::LargeResponseHeader(..)) => too_large_head(),
        (_, UreqError::Protocol(e)) => protocol(&e.to_string()),
        (phase, UreqError::Io(e)) => network(&e, phase, host()),
        (_, e) => Error::Internal(format!("unexpected HTTP failure {:?}", std::mem::discriminant(&e))),
    }
}

/// RFC 9110, section 15: codes end at 599. ureq takes any of three digits, and the ABI promises its callers none above.
pub(super) fn in_the_code(code: StatusCode) -> Result<(), Error> {
    match code.as_u16() {
        ..=599 => Ok(()),
        code => {
            let reason = format!("invalid HTTP status code {code}");
            Err(Error::Protocol { reason, retryable: false })
        }
    }
}

/// What went wrong while a body was read.
pub(super) fn in_the_body(e: io::Error, transfer: &Transfer, host: &str) -> Error {
    if let Some(fault) = transfer.take_fault() {
        return fault;
    }
    if e.kind() == ErrorKind::UnexpectedEof {
        return cut_off();
    }
    match e.get_ref().and_then(|inner| inner.downcast_ref::<UreqError>()) {
        Some(UreqError::Protocol(e)) => protocol(&e.to_string()),
        // The connection ended within a line of chunk framing.
        Some(UreqError::BodyStalled) => cut_off(),
        _ => network(&e, Phase::Receive, host.to_owned()),
    }
}

fn cut_off() -> Error {
    Error::Protocol { reason: "the reply's body was cut off".into(), retryable: true }
}

pub(super) fn no_valid_http() -> Error {
    Error::Protocol { reason: "the reply is no valid HTTP".into(), retryable: false }
}

/// Both limits in one: which of them it is helps nobody, and there is no setting for either.
pub(super) fn too_large_head() -> Error {
    let kib = MAX_HEAD / 1024;
    Error::TooLarge(format!(
        "the reply's head is over the limits, which are not settings: larger than {kib} KiB, or of more than {MAX_FIELDS} fields"
    ))
}

/// By its text, since ureq does not export the type; the test of huge headers holds the two together.
fn protocol(text: &str) -> Error {
    if text.contains("too many headers") { too_large_head() } else { no_valid_http() }
}

fn network(e: &io::Error, phase: Phase, host: String) -> Error {
    let reason = match e.kind() {
        ErrorKind::UnexpectedEof => "it was closed before the reply was whole".into(),
        _ => system_words(e),
    };
    out_of_resources(e).unwrap_or(Error::Network { host, phase, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn io(kind: ErrorKind) -> UreqError {
        UreqError::Io(kind.into())
    }

    #[test]
    fn what_goes_wrong_before_the_body_is_told_by_where_the_call_stands() {
        let rows = [
            (Phase::Proxy, io(ErrorKind::BrokenPipe), "the proxy gave no tunnel to host:1"),
            (Phase::Proxy, UreqError::HostNotFound, "the proxy gave no tunnel to host:1"),
            (Phase::Tls, io(ErrorKind::UnexpectedEof), "broke while in the TLS handshake: it was closed;"),
            (Phase::Send, io(ErrorKind::BrokenPipe), "broke while sending the request: "),
            (Phase::Receive, io(ErrorKind::UnexpectedEof), "it was closed before the reply was whole"),
            (Phase::Receive, UreqError::LargeResponseHeader(1, 2), "the reply's head is over the limits"),
            (Phase::Receive, UreqError::HostNotFound, "internal error: unexpected HTTP failure"),
        ];
        for (phase, e, says) in rows {
            let transfer = Transfer::new();
            transfer.enter(phase);
            let error = before_the_body(e, &transfer, "host:1").to_string();
            assert!(error.contains(says), "{phase:?}: {error}");
        }
    }

    #[test]
    fn the_first_fault_of_a_connection_is_the_cause_and_that_of_the_proxy_where_it_stands_there() {
        let refused = || Error::Connect { host: "proxy:1".into(), reason: "refused".into() };
        for (phase, wanted) in [
            (Phase::Proxy, Error::Proxy(format!("the proxy is out of reach: {}", refused()))),
            (Phase::Connect, refused()),
        ] {
            let transfer = Transfer::new();
            transfer.enter(phase);
            let stand_in = transfer.fail(refused());
            transfer.fail(Error::Cancelled);
            assert_eq!(before_the_body(stand_in, &transfer, "host:1"), wanted);
        }
    }

    #[test]
    fn what_goes_wrong_within_a_body_is_a_cut_a_broken_connection_or_no_http() {
        let wrapped = |e: UreqError| io::Error::other(e);
        for (e, says) in [
            (ErrorKind::UnexpectedEof.into(), "the reply's body was cut off"),
            (wrapped(UreqError::BodyStalled), "the reply's body was cut off"),
            (wrapped(UreqError::HostNotFound), "broke while waiting for the reply: "),
            (ErrorKind::ConnectionReset.into(), "broke while waiting for the reply: connection reset"),
        ] {
            let error = in_the_body(e, &Transfer::new(), "host:1").to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
