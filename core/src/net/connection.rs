//! One connection: a ureq agent with at most one kept connection per host, used by one call at a time.
//!
//! A one-shot call makes one and drops it, and with it the socket. Connections share nothing but the TLS configuration and
//! the running name lookups, so that one that failed badly is simply thrown away.

use super::deadline::Deadline;
use super::dial::{Dial, NoLookup};
use super::fault;
use super::first_use;
use super::framing_limit::FramingLimit;
use super::receiver::unix_seconds;
use super::settings::{IDLE_AGE, NetSettings};
use super::tls::Tls;
use super::transfer::Transfer;
use super::tunnel::Tunnel;
use super::write_coalescer::WriteCoalescer;
use crate::error::Error;
use crate::wire::{Origin, RawReply, Request};
use std::io::Read;
use std::sync::Arc;
use ureq::http::{HeaderMap, Response, header};
use ureq::tls::TlsConfig;
use ureq::unversioned::transport::Connector;
use ureq::{Agent, Body};

/// ureq's buffer for what comes in: a head must fit.
const INPUT_BUFFER: usize = fault::MAX_HEAD + 4096;

/// ureq's buffer for what goes out: a head, or the body with the longest key.
const OUTPUT_BUFFER: usize = 16 * 1024;

/// How much of a body is read at once: the commonest reply has 100 to 300 bytes, and all room is written with zeros first.
const MIN_ROOM: usize = 512;
const MAX_ROOM: usize = 16 * 1024;

/// See the module's text.
#[derive(Debug)]
pub struct Connection {
    pub(super) agent: Agent,
    pub(super) transfer: Arc<Transfer>,
    /// Host and port, for messages.
    pub(super) host: String,
    body_limit: usize,
}

impl Connection {
    /// A connection to `origin`. With `keep_alive` its connection stays open after a call, for the next.
    pub fn new(settings: &NetSettings, origin: &Origin, keep_alive: bool) -> Result<Connection, Error> {
        first_use::touch();
        let kept = usize::from(keep_alive);
        let proxy = settings.proxy.choose(origin)?;
        let config = Agent::config_builder()
            // The tunnel is ours; ureq would look for a proxy of its own.
            .proxy(None)
            .tls_config(TlsConfig::builder().root_certs(settings.roots.for_ureq()).build())
            .user_agent(settings.user_agent.as_str())
            .http_status_as_error(false)
            // Redirects are the flow's to judge: ureq would turn POST into GET and leave the origin.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(fault::MAX_HEAD)
            .input_buffer_size(INPUT_BUFFER)
            .output_buffer_size(OUTPUT_BUFFER)
            .max_idle_connections(kept)
            .max_idle_connections_per_host(kept)
            .max_idle_age(IDLE_AGE)
            .build();
        let transfer = Transfer::new();
        let shared = || Arc::clone(&transfer);
        let chain = Connector::<()>::chain(
            (),
            Tunnel { transfer: shared(), proxy, user_agent: settings.user_agent.clone() },
        )
        .chain(Dial { transfer: shared(), names: Arc::clone(&settings.names) })
        .chain(Tls::new(shared(), &settings.roots))
        .chain(FramingLimit { transfer: shared() })
        .chain(WriteCoalescer { transfer: shared() });
        let agent = Agent::with_parts(config, chain, NoLookup);
        let host = origin.host_and_port();
        Ok(Connection { agent, transfer, host, body_limit: settings.body_limit })
    }

    /// Sends a request and reads the whole reply.
    ///
    /// A kept connection that turns out dead before the first reply byte is replaced once: the request did not arrive,
    /// or did and is harmless to repeat.
    pub fn exchange(&mut self, request: &Request, deadline: &Deadline) -> Result<RawReply<'static>, Error> {
        match self.exchange_once(request, deadline) {
            Err(Error::Network { .. }) if self.transfer.found_dead_connection() => {
                self.exchange_once(request, deadline)
            }
            outcome => outcome,
        }
    }

    fn exchange_once(&mut self, request: &Request, deadline: &Deadline) -> Result<RawReply<'static>, Error> {
        let _running = self.transfer.begin(deadline)?;
        let mut call = self.agent.post(request.url.to_string());
        for (name, value) in request.headers {
            call = call.header(name, value);
        }
        let response = call
            .send(&request.body.0[..])
            .map_err(|e| fault::before_the_body(e, &self.transfer, &self.host))?;
        fault::in_the_code(response.status())?;
        self.receive(response)
    }

    fn receive(&self, response: Response<Body>) -> Result<RawReply<'static>, Error> {
        let (head, mut body) = response.into_parts();
        let too_large = || Err(Error::over_body_limit("the reply", self.body_limit as u64));
        let announced = body.content_length();
        if announced.is_some_and(|length| length > self.body_limit as u64) {
            return too_large();
        }
        let mut bytes = Vec::new();
        let mut filled = 0;
        // One byte more than there is, so that the end is seen without more room. What is announced need not come.
        let mut room = announced.map_or(MIN_ROOM, |length| (length as usize).saturating_add(1)).min(MAX_ROOM);
        let mut reader = body.as_reader();
        loop {
            if filled == bytes.len() {
                bytes.try_reserve(room).map_err(|_| Error::NoResources { what: "memory" })?;
                bytes.resize(filled + room, 0);
                room = (2 * room).clamp(MIN_ROOM, MAX_ROOM);
            }
            match reader.read(&mut bytes[filled..]) {
                Ok(0) => break,
                Ok(n) if filled + n > self.body_limit => return too_large(),
                Ok(n) => {
                    filled += n;
                    self.transfer.count_body(n);
                }
                Err(e) => match fault::in_the_body(e, &self.transfer, &self.host) {
                    // Its code alone rules on a reply that is no 2xx (contract, section 3), with the Retry-After beside
                    // it. What came of a body that broke off may still have the server's words.
                    Error::Network { .. } | Error::Protocol { retryable: true, .. }
                        if !head.status.is_success() =>
                    {
                        break;
                    }
                    // Where its chunks are none, what was read of it before depends on the pieces it came in.
                    Error::Protocol { .. } if !head.status.is_success() => {
                        filled = 0;
                        break;
                    }
                    error => return Err(error),
                },
            }
        }
        bytes.truncate(filled);
        let text = |name| header_text(&head.headers, name);
        let location = head.headers.get(header::LOCATION).map(|value| location_text(value.as_bytes()));
        Ok(RawReply {
            http_status: head.status.as_u16(),
            content_type: text(header::CONTENT_TYPE),
            retry_after: text(header::RETRY_AFTER),
            date: text(header::DATE),
            location,
            body: bytes.into(),
            received_unix_s: unix_seconds(),
        })
    }
}

pub(super) fn header_text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// A `Location` may be UTF-8 (RFC 9110 allows it no more than ASCII, and servers do not care); what is not even that is
/// percent-encoded, as browsers do.
pub(super) fn location_text(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().fold(String::new(), |text, byte| match byte {
            0..=0x7f => text + &char::from(*byte).to_string(),
            _ => text + &format!("%{byte:02X}"),
        }),
    }
}
