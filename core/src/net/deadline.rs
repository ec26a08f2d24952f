//! What bounds one call: its timeouts, its token, and where its connections may lead.

use super::cancel_token::CancelToken;
use crate::error::{Error, Phase};
use std::fmt::Debug;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a wait may last that nobody can end from outside, before the deadline and the token are looked at again.
///
/// A fifth of the 250 ms within which a cancel must be seen; the cost is 20 wake-ups a second while such a wait lasts.
#[cfg(all(feature = "http", not(any(target_os = "linux", target_os = "android"))))]
pub(super) const SLICE: Duration = Duration::from_millis(50);

/// The time bounds of one exchange.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For lookup, TCP, proxy and TLS together, each time a connection is made.
    pub connect: Duration,
    /// For the whole call.
    pub request: Duration,
}

/// Judges the addresses that a name leads to, before one of them is dialled.
pub trait AddressFilter: Debug + Send + Sync {
    /// Why no connection may be made to an address; nothing if it may.
    fn forbidden_reason(&self, address: IpAddr) -> Option<&'static str>;
}

/// One call's bounds: its timeouts, counted from its start, and its token.
#[derive(Debug, Clone)]
pub struct Deadline {
    pub(super) timeouts: Timeouts,
    pub(super) token: CancelToken,
    end: Instant,
    /// How long may pass without a byte. None: the end alone counts.
    pub(super) stall: Option<Duration>,
    /// Where connections may lead. None: wherever the endpoint is.
    pub(super) filter: Option<Arc<dyn AddressFilter>>,
}

impl Deadline {
    /// Starts the clock of a call.
    pub fn start(timeouts: Timeouts, token: &CancelToken) -> Deadline {
        let end = Instant::now() + timeouts.request;
        Deadline { timeouts, token: token.clone(), end, stall: None, filter: None }
    }

    /// The bounds of a call that ends at `end` at the latest.
    pub fn until(timeouts: Timeouts, token: &CancelToken, end: Instant) -> Deadline {
        // A retry, or a poll shortly before a deadline, has less time than was set; an error says how much it was.
        let left = whole_millis(end.saturating_duration_since(Instant::now()));
        let timeouts = Timeouts { request: timeouts.request.min(left), ..timeouts };
        Deadline { timeouts, token: token.clone(), end, stall: None, filter: None }
    }

    /// The bounds of a download: the request timeout bounds silence, and not the whole. Its host is the server's word,
    /// so addresses are judged.
    pub fn of_download(
        timeouts: Timeouts,
        token: &CancelToken,
        end: Instant,
        filter: Arc<dyn AddressFilter>,
    ) -> Deadline {
        let stall = Some(timeouts.request);
        Deadline { stall, filter: Some(filter), ..Deadline::until(timeouts, token, end) }
    }

    /// When the call ends at the latest.
    pub fn end(&self) -> Instant {
        self.end
    }

    /// How long the call may go on, being in `phase`; the error once it must end.
    pub fn time_left(&self, phase: Phase) -> Result<Duration, Error> {
        if self.token.is_triggered() {
            return Err(Error::Cancelled);
        }
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Error::Timeout { phase, which: "request timeout", after: self.timeouts.request });
        }
        Ok(left)
    }
}

/// Rounded up to whole milliseconds, as a message tells times.
pub(crate) fn whole_millis(time: Duration) -> Duration {
    Duration::from_millis(u64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX))
}
