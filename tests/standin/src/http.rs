//! HTTP/1.1 (RFC 9112), as much as a service of small JSON requests needs, by hand: a reply may be wrong on purpose.
//!
//! Knows nothing of routes and bodies.

use crate::link::Link;
use std::io::{self, Read, Write};
use std::time::Instant;

/// Longest head and longest body that is read; more is answered with an error.
const HEAD_LIMIT: usize = 64 * 1024;
const BODY_LIMIT: usize = 1024 * 1024;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Request {
    /// `POST`, as sent.
    pub method: String,
    /// The target up to its `?`.
    pub path: String,
    /// What follows the `?`, empty without one.
    pub query: String,
    /// Names as sent, values trimmed, in their order.
    pub headers: Vec<(String, String)>,
    /// Without its chunk framing.
    pub body: Vec<u8>,
    /// When its first byte had been read.
    pub arrived: Instant,
    /// The number of the connection at its server, from 1.
    pub connection: u64,
    /// Whether it came by TLS.
    pub secure: bool,
}

impl Request {
    /// The first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    fn header_has(&self, name: &str, token: &str) -> bool {
        self.header(name)
            .is_some_and(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(token)))
    }

    /// Whether the client wants the connection ended after the reply.
    pub fn closes(&self) -> bool {
        self.header_has("Connection", "close")
    }
}

/// One reply, before it is put on the wire.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The code; its reason phrase is looked up.
    pub status: u16,
    /// Without `Content-Length` and `Connection`, which are added.
    pub headers: Vec<(&'static str, String)>,
    /// The bytes after the head.
    pub body: Vec<u8>,
}

impl Reply {
    /// A JSON text.
    pub fn json(status: u16, body: impl Into<String>) -> Reply {
        Reply::new(status, "application/json", body.into().into_bytes())
    }

    /// A page, as an edge server or a framework sends it.
    pub fn html(status: u16, title: &str) -> Reply {
        let page = format!(
            "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
        );
        Reply::new(status, "text/html; charset=utf-8", page.into_bytes())
    }

    /// Any bytes.
    pub fn new(status: u16, content_type: &str, body: Vec<u8>) -> Reply {
        Reply { status, headers: vec![("Content-Type", content_type.to_string())], body }
    }

    /// The same reply with one more header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }

    /// Head and body; `without_body` is for HEAD, whose length is still that of the body (RFC 9110 section 9.3.2).
    pub fn to_bytes(&self, closes: bool, without_body: bool) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let connection = if closes { "close" } else { "keep-alive" };
        head.push_str(&format!("Content-Length: {}\r\nConnection: {connection}\r\n\r\n", self.body.len()));
        let mut bytes = head.into_bytes();
        if !without_body {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        206 => "Partial Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        405 => "Method Not Allowed",
        416 => "Range Not Satisfiable",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Unnamed",
    }
}

/// A connection that requests are read from. What was read beyond the current request waits for the next.
pub(crate) struct Channel<Seen> {
    pub(crate) link: Link,
    pending: Vec<u8>,
    seen: Seen,
}

impl<Seen: FnMut(&[u8])> Channel<Seen> {
    /// `seen` gets every byte, before anything is made of it.
    pub(crate) fn new(link: Link, seen: Seen) -> Channel<Seen> {
        Channel { link, pending: Vec::new(), seen }
    }

    /// The next request, or `None` when the client ended the connection between two.
    pub(crate) fn read_request(&mut self, connection: u64, secure: bool) -> io::Result<Option<Request>> {
        let Some(mut request) = self.read_head(connection, secure)? else { return Ok(None) };
        if request.header_has("Expect", "100-continue") {
            self.link.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        request.body = self.read_body(&request)?;
        Ok(Some(request))
    }

    /// The same, but answers nothing by itself, not even `Expect: 100-continue`.
    pub(crate) fn read_request_silently(&mut self) -> io::Result<bool> {
        let Some(request) = self.read_head(0, false)? else { return Ok(false) };
        self.read_body(&request).map(|_| true)
    }

    /// Reads and forgets until the client ends the connection.
    pub(crate) fn read_to_end(&mut self) {
        while matches!(self.fill(), Ok(1..)) {
            self.pending.clear();
        }
    }

    /// Ends the connection with close_notify and FIN.
    pub(crate) fn close(mut self) {
        self.link.close(&mut self.seen);
    }

    /// Ends the connection with a FIN alone.
    pub(crate) fn hang_up(mut self) {
        self.link.hang_up(&mut self.seen);
    }

    fn read_head(&mut self, connection: u64, secure: bool) -> io::Result<Option<Request>> {
        if self.pending.is_empty() && self.fill()? == 0 {
            return Ok(None);
        }
        let arrived = Instant::now();
        let end = loop {
            if let Some(end) = find(&self.pending, b"\r\n\r\n") {
                break end;
            }
            self.need_more(HEAD_LIMIT)?;
        };
        let head = String::from_utf8_lossy(&self.pending[..end]).into_owned();
        self.pending.drain(..end + 4);
        let mut request = parse_head(&head, arrived)?;
        (request.connection, request.secure) = (connection, secure);
        Ok(Some(request))
    }

    fn read_body(&mut self, request: &Request) -> io::Result<Vec<u8>> {
        if request.header_has("Transfer-Encoding", "chunked") {
            return self.read_chunks();
        }
        match request.header("Content-Length") {
            Some(length) => self.take(length.parse().map_err(|_| malformed("Content-Length is no number"))?),
            None => Ok(Vec::new()),
        }
    }

    /// RFC 9112 section 7.1; extensions and trailers are read and dropped.
    fn read_chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.take_line()?;
            let digits = line.split(';').next().unwrap_or_default().trim();
            let size =
                usize::from_str_radix(digits, 16).map_err(|_| malformed("a chunk size is no number"))?;
            if size == 0 {
                while !self.take_line()?.is_empty() {}
                return Ok(body);
            }
            body.extend(self.take(size)?);
            if body.len() > BODY_LIMIT || !self.take_line()?.is_empty() {
                return Err(malformed("a chunk is too long"));
            }
        }
    }

    fn take_line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = find(&self.pending, b"\r\n") {
                let line = String::from_utf8_lossy(&self.pending[..end]).into_owned();
                self.pending.drain(..end + 2);
                return Ok(line);
            }
            self.need_more(BODY_LIMIT)?;
        }
    }

    fn take(&mut self, count: usize) -> io::Result<Vec<u8>> {
        if count > BODY_LIMIT {
            return Err(malformed("the body is too long"));
        }
        while self.pending.len() < count {
            self.need_more(usize::MAX)?;
        }
        Ok(self.pending.drain(..count).collect())
    }

    fn need_more(&mut self, limit: usize) -> io::Result<()> {
        if self.pending.len() > limit {
            return Err(malformed("the head is too long"));
        }
        if self.fill()? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    fn fill(&mut self) -> io::Result<usize> {
        let mut buffer = [0; 16 * 1024];
        let count = self.link.read(&mut buffer)?;
        (self.seen)(&buffer[..count]);
        self.pending.extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}

fn parse_head(head: &str, arrived: Instant) -> io::Result<Request> {
    let mut lines = head.split("\r\n");
    let start: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let [method, target, version] = start[..] else { return Err(malformed("the first line is no request")) };
    // What a client asks a proxy for is a host and a port (RFC 9112 section 3.2.3).
    if !version.starts_with("HTTP/1.") || !(target.starts_with('/') || method == "CONNECT") {
        return Err(malformed("the first line is no request of HTTP/1.1 with a path"));
    }
    let headers: Option<Vec<_>> = lines
        .map(|line| line.split_once(':').map(|(name, value)| (name.to_string(), value.trim().to_string())))
        .collect();
    let mut headers = headers.ok_or_else(|| malformed("a header has no colon"))?;
    if version == "HTTP/1.0" {
        // Destination-alive was not yet the rule; the old way to ask for it is not worth having here.
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("Connection"));
        headers.push(("Connection".into(), "close".into()));
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Ok(Request {
        method: method.to_string(),
        path: path.to_string(),
        query: query.to_string(),
        headers,
        body: Vec::new(),
        arrived,
        connection: 0,
        secure: false,
    })
}

fn malformed(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Where `needle` begins in `bytes`.
pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}
