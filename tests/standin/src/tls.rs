//! The server side of TLS: which versions, which certificate, and sessions that can be resumed.
//!
//! Knows nothing of HTTP.

use crate::authority::Identity;
use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoClientAuth, WebPkiClientVerifier};
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, SupportedProtocolVersion};
use std::io;
use std::sync::Arc;

/// The versions a server agrees to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Versions {
    /// TLS 1.2 and 1.3.
    #[default]
    Both,
    /// TLS 1.2 alone.
    Only12,
    /// TLS 1.3 alone.
    Only13,
}

impl Versions {
    fn list(self) -> Vec<&'static SupportedProtocolVersion> {
        match self {
            Versions::Both => vec![&TLS13, &TLS12],
            Versions::Only12 => vec![&TLS12],
            Versions::Only13 => vec![&TLS13],
        }
    }
}

/// Takes clients whose certificates this root signed, and no others.
fn clients_of(ca_pem: &str) -> io::Result<Arc<dyn ClientCertVerifier>> {
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(ca_pem.as_bytes()).map_err(io::Error::other)?;
    roots.add(root).map_err(io::Error::other)?;
    let provider = Arc::new(ring::default_provider());
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().map_err(io::Error::other)
}

/// One configuration a server: tickets and sessions of one are worth nothing at another.
pub(crate) fn server_config(
    identity: Identity,
    versions: Versions,
    wants_client_certificate: bool,
) -> io::Result<Arc<ServerConfig>> {
    let clients: Arc<dyn ClientCertVerifier> = match wants_client_certificate {
        true => clients_of(identity.ca_pem())?,
        false => Arc::new(NoClientAuth),
    };
    let (chain, key) = identity.into_parts();
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&versions.list())
        .and_then(|builder| builder.with_client_cert_verifier(clients).with_single_cert(chain, key))
        .map_err(io::Error::other)?;
    // Tickets for both versions (RFC 5077, RFC 8446 section 4.6.1). TLS 1.2 clients that take none resume by
    // session id, from the cache that is rustls's default.
    config.ticketer = ring::Ticketer::new().map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
