//! What can go wrong, once: [`Status`] is the number a C program sees, [`Error`] is that number with its detail.
//!
//! Knows nothing of the layers that make errors. Each [`Error`] variant says when it happens and has one status.

use std::time::Duration;
use thiserror::Error as ThisError;

/// One row a status: its Rust name, its number, its C name, and what the reader should do about it.
///
/// Numbers are append-only and never reused (design of the ABI, in the header's introduction).
macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $c_name:literal, $text:literal;)*) => {
        /// The outcome of a call as the C caller sees it: 0 done, positive "not yet", negative an error.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(i32)]
        pub enum Status { $($(#[$doc])* #[doc = $text] $name = $number,)* }

        impl Status {
            /// Every status, in the order of the table.
            pub const ALL: &'static [Status] = &[$(Status::$name,)*];

            /// The status with this number, if there is one.
            pub fn from_code(code: i32) -> Option<Status> {
                match code { $($number => Some(Status::$name),)* _ => None }
            }

            /// The name of the C constant, with a NUL at its end.
            pub const fn c_name(self) -> &'static std::ffi::CStr {
                match self { $(Status::$name => $c_name,)* }
            }

            /// One sentence for people: what it means and what to do.
            pub const fn c_text(self) -> &'static std::ffi::CStr {
                match self { $(Status::$name => {
                    const TEXT: &std::ffi::CStr = match std::ffi::CStr::from_bytes_with_nul(concat!($text, "\0").as_bytes()) {
                        Ok(text) => text,
                        Err(_) => panic!("a status text holds a NUL"),
                    };
                    TEXT
                })* }
            }
        }
    };
}

statuses! {
    Ok = 0, c"MLAB_OK", "Done: the result holds the image URLs.";
    Processing = 1, c"MLAB_PROCESSING", "The job is not ready yet: look again after the eta, or in 2 seconds.";
    InvalidArgument = -1, c"MLAB_E_INVALID_ARGUMENT", "An argument is wrong and nothing was sent: the message names it.";
    Cancelled = -2, c"MLAB_E_CANCELLED", "Stopped by your own cancel: the job goes on at the server and can be fetched later.";
    Deadline = -3, c"MLAB_E_DEADLINE", "The wait reached its deadline: the job may still finish, wait again with the same id.";
    Busy = -4, c"MLAB_E_BUSY", "As much as is allowed is already under way: take finished work first, then try again.";
    Closed = -5, c"MLAB_E_CLOSED", "The client was shut down: make a new one.";
    Forked = -6, c"MLAB_E_FORKED", "The client belongs to the parent process: make a new one after fork.";
    NoResources = -7, c"MLAB_E_NO_RESOURCES", "The system gave no thread, descriptor or memory: free some, then try again.";
    Internal = -8, c"MLAB_E_INTERNAL", "A defect in this library: please report it with the message.";
    Resolve = -20, c"MLAB_E_RESOLVE", "The host name could not be looked up: check the network and the endpoint, then try again.";
    Connect = -21, c"MLAB_E_CONNECT", "No connection to the server: check network and firewall, then try again.";
    Tls = -22, c"MLAB_E_TLS", "The server could not prove who it is: check the clock, the CA settings and for an intercepting proxy.";
    Timeout = -23, c"MLAB_E_TIMEOUT", "The server did not answer in time: try again, or raise the timeout.";
    Network = -24, c"MLAB_E_NETWORK", "The connection broke: try again.";
    Redirect = -25, c"MLAB_E_REDIRECT", "The server points elsewhere and the key was not sent there: correct the endpoint.";
    Protocol = -26, c"MLAB_E_PROTOCOL", "The reply could not be understood: if it lasts, check the endpoint and any proxy between.";
    TooLarge = -27, c"MLAB_E_TOO_LARGE", "The reply is larger than the limit: raise the body limit if this size is expected.";
    Proxy = -28, c"MLAB_E_PROXY", "The proxy could not be used: check its address and password, or set none.";
    Auth = -40, c"MLAB_E_AUTH", "The server refused the API key: check it.";
    Payment = -41, c"MLAB_E_PAYMENT", "The account has no credit or no plan for this: top it up.";
    Forbidden = -42, c"MLAB_E_FORBIDDEN", "The key may not do this: check the account's rights and the endpoint.";
    NotFound = -43, c"MLAB_E_NOT_FOUND", "The server does not know this id: check it; a job just made may need some seconds.";
    RateLimited = -44, c"MLAB_E_RATE_LIMITED", "Too many requests: wait as long as the result's retry-after says, else 30 seconds.";
    BadRequest = -45, c"MLAB_E_BAD_REQUEST", "The server refused the request as malformed: the message says why; check endpoint and id.";
    Server = -46, c"MLAB_E_SERVER", "Trouble at the server: try again later.";
    JobFailed = -47, c"MLAB_E_JOB_FAILED", "The job itself failed at the server: make a new one.";
    Api = -48, c"MLAB_E_API", "The server refused for a reason of its own: see the message.";
    File = -60, c"MLAB_E_FILE", "A file could not be read or written: the message has the path and the reason.";
    UnsafeUrl = -61, c"MLAB_E_UNSAFE_URL", "An image URL leads where no image should be fetched from: nothing was sent.";
    BadImage = -62, c"MLAB_E_BAD_IMAGE", "What arrived is no whole image: try again, or make the job again.";
}

impl Status {
    /// The number that crosses the ABI.
    pub const fn code(self) -> i32 {
        self as i32
    }
}

/// The part of a call that was under way, named in messages about timeouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
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
    #[error("{name} {why}")]
    InvalidArgument {
        /// The parameter's name in the header.
        name: &'static str,
        /// What is wrong, and what would be right.
        why: String,
    },
    /// The caller's own cancel ended the call.
    #[error("cancelled by the caller; the job goes on at the server and can be fetched later")]
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
    #[error("cannot look up {host}: {why}; check the network and the endpoint")]
    Resolve {
        /// The host asked for.
        host: String,
        /// What the system said.
        why: String,
    },
    /// No address of the host accepted a connection.
    #[error("cannot connect to {host}: {why}; check network and firewall")]
    Connect {
        /// Host and port.
        host: String,
        /// What the last address said.
        why: String,
    },
    /// The TLS handshake failed for a reason that repeating does not cure.
    #[error(
        "no trusted connection to {host}: {why}; check the clock, the CA settings and for an intercepting proxy"
    )]
    Tls {
        /// Host and port.
        host: String,
        /// What rustls said.
        why: String,
    },
    /// A timeout of the settings ran out.
    #[error("no answer within {} ms ({phase}); try again, or raise the {which} timeout", .after.as_millis())]
    Timeout {
        /// What was under way.
        phase: Phase,
        /// `connect` or `request`.
        which: &'static str,
        /// The timeout that ran out.
        after: Duration,
    },
    /// The client's budget of requests had no turn left in time; nothing was sent.
    #[error("no turn under requests_per_second within {} ms; try again, or allow more requests a second", .after.as_millis())]
    Turn {
        /// How long was waited for one.
        after: Duration,
    },
    /// The connection broke before the reply was whole.
    #[error("the connection to {host} broke while {phase}: {why}; try again")]
    Network {
        /// Host and port.
        host: String,
        /// What was under way.
        phase: Phase,
        /// What the system said.
        why: String,
    },
    /// The server redirects where the key may not go, or in circles.
    #[error("{0}; correct the endpoint")]
    Redirect(String),
    /// The reply is no answer of this service.
    #[error("{why}; if this lasts, check the endpoint and any proxy between")]
    Protocol {
        /// What is wrong with it.
        why: String,
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
    #[error("{why}: {path}")]
    File {
        /// As the caller named it.
        path: String,
        /// What the system said.
        why: String,
    },
    /// Before anything is sent: a picture's URL, or what its host leads to, is no place to fetch from.
    #[error("{0}; it was not fetched")]
    UnsafeUrl(String),
    /// What arrived is no picture, or not all of one.
    #[error("what arrived is no whole picture: {why}; try again, or make the job again")]
    BadImage {
        /// What is wrong with it.
        why: String,
        /// Whether it was cut or an interposed page, so that repeating may help.
        retryable: bool,
    },
    /// The server said no. `kind` is one of the statuses from `Auth` to `Api`.
    #[error("{text}")]
    Refused {
        /// The status that the ruling gave.
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
            Error::Timeout { .. } | Error::Turn { .. } => Status::Timeout,
            Error::Network { .. } => Status::Network,
            Error::Redirect(_) => Status::Redirect,
            Error::Protocol { .. } => Status::Protocol,
            Error::TooLarge(_) => Status::TooLarge,
            Error::Proxy(_) => Status::Proxy,
            Error::File { .. } => Status::File,
            Error::UnsafeUrl(_) => Status::UnsafeUrl,
            Error::BadImage { .. } => Status::BadImage,
            Error::Refused { kind, .. } => *kind,
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

    /// An argument that cannot be used, by its name in the header.
    pub fn argument(name: &'static str, why: impl Into<String>) -> Error {
        Error::InvalidArgument { name, why: why.into() }
    }
}
