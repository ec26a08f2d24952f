//! Replies that end too early: by a close, by a close without TLS saying so, or by a reset.

use super::row::{
    Carrier, Row, chunked, head, lasting, passing, send, send_then, with_length, without_length,
};
use crate::call::READY;
use mlab::error::Status;
use mlab_standin::Step;

pub(crate) fn rows() -> Vec<Row> {
    [in_the_head(), in_the_body(), lying_lengths(), empty()].concat()
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
    let empty = |name, reply: String| lasting(name, send(reply), Status::Protocol, "empty body");
    vec![
        empty("an empty body with its length", with_length("")),
        empty("an empty body in chunks", chunked("")),
        empty("an empty body without a length", without_length("")),
        empty("no content", "HTTP/1.1 204 No Content\r\n\r\n".into()),
        empty("no content with a length that lies", with_length(READY).replace("200 OK", "204 No Content")),
    ]
}
