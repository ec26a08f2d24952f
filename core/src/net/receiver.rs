//! What a GET asks for, and who takes its reply.

use crate::error::Error;
use crate::wire::Url;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What to get.
#[derive(Debug, Clone, Copy)]
pub struct Get<'a> {
    /// Where from.
    pub url: &'a Url,
    /// To go on where an earlier one broke off.
    pub resume: Option<Resume<'a>>,
}

/// The rest of something of which the beginning is there.
#[derive(Debug, Clone, Copy)]
pub struct Resume<'a> {
    /// Bytes that are there.
    pub from: u64,
    /// The strong entity tag of what they are from: the server sends the rest only of the same (RFC 9110, section 13.1.5).
    pub etag: &'a str,
}

/// The head of a reply, as far as a download needs it. Values are as received, not trusted.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The status code.
    pub status: u16,
    /// `Content-Length`, where the body is framed by it.
    pub length: Option<u64>,
    /// Whether the body's end is said: by a length or by chunks, and not by the end of the connection alone.
    pub framed: bool,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Content-Range`.
    pub content_range: Option<String>,
    /// `Content-Encoding`.
    pub content_encoding: Option<String>,
    /// `Location`.
    pub location: Option<String>,
    /// `Retry-After`, from the moment of receipt.
    pub retry_after: Option<Duration>,
}

/// Takes a reply.
pub trait Receiver {
    /// The head; whether its body is wanted.
    fn head(&mut self, head: &Head) -> Result<bool, Error>;

    /// The next bytes of the body.
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error>;
}

/// When a reply is received, in seconds since 1970, for a dated `Retry-After`; none with a clock before that.
pub(crate) fn unix_seconds() -> Option<u64> {
    SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
}
