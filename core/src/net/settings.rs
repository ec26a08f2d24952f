//! What the network layer needs to know of a client's settings.

use super::deadline::Timeouts;
use super::{Names, ProxySetting, RootCertificates};
use std::sync::Arc;
use std::time::Duration;

/// A kept connection older than this is not used again; common servers close after 60 s or more.
pub(crate) const IDLE_AGE: Duration = Duration::from_secs(30);

/// What the net needs to know of the settings.
#[derive(Debug, Clone)]
pub struct NetSettings {
    /// Timeouts.
    pub(crate) timeouts: Timeouts,
    /// The largest reply body read, in bytes.
    pub(crate) body_limit: usize,
    /// The `User-Agent` sent.
    pub(crate) user_agent: String,
    /// The proxy.
    pub proxy: ProxySetting,
    /// Trusted roots.
    pub roots: RootCertificates,
    /// Name lookup; the system's but in tests.
    #[doc(hidden)]
    pub names: Arc<Names>,
}

impl NetSettings {
    /// The timeouts, of which a [`Deadline`](super::Deadline) is made.
    #[doc(hidden)]
    pub fn limits(&self) -> Timeouts {
        self.timeouts
    }
}
