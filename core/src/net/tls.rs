//! Whom to trust, and TLS under ureq: one TLS configuration for each kind of trust in the process, so that every
//! call, one-shot calls too, finds the session tickets of the last.

use super::ca_file;
use super::transfer::Transfer;
use crate::error::{Error, Phase};
use crate::process::{Global, PerProcess};
use std::sync::Arc;
use ureq::Error as UreqError;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::transport::{ConnectionDetails, Connector, RustlsConnector, Transport};

/// Where trusted roots come from. No value turns verification off.
#[derive(Debug, Clone, Default)]
pub enum RootCertificates {
    /// Mozilla's roots, built in.
    #[default]
    Bundled,
    /// The system's verifier and its roots.
    System,
    /// The host's own roots, and no others.
    Own(Arc<OwnRoots>),
}

/// Roots given as PEM, with the TLS configuration that uses them.
#[derive(Debug)]
pub struct OwnRoots {
    certificates: Arc<Vec<Certificate<'static>>>,
    connector: PerProcess<Arc<RustlsConnector>>,
}

impl RootCertificates {
    /// Reads one or more PEM certificates; `name` is the parameter they came in.
    pub fn from_pem(name: &'static str, pem: &[u8]) -> Result<RootCertificates, Error> {
        let mut certificates = Vec::new();
        for item in parse_pem(pem) {
            if let PemItem::Certificate(certificate) =
                item.map_err(|_| Error::argument(name, "holds PEM that cannot be decoded"))?
            {
                // rustls would leave an unusable root out silently, and every handshake would fail for it.
                rustls::RootCertStore::empty()
                    .add(certificate.der().into())
                    .map_err(|e| Error::argument(name, format!("holds an unusable certificate: {e}")))?;
                certificates.push(certificate.to_owned());
            }
        }
        if certificates.is_empty() {
            return Err(Error::argument(name, "holds no PEM certificate (-----BEGIN CERTIFICATE-----)"));
        }
        Ok(RootCertificates::Own(Arc::new(OwnRoots {
            certificates: Arc::new(certificates),
            connector: PerProcess::default(),
        })))
    }

    /// Reads a file of one or more PEM certificates; `name` is the parameter that its path came in.
    pub fn from_file(name: &'static str, path: &str) -> Result<RootCertificates, Error> {
        RootCertificates::from_pem(name, &ca_file::read(name, path)?)
    }

    pub(super) fn tls_config(&self) -> TlsConfig {
        let roots = match self {
            RootCertificates::Bundled => RootCerts::WebPki,
            RootCertificates::System => RootCerts::PlatformVerifier,
            RootCertificates::Own(own) => RootCerts::Specific(Arc::clone(&own.certificates)),
        };
        TlsConfig::builder().root_certs(roots).build()
    }

    /// ureq's connector holds the TLS configuration; sharing the one shares the other, with the lock around its tickets.
    fn connector(&self) -> Arc<RustlsConnector> {
        static BUNDLED: Global<PerProcess<Arc<RustlsConnector>>> = Global::new(PerProcess::default);
        static SYSTEM: Global<PerProcess<Arc<RustlsConnector>>> = Global::new(PerProcess::default);
        let connector = match self {
            RootCertificates::Bundled => &*BUNDLED,
            RootCertificates::System => &*SYSTEM,
            RootCertificates::Own(own) => &own.connector,
        };
        Arc::clone(connector.get())
    }
}

/// ureq's rustls connector, shared, with its phase told to the transfer.
#[derive(Debug)]
pub(super) struct Tls {
    transfer: Arc<Transfer>,
    connector: Arc<RustlsConnector>,
}

impl Tls {
    pub(super) fn new(transfer: Arc<Transfer>, trust: &RootCertificates) -> Tls {
        Tls { transfer, connector: trust.connector() }
    }
}

impl<In: Transport> Connector<In> for Tls {
    type Out = <RustlsConnector as Connector<In>>::Out;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, UreqError> {
        if details.needs_tls() && self.transfer.phase() != Phase::Proxy {
            self.transfer.enter(Phase::Tls);
        }
        self.connector.connect(details, chained)
    }
}
