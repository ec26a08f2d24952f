//! Replies without end, and replies around the limits: bytes, header lines, header size, time.

use super::row::{
    Row, chunked, head, in_chunks, lasting, passing, ready, send, send_then, with_length, without_length,
};
use crate::call::READY;
use mlab_core::error::Status;
use mlab_standin::Step;
use std::time::Duration;

pub(crate) fn rows() -> Vec<Row> {
    [headers(), body_limit(), endless_heads(), endless_bodies(), too_slow()].concat()
}

fn too_large(name: impl Into<String>, script: Vec<Step>) -> Row {
    lasting(name, script, Status::TooLarge, "larger")
}

/// Sends the start, then the same bytes for ever.
fn for_ever(start: impl AsRef<[u8]>, again: impl AsRef<[u8]>) -> Vec<Step> {
    let again = again.as_ref().repeat(4096 / again.as_ref().len() + 1);
    send_then(start, Step::Repeat(send(again)))
}

/// No setting helps, so the message says what else to look at.
fn too_much_around(name: impl Into<String>, script: Vec<Step>) -> Row {
    lasting(name, script, Status::TooLarge, "no setting for it; check the address and any proxy between")
}

fn head_too_large(name: impl Into<String>, script: Vec<Step>) -> Row {
    Row {
        says: "the reply's head is over the limits, which are not settings: larger than",
        ..too_large(name, script)
    }
}

fn headers() -> Vec<Row> {
    let length = READY.len();
    let with = |lines: String| send(head(&format!("Content-Length: {length}\r\n{lines}")) + READY);
    vec![
        head_too_large("a header line of 40 KiB", with(format!("X: {}\r\n", "x".repeat(40 * 1024)))),
        head_too_large("a header line of 1 MiB", with(format!("X: {}\r\n", "x".repeat(1024 * 1024)))),
        head_too_large(
            "100 header lines of 400 bytes",
            with(format!("X: {}\r\n", "x".repeat(400)).repeat(100)),
        ),
        head_too_large("129 header lines", with("X: y\r\n".repeat(127))),
        head_too_large("10000 header lines", with("X: y\r\n".repeat(10_000))),
        head_too_large("a header name of 40 KiB", with(format!("{}: y\r\n", "X".repeat(40 * 1024)))),
        head_too_large("a reason of 40 KiB", {
            send(with_length(READY).replacen("OK", &"O".repeat(40 * 1024), 1))
        }),
        head_too_large("huge early hints", {
            let hints = format!("HTTP/1.1 103 Early Hints\r\nX: {}\r\n\r\n", "x".repeat(40 * 1024));
            send(hints + &with_length(READY))
        }),
    ]
}

/// One below, at and one above the length of the body, with each way to say that length.
fn body_limit() -> Vec<Row> {
    let length = READY.len();
    let framings = [
        ("with its length", with_length(READY)),
        ("in one chunk", chunked(READY)),
        ("in small chunks", in_chunks(READY, &[1, 2, 3], "", "")),
        ("without a length", without_length(READY)),
    ];
    let mut rows = Vec::new();
    for (how, reply) in framings {
        rows.push(
            too_large(format!("a body {how}, one over the limit"), send(&reply)).limited_to(length - 1),
        );
        rows.push(ready(format!("a body {how}, at the limit"), send(&reply)).limited_to(length));
        rows.push(ready(format!("a body {how}, one below the limit"), send(&reply)).limited_to(length + 1));
    }
    let said = |length: &str| send_then(head(&format!("Content-Length: {length}\r\n")), Step::Stall);
    rows.push(too_large("a length over the limit is refused before any byte of the body", said("1048577")));
    rows.push(too_large("the largest length there is", said("18446744073709551615")));
    rows
}

fn endless_heads() -> Vec<Row> {
    let hints = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";
    vec![
        head_too_large("a header without end", for_ever("HTTP/1.1 200 OK\r\nX: ", "x")),
        head_too_large("header lines without end", for_ever("HTTP/1.1 200 OK\r\n", "X: y\r\n")),
        head_too_large("a reason without end", for_ever("HTTP/1.1 200 ", "O")),
        too_much_around("interim replies without end", for_ever("", hints)),
        too_much_around(
            "interim replies without headers and without end",
            for_ever("", "HTTP/1.1 100 Continue\r\n\r\n"),
        ),
    ]
}

fn endless_bodies() -> Vec<Row> {
    let chunks = head("Transfer-Encoding: chunked\r\n");
    let ended = chunked(READY);
    let trailing = &ended[..ended.len() - 2];
    vec![
        too_large("chunks without end", for_ever(&chunks, "5\r\n[[[[[\r\n")),
        // Each costs as much as one of any size: a limit of 1 MiB takes longer than a busy machine is given.
        too_large("chunks of one byte without end", for_ever(&chunks, "1\r\n \r\n")).limited_to(64 * 1024),
        too_large("a body without length and end", for_ever(without_length(""), " ")),
        too_large("a whole answer, then spaces without end", for_ever(without_length(READY), " ")),
        too_much_around("trailers without end", for_ever(trailing, "X: y\r\n")),
        lasting(
            "a chunk extension without end",
            for_ever(chunks.clone() + "4c;", "x"),
            Status::Protocol,
            "no valid HTTP",
        ),
        lasting("a chunk size without end", for_ever(&chunks, "0"), Status::Protocol, "no valid HTTP"),
        lasting("a trailer line without end", for_ever(trailing, "x"), Status::Protocol, "no valid HTTP"),
    ]
}

fn too_slow() -> Vec<Row> {
    let slow = |name: &str, start: &str, again: &str| {
        let drip = Step::Drip { bytes: again.into(), every: Duration::from_millis(20) };
        let script = send_then(start, Step::Repeat(vec![drip]));
        passing(name, script, Status::Timeout, "waiting for the reply").hurried()
    };
    vec![
        slow("a status line dripped without end", "HTTP/1.1 200 ", "O"),
        slow("headers dripped without end", "HTTP/1.1 200 OK\r\n", "X: y\r\n"),
        slow("interim replies dripped without end", "", "HTTP/1.1 100 Continue\r\n\r\n"),
        slow("a body dripped without end", &without_length(""), " "),
        slow("chunks dripped without end", &head("Transfer-Encoding: chunked\r\n"), "1\r\n \r\n"),
        passing("silence", vec![Step::Stall], Status::Timeout, "waiting for the reply").hurried(),
        passing(
            "silence after early hints",
            send_then("HTTP/1.1 103 Early Hints\r\n\r\n", Step::Stall),
            Status::Timeout,
            "waiting for the reply",
        )
        .hurried(),
    ]
}
