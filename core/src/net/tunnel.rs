//! The CONNECT tunnel through a proxy (RFC 9110, section 9.3.6). Our own, since ureq's writes its request in eighteen
//! pieces, which proxies that read once refuse, takes no answer but 200, and tells of no refusal that comes early.

use super::dial::destination;
use super::fault::MAX_HEAD;
use super::reply_head::{HeadSeen, look_at, status};
use super::transfer::Transfer;
use crate::error::{Error, Phase};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;
use ureq::http::StatusCode;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};
use ureq::{Error as UreqError, Proxy};

/// Opens the tunnel, if there is a proxy. What fails in it is the proxy's fault.
#[derive(Debug)]
pub(super) struct Tunnel {
    pub(super) transfer: Arc<Transfer>,
    pub(super) proxy: Option<Proxy>,
    /// `User-Agent`; empty: none.
    pub(super) user_agent: String,
}

/// The first of its chain.
impl Connector<()> for Tunnel {
    type Out = Tunnelled;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<Self::Out>, UreqError> {
        // The connection to the proxy itself comes by here too.
        let proxy = self.proxy.as_ref().filter(|_| self.transfer.phase() != Phase::Proxy);
        let Some(proxy) = proxy else { return Ok(None) };
        self.transfer.begin_connect();
        self.transfer.enter(Phase::Proxy);
        let to_proxy = ConnectionDetails {
            uri: proxy.uri(),
            addrs: details.resolver.empty(),
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: details.now,
            timeout: details.timeout,
            current_time: Arc::clone(&details.current_time),
            run_connector: Arc::clone(&details.run_connector),
            register_shutdown: Arc::clone(&details.register_shutdown),
        };
        let mut transport = (details.run_connector)(&to_proxy)?;
        let (host, port) = destination(details.uri).ok_or(UreqError::HostNotFound)?;
        let target = format!("{host}:{port}");
        send(&mut *transport, self.request(proxy, &target).as_bytes(), details.timeout)?;
        await_tunnel(&mut *transport, details.timeout)?
            .map_err(|reason| self.transfer.fail(Error::Proxy(format!("no tunnel to {target}: {reason}"))))?;
        self.transfer.enter(Phase::Connect);
        Ok(Some(Tunnelled(transport)))
    }
}

impl Tunnel {
    fn request(&self, proxy: &Proxy, target: &str) -> String {
        let mut head = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
        if !self.user_agent.is_empty() {
            head += &format!("User-Agent: {}\r\n", self.user_agent);
        }
        // Of proxies before HTTP/1.1; curl sends it too.
        head += "Proxy-Connection: Keep-Alive\r\n";
        if proxy.username().is_some() || proxy.password().is_some() {
            let (user, password) =
                (proxy.username().unwrap_or_default(), proxy.password().unwrap_or_default());
            head +=
                &format!("Proxy-Authorization: Basic {}\r\n", STANDARD.encode(format!("{user}:{password}")));
        }
        head + "\r\n"
    }
}

/// In one write, unless it is larger than the buffer.
fn send(transport: &mut dyn Transport, mut head: &[u8], timeout: NextTimeout) -> Result<(), UreqError> {
    while !head.is_empty() {
        let output = transport.buffers().output();
        let (now, later) = head.split_at(head.len().min(output.len()));
        output[..now.len()].copy_from_slice(now);
        transport.transmit_output(now.len(), timeout)?;
        head = later;
    }
    Ok(())
}

/// Waits until the proxy says that the tunnel stands; why it does not, otherwise. Nothing of the answer is quoted: a proxy
/// may echo the password. What stands behind its head is the server's already.
fn await_tunnel(
    transport: &mut dyn Transport,
    timeout: NextTimeout,
) -> Result<Result<(), String>, UreqError> {
    let mut interim = 0;
    loop {
        let input = transport.buffers().input();
        match look_at(input) {
            HeadSeen::Interim(length) => {
                interim += length;
                transport.buffers().input_consume(length);
                continue;
            }
            HeadSeen::Whole(head) => {
                let (code, length) = (status(head), head.len());
                return Ok(match code {
                    Some(200..=299) => {
                        transport.buffers().input_consume(length);
                        Ok(())
                    }
                    Some(code) => Err(status_message(code)),
                    None => Err("the proxy speaks no HTTP".into()),
                });
            }
            HeadSeen::Part if status(input).is_none() => return Ok(Err("the proxy speaks no HTTP".into())),
            HeadSeen::Unknown | HeadSeen::Part | HeadSeen::InterimPart
                if input.len() + interim > MAX_HEAD =>
            {
                return Ok(Err(format!("the proxy's answer is larger than {} KiB", MAX_HEAD / 1024)));
            }
            HeadSeen::Unknown | HeadSeen::Part | HeadSeen::InterimPart => {}
        }
        if !transport.await_input(timeout)? {
            return Ok(Err("the proxy closed the connection".into()));
        }
    }
}

fn status_message(code: u16) -> String {
    let words = StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason()).unwrap_or_default();
    format!("the proxy responded {code} {words}").trim_end().to_owned()
}

/// The way through the proxy: what TLS there is to the proxy itself is not TLS to the server.
#[derive(Debug)]
pub(super) struct Tunnelled(Box<dyn Transport>);

impl Transport for Tunnelled {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), UreqError> {
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, UreqError> {
        self.0.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        false
    }
}
