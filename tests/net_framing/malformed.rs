//! Bytes that are no HTTP/1.1, and replies that contradict themselves.

use super::row::{Row, chunked, head, lasting, send, with_length};
use crate::call::READY;
use mlab_core::error::Status;

pub(crate) fn rows() -> Vec<Row> {
    let whole = with_length(READY);
    let length = READY.len();
    let status_line = |line: &str| whole.replacen("HTTP/1.1 200 OK", line, 1);
    let header = |line: &str| whole.replacen("Content-Type: application/json", line, 1);
    let lengths = |lines: &str| head(lines) + READY;
    let past_the_last_code = ["600", "999"].map(|code| {
        let reply = send(status_line(&format!("HTTP/1.1 {code} OK")));
        let says =
            if code == "999" { "invalid HTTP status code 999" } else { "invalid HTTP status code 600" };
        lasting(format!("a code of {code}"), reply, Status::Protocol, says).hears(0, None)
    });
    let chunk_size = |size: &str| chunked(READY).replacen("\r\n4c\r\n", &format!("\r\n{size}\r\n"), 1);
    [
        ("another protocol's greeting", "SSH-2.0-OpenSSH_9.2\r\n".to_owned()),
        ("HTTP/0.9", READY.to_owned()),
        ("an answer of HTTP/2", "\0\0\x12\x04\0\0\0\0\0".to_owned()),
        ("HTTP/2 in the status line", status_line("HTTP/2 200 OK")),
        ("HTTP/1.2 in the status line", status_line("HTTP/1.2 200 OK")),
        ("a code below 100", status_line("HTTP/1.1 099 OK")),
        ("a code of four digits", status_line("HTTP/1.1 2000 OK")),
        ("a code that is no number", status_line("HTTP/1.1 2x0 OK")),
        ("a header without a colon", header("Content-Type application/json")),
        ("a header with a space in its name", header("Content Type: application/json")),
        ("a NUL in a header", header("Content-Type: a\0b")),
        ("a folded header", header("Content-Type: application/json\r\n\t; charset=utf-8")),
        ("two lengths", lengths(&format!("Content-Length: {length}\r\nContent-Length: {}\r\n", length - 1))),
        ("two lengths in one line", lengths(&format!("Content-Length: {length}, 3\r\n"))),
        ("a length below zero", lengths("Content-Length: -1\r\n")),
        ("a length with a sign", lengths(&format!("Content-Length: +{length}\r\n"))),
        ("a length in hexadecimal", lengths("Content-Length: 0x4c\r\n")),
        ("a length past 64 bits", lengths("Content-Length: 18446744073709551616\r\n")),
        ("an empty length", lengths("Content-Length:\r\n")),
        ("a chunk size that is no number", chunk_size("no")),
        ("a chunk size below zero", chunk_size("-4c")),
        ("a chunk size with a sign", chunk_size("+4c")),
        ("a sign before the last chunk's size", chunked(READY).replacen("\r\n0\r\n", "\r\n+0\r\n", 1)),
        ("a chunk size past 64 bits", chunk_size("10000000000000000")),
        ("an empty chunk size", chunk_size("")),
        ("a chunk longer than its size", chunk_size("4b")),
        ("chunks in HTTP/1.0", chunked(READY).replace("HTTP/1.1", "HTTP/1.0")),
        (
            "interim replies and nothing behind them",
            "HTTP/1.1 100 Continue\r\nX: y\r\n\r\nSSH-2.0".to_owned(),
        ),
        ("switching protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n".to_owned()),
    ]
    .into_iter()
    .map(|(name, reply)| lasting(name, send(reply), Status::Protocol, ""))
    .chain(past_the_last_code)
    .collect()
}
