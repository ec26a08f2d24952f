//! What all calls and jobs of a client share: the key, the settings, the connections and the budget.

use super::connection_pool::ConnectionPool;
use super::log::Level;
use super::pace::{Pace, Turn};
use super::poll::poll;
use super::readiness::Readiness;
use super::report::Report;
use super::settings::Settings;
use crate::error::Error;
use crate::net::{CancelToken, Deadline, NetSettings};
use crate::wire::{JobId, Key};
use std::sync::Arc;
use std::time::Instant;

/// See the module's text.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) key: Key,
    pub(super) settings: Settings,
    pub(super) lanes: ConnectionPool,
    pub(super) pictures: Pictures,
    pub(super) pace: Pace,
    pub(super) readiness: Arc<Readiness>,
}

/// What downloads share. Their connections are others than the polls': they lead elsewhere, and carry no header of the
/// client.
#[derive(Debug)]
pub(super) struct Pictures {
    pub(super) net: NetSettings,
    pub(super) lanes: ConnectionPool,
}

impl Pictures {
    fn new(settings: &Settings) -> Pictures {
        Pictures {
            net: NetSettings { user_agent: String::new(), ..settings.net.clone() },
            lanes: ConnectionPool::new(settings.workers),
        }
    }
}

impl Core {
    pub(super) fn new(key: Key, mut settings: Settings) -> Core {
        let readiness = Arc::default();
        settings.log = settings.log.of_client();
        settings.transport = settings.transport.map(|transport| transport.of_client(&readiness));
        let pictures = Pictures::new(&settings);
        Core {
            key,
            lanes: ConnectionPool::new(settings.workers),
            pictures,
            pace: Pace::new(settings.requests_per_second),
            settings,
            readiness,
        }
    }

    /// One poll, now, as the `nth` of its job, that ends at `end` or with the request timeout.
    pub(super) fn poll(&self, id: &JobId, token: &CancelToken, end: Instant, nth: u32) -> Report {
        let start = Instant::now();
        let limits = self.settings.net.limits;
        let watch = Deadline::until(limits, token, end.min(start + limits.request));
        let lend = || {
            planted::go_off(id);
            self.lanes.lend(&self.settings.net, self.settings.endpoint.origin())
        };
        let hop = |watch: &Deadline| self.hop(watch, token, end);
        let mut report = poll(lend, &self.key, id, &self.settings, &watch, hop);
        report.finish(id, nth, start.elapsed());
        report
    }

    /// The turn of a redirect. What it waits is not the server's time, and goes on top of the request timeout.
    fn hop(&self, watch: &Deadline, token: &CancelToken, end: Instant) -> Result<Deadline, Error> {
        let (waits, asked) = (self.pace.is_busy(), Instant::now());
        if waits {
            self.settings.log.say_later(Level::Debug, "turn", || "a redirect waits for a turn".into());
        }
        match self.pace.wait(None, token, end) {
            Turn::Come if !waits => Ok(watch.clone()),
            Turn::Come => {
                Ok(Deadline::until(self.settings.net.limits, token, end.min(watch.end() + asked.elapsed())))
            }
            Turn::Cancelled => Err(Error::Cancelled),
            Turn::Late => Err(Error::Turn { after: asked.elapsed() }),
        }
    }
}

#[cfg(not(any(test, feature = "fault-injection")))]
mod planted {
    pub(super) fn go_off(_: &crate::wire::JobId) {}
}

/// In tests a poll of some ids is a defect of this library.
#[cfg(any(test, feature = "fault-injection"))]
mod planted {
    pub(super) fn go_off(id: &crate::wire::JobId) {
        assert!(!id.as_str().starts_with("panic-"), "planted in a poll");
    }
}
