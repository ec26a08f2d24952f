//! A whole reply: bytes, code and header fields in, a ruling out.
//!
//! The ruling's reader is quick, tolerant and reads only what it uses. Beside it stand serde_json's own `Value`, which
//! reads everything and tolerates nothing, and a search for the key that tries every place.

use super::seconds::is_near;
use super::spelling;
use mlab_core::error::{Error, Status};
use mlab_core::wire::{Key, MAX_TEXT, Outcome, RawReply, Ruling, rule};
use serde_json::{Map, Value};

/// The key where the input has none that could be one. Its JSON forms differ from the raw one.
const KEY: &str = "test-key-not-real/\"q\"";

/// The input: a line with the code and, behind a space, the key; header fields, one a line; an empty line; the body.
pub fn run(data: &[u8]) {
    let (head, body) = split(data);
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default();
    let (code, named) = first.split_once(' ').unwrap_or((first, ""));
    let (key, key_text) = match Key::new(named) {
        Ok(key) => (key, named),
        Err(_) => (Key::new(KEY).expect("a valid key"), KEY),
    };
    let fields: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(':')).collect();
    let field =
        |name: &str| fields.iter().find(|f| f.0.eq_ignore_ascii_case(name)).map(|f| f.1.trim().to_owned());
    let reply = RawReply {
        http_status: code.parse().unwrap_or(200),
        content_type: field("content-type"),
        retry_after: field("retry-after"),
        date: field("date"),
        location: field("location"),
        body: body.into(),
        received_unix_s: Some(784_111_777),
    };
    let ruling = rule(&reply, Some(&key));
    check_bounds(&reply, &ruling);
    check_the_key_is_gone(body, &ruling, &key, key_text);
    check_against_value(&reply, &ruling, &key);
}

fn split(data: &[u8]) -> (&[u8], &[u8]) {
    match data.windows(2).position(|two| two == b"\n\n") {
        Some(at) => (&data[..at], &data[at + 2..]),
        None => (data, &[]),
    }
}

fn check_bounds(reply: &RawReply<'_>, ruling: &Ruling) {
    for text in [&ruling.message, &ruling.id] {
        assert!(text.len() <= MAX_TEXT && !text.contains(char::is_control), "unfit: {text:?}");
    }
    assert!(ruling.eta_ms.is_none_or(|ms| ms <= 86_400_000), "{:?}", ruling.eta_ms);
    assert!(ruling.retry_after_ms.is_none_or(|ms| ms <= 3_600_000), "{:?}", ruling.retry_after_ms);
    let is_2xx = (200..300).contains(&reply.http_status);
    match &ruling.outcome {
        Outcome::Ready => assert!(is_2xx && !ruling.urls.is_empty()),
        Outcome::Processing | Outcome::WithoutLinks(_) => assert!(is_2xx && ruling.urls.is_empty()),
        Outcome::Failed(error) => {
            assert!(ruling.urls.is_empty() && !ruling.message.is_empty(), "{error:?}");
            let may_pass = matches!(error.status(), Status::RateLimited | Status::Server | Status::Protocol);
            assert!(may_pass || !error.is_retryable(), "{error:?}");
        }
    }
    assert!(ruling.urls.iter().all(|url| !url.is_empty() && std::str::from_utf8(url).is_ok()));
    assert_eq!(ruling.urls.iter().count(), ruling.urls.len());
}

fn check_the_key_is_gone(body: &[u8], ruling: &Ruling, key: &Key, text: &str) {
    let redacted = key.redact_bytes(body);
    let naive = spelling::redacted(body, text);
    assert!(
        *redacted == naive,
        "{:?}\n{:?}",
        String::from_utf8_lossy(&redacted),
        String::from_utf8_lossy(&naive)
    );
    // What stands in the key's place may spell a key of stars.
    if !text.contains('*') {
        for shown in [&ruling.message, &ruling.id] {
            assert!(!spelling::holds(shown.as_bytes(), text), "{text:?} is shown in {shown:?}");
        }
    }
}

/// Where serde_json reads an object, so do we, and find the same in it; where it can read no JSON, nor do we.
fn check_against_value(reply: &RawReply<'_>, ruling: &Ruling, key: &Key) {
    let body = reply.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&reply.body).trim_ascii();
    let is_2xx = (200..300).contains(&reply.http_status) && reply.http_status != 204;
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(object)) if is_2xx => {
            assert!(allowed(&object).contains(&ruling.status()), "{object:?}: {ruling:?}");
            check_fields(&object, ruling);
        }
        Ok(_) if is_2xx => assert_eq!(ruling.status(), Status::Protocol, "{ruling:?}"),
        Ok(_) => {}
        Err(_) => {
            let refused =
                matches!(&ruling.outcome, Outcome::Failed(error) if error.status() == Status::Protocol);
            assert!(!is_2xx || refused || may_be_json(body), "no JSON, but {ruling:?}");
            return;
        }
    }
    if !body.contains(&b'\\') {
        let slashes = String::from_utf8_lossy(body).replace('/', "\\/").into_bytes();
        let again = rule(&RawReply { body: slashes.into(), ..reply.clone() }, Some(key));
        assert_eq!(format!("{again:?}"), format!("{ruling:?}"), "with its slashes escaped");
    }
}

/// Whether a body is JSON to someone who looks at no string, number or name in it, takes `NaN` for a value, and forgives
/// strings that are no text.
fn may_be_json(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let (mut forgiven, mut rest, mut in_string) = (String::new(), &text[..], false);
    while let Some(first) = rest.chars().next() {
        let mut taken = first.len_utf8();
        match first {
            'N' | 'I' | '-' if !in_string => {
                let name = ["NaN", "Infinity", "-Infinity"].iter().find(|name| rest.starts_with(**name));
                forgiven.push_str(if name.is_some() { "null" } else { &rest[..1] });
                taken = name.map_or(1, |name| name.len());
            }
            '"' => {
                in_string = !in_string;
                forgiven.push('"');
            }
            '\\' if in_string => {
                let digits = rest[1..].trim_start_matches(|c: char| c == 'u' || c.is_ascii_hexdigit());
                let is_no_text = |c: char| c == char::REPLACEMENT_CHARACTER || c.is_control();
                let cut_by_no_text = digits.starts_with(is_no_text);
                taken = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                forgiven.push_str(if cut_by_no_text { "" } else { &rest[..taken] });
            }
            control if in_string && control.is_control() => forgiven.push(' '),
            other => forgiven.push(other),
        }
        rest = &rest[taken..];
    }
    serde_json::from_str::<serde::de::IgnoredAny>(&forgiven).is_ok()
}

/// What a body with a 2xx code may mean.
fn allowed(object: &Map<String, Value>) -> &'static [Status] {
    let status =
        object.get("status").and_then(Value::as_str).map(|status| status.trim().to_ascii_lowercase());
    let has_broken_id = object.get("id").and_then(Value::as_str).is_some_and(|id| id.contains('\0'));
    match status.as_deref() {
        Some("success" | "processing" | "queued" | "pending") if has_broken_id => &[Status::Protocol],
        Some("success") => match links(object.get("output")) {
            None => &[Status::Protocol],
            Some(links) if links.is_empty() => &[Status::Processing],
            Some(_) => &[Status::Ok],
        },
        Some("processing" | "queued" | "pending") => &[Status::Processing],
        // The job has ended.
        Some("failed") => &[Status::JobFailed, Status::NotFound],
        Some("canceled" | "cancelled" | "aborted") => &[Status::JobFailed],
        Some("error") => BY_WORDS,
        _ => &[Status::Protocol],
    }
}

/// What the words of an `error` may mean.
const BY_WORDS: &[Status] = &[
    Status::Api,
    Status::NotFound,
    Status::RateLimited,
    Status::Auth,
    Status::Payment,
    Status::BadRequest,
    Status::Server,
];

fn check_fields(object: &Map<String, Value>, ruling: &Ruling) {
    if ruling.outcome == Outcome::Ready {
        let mut ours: Vec<&[u8]> = ruling.urls.iter().collect();
        let mut theirs = links(object.get("output")).unwrap_or_default();
        if object["output"].is_object() {
            // `Value` sorts names.
            ours.sort_unstable();
            theirs.sort_unstable();
        }
        assert!(ours.iter().copied().eq(theirs.iter().map(|url| url.as_bytes())), "{ours:?} {theirs:?}");
    }
    if let Some(seconds) = object.get("eta").and_then(Value::as_f64)
        && !matches!(ruling.outcome, Outcome::Failed(Error::Protocol { .. }))
    {
        let got = ruling.eta_ms;
        assert!(got.is_some_and(|ms| is_near(ms, seconds, 86_400_000)), "{seconds} s is {got:?}");
    }
    let id = match object.get("id") {
        Some(Value::Number(id)) if id.is_u64() || id.is_i64() => id.to_string(),
        Some(Value::String(_)) | Some(Value::Number(_)) => return,
        _ => String::new(),
    };
    assert!(ruling.id == id || ruling.id.contains("***"), "{id:?} {:?}", ruling.id);
}

/// The usable entries; none if one is no link.
fn links(output: Option<&Value>) -> Option<Vec<&str>> {
    match output {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::String(_)) => entries(output.into_iter()),
        Some(Value::Array(all)) => entries(all.iter()),
        Some(Value::Object(all)) => entries(all.values()),
        Some(_) => None,
    }
}

fn entries<'v>(all: impl Iterator<Item = &'v Value>) -> Option<Vec<&'v str>> {
    let mut links = Vec::new();
    for entry in all {
        let entry = match entry {
            Value::Object(object) => object.get("url").filter(|url| url.is_string())?,
            other => other,
        };
        match entry {
            Value::Null => {}
            Value::String(link) if link.contains('\0') => return None,
            Value::String(link) if link.is_empty() => {}
            Value::String(link) => links.push(&link[..]),
            _ => return None,
        }
    }
    Some(links)
}
