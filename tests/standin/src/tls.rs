//! The server side of TLS: which versions, which certificate, and sessions that can be resumed.
//!
//! Knows nothing of HTTP.

use crate::authority::Identity;
use rustls::crypto::ring;
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

/// One configuration a server: tickets and sessions of one are worth nothing at another.
pub(crate) fn server_config(identity: Identity, versions: Versions) -> io::Result<Arc<ServerConfig>> {
    let (chain, key) = identity.into_parts();
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&versions.list())
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(io::Error::other)?;
    // Tickets for both versions (RFC 5077, RFC 8446 section 4.6.1). TLS 1.2 clients that take none resume by
    // session id, from the cache that is rustls's default.
    config.ticketer = ring::Ticketer::new().map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
