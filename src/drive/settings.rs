//! The settings of a call or client: checked as they are set, and shared as they are.

use crate::error::Error;
use crate::net::{Limits, Names, NetSettings, ProxySetting, Trust};
use crate::wire::Endpoint;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};
use std::time::Duration;

/// The largest body limit that can be set, in bytes.
pub const MAX_BODY_LIMIT: usize = 64 * 1024 * 1024;

/// Every time is clamped to this.
const MAX_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest addition to the user agent, in bytes.
const MAX_SUFFIX: usize = 200;

/// What `User-Agent` begins with.
const USER_AGENT: &str = concat!("mlab/", env!("CARGO_PKG_VERSION"));

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where jobs are asked for.
    pub endpoint: Endpoint,
    /// How.
    pub net: NetSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            endpoint: Endpoint::default(),
            net: NetSettings {
                limits: Limits { connect: Duration::from_secs(10), request: Duration::from_secs(30) },
                body_limit: 1024 * 1024,
                user_agent: USER_AGENT.to_owned(),
                proxy: ProxySetting::Environment,
                trust: Trust::Bundled,
                names: Arc::clone(Names::system()),
            },
        }
    }
}

impl Settings {
    /// Timeout of making a connection, in milliseconds.
    pub fn set_connect_timeout_ms(&mut self, timeout_ms: u32) -> Result<(), Error> {
        self.net.limits.connect = timeout(timeout_ms)?;
        Ok(())
    }

    /// Timeout of a whole look, in milliseconds.
    pub fn set_request_timeout_ms(&mut self, timeout_ms: u32) -> Result<(), Error> {
        self.net.limits.request = timeout(timeout_ms)?;
        Ok(())
    }

    /// The largest reply read, in bytes.
    pub fn set_body_limit(&mut self, bytes: usize) -> Result<(), Error> {
        if !(1..=MAX_BODY_LIMIT).contains(&bytes) {
            return Err(Error::argument("max_bytes", format!("must be 1 to {MAX_BODY_LIMIT}")));
        }
        self.net.body_limit = bytes;
        Ok(())
    }

    /// What follows `mlab/<version> ` in the user agent; empty for nothing.
    pub fn set_user_agent_suffix(&mut self, suffix: &str) -> Result<(), Error> {
        if suffix.len() > MAX_SUFFIX || !suffix.bytes().all(|b| (b' '..=b'~').contains(&b)) {
            let why = format!("must be at most {MAX_SUFFIX} bytes of printable ASCII, such as MyGame/1.2");
            return Err(Error::argument("suffix", why));
        }
        self.net.user_agent = format!("{USER_AGENT} {}", suffix.trim()).trim_end().to_owned();
        Ok(())
    }

    /// The settings of `mlab_fetch_queued`.
    pub fn shared_default() -> Arc<Settings> {
        Arc::clone(&SHARED.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces what [`Settings::shared_default`] gives from now on; calls under way keep what they have.
    pub fn set_shared_default(settings: Settings) {
        *SHARED.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }
}

static SHARED: LazyLock<RwLock<Arc<Settings>>> = LazyLock::new(|| RwLock::new(Arc::new(Settings::default())));

fn timeout(ms: u32) -> Result<Duration, Error> {
    if ms == 0 {
        return Err(Error::argument("timeout_ms", "is 0; pass 1 to 86400000 (24 hours)"));
    }
    Ok(Duration::from_millis(ms.into()).min(MAX_TIMEOUT))
}
