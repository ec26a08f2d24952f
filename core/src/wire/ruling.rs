//! The ruling: from a whole HTTP reply to one outcome (contract, section 3).

use super::answer::{Answer, MAX_NESTING, Unreadable, Word};
use super::key::Key;
use super::reply::RawReply;
use super::seconds;
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
    /// How long the server expects the job to take still.
    pub eta_ms: Option<u64>,
    /// How long the server wants to be left alone.
    pub retry_after_ms: Option<u64>,
}

impl Ruling {
    /// The status a C program sees.
    pub fn status(&self) -> Status {
        match &self.outcome {
            Outcome::Ready => Status::Ok,
            Outcome::Processing => Status::Processing,
            Outcome::Failed(error) => error.status(),
        }
    }
}

/// Decides what a reply means. `key` is taken out of every text.
pub fn rule(reply: &RawReply<'_>, key: Option<&Key>) -> Ruling {
    let mut place = Unescaped::default();
    let Ok(body) = place.of(&reply.body) else { return out_of_memory() };
    let mut answer = Answer::default();
    let read = match answer.read(body) {
        // For the places that an error names.
        Err(_) if body.len() != reply.body.len() => answer.read(&reply.body),
        read => read,
    };
    let said = ServerText::by(&answer);
    let outcome = match read {
        Ok(()) => decide(reply, &answer, &said, key),
        Err(unreadable) => by_code(reply, None, &said, &unreadable, key),
    };
    let header = reply.retry_after.as_deref().and_then(|value| {
        seconds::header_retry_after_ms(value, reply.date.as_deref(), reply.received_unix_s)
    });
    let message = match &outcome {
        Outcome::Failed(error) => clean(&error.to_string(), key),
        Outcome::Ready => clean(&said.text, key),
        Outcome::Processing => not_yet(&answer, &said, key),
    };
    Ruling {
        urls: if outcome == Outcome::Ready { answer.output.urls } else { Strings::default() },
        outcome,
        id: clean(&answer.id, key),
        message,
        eta_ms: answer.eta_ms,
        retry_after_ms: header.or(answer.retry_after_ms),
    }
}

/// Nothing of a reply whose reading takes more memory than there is.
fn out_of_memory() -> Ruling {
    Ruling {
        outcome: Outcome::Failed(OUT_OF_MEMORY),
        urls: Strings::default(),
        id: String::new(),
        message: OUT_OF_MEMORY.to_string(),
        eta_ms: None,
        retry_after_ms: None,
    }
}

const OUT_OF_MEMORY: Error = Error::NoResources { what: "memory" };

/// What the server said in words.
struct ServerText {
    /// All texts, the tips last.
    text: String,
    /// How much of it decides: all but the tips, advice about anything ("get an API key …"), unless they are alone.
    deciding: usize,
    is_object: bool,
}

impl ServerText {
    fn nothing() -> ServerText {
        ServerText { text: String::new(), deciding: 0, is_object: false }
    }

    fn by(answer: &Answer<'_>) -> ServerText {
        let Some(said) = &answer.texts else { return ServerText::nothing() };
        let mut text = String::new();
        for part in [&said.message, &said.messege, &said.error, &said.errors] {
            append_once(&mut text, &part.flat);
        }
        let without_tips = text.len();
        for part in [&said.tip, &said.tips] {
            append_once(&mut text, &part.flat);
        }
        let deciding = if without_tips == 0 { text.len() } else { without_tips };
        ServerText { text, deciding, is_object: said.message.is_object || said.messege.is_object }
    }

    /// What decides, in lower case.
    fn reason(&self) -> String {
        self.text[..self.deciding].to_lowercase()
    }
}

/// Adds a part unless it is there already: `message` and `error` often say the same.
fn append_once(text: &mut String, part: &str) {
    if part.is_empty() {
        return;
    }
    let part = part.trim();
    if part.is_empty() || text.contains(part) {
        return;
    }
    if !text.is_empty() {
        text.push_str(if text.ends_with(['.', '!', '?']) { " " } else { "; " });
    }
    text.push_str(part);
}

fn decide(reply: &RawReply<'_>, answer: &Answer<'_>, said: &ServerText, key: Option<&Key>) -> Outcome {
    let is_2xx = (200..300).contains(&reply.http_status) && reply.http_status != 204;
    match answer.word() {
        Some(Word::Success | Word::NotYet) if is_2xx && answer.id_is_broken => {
            protocol("the reply's id holds a NUL or broken text".into(), false)
        }
        Some(Word::Success) if is_2xx => ready(answer),
        Some(Word::NotYet) if is_2xx => Outcome::Processing,
        Some(word @ (Word::Error | Word::Failed)) if is_2xx => {
            refused(by_words(said, word == Word::Failed), said, reply.http_status, key)
        }
        _ => by_code(reply, answer.status.as_deref(), said, &Unreadable::NotAnObject, key),
    }
}

fn ready(answer: &Answer<'_>) -> Outcome {
    if answer.output.out_of_memory {
        return Outcome::Failed(OUT_OF_MEMORY);
    }
    if let Some(what) = answer.output.unreadable {
        return protocol(format!("the reply's output holds {what} where links belong"), false);
    }
    if answer.output.urls.is_empty() { Outcome::Processing } else { Outcome::Ready }
}

/// Rule 3: with a 2xx code the words decide, in this order.
fn by_words(said: &ServerText, failed: bool) -> Status {
    let reason = said.reason();
    let mentions = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    if mentions(&["not found"]) {
        Status::NotFound
    } else if mentions(&["rate limit", "too many"]) {
        Status::RateLimited
    } else if mentions(&["api key"]) {
        Status::Auth
    } else if mentions(&["credit", "wallet", "subscri", "fund"]) {
        Status::Payment
    } else if said.is_object {
        Status::BadRequest
    } else if failed {
        Status::JobFailed
    } else {
        Status::Api
    }
}

/// Rule 4: without a status that decides, the HTTP code does.
fn by_code(
    reply: &RawReply<'_>,
    status: Option<&str>,
    said: &ServerText,
    body: &Unreadable,
    key: Option<&Key>,
) -> Outcome {
    let kind = match reply.http_status {
        200..=299 => return not_understood(reply, status, body, key),
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
        code => return protocol(format!("HTTP {code} is no final answer"), false),
    };
    if said.text.is_empty() && !reply.body.is_empty() && *body != Unreadable::NotAnObject {
        let page = ServerText {
            text: format!("(a body of type {})", media_type(reply, key)),
            ..ServerText::nothing()
        };
        return refused(kind, &page, reply.http_status, key);
    }
    refused(kind, said, reply.http_status, key)
}

/// A 2xx reply that is no answer of this service.
fn not_understood(
    reply: &RawReply<'_>,
    status: Option<&str>,
    body: &Unreadable,
    key: Option<&Key>,
) -> Outcome {
    let code = reply.http_status;
    if reply.body.trim_ascii().is_empty() || code == 204 {
        return protocol(format!("HTTP {code} came with an empty body"), false);
    }
    if let Some(status) = status {
        return protocol(
            format!("the reply's status is \"{}\", which is not known", clean(status, key)),
            false,
        );
    }
    if is_html(reply) {
        return protocol(format!("a page of type {} came instead of JSON", media_type(reply, key)), true);
    }
    match body {
        Unreadable::Cut => protocol("the reply's JSON is cut off".into(), true),
        Unreadable::Nested => {
            protocol(format!("the reply's JSON is nested deeper than {}", MAX_NESTING), false)
        }
        Unreadable::NotAnObject => protocol("the reply is JSON without a status".into(), false),
        Unreadable::NotJson(why) => {
            let kind = media_type(reply, key);
            protocol(format!("the reply, of type {kind}, cannot be read as JSON: {why}"), false)
        }
    }
}

fn is_html(reply: &RawReply<'_>) -> bool {
    let named = reply.content_type.as_deref().is_some_and(|t| t.to_ascii_lowercase().contains("html"));
    let body = reply.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&reply.body).trim_ascii_start();
    body.starts_with(b"<") || (named && !body.starts_with(b"{"))
}

fn media_type(reply: &RawReply<'_>, key: Option<&Key>) -> String {
    let named = reply.content_type.as_deref().unwrap_or_default();
    let named = clean(named.split(';').next().unwrap_or_default(), key);
    if named.is_empty() { "unknown".into() } else { named }
}

fn protocol(why: String, retryable: bool) -> Outcome {
    Outcome::Failed(Error::Protocol { why, retryable })
}

/// The error's text: what to do (the status table's words), then what the server said.
fn refused(kind: Status, said: &ServerText, code: u16, key: Option<&Key>) -> Outcome {
    let advice = kind.c_text().to_str().unwrap_or_default();
    let text = match (said.text.is_empty(), code) {
        (true, _) => format!("{advice} (HTTP {code})"),
        (false, 200..=299) => format!("{advice} The server said: {}", clean(&said.text, key)),
        (false, _) => format!("{advice} The server said (HTTP {code}): {}", clean(&said.text, key)),
    };
    Outcome::Failed(Error::Refused { kind, text: clean(&text, key) })
}

/// The message of a job that is not ready: the server's words, or ours where it has none.
fn not_yet(answer: &Answer<'_>, said: &ServerText, key: Option<&Key>) -> String {
    let said = clean(&said.text, key);
    match (answer.word() == Some(Word::Success), said.is_empty()) {
        (true, true) => "The job is done but its links are not there yet: poll again in 2 seconds.".into(),
        (true, false) => clean(&format!("The job is done but its links are not there yet. {said}"), key),
        (false, true) => Status::Processing.c_text().to_str().unwrap_or_default().into(),
        (false, false) => said,
    }
}
