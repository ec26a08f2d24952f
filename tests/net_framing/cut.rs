//! Replies that end too early: by a close, by a close without TLS saying so, or by a reset.

use super::row::{
    Carrier, Row, chunked, head, lasting, passing, send, send_then, with_length, without_length,
};
use crate::call::READY;
use mlab_core::error::Status;
use mlab_standin::Step;
use std::time::Duration;

pub(crate) fn rows() -> Vec<Row> {
    [in_the_head(), in_the_body(), refusals(), lying_lengths(), empty()].concat()
}

/// The ways to end a connection, with the words for them.
fn ends() -> [(&'static str, Step); 3] {
    [("closed", Step::Close), ("hung up", Step::HangUp), ("reset", Step::Reset)]
}

fn in_the_head() -> Vec<Row> {
    let places = [
        ("before the first byte", ""),
        ("in the status line", "HTTP/1.1 2"),
        ("in a header", "HTTP/1.1 200 OK\r\nCont"),
    ];
    let after_hints = ("after early hints", "HTTP/1.1 103 Early Hints\r\n\r\n");
    let mut rows = Vec::new();
    for (place, bytes) in places.into_iter().chain([after_hints]) {
        for (how, end) in ends() {
            let script = send_then(bytes, end);
            rows.push(passing(format!("{how} {place}"), script, Status::Network, "waiting for the reply"));
        }
    }
    rows
}

fn in_the_body() -> Vec<Row> {
    let up_to = |reply: String, part: &str| {
        let end = reply.find(part).unwrap_or_else(|| panic!("no {part} in {reply}"));
        reply[..end].to_owned()
    };
    let framings = [
        ("a body with its length", up_to(with_length(READY), "output")),
        ("a body of one byte too few", with_length(READY)[..with_length(READY).len() - 1].to_owned()),
        ("a body before its first byte", up_to(with_length(READY), "{")),
        ("a chunk", up_to(chunked(READY), "output")),
        ("a chunk's size", up_to(chunked(READY), "c\r\n{")),
        ("a chunk's line end", up_to(chunked(READY), "\r\n0\r\n") + "\r"),
        ("chunks before the last", up_to(chunked(READY), "0\r\n\r\n")),
        ("a body without a length", up_to(without_length(READY), "output")),
    ];
    let mut rows = Vec::new();
    for (what, reply) in framings {
        for (how, end) in ends() {
            let script = send_then(&reply, end);
            let name = format!("{how} in {what}");
            rows.push(match how {
                "reset" => passing(name, script, Status::Network, "waiting for the reply"),
                _ => passing(name, script, Status::Protocol, "cut off"),
            });
        }
    }
    // Nothing of the body is missing, but a server that breaks off here is not one to believe.
    let in_a_trailer = up_to(chunked(READY), "0\r\n\r\n") + "0\r\nX-Sum: ";
    rows.push(passing("closed in a trailer", send(in_a_trailer), Status::Protocol, "cut off"));
    let whole = send_then(without_length(READY), Step::Reset);
    let name = "a whole answer without a length that a reset follows is not trusted";
    // Reset, a reply may have been more; over TLS the alert that was never sent says the same.
    rows.push(passing(name, whole, Status::Network, "waiting for the reply").over(Carrier::Plain));
    rows
}

/// The code of a reply that is no 2xx says what it is, whatever became of its body.
fn refusals() -> Vec<Row> {
    const BODY: &str = r#"{"status":"error","message":"No"}"#;
    let elsewhere = "Location: https://elsewhere.invalid/x\r\n";
    let codes = [
        ("401 Unauthorized", "", None, Status::Auth, "The server said (HTTP 401): No"),
        ("429 Too Many Requests", "Retry-After: 30\r\n", Some(30), Status::RateLimited, "HTTP 429"),
        ("503 Unavailable", "Retry-After: 7\r\n", Some(7), Status::Server, "HTTP 503"),
        ("302 Found", elsewhere, None, Status::Redirect, "https://elsewhere.invalid,"),
        ("302 Found", "", None, Status::Redirect, "without a Location"),
    ];
    let mut rows = Vec::new();
    for (code, lines, retry_after, status, says) in codes {
        let reply =
            |framing: &str, body: &str| head(&format!("{lines}{framing}\r\n")).replace("200 OK", code) + body;
        let framings = [
            ("a body with its length", reply("Content-Length: 200", BODY)),
            ("a chunk", reply("Transfer-Encoding: chunked", &format!("c8\r\n{BODY}"))),
            ("chunks before the last", reply("Transfer-Encoding: chunked", &format!("21\r\n{BODY}\r\n"))),
            ("a body without a length", reply("Connection: close", BODY)),
        ];
        let number = code[..3].parse().expect("a number");
        let row = |what: String, script, says| Row {
            retryable: matches!(status, Status::RateLimited | Status::Server),
            ..lasting(format!("{number} {what}"), script, status, says).hears(number, retry_after)
        };
        for (what, reply) in framings {
            for (how, end) in ends() {
                // A system may drop what was not read when a reset came, so the head gets time to be.
                let pause = Step::Pause(Duration::from_millis(50));
                let script = vec![Step::Send(reply.clone().into()), pause, end];
                rows.push(row(format!("{how} in {what}"), script, says));
            }
        }
        let before = reply("Content-Length: 200", "");
        rows.push(row("closed before its body".into(), send(before), ""));
        let garbled = reply("Transfer-Encoding: chunked", &format!("{BODY}\r\n"));
        rows.push(row("with a chunk size that is no number".into(), send(garbled), ""));
    }
    let stalled = send_then(head("Content-Length: 200\r\n").replace("200 OK", "401 No") + BODY, Step::Stall);
    rows.push(
        passing("401 that stops in its body", stalled, Status::Timeout, "waiting for the reply").hurried(),
    );
    let large = send(with_length(BODY).replace("200 OK", "401 No"));
    rows.push(lasting("401 over the limit", large, Status::TooLarge, "larger").limited_to(BODY.len() - 1));
    rows
}

fn lying_lengths() -> Vec<Row> {
    let said = |length: usize| head(&format!("Content-Length: {length}\r\n")) + READY;
    vec![
        passing("a length that says too much", send(said(READY.len() + 1)), Status::Protocol, "cut off"),
        passing("a length that says too little", send(said(READY.len() - 1)), Status::Protocol, "cut off"),
        passing(
            "a length that says too much on an open connection",
            send_then(said(READY.len() + 1), Step::Stall),
            Status::Timeout,
            "waiting for the reply",
        )
        .hurried(),
    ]
}

fn empty() -> Vec<Row> {
    let empty = |name, reply: String| passing(name, send(reply), Status::Protocol, "empty body");
    vec![
        empty("an empty body with its length", with_length("")),
        empty("an empty body in chunks", chunked("")),
        empty("an empty body without a length", without_length("")),
        empty("no content", "HTTP/1.1 204 No Content\r\n\r\n".into()),
        empty("no content with a length that lies", with_length(READY).replace("200 OK", "204 No Content")),
    ]
}
