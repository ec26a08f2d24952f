//! In place of ureq, TLS and sockets where the feature `http` is off: only the host's own transport performs exchanges, and
//! what cannot be had says so.

use super::{Deadline, Get, Head, NetSettings, Receiver};
use crate::error::Error;
use crate::process::Global;
use crate::wire::{Origin, RawReply, Request};
use std::convert::Infallible;
use std::sync::Arc;

/// What stands in each message, after the argument.
const WHY: &str = "needs HTTP of the library's own, which this build leaves out";

/// Never made.
#[derive(Debug)]
pub struct Connection(Infallible);

impl Connection {
    /// Always refused.
    pub fn new(_: &NetSettings, _: &Origin, _: bool) -> Result<Connection, Error> {
        let reason = "is none, and this build has no HTTP of its own; call mlab_config_set_transport()";
        Err(Error::argument("transport", reason))
    }

    /// Never called.
    pub fn exchange(&mut self, _: &Request, _: &Deadline) -> Result<RawReply<'static>, Error> {
        match self.0 {}
    }

    /// Never called.
    pub fn get(&mut self, _: Get<'_>, _: &Deadline, _: &mut dyn Receiver) -> Result<Head, Error> {
        match self.0 {}
    }
}

/// Which proxy a connection would go through.
#[derive(Debug, Clone, Default)]
pub enum ProxySetting {
    /// The proxy variables.
    #[default]
    Environment,
    /// No proxy.
    None,
}

impl ProxySetting {
    /// The empty string means none, which is true here; a proxy is refused.
    pub fn parse(url: &str) -> Result<ProxySetting, Error> {
        if url.is_empty() { Ok(ProxySetting::None) } else { Err(Error::argument("proxy_url", WHY)) }
    }
}

/// Whose root certificates would be trusted.
#[derive(Debug, Clone, Default)]
pub enum RootCertificates {
    /// Those that are built in.
    #[default]
    Bundled,
}

impl RootCertificates {
    /// Refused.
    pub fn system() -> Result<RootCertificates, Error> {
        Err(Error::argument("roots", WHY))
    }

    /// Refused.
    pub fn from_pem(name: &'static str, _: &[u8]) -> Result<RootCertificates, Error> {
        Err(Error::argument(name, WHY))
    }

    /// Refused.
    pub fn from_file(name: &'static str, _: &str) -> Result<RootCertificates, Error> {
        Err(Error::argument(name, WHY))
    }
}

/// Name lookup, which nobody asks for.
#[derive(Debug)]
pub struct Names;

impl Names {
    /// The only one.
    pub fn system() -> &'static Arc<Names> {
        static SYSTEM: Global<Arc<Names>> = Global::new(|| Arc::new(Names));
        &SYSTEM
    }
}
