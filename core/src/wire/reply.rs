//! What goes over the wire, as plain values.

use super::endpoint::{Endpoint, JobId};
use super::key::Key;
use super::url::Url;
use std::borrow::Cow;
use std::fmt;

/// One HTTP request to be sent: `POST` with a JSON body.
///
/// Also the headers are fixed by the contract (section 1): without the content type the server answers
/// "Invalid Api Key"; `Accept` makes it and its edge answer errors in JSON.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where to.
    pub url: Url,
    /// Content type and accepted type, in the order they are sent.
    pub headers: [(&'static str, &'static str); 2],
    /// The JSON body. It holds the key: never shown, never logged.
    pub body: Secret,
}

/// Bytes with the key inside; their `Debug` shows the length only.
#[derive(Clone, Default)]
pub struct Secret(pub Vec<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}

impl Request {
    /// The request that polls one job. It generates nothing: sending it again is harmless.
    pub fn fetch(endpoint: &Endpoint, id: &JobId, key: &Key) -> Request {
        Request {
            url: endpoint.url(id),
            headers: [("Content-Type", "application/json"), ("Accept", "application/json")],
            body: Secret(key.request_body()),
        }
    }
}

/// A whole HTTP reply, as far as the ruling needs it. Header values are as received, not trusted.
///
/// A server may send the key back, so its `Debug` shows neither headers nor body.
#[derive(Clone, Default)]
pub struct RawReply<'b> {
    /// The status code of the final response.
    pub http_status: u16,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// `Date`, the base for a `Retry-After` that is a date: the server's clock, not ours.
    pub date: Option<String>,
    /// `Location`.
    pub location: Option<String>,
    /// The body, at most the body limit.
    pub body: Cow<'b, [u8]>,
    /// When it was received, in seconds since 1970, for a dated `Retry-After` in a reply without `Date`.
    pub received_unix_s: Option<u64>,
}

impl fmt::Debug for RawReply<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawReply(HTTP {}, {} bytes)", self.http_status, self.body.len())
    }
}

impl RawReply<'_> {
    /// The body without a byte order mark and white space around, which are allowed about JSON.
    pub(super) fn trimmed_body(&self) -> &[u8] {
        self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body).trim_ascii()
    }
}
