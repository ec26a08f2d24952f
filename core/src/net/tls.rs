//! TLS under ureq: one configuration for each kind of roots in the process, so that every call, one-shot calls too, finds
//! the session tickets of the last; and its failures, in words, whenever they come.

use super::roots::RootCertificates;
use super::tls_words::in_words;
use super::transfer::Transfer;
use crate::error::{Error, Phase};
use crate::process::{Global, PerProcess};
use std::io::ErrorKind;
use std::sync::Arc;
use ureq::Error as UreqError;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, NextTimeout, RustlsConnector, Transport,
};

/// ureq's connector holds the TLS configuration; sharing the one shares the other, with the lock around its tickets.
fn connector(roots: &RootCertificates) -> Arc<RustlsConnector> {
    static BUNDLED: Global<PerProcess<Arc<RustlsConnector>>> = Global::new(PerProcess::default);
    static SYSTEM: Global<PerProcess<Arc<RustlsConnector>>> = Global::new(PerProcess::default);
    let connector = match roots {
        RootCertificates::Bundled => &*BUNDLED,
        RootCertificates::System => &*SYSTEM,
        RootCertificates::Own(own) => &own.connector,
    };
    Arc::clone(connector.get())
}

/// ureq's rustls connector, shared.
#[derive(Debug)]
pub(super) struct Tls {
    transfer: Arc<Transfer>,
    connector: Arc<RustlsConnector>,
    /// Whether the system judges certificates.
    by_the_system: bool,
}

impl Tls {
    pub(super) fn new(transfer: Arc<Transfer>, roots: &RootCertificates) -> Tls {
        let by_the_system = matches!(roots, RootCertificates::System);
        Tls { transfer, connector: connector(roots), by_the_system }
    }

    fn fault(&self, e: UreqError, host: &str) -> UreqError {
        let words = match &e {
            UreqError::Rustls(rustls::Error::General(_)) if self.by_the_system => {
                "the system has no CA certificates; use mlab_config_set_ca_file() or MLAB_ROOTS_BUNDLED"
                    .into()
            }
            UreqError::Rustls(e) => in_words(e),
            UreqError::Tls(_) => "the host name cannot stand in a certificate".into(),
            other => match tls_error(other) {
                Some(e) => in_words(e),
                None => return e,
            },
        };
        let words = match self.by_the_system {
            true => format!("{words} (by the system's roots; MLAB_ROOTS_BUNDLED has others)"),
            false => words.into_owned(),
        };
        self.transfer.fail(Error::Tls { host: host.to_owned(), reason: words })
    }
}

impl<In: Transport> Connector<In> for Tls {
    type Out = Secured<<RustlsConnector as Connector<In>>::Out>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, UreqError> {
        if details.needs_tls() && self.transfer.phase() != Phase::Proxy {
            self.transfer.enter(Phase::Tls);
        }
        let authority = details.uri.authority();
        let host =
            authority.map(|a| format!("{}:{}", a.host(), a.port_u16().unwrap_or(443))).unwrap_or_default();
        let inner = self.connector.connect(details, chained).map_err(|e| self.fault(e, &host))?;
        let secured = |inner| Secured { inner, host, transfer: Arc::clone(&self.transfer) };
        Ok(inner.map(secured))
    }
}

/// A connection after its handshake. A server can refuse later too: under TLS 1.3 it says only after the first request
/// that it wants a certificate of the client (RFC 8446, section 4.4.2.4).
#[derive(Debug)]
pub(super) struct Secured<In> {
    inner: In,
    host: String,
    transfer: Arc<Transfer>,
}

impl<In> Secured<In> {
    fn fault(&self, e: UreqError) -> UreqError {
        let Some(error) = tls_error(&e) else { return e };
        let (host, reason) = (self.host.clone(), in_words(error).into_owned());
        self.transfer.fail(match error {
            rustls::Error::AlertReceived(_) => Error::Tls { host, reason },
            // Something between broke it, and may not do so again.
            _ => Error::Network { host, phase: self.transfer.phase(), reason },
        })
    }
}

impl<In: Transport> Transport for Secured<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), UreqError> {
        self.inner.transmit_output(amount, timeout).map_err(|e| self.fault(e))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, UreqError> {
        self.inner.await_input(timeout).map_err(|e| self.fault(e))
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

/// rustls' error inside of one for std's traits.
fn tls_error(e: &UreqError) -> Option<&rustls::Error> {
    let UreqError::Io(e) = e else { return None };
    // Other kinds are the connection's own.
    (e.kind() == ErrorKind::InvalidData).then(|| e.get_ref()?.downcast_ref()).flatten()
}
