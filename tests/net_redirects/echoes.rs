//! Replies that echo the key in every place there is, in every spelling, as data.

use crate::call::KEY;
use mlab_core::error::Status;

/// A reply with the key in it.
pub(crate) struct Echo {
    /// Where the key is, and how it is spelled.
    pub(crate) name: String,
    /// The whole reply.
    pub(crate) reply: Vec<u8>,
    /// The outcome.
    pub(crate) status: Status,
    /// Whether the key is in a body that is handed out, and must be `***` there.
    pub(crate) body_is_kept: bool,
}

/// The key raw and in the spellings of JSON encoders: as little escaped as can be, as PHP does, and wholly.
pub(crate) fn spellings() -> [String; 5] {
    let json = serde_json::to_string(KEY).expect("a string");
    let json = &json[1..json.len() - 1];
    let php = json.replace('/', "\\/").replace('é', "\\u00e9");
    let wholly = KEY.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    [KEY.into(), json.into(), php.clone(), php.replace("\\u00e9", "\\u00E9"), wholly]
}

/// `{key}` stands for the key, in a JSON string.
const IN_JSON: &[(&str, u16, Status, &str)] = &[
    ("the message", 200, Status::Auth, r#"{"status":"error","message":"Invalid API key: {key}!"}"#),
    ("the message, at its start", 200, Status::JobFailed, r#"{"status":"failed","message":"{key}"}"#),
    (
        "the old spelling of message",
        200,
        Status::Auth,
        r#"{"status":"error","messege":"api key {key}{key}"}"#,
    ),
    ("an error", 200, Status::Api, r#"{"status":"error","error":"{key}"}"#),
    ("an error's message", 200, Status::Api, r#"{"status":"error","error":{"message":"{key}"}}"#),
    (
        "a validation's text",
        200,
        Status::BadRequest,
        r#"{"status":"error","message":{"key":["{key} is bad"]}}"#,
    ),
    ("a validation's field", 422, Status::BadRequest, r#"{"message":"No","errors":{"{key}":["is bad"]}}"#),
    ("a tip", 200, Status::Processing, r#"{"status":"processing","output":"","tip":"use {key}"}"#),
    ("the status", 200, Status::Protocol, r#"{"status":"{key}","output":[]}"#),
    ("the id", 200, Status::Ok, r#"{"status":"success","id":"{key}","output":["https://a.example/0.png"]}"#),
    ("the id of a job that waits", 200, Status::Processing, r#"{"status":"queued","id":"a {key} b"}"#),
    ("a field that is ignored", 200, Status::Processing, r#"{"status":"success","meta":{"key":"{key}"}}"#),
    ("a field's name", 200, Status::Processing, r#"{"status":"success","{key}":"{key}"}"#),
    ("a refusal by code", 401, Status::Auth, r#"{"status":"error","message":"{key}"}"#),
    ("a rate limit", 429, Status::RateLimited, r#"{"message":"{key}","retry_after":"{key}"}"#),
    ("a server's trouble", 500, Status::Server, r#"{"message":"Server Error","exception":"at {key}"}"#),
    ("JSON that is cut", 200, Status::Protocol, r#"{"status":"error","message":"{key} "#),
    ("JSON of another kind", 200, Status::Protocol, r#"["{key}"]"#),
    ("a redirect's body", 303, Status::Redirect, r#"{"message":"{key}"}"#),
];

/// The same where no JSON is around it: raw.
const IN_TEXT: &[(&str, u16, Status, &str)] = &[
    ("a page", 200, Status::Protocol, "<html><body>{key}</body></html>"),
    ("a page's first byte", 502, Status::Server, "{key}<html></html>"),
    ("plain text", 200, Status::Protocol, "{key}"),
    ("plain text of a refusal", 403, Status::Forbidden, "no: {key}"),
];

/// Headers; `{key}` is the key as PHP spells it, which is ASCII.
const IN_HEADERS: &[(&str, u16, Status, &str)] = &[
    ("the content type", 200, Status::Protocol, "Content-Type: text/{key}"),
    ("the content type of a refusal", 500, Status::Server, "Content-Type: {key}"),
    ("Retry-After", 429, Status::RateLimited, "Retry-After: {key}"),
    ("a cookie", 500, Status::Server, "Set-Cookie: key={key}"),
    ("the path of a redirect", 302, Status::Redirect, "Location: https://elsewhere.invalid/{key}"),
    ("the user name of a redirect", 302, Status::Redirect, "Location: https://{key}@elsewhere.invalid/"),
    ("the host of a redirect", 302, Status::Redirect, "Location: https://{key}.elsewhere.invalid/"),
    ("the scheme of a redirect", 302, Status::Redirect, "Location: {key}://elsewhere.invalid/"),
    ("the whole Location", 302, Status::Redirect, "Location: \\\\{key}"),
];

pub(crate) fn rows() -> Vec<Echo> {
    let [raw, in_json @ ..] = spellings();
    let php = in_json[1].clone();
    let echo = |place: &str, key: &str, code: u16, status: Status, line: &str, body: &str| {
        let (line, body) = (line.replace("{key}", key), body.replace("{key}", key));
        let head = format!("HTTP/1.1 {code} ServerText\r\n{line}\r\nContent-Length: {}\r\n\r\n", body.len());
        let name = format!("{place}, as {key}");
        Echo { name, reply: (head + &body).into(), status, body_is_kept: body.contains(key) }
    };
    let mut rows = Vec::new();
    for (place, code, status, body) in IN_JSON {
        for key in &in_json {
            rows.push(echo(place, key, *code, *status, "Content-Type: application/json", body));
        }
    }
    for (place, code, status, body) in IN_TEXT {
        rows.push(echo(place, &raw, *code, *status, "X: y", body));
    }
    for (place, code, status, line) in IN_HEADERS {
        rows.push(echo(place, &php, *code, *status, line, "sorry"));
    }
    // The longest text is cut at 1 KiB: a part of the key must not survive there either.
    for filler in 990..1030 {
        let body = format!(r#"{{"status":"failed","message":"{}{{key}}"}}"#, "x".repeat(filler));
        rows.push(echo("the end of a long message", &php, 200, Status::JobFailed, "X: y", &body));
    }
    let reason = format!("HTTP/1.1 500 {php}\r\nContent-Length: 0\r\n\r\n");
    let name = "the reason phrase".into();
    rows.push(Echo { name, reply: reason.into(), status: Status::Server, body_is_kept: false });
    rows
}
