//! Replies that are whole, in all the ways HTTP/1.1 has to say so (RFC 9112, sections 6 and 7).

use super::row::{
    Carrier, Row, chunked, head, in_chunks, ready, send, send_then, with_length, without_length,
};
use crate::call::READY;
use mlab_standin::Step;
use std::time::Duration;

pub(crate) fn rows() -> Vec<Row> {
    [framings(), interim_replies(), oddities(), dripped()].concat()
}

fn framings() -> Vec<Row> {
    let twice = format!("Content-Length: {0}\r\nContent-Length: {0}, {0}\r\n", READY.len());
    let lying = chunked(READY).replacen("Transfer", "Content-Length: 3\r\nTransfer", 1);
    let whole_but_for_the_last_line_end = {
        let reply = chunked(READY);
        reply[..reply.len() - 2].to_owned()
    };
    vec![
        ready("a body with its length", send(with_length(READY))),
        ready("a body in one chunk", send(chunked(READY))),
        ready("a body in chunks of odd sizes", send(in_chunks(READY, &[1, 2, 3, 5, 7, 11, 13], "", ""))),
        ready("a body in chunks of one byte", send(in_chunks(READY, &[1; READY.len()], "", ""))),
        ready("chunks with extensions", send(in_chunks(READY, &[10, 20], ";a=b;c=\"d\"", ""))),
        ready("chunks with trailers", send(in_chunks(READY, &[10], "", "X-Sum: 1\r\nX-Other: 2\r\n"))),
        ready(
            "chunk sizes with leading zeros",
            send(chunked(READY).replacen("\r\n4c\r\n", "\r\n0004C\r\n", 1)),
        ),
        ready("the last chunk without its empty line", send(whole_but_for_the_last_line_end)),
        ready("chunks go before a length that lies", send(lying)),
        ready("a length said thrice and always the same", send(head(&twice) + READY)),
        ready("a body that ends with the connection", send(without_length(READY))),
        ready(
            "a whole answer that ends without TLS saying so",
            send_then(without_length(READY), Step::HangUp),
        ),
        ready("a reply that the server keeps the connection open after", {
            send_then(with_length(READY), Step::Stall)
        }),
        ready("bytes behind the body are not of it", send(with_length(READY) + "HTTP/1.1 500 No\r\n\r\n")),
    ]
}

fn interim_replies() -> Vec<Row> {
    let after = |interim: &str| send(interim.to_owned() + &with_length(READY));
    let after_all = |interim: &str| {
        let padded = format!("{READY}{}", " ".repeat(100 * 1024));
        send(interim.to_owned() + &with_length(&padded))
    };
    let hints = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";
    vec![
        ready("early hints before the reply", after(hints)),
        ready("100 Continue that nobody asked for", after("HTTP/1.1 100 Continue\r\n\r\n")),
        ready("100 Continue with fields", after("HTTP/1.1 100 Continue\r\nServer: IIS\r\nX: y\r\n\r\n")),
        ready("100 Continue with fields and bare line ends", after("HTTP/1.1 100 Continue\nServer: IIS\n\n")),
        ready("100 Continue with bare line ends, several", after(&"HTTP/1.1 100 Continue\n\n".repeat(5))),
        ready("interim replies of every kind in a row", {
            let fields = "HTTP/1.1 100 Continue\r\nX: y\r\n\r\n";
            after(&format!("{fields}{hints}HTTP/1.1 199 Who knows\n\n{fields}{fields}"))
        }),
        ready("100 Continue with fields before chunks", {
            send("HTTP/1.1 100 Continue\r\nX: y\r\n\r\n".to_owned() + &chunked(READY))
        }),
        ready("102 Processing before the reply", after("HTTP/1.1 102 Processing\r\n\r\n")),
        ready("some interim replies in a row", after(&hints.repeat(8))),
        ready("early hints together with a reply of 100 KiB", after_all(hints)),
        ready("early hints well before the reply", {
            let hints = Step::Send(hints.into());
            vec![hints, Step::Pause(Duration::from_millis(80)), Step::Send(with_length(READY).into())]
        }),
    ]
}

fn oddities() -> Vec<Row> {
    let length = READY.len();
    let lines = |count: usize| {
        let extra: String = (0..count - 2).map(|i| format!("X-{i}: {i}\r\n")).collect();
        head(&format!("Content-Length: {length}\r\n{extra}")) + READY
    };
    let wide =
        |bytes: usize| head(&format!("Content-Length: {length}\r\nX: {}\r\n", "x".repeat(bytes))) + READY;
    vec![
        ready("HTTP/1.0 with a length", send(with_length(READY).replace("HTTP/1.1", "HTTP/1.0"))),
        ready("HTTP/1.0 without a length", send(without_length(READY).replace("HTTP/1.1", "HTTP/1.0"))),
        ready("a status line without a reason", send(with_length(READY).replace("200 OK", "200"))),
        ready("another code of success", send(with_length(READY).replace("200 OK", "203 Cached"))),
        ready(
            "header names in capitals",
            send(with_length(READY).replace("Content-Length", "CONTENT-LENGTH")),
        ),
        ready("lines that end in LF alone", {
            send(format!("HTTP/1.1 200 OK\nContent-Length: {length}\n\n{READY}"))
        }),
        ready("no header but the length", {
            send(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{READY}"))
        }),
        ready("as many header lines as are read", send(lines(128))),
        ready("a header of 30 KiB", send(wide(30 * 1024))),
    ]
}

fn dripped() -> Vec<Row> {
    let drip = |bytes: String| vec![Step::Drip { bytes: bytes.into(), every: Duration::from_micros(200) }];
    vec![
        ready("a reply dripped byte by byte", drip(with_length(READY))),
        ready("interim replies dripped byte by byte", {
            drip("HTTP/1.1 100 Continue\r\nX: y\r\n\r\n".repeat(2) + &with_length(READY))
        }),
        ready("chunks dripped byte by byte", drip(in_chunks(READY, &[1, 2, 3], ";x", "X: y\r\n"))),
        ready("a reply without a length dripped byte by byte", drip(without_length(READY)))
            .over(Carrier::Plain),
    ]
}
