//! The ruling: from a whole HTTP reply to one outcome (contract, section 3).

use super::answer::{Answer, Unreadable, Word};
use super::key::Key;
use super::nesting::MAX_NESTING;
use super::reply::RawReply;
use super::seconds;
use super::server_text::ServerText;
use super::slashes::Unescaped;
use super::strings::Strings;
use super::text::clean;
use crate::error::{Error, Status};

/// How a job stands, as one reply tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The links are there.
    Ready,
    /// Not yet: poll again.
    Processing,
    /// The job has succeeded and lists no link. Links may take a minute; if they never come, this error says so.
    WithoutLinks(Error),
    /// No: the error says why.
    Failed(Error),
}

/// Everything a reply says, cleaned and decided.
#[derive(Debug, Clone)]
pub struct Ruling {
    /// The decision.
    pub outcome: Outcome,
    /// The links byte for byte, in the server's order; empty unless [`Outcome::Ready`].
    pub urls: Strings,
    /// The id that the reply named, which need not be the one asked for; empty if none.
    pub id: String,
    /// One line for people; for a failure, the error's text.
    pub message: String,
    /// How much longer the server expects the job to take.
    pub eta_ms: Option<u64>,
    /// How long the server wants to be left alone.
    pub retry_after_ms: Option<u64>,
}

impl Ruling {
    /// The status a C program sees.
    pub fn status(&self) -> Status {
        match &self.outcome {
            Outcome::Ready => Status::Ok,
            Outcome::Processing | Outcome::WithoutLinks(_) => Status::Processing,
            Outcome::Failed(error) => error.status(),
        }
    }
}

/// Decides what a reply means. `key` is taken out of every text.
pub fn rule(reply: &RawReply<'_>, key: Option<&Key>) -> Ruling {
    let mut place = Unescaped::default();
    let mut repaired = String::new();
    let mut answer = Answer::default();
    let read = place.of(reply.trimmed_body()).and_then(|body| answer.read(body, &mut repaired));
    let text = answer.texts.as_deref().map(ServerText::of).unwrap_or_default();
    let case = Case { reply, text, key };
    let outcome = match read {
        Ok(Ok(())) => case.decide(&answer),
        Ok(Err(unreadable)) => case.by_code(None, unreadable),
        Err(_) => Outcome::Failed(OUT_OF_MEMORY),
    };
    let header = reply.retry_after.as_deref().and_then(|value| {
        seconds::header_retry_after_ms(value, reply.date.as_deref(), reply.received_unix_s)
    });
    Ruling {
        message: case.message(&outcome),
        urls: if outcome == Outcome::Ready { answer.output.urls } else { Strings::default() },
        outcome,
        id: clean(&answer.id, key),
        eta_ms: answer.eta_ms,
        retry_after_ms: header.or(answer.retry_after_ms),
    }
}

const OUT_OF_MEMORY: Error = Error::NoResources { what: "memory" };

/// With a 2xx code, what the words of an `error` mean: the first row counts that has a phrase the server used.
const MEANINGS: [(Status, &[&str]); 5] = [
    (Status::NotFound, &["not found"]),
    (Status::RateLimited, &["rate limit", "too many requests", "too many queued"]),
    (Status::Auth, &["api key"]),
    (
        Status::Payment,
        &[
            "credit",
            "credits",
            "wallet",
            "subscription",
            "subscribe",
            "insufficient fund",
            "insufficient funds",
        ],
    ),
    (Status::Server, &["server error", "busy", "overloaded", "unavailable", "try again later"]),
];

/// A reply and what the server says in it.
struct Case<'r> {
    reply: &'r RawReply<'r>,
    text: ServerText,
    key: Option<&'r Key>,
}

impl Case<'_> {
    /// Rule 3.
    fn decide(&self, answer: &Answer<'_>) -> Outcome {
        let is_2xx = (200..300).contains(&self.reply.http_status) && self.reply.http_status != 204;
        match answer.word().filter(|_| is_2xx) {
            Some(Word::Success | Word::NotYet) if answer.id_is_broken => {
                protocol("the reply's id holds a NUL or broken text".into(), false)
            }
            Some(Word::Success) => self.success(answer),
            Some(Word::NotYet) => Outcome::Processing,
            Some(Word::Error) => self.refused(self.by_words()),
            Some(Word::Failed) if self.text.says_only("request not found") => self.refused(Status::NotFound),
            // The job has ended: no word about it may turn that into a wait, a payment or a matter of the key.
            Some(Word::Failed | Word::Cancelled) if !self.text.is_empty() => self.refused(Status::JobFailed),
            Some(Word::Failed | Word::Cancelled) => {
                let status = answer.status.as_deref().unwrap_or_default().trim().to_owned();
                self.with_text(status).refused(Status::JobFailed)
            }
            None => self.by_code(answer.status.as_deref(), Unreadable::NotAnObject),
        }
    }

    fn success(&self, answer: &Answer<'_>) -> Outcome {
        if answer.output.out_of_memory {
            return Outcome::Failed(OUT_OF_MEMORY);
        }
        if let Some(what) = answer.output.unreadable {
            return protocol(format!("the reply's output holds {what} where links belong"), false);
        }
        if !answer.output.urls.is_empty() {
            return Outcome::Ready;
        }
        let text = format!(
            "{} It succeeded without listing any image.{}",
            advice(Status::JobFailed),
            self.server_said()
        );
        Outcome::WithoutLinks(Error::Refused { kind: Status::JobFailed, text: clean(&text, self.key) })
    }

    fn by_words(&self) -> Status {
        let meant = MEANINGS.iter().find(|(_, phrases)| phrases.iter().any(|p| self.text.mentions(p)));
        match meant {
            Some((kind, _)) => *kind,
            None if self.text.is_object() => Status::BadRequest,
            None => Status::Api,
        }
    }

    /// Rule 4: without a status that decides, the HTTP code does.
    fn by_code(&self, status: Option<&str>, body: Unreadable) -> Outcome {
        let kind = match self.reply.http_status {
            200..=299 => return self.not_understood(status, body),
            300..=399 => {
                return Outcome::Failed(Error::Redirect("the server redirects and names no target".into()));
            }
            400 | 405 | 409 | 413 | 415 | 422 => Status::BadRequest,
            401 => Status::Auth,
            402 => Status::Payment,
            403 => Status::Forbidden,
            404 | 410 => Status::NotFound,
            429 => Status::RateLimited,
            408 | 500..=599 => Status::Server,
            400..=499 => Status::Api,
            code @ 100..=199 => return protocol(format!("HTTP {code} is no final answer"), false),
            code => return protocol(format!("invalid HTTP status code {code}"), false),
        };
        if self.text.is_empty() && !self.reply.body.is_empty() && body != Unreadable::NotAnObject {
            return self.with_text(format!("(a body of type {})", self.media_type())).refused(kind);
        }
        self.refused(kind)
    }

    /// A 2xx reply that is no answer of this service.
    fn not_understood(&self, status: Option<&str>, body: Unreadable) -> Outcome {
        let code = self.reply.http_status;
        if self.reply.trimmed_body().is_empty() || code == 204 {
            // As good as cut off.
            return protocol(format!("HTTP {code} came with an empty body"), true);
        }
        if let Some(status) = status {
            let status = clean(status, self.key);
            return protocol(format!("the reply's status is \"{status}\", which is not known"), false);
        }
        if is_html(self.reply) {
            return protocol(format!("a page of type {} came instead of JSON", self.media_type()), true);
        }
        match body {
            Unreadable::Cut => protocol("the reply's JSON is cut off".into(), true),
            Unreadable::Nested => {
                protocol(format!("the reply's JSON is nested deeper than {MAX_NESTING}"), false)
            }
            Unreadable::NotAnObject => protocol("the reply is JSON without a status".into(), false),
            Unreadable::NotJson => {
                protocol(format!("the reply, of type {}, is not JSON", self.media_type()), false)
            }
        }
    }

    fn with_text(&self, text: String) -> Case<'_> {
        Case { text: ServerText::plain(text), ..*self }
    }

    fn media_type(&self) -> String {
        let named = self.reply.content_type.as_deref().unwrap_or_default();
        let named = clean(named.split(';').next().unwrap_or_default(), self.key);
        if named.is_empty() { "unknown".into() } else { named }
    }

    /// The error's text: what to do (the status table's words), then what the server said.
    fn refused(&self, kind: Status) -> Outcome {
        let text = advice(kind).to_owned() + &self.server_said();
        Outcome::Failed(Error::Refused { kind, text: clean(&text, self.key) })
    }

    /// The server's words as the end of a text of ours; where it has none, the HTTP code.
    fn server_said(&self) -> String {
        let code = self.reply.http_status;
        match (self.text.is_empty(), code) {
            (true, _) => format!(" (HTTP {code})"),
            (false, 200..=299) => format!(" The server said: {}", clean(self.text.as_str(), self.key)),
            (false, _) => format!(" The server said (HTTP {code}): {}", clean(self.text.as_str(), self.key)),
        }
    }

    /// One line for people.
    fn message(&self, outcome: &Outcome) -> String {
        let text = clean(self.text.as_str(), self.key);
        match outcome {
            Outcome::Failed(error) => clean(&error.to_string(), self.key),
            Outcome::Processing if text.is_empty() => advice(Status::Processing).into(),
            Outcome::Ready | Outcome::Processing => text,
            Outcome::WithoutLinks(_) if text.is_empty() => {
                "The job is done but its links are not there yet: poll again in 2 seconds.".into()
            }
            Outcome::WithoutLinks(_) => {
                clean(&format!("The job is done but its links are not there yet. {text}"), self.key)
            }
        }
    }
}

/// What to do about a status.
fn advice(kind: Status) -> &'static str {
    kind.c_text().to_str().unwrap_or_default()
}

fn is_html(reply: &RawReply<'_>) -> bool {
    let named = reply.content_type.as_deref().is_some_and(|t| t.to_ascii_lowercase().contains("html"));
    let body = reply.trimmed_body();
    body.starts_with(b"<") || (named && !body.starts_with(b"{"))
}

fn protocol(reason: String, retryable: bool) -> Outcome {
    Outcome::Failed(Error::Protocol { reason, retryable })
}
