//! GET over a connection, its body handed on as it comes: for images, which have no key and are too large to be held twice.

use super::connection::{Connection, header_text, location_text};
use super::deadline::Deadline;
use super::fault;
use super::receiver::{Get, Head, Receiver, Resume, unix_seconds};
use crate::error::Error;
use crate::wire::header_retry_after_ms;
use std::io::Read;
use std::time::Duration;
use ureq::http::{Response, Version, header};
use ureq::{Body, BodyReader};

/// Read at once: what a TLS record can hold, twice.
const PIECE: usize = 32 * 1024;

/// A body that nobody wants is read to its end up to this size, so that the connection can be used again.
const DRAINED: u64 = 16 * 1024;

impl Connection {
    /// Gets a URL of the connection's origin. When this returns well, the body was whole as far as HTTP can tell.
    ///
    /// A kept connection that turns out dead before the first reply byte is replaced once.
    pub fn get(
        &mut self,
        get: Get<'_>,
        deadline: &Deadline,
        receiver: &mut dyn Receiver,
    ) -> Result<Head, Error> {
        match self.get_once(get, deadline, receiver) {
            Err(Error::Network { .. }) if self.transfer.found_dead_connection() => {
                self.get_once(get, deadline, receiver)
            }
            outcome => outcome,
        }
    }

    fn get_once(
        &mut self,
        get: Get<'_>,
        deadline: &Deadline,
        receiver: &mut dyn Receiver,
    ) -> Result<Head, Error> {
        let _running = self.transfer.begin(deadline)?;
        let mut call = self.agent.get(get.url.to_string());
        if let Some(Resume { from, etag }) = get.resume {
            call = call.header(header::RANGE, format!("bytes={from}-")).header(header::IF_RANGE, etag);
        }
        let response = call.call().map_err(|e| fault::before_the_body(e, &self.transfer, &self.host))?;
        fault::in_the_code(response.status())?;
        let head = head_of(&response);
        let wanted = receiver.head(&head)?;
        let mut body = response.into_body();
        let length = body.content_length();
        let mut reader = body.as_reader();
        if wanted {
            self.hand_on(&mut reader, receiver)?;
        } else if length.is_some_and(|length| length <= DRAINED) {
            // Whatever comes of it, the reply has said all that matters.
            let _ = std::io::copy(&mut reader, &mut std::io::sink());
            let _ = self.transfer.take_fault();
        }
        Ok(head)
    }

    fn hand_on(&self, reader: &mut BodyReader<'_>, receiver: &mut dyn Receiver) -> Result<(), Error> {
        let mut piece = vec![0; PIECE];
        loop {
            match reader.read(&mut piece) {
                Ok(0) => return Ok(()),
                Ok(count) => {
                    receiver.bytes(&piece[..count])?;
                    self.transfer.count_body(count);
                }
                Err(e) => return Err(fault::in_the_body(e, &self.transfer, &self.host)),
            }
        }
    }
}

fn head_of(response: &Response<Body>) -> Head {
    let headers = response.headers();
    let text = |name| header_text(headers, name);
    let length = response.body().content_length();
    // RFC 9112, section 6.3: chunks are of HTTP/1.1, and frame the body only as the last coding.
    let chunked = response.version() == Version::HTTP_11
        && text(header::TRANSFER_ENCODING)
            .is_some_and(|codings| codings.to_ascii_lowercase().trim_end().ends_with("chunked"));
    let received = unix_seconds();
    let retry_after = text(header::RETRY_AFTER).and_then(|value| {
        header_retry_after_ms(&value, text(header::DATE).as_deref(), received).map(Duration::from_millis)
    });
    Head {
        status: response.status().as_u16(),
        length,
        framed: length.is_some() || chunked,
        etag: text(header::ETAG),
        content_range: text(header::CONTENT_RANGE),
        content_encoding: text(header::CONTENT_ENCODING),
        location: headers.get(header::LOCATION).map(|value| location_text(value.as_bytes())),
        retry_after,
    }
}
