//! One row of the table: a reply, and the ruling wanted for it.
//!
//! Knows no topic. The builders only keep a row short; whatever a row does not say is `not said` in the wanted ruling.

use mlab_core::error::Status;

/// The key in force while the table is run. A slash and quotes make its JSON-escaped forms differ from the raw one.
pub(crate) const KEY: &str = "test-key-not-real/\"q\"";

/// A reply and the ruling wanted for it.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// A sentence about behaviour, unique in the table.
    pub(crate) name: &'static str,
    /// The HTTP status code.
    pub(crate) http: u16,
    /// The header fields that matter for the ruling.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The body as received.
    pub(crate) body: Vec<u8>,
    /// The ruling.
    pub(crate) want: Want,
}

/// The ruling wanted.
#[derive(Debug, Clone)]
pub(crate) struct Want {
    /// The outcome.
    pub(crate) status: Status,
    /// The output, only ever reported when the outcome is `Ok`.
    pub(crate) urls: Vec<String>,
    /// `None`: not checked. `Some("")`: the reply says none.
    pub(crate) id: Option<&'static str>,
    /// Milliseconds; -1: not said.
    pub(crate) eta_ms: i64,
    /// Milliseconds; -1: not said.
    pub(crate) retry_after_ms: i64,
    /// Whether the same request may succeed later.
    pub(crate) retryable: bool,
    /// Parts of the server's text that the message handed out holds.
    pub(crate) text_has: Vec<&'static str>,
    /// What the message handed out must not hold.
    pub(crate) text_lacks: Vec<&'static str>,
}

/// A row without header fields.
pub(crate) fn row(name: &'static str, http: u16, body: impl Into<Vec<u8>>, want: Want) -> Row {
    Row { name, http, headers: Vec::new(), body: body.into(), want }
}

impl Row {
    /// The same row with one more header field.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Row {
        self.headers.push((name, value.into()));
        self
    }
}

fn want(status: Status, retryable: bool) -> Want {
    Want {
        status,
        urls: Vec::new(),
        id: None,
        eta_ms: -1,
        retry_after_ms: -1,
        retryable,
        text_has: Vec::new(),
        text_lacks: Vec::new(),
    }
}

/// The images are there.
pub(crate) fn ok(urls: &[&str]) -> Want {
    Want { urls: urls.iter().map(|&url| url.to_owned()).collect(), ..want(Status::Ok, false) }
}

/// Not yet. It is no failure, so there is nothing to call retryable.
pub(crate) fn processing() -> Want {
    want(Status::Processing, false)
}

/// The server said no; of its refusals only these two are worth the same request again.
pub(crate) fn refused(kind: Status) -> Want {
    want(kind, matches!(kind, Status::RateLimited | Status::Server))
}

/// The reply is no answer of the service, and the next one will not be either.
pub(crate) fn protocol() -> Want {
    want(Status::Protocol, false)
}

/// The reply was cut, or something between sent a page of its own: the next one may be whole.
pub(crate) fn protocol_retryable() -> Want {
    want(Status::Protocol, true)
}

impl Want {
    /// The id said, `""` for none.
    pub(crate) fn id(self, id: &'static str) -> Want {
        Want { id: Some(id), ..self }
    }

    /// The time the server expects the job to take, in milliseconds.
    pub(crate) fn eta(self, eta_ms: i64) -> Want {
        Want { eta_ms, ..self }
    }

    /// The pause the server asks for, in milliseconds.
    pub(crate) fn retry_after(self, retry_after_ms: i64) -> Want {
        Want { retry_after_ms, ..self }
    }

    /// One more part of the server's text.
    pub(crate) fn has(mut self, part: &'static str) -> Want {
        self.text_has.push(part);
        self
    }

    /// One more thing that must not be in the message.
    pub(crate) fn lacks(mut self, part: &'static str) -> Want {
        self.text_lacks.push(part);
        self
    }
}
