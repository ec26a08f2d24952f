//! The settings of a call or client: checked as they are set, and shared as they are.

use super::host::HostTransport;
use super::log::Log;
use crate::error::Error;
use crate::flow::link_retry::LINK_GRACE;
use crate::flow::plan::{LONGEST, RETRIES};
use crate::net::{Names, NetSettings, ProxySetting, RootCertificates, Timeouts};
use crate::process::{Global, unforked};
use crate::wire::Endpoint;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The largest body limit that can be set, in bytes.
pub const MAX_BODY_LIMIT: usize = 64 * 1024 * 1024;

/// The body limit unless another is set, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// The longest addition to the user agent, in bytes.
const MAX_SUFFIX: usize = 200;

/// More retries than this are no help any more.
const MAX_RETRIES: u32 = 100;

/// The most workers of one client.
const MAX_WORKERS: u32 = 1024;

/// The most images of one job that can be allowed.
const MAX_IMAGES: u32 = 10_000;

/// The most open jobs of one client.
const MAX_JOBS: u32 = 10_000_000;

/// The largest image taken unless set, in bytes. The largest seen are below 10 MiB; films are larger.
pub const IMAGE_LIMIT: u64 = 64 * 1024 * 1024;

/// The bounds of a budget, in requests a second.
const SLOWEST_RATE: f64 = 0.001;
const FASTEST_RATE: f64 = 1000.0;

/// What `User-Agent` begins with.
const USER_AGENT: &str = concat!("mlab/", env!("CARGO_PKG_VERSION"));

/// Everything that can be set. What has bounds is set by its setter, which checks them.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where jobs are asked for.
    pub endpoint: Endpoint,
    /// How: proxy, roots and name lookup. The rest of it has setters here.
    pub net: NetSettings,
    /// How often a failure that may pass is tried again.
    pub(super) retries: u32,
    /// A client's budget; 0: none.
    pub(super) requests_per_second: f64,
    /// Threads that a client may make for its jobs.
    pub(super) workers: usize,
    /// Jobs that may be open at once in a client.
    pub(super) max_jobs: usize,
    /// The largest image taken, in bytes, where a request does not say otherwise.
    pub(super) image_limit: u64,
    /// Images of one job that are downloaded.
    pub(super) max_images: usize,
    /// How long an image's link that answers 404 or 403 is asked again; the default but in tests.
    #[doc(hidden)]
    pub link_grace: Duration,
    /// The host's own HTTP, in place of `net`.
    pub transport: Option<HostTransport>,
    /// Where things are said.
    pub log: Log,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            endpoint: Endpoint::default(),
            net: NetSettings {
                timeouts: Timeouts { connect: Duration::from_secs(10), request: Duration::from_secs(30) },
                body_limit: BODY_LIMIT,
                user_agent: USER_AGENT.to_owned(),
                proxy: ProxySetting::Environment,
                roots: RootCertificates::Bundled,
                names: Arc::clone(Names::system()),
            },
            retries: RETRIES,
            requests_per_second: 0.0,
            workers: 64,
            max_jobs: 100_000,
            image_limit: IMAGE_LIMIT,
            max_images: 64,
            link_grace: LINK_GRACE,
            transport: None,
            log: Log::default(),
        }
    }
}

impl Settings {
    /// The default settings, at another endpoint.
    pub fn with_endpoint(endpoint: Endpoint) -> Settings {
        Settings { endpoint, ..Settings::default() }
    }

    /// Timeout of making a connection, in milliseconds.
    pub fn set_connect_timeout_ms(&mut self, timeout_ms: u32) -> Result<(), Error> {
        self.net.timeouts.connect = timeout(timeout_ms)?;
        Ok(())
    }

    /// Timeout of a whole poll, in milliseconds.
    pub fn set_request_timeout_ms(&mut self, timeout_ms: u32) -> Result<(), Error> {
        self.net.timeouts.request = timeout(timeout_ms)?;
        Ok(())
    }

    /// Tries after the first, where a failure may pass.
    pub fn set_retries(&mut self, retries: u32) -> Result<(), Error> {
        if retries > MAX_RETRIES {
            return Err(Error::argument("retries", format!("must be 0 to {MAX_RETRIES}")));
        }
        self.retries = retries;
        Ok(())
    }

    /// Threads that a client may make for its jobs.
    pub fn set_workers(&mut self, workers: u32) -> Result<(), Error> {
        if !(1..=MAX_WORKERS).contains(&workers) {
            return Err(Error::argument("workers", format!("must be 1 to {MAX_WORKERS}")));
        }
        self.workers = workers as usize;
        Ok(())
    }

    /// Jobs that may be open at once in a client.
    pub fn set_max_jobs(&mut self, jobs: u32) -> Result<(), Error> {
        if !(1..=MAX_JOBS).contains(&jobs) {
            return Err(Error::argument("max_jobs", format!("must be 1 to {MAX_JOBS}")));
        }
        self.max_jobs = jobs as usize;
        Ok(())
    }

    /// Images of one job that are downloaded.
    pub fn set_max_images(&mut self, count: u32) -> Result<(), Error> {
        if !(1..=MAX_IMAGES).contains(&count) {
            return Err(Error::argument("count", format!("must be 1 to {MAX_IMAGES}")));
        }
        self.max_images = count as usize;
        Ok(())
    }

    /// The budget of a client; 0: none.
    pub fn set_requests_per_second(&mut self, rate: f64) -> Result<(), Error> {
        if rate != 0.0 && !(SLOWEST_RATE..=FASTEST_RATE).contains(&rate) {
            let reason = format!("must be 0 (no limit) or {SLOWEST_RATE} to {FASTEST_RATE}");
            return Err(Error::argument("requests_per_second", reason));
        }
        self.requests_per_second = rate;
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

    /// The largest image taken, in bytes.
    pub fn set_image_limit(&mut self, bytes: u64) -> Result<(), Error> {
        self.image_limit = image_limit(bytes)?;
        Ok(())
    }

    /// What follows `mlab/<version> ` in the user agent; empty for nothing.
    pub fn set_user_agent_suffix(&mut self, suffix: &str) -> Result<(), Error> {
        if suffix.len() > MAX_SUFFIX || !suffix.bytes().all(|b| (b' '..=b'~').contains(&b)) {
            let reason = format!("must be at most {MAX_SUFFIX} bytes of printable ASCII, such as MyGame/1.2");
            return Err(Error::argument("suffix", reason));
        }
        self.net.user_agent = format!("{USER_AGENT} {}", suffix.trim()).trim_end().to_owned();
        Ok(())
    }

    /// The settings of `mlab_fetch_queued`.
    pub fn shared_default() -> Arc<Settings> {
        unforked(|| Arc::clone(&SHARED.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// The body limit of [`Settings::shared_default`].
    pub fn shared_body_limit() -> usize {
        SHARED_BODY_LIMIT.load(Ordering::Relaxed)
    }

    /// Replaces what [`Settings::shared_default`] gives from now on; calls under way keep what they have. A transport that is
    /// pulled is refused: a call without a client has nothing that exchanges could be pulled from.
    pub fn set_shared_default(settings: Settings) -> Result<(), Error> {
        if settings.transport.as_ref().is_some_and(HostTransport::is_pulled) {
            let reason =
                "has a transport that is pulled, which needs a client; set another transport, or none";
            return Err(Error::argument("config", reason));
        }
        let (body_limit, settings) = (settings.net.body_limit, Arc::new(settings));
        let before = unforked(|| {
            let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
            SHARED_BODY_LIMIT.store(body_limit, Ordering::Relaxed);
            std::mem::replace(&mut *shared, settings)
        });
        // Outside, since it may be the last of it.
        drop(before);
        Ok(())
    }
}

/// Checks a limit of one image.
pub fn image_limit(bytes: u64) -> Result<u64, Error> {
    // Past this a length could not be told to C on every platform.
    if bytes == 0 || i64::try_from(bytes).is_err() {
        return Err(Error::argument("max_bytes", "must be 1 to 9223372036854775807"));
    }
    Ok(bytes)
}

/// The one thing that reading a saved reply needs of [`SHARED`], whose lock would be a twentieth of the reading.
static SHARED_BODY_LIMIT: AtomicUsize = AtomicUsize::new(BODY_LIMIT);

static SHARED: Global<Mutex<Arc<Settings>>> = Global::new(|| Mutex::new(Arc::new(Settings::default())));

fn timeout(ms: u32) -> Result<Duration, Error> {
    if ms == 0 {
        return Err(Error::argument("timeout_ms", "is 0; pass 1 to 86400000 (24 hours)"));
    }
    Ok(Duration::from_millis(ms.into()).min(LONGEST))
}
