//! Where a connection leads: the host's addresses, judged, and the socket to one of them under ureq's connectors.

use super::lookup::Names;
use super::race;
use super::socket::OwnSocket;
use super::stream::Stream;
use super::transfer::Transfer;
use crate::error::{Error, Phase};
use crate::wire::default_port;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use ureq::Error as UreqError;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};

/// Addresses tried for one connection.
const MAX_ADDRESSES: usize = 16;

/// ureq asks for addresses before every exchange, also when it then takes a kept connection. This answers "none";
/// [`Dial`] looks up when it really connects, so that the address judged is the address dialled.
#[derive(Debug)]
pub(super) struct NoLookup;

impl Resolver for NoLookup {
    fn resolve(
        &self,
        _: &ureq::http::Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, UreqError> {
        Ok(self.empty())
    }
}

/// Makes connections for ureq's connector chain.
#[derive(Debug)]
pub(super) struct Dial {
    pub(super) transfer: Arc<Transfer>,
    pub(super) names: Arc<Names>,
}

impl<In: Transport> Connector<In> for Dial {
    type Out = Either<In, Stream>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, UreqError> {
        if let Some(tunnel) = chained {
            return Ok(Some(Either::A(tunnel)));
        }
        let (host, port) = destination(details.uri).ok_or(UreqError::HostNotFound)?;
        let to_proxy = self.transfer.phase() == Phase::Proxy;
        let socket =
            self.dial(&host, port, to_proxy || details.needs_tls()).map_err(|e| self.transfer.fail(e))?;
        let buffers =
            LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        let stream = Stream::new(socket, format!("{host}:{port}"), buffers, Arc::clone(&self.transfer));
        Ok(Some(Either::B(stream)))
    }
}

/// The host and port that a URL leads to.
pub(super) fn destination(uri: &ureq::http::Uri) -> Option<(String, u16)> {
    let default = default_port(uri.scheme_str() == Some("https"));
    Some((uri.host()?.to_owned(), uri.port_u16().unwrap_or(default)))
}

impl Dial {
    fn dial(&self, host: &str, port: u16, guarded: bool) -> Result<Arc<OwnSocket>, Error> {
        self.transfer.begin_connect();
        let mut addresses = race::interleave(self.names.resolve(host, &self.transfer)?);
        if !guarded {
            // Plain http was allowed because the host is this machine: hold the address to that.
            addresses.retain(IpAddr::is_loopback);
        }
        if self.transfer.phase() != Phase::Proxy {
            self.filter(host, &mut addresses)?;
            self.transfer.enter(Phase::Connect);
        }
        let addresses: Vec<SocketAddr> =
            addresses.into_iter().take(MAX_ADDRESSES).map(|ip| SocketAddr::new(ip, port)).collect();
        race::connect(&addresses, &format!("{host}:{port}"), &self.transfer)
    }

    /// Leaves the addresses that may be dialled, and these are what is dialled next: no second lookup is between. Behind a
    /// proxy the proxy looks names up, and its own address is the user's choice.
    fn filter(&self, host: &str, addresses: &mut Vec<IpAddr>) -> Result<(), Error> {
        let forbidden = addresses.iter().find_map(|ip| Some((*ip, self.transfer.forbidden_reason(*ip)?)));
        addresses.retain(|ip| self.transfer.forbidden_reason(*ip).is_none());
        match forbidden {
            Some((ip, what)) if addresses.is_empty() => {
                Err(Error::UnsafeUrl(format!("the image's host {host} leads to {ip}, {what}")))
            }
            _ => Ok(()),
        }
    }
}
