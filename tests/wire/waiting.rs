//! Replies that say `processing`, `queued` or `pending` with HTTP 2xx: not yet.
//!
//! Knows nothing of the time until then beyond one value a row; the forms of `eta` are in `times`.

use super::row::{Row, processing, row};

/// A word of waiting and an `output` that can be read: not yet, whatever it holds, and nothing of it is handed on.
const NOT_YET: &[(&str, &str, &str)] = &[
    ("an empty output string while processing is not an error", "processing", r#""""#),
    ("an empty output array while processing is not an error", "processing", "[]"),
    ("a null output while processing is not an error", "processing", "null"),
    ("an empty output object while processing is not an error", "processing", "{}"),
    ("a link while processing is not handed on", "processing", r#"["https://img.example/early.png"]"#),
    (
        "a link as one string while processing is not handed on",
        "processing",
        r#""https://img.example/early.png""#,
    ),
    (
        "a link in an object while processing is not handed on",
        "processing",
        r#"{"0":"https://img.example/e.png"}"#,
    ),
    ("a link while queued is not handed on", "queued", r#"["https://img.example/early.png"]"#),
    ("a link while pending is not handed on", "pending", r#"[{"url":"https://img.example/early.png"}]"#),
    ("an empty output while queued is not an error", "queued", r#""""#),
    ("an empty output while pending is not an error", "pending", "[]"),
];

/// An `output` with an entry that is neither a string nor an object with a `url`, while waiting.
///
/// The contract can be read both ways: such an entry "makes the answer unreadable", and the ruling is not-yet
/// "whatever `output` holds". Read here: nobody uses those links, so they end no wait.
const USELESS_WHILE_WAITING: &[(&str, &str, &str)] = &[
    ("a number as an entry while processing is not yet", "processing", "[7]"),
    ("an array as an entry while queued is not yet", "queued", "[[]]"),
    ("an entry object without a url while pending is not yet", "pending", r#"[{"href":"x"}]"#),
];

pub(crate) fn rows() -> Vec<Row> {
    let body = |status: &str, output: &str| format!(r#"{{"status":"{status}","output":{output}}}"#);
    let not_yet = NOT_YET
        .iter()
        .map(|&(name, status, output)| row(name, 200, body(status, output), processing().id("")));
    let useless = USELESS_WHILE_WAITING
        .iter()
        .map(|&(name, status, output)| row(name, 200, body(status, output), processing()));
    not_yet.chain(useless).chain(whole_replies()).collect()
}

fn whole_replies() -> Vec<Row> {
    vec![
        row(
            "the commonest answer of a fetch call is not yet",
            200,
            r#"{"status":"processing","message":"try again later.","output":"","tip":"Use a webhook."}"#,
            processing().id("").has("try again later."),
        ),
        row(
            "the richer answer gives eta and id, and none of its links",
            200,
            r#"{"status":"processing","tip":"Wait for the eta.","eta":13.07,"message":"Try to fetch after some time.",
               "fetch_result":"https:\/\/api.example\/fetch\/65919758","id":65919758,"output":[],
               "future_links":["https:\/\/img.example\/later.png"],"meta":{"W":1024,"file_prefix":"a","seed":7}}"#,
            processing().id("65919758").eta(13_070).has("Try to fetch after some time."),
        ),
        row(
            "waiting at the worker is not yet, and its taskId is no id",
            200,
            r#"{"status":"queued","eta":5,"message":"Request has been queued","taskId":"3f2a",
               "links":["https://img.example/later.png"]}"#,
            processing().id("").eta(5_000).has("Request has been queued"),
        ),
        row("processing alone is not yet", 200, r#"{"status":"processing"}"#, processing().id("")),
        row("queued alone is not yet", 200, r#"{"status":"queued"}"#, processing().id("")),
        row("pending alone is not yet", 200, r#"{"status":"pending"}"#, processing().id("")),
        row("HTTP 201 with queued is not yet", 201, r#"{"status":"queued"}"#, processing()),
        row("HTTP 202 with processing is not yet", 202, r#"{"status":"processing"}"#, processing()),
        row(
            "the words of a refusal in a message do not end the waiting",
            200,
            r#"{"status":"processing","message":"Image not found yet; API key accepted"}"#,
            processing().has("Image not found yet"),
        ),
        row(
            "an object message while processing is not a refusal",
            200,
            r#"{"status":"processing","message":{"queue":["Two jobs before yours."]}}"#,
            processing().has("queue: Two jobs before yours."),
        ),
    ]
}
