//! What can go wrong, once: [`Error`] is a [`Status`] with its detail.
//!
//! Knows nothing of the layers that make errors. Each [`Error`] variant says when it happens and has one status.

pub use crate::status::{Group, Status};
use std::io;
use std::time::Duration;
use thiserror::Error as ThisError;

/// The part of a call that was under way, named in messages about timeouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Waiting for a place among the name lookups, while so many others have no answer yet.
    LookupQueue {
        /// Lookups that hold the places.
        others: usize,
    },
    /// Looking the host name up.
    Resolve,
    /// Waiting for a TCP connection.
    Connect,
    /// Asking a proxy for a tunnel.
    Proxy,
    /// The TLS handshake.
    Tls,
    /// Sending the request.
    Send,
    /// Waiting for the reply, or receiving it.
    Receive,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Phase::LookupQueue { others } => {
                return write!(f, "no name lookup was begun, since {others} others have no answer yet");
            }
            Phase::Resolve => "looking the host up",
            Phase::Connect => "connecting",
            Phase::Proxy => "talking to the proxy",
            Phase::Tls => "in the TLS handshake",
            Phase::Send => "sending the request",
            Phase::Receive => "waiting for the reply",
        })
    }
}

/// Why a call did not end with images or with "not yet".
///
/// The `Display` text is what a C program reads from `mlab_result_message`: one line that says what to do.
/// Texts of a server are already cleaned and free of the key when they get here (`wire::text`).
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
pub enum Error {
    /// Before any I/O: an argument cannot be used as it is.
    #[error("{name} {reason}")]
    InvalidArgument {
        /// The parameter's name in the header.
        name: &'static str,
        /// What is wrong, and what would be right.
        reason: String,
    },
    /// The caller's own cancel ended the call.
    #[error("cancelled by the caller; a job goes on at the server, and its images can be fetched later")]
    Cancelled,
    /// The deadline of a wait came before the end of the job.
    #[error("{0}")]
    Deadline(String),
    /// A bounded thing is full.
    #[error("{0}")]
    Busy(String),
    /// The client was shut down.
    #[error("the client was shut down; make a new one")]
    Closed,
    /// A client of the parent process was used after `fork`.
    #[error("this client belongs to the parent process; make a new one after fork")]
    Forked,
    /// The system gave no thread, descriptor or memory.
    #[error("the system gave no more {what}; free some, then try again")]
    NoResources {
        /// `threads`, `descriptors` or `memory`.
        what: &'static str,
    },
    /// A caught panic or another defect of this library.
    #[error("internal error: {0}; please report it")]
    Internal(String),
    /// The name lookup failed, or gave no address.
    #[error("cannot look up {host}: {reason}; check the network and the endpoint")]
    Resolve {
        /// The host asked for.
        host: String,
        /// What the system said.
        reason: String,
    },
    /// No address of the host accepted a connection.
    #[error("cannot connect to {host}: {reason}; check network and firewall")]
    Connect {
        /// Host and port.
        host: String,
        /// What the last address said.
        reason: String,
    },
    /// The TLS handshake failed for a reason that repeating does not cure.
    #[error(
        "no trusted connection to {host}: {reason}; check the clock, the CA settings and for an intercepting proxy"
    )]
    Tls {
        /// Host and port.
        host: String,
        /// What rustls said.
        reason: String,
    },
    /// A timeout of the settings ran out, or the deadline of a wait came first.
    #[error("no answer within {} ms ({phase}); try again, or raise the {which}", .after.as_millis())]
    Timeout {
        /// What was under way.
        phase: Phase,
        /// `connect timeout`, `request timeout` or `deadline`.
        which: &'static str,
        /// How long there was.
        after: Duration,
    },
    /// The client's budget of requests had no turn left in time; nothing was sent.
    #[error("no turn under requests_per_second within {} ms; try again, or allow more requests a second", .after.as_millis())]
    PermitTimeout {
        /// How long was waited for one.
        after: Duration,
    },
    /// A poll could not begin in time: no worker was free, or with a transport nobody was inside a call that moves jobs on.
    /// Nothing was sent.
    #[error(
        "no worker was free for the poll within {} ms; try again, or allow more workers; with a transport pull events more often",
        .after.as_millis()
    )]
    NoWorker {
        /// How long was waited for one.
        after: Duration,
    },
    /// The host's own HTTP gave an exchange up: its time was over, or the system had no threads, descriptors or memory
    /// left.
    #[error("{text}")]
    Transport {
        /// `Timeout` or `NoResources`.
        kind: Status,
        /// What the host said and what to do.
        text: String,
    },
    /// The connection broke before the reply was whole.
    #[error("the connection to {host} broke while {phase}: {reason}; try again")]
    Network {
        /// Host and port.
        host: String,
        /// What was under way.
        phase: Phase,
        /// What the system said.
        reason: String,
    },
    /// The server redirects where the key may not go, or in circles.
    #[error("{0}; correct the endpoint")]
    Redirect(String),
    /// The reply is no answer of this service.
    #[error("{reason}; if this lasts, check the endpoint and any proxy between")]
    Protocol {
        /// What is wrong with it.
        reason: String,
        /// Whether it was cut or an interposed page, so that repeating may help.
        retryable: bool,
    },
    /// The reply, or its header, is over its limit.
    #[error("{0}")]
    TooLarge(String),
    /// The proxy cannot be used.
    #[error("{0}; check the proxy setting and the proxy variables of the environment")]
    Proxy(String),
    /// A file of the host cannot be read or written. The reason stands first: a text is cut, and a path may be long.
    #[error("{reason}: {path}")]
    File {
        /// As the caller named it.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// Before anything is sent: an image's URL, or what its host leads to, is no place to fetch from.
    #[error("{0}; it was not fetched")]
    UnsafeUrl(String),
    /// What arrived is no image, or not all of one.
    #[error("what arrived is no whole image: {reason}; try again, or make the job again")]
    BadImage {
        /// What is wrong with it.
        reason: String,
        /// Whether it was cut or an interposed page, so that repeating may help.
        retryable: bool,
    },
    /// The server said no, or an image's server redirects to nowhere.
    #[error("{text}")]
    Refused {
        /// One of the statuses from `Auth` to `Api`, or `Redirect`.
        kind: Status,
        /// What the server said and what to do.
        text: String,
    },
}

impl Error {
    /// The one status of this error.
    pub fn status(&self) -> Status {
        match self {
            Error::InvalidArgument { .. } => Status::InvalidArgument,
            Error::Cancelled => Status::Cancelled,
            Error::Deadline(_) => Status::Deadline,
            Error::Busy(_) => Status::Busy,
            Error::Closed => Status::Closed,
            Error::Forked => Status::Forked,
            Error::NoResources { .. } => Status::NoResources,
            Error::Internal(_) => Status::Internal,
            Error::Resolve { .. } => Status::Resolve,
            Error::Connect { .. } => Status::Connect,
            Error::Tls { .. } => Status::Tls,
            Error::Timeout { .. } | Error::PermitTimeout { .. } | Error::NoWorker { .. } => Status::Timeout,
            Error::Network { .. } => Status::Network,
            Error::Redirect(_) => Status::Redirect,
            Error::Protocol { .. } => Status::Protocol,
            Error::TooLarge(_) => Status::TooLarge,
            Error::Proxy(_) => Status::Proxy,
            Error::File { .. } => Status::File,
            Error::UnsafeUrl(_) => Status::UnsafeUrl,
            Error::BadImage { .. } => Status::BadImage,
            Error::Transport { kind, .. } | Error::Refused { kind, .. } => *kind,
        }
    }

    /// Whether the same call may succeed later without anything being changed (contract, section 3, rule 7).
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::Protocol { retryable, .. } | Error::BadImage { retryable, .. } => *retryable,
            other => matches!(
                other.status(),
                Status::Resolve
                    | Status::Connect
                    | Status::Timeout
                    | Status::Network
                    | Status::RateLimited
                    | Status::Server
            ),
        }
    }

    /// A reply that has more bytes than the settings let in. `what`: "the reply", or the argument that it came in.
    pub(crate) fn over_body_limit(what: &str, limit: u64) -> Error {
        Error::TooLarge(format!("{what} is larger than the body limit of {limit} bytes; raise it"))
    }

    /// An argument that cannot be used, by its name in the header.
    pub fn argument(name: &'static str, reason: impl Into<String>) -> Error {
        Error::InvalidArgument { name, reason: reason.into() }
    }
}

/// The system's words, without Rust's suffix of the error number and without Windows' full stop: what follows them in a
/// message goes on in the same sentence.
pub(crate) fn system_words(e: &io::Error) -> String {
    let text = e.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    words.trim_end().trim_end_matches('.').to_owned()
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
            assert_eq!(system_words(&io::Error::other(text)), words);
        }
    }
}
