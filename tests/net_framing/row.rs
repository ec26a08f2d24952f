//! One row of the table, and the ways to put a body on the wire.
//!
//! Knows no case.

use mlab_core::error::Status;
use mlab_standin::Step;

/// What the bytes travel over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// TCP alone.
    Plain,
    /// TLS, which frames the bytes anew and has an end of its own.
    Tls,
}

/// What the server does once it has read the request, and what the call must make of it.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// A sentence about behaviour.
    pub(crate) name: String,
    /// What the server does.
    pub(crate) script: Vec<Step>,
    /// Where it does it; both unless said otherwise.
    pub(crate) carriers: Vec<Carrier>,
    /// Whether the request timeout is one that runs out within the test.
    pub(crate) hurried: bool,
    /// The body limit, if it is not the default one.
    pub(crate) body_limit: Option<usize>,
    /// The outcome.
    pub(crate) status: Status,
    /// Whether trying again may help.
    pub(crate) retryable: bool,
    /// A part of the message.
    pub(crate) says: &'static str,
    /// The HTTP code and the Retry-After in seconds, where the row is about them.
    pub(crate) heard: Option<(u16, Option<u64>)>,
}

/// A row that wants success.
pub(crate) fn ready(name: impl Into<String>, script: Vec<Step>) -> Row {
    Row {
        name: name.into(),
        script,
        carriers: vec![Carrier::Plain, Carrier::Tls],
        hurried: false,
        body_limit: None,
        status: Status::Ok,
        retryable: false,
        says: "",
        heard: None,
    }
}

/// A row that wants a failure which repeating does not cure.
pub(crate) fn lasting(name: impl Into<String>, script: Vec<Step>, status: Status, says: &'static str) -> Row {
    Row { status, says, ..ready(name, script) }
}

/// A row that wants a failure which repeating may cure.
pub(crate) fn passing(name: impl Into<String>, script: Vec<Step>, status: Status, says: &'static str) -> Row {
    Row { retryable: true, ..lasting(name, script, status, says) }
}

impl Row {
    /// The same with little time.
    pub(crate) fn hurried(self) -> Row {
        Row { hurried: true, ..self }
    }

    /// The same, over one carrier only.
    pub(crate) fn over(self, carrier: Carrier) -> Row {
        Row { carriers: vec![carrier], ..self }
    }

    /// The same, which also wants this of the head: the code, and the Retry-After in seconds.
    pub(crate) fn hears(self, code: u16, retry_after_s: Option<u64>) -> Row {
        Row { heard: Some((code, retry_after_s)), ..self }
    }

    /// The same with another body limit.
    pub(crate) fn limited_to(self, bytes: usize) -> Row {
        Row { body_limit: Some(bytes), ..self }
    }
}

/// Sends the bytes at once, then ends the connection as a server should.
pub(crate) fn send(bytes: impl AsRef<[u8]>) -> Vec<Step> {
    vec![Step::Send(bytes.as_ref().to_vec())]
}

/// Sends the bytes at once, then ends as `end` says.
pub(crate) fn send_then(bytes: impl AsRef<[u8]>, end: Step) -> Vec<Step> {
    vec![Step::Send(bytes.as_ref().to_vec()), end]
}

/// A head with these further header lines, each with its line end.
pub(crate) fn head(lines: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{lines}\r\n")
}

/// A reply with a `Content-Length`.
pub(crate) fn with_length(body: &str) -> String {
    head(&format!("Content-Length: {}\r\n", body.len())) + body
}

/// A reply that says nothing about its length: the end of the connection is its end.
pub(crate) fn without_length(body: &str) -> String {
    head("Connection: close\r\n") + body
}

/// A reply in chunks of these sizes, the last of them as long as the rest; `extension` stands behind each size.
pub(crate) fn in_chunks(body: &str, sizes: &[usize], extension: &str, trailers: &str) -> String {
    let mut reply = head("Transfer-Encoding: chunked\r\n");
    let mut rest = body;
    for size in sizes.iter().copied().chain([usize::MAX]) {
        let (chunk, left) = rest.split_at(size.min(rest.len()));
        if !chunk.is_empty() {
            reply.push_str(&format!("{:x}{extension}\r\n{chunk}\r\n", chunk.len()));
        }
        rest = left;
    }
    reply + "0\r\n" + trailers + "\r\n"
}

/// A reply in one chunk.
pub(crate) fn chunked(body: &str) -> String {
    in_chunks(body, &[], "", "")
}
