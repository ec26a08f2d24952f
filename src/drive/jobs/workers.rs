//! The threads that make the looks of a client's jobs: none before the first job, and never more than allowed.
//!
//! The book's heap of due times feeds them; they sleep on a condition variable until the earliest.

use super::book::Due;
use super::jobs::Shared;
use crate::drive::log::Level;
use crate::error::Error;
use crate::net::spawn_quiet;
use crate::panics::caught;
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;

/// TLS and parsing need some 60 KiB; the rest is room for debug builds.
const STACK: usize = 512 * 1024;

impl Shared {
    pub(super) fn start_worker(self: &Arc<Self>) -> Result<JoinHandle<()>, Error> {
        let shared = Arc::clone(self);
        let work = move || {
            let _leaving = Leaving(&shared);
            while let Some(due) = shared.next_due() {
                shared.make_look(&due);
            }
        };
        spawn_quiet("mlab-worker", STACK, work).map_err(|_| Error::NoResources { what: "threads" })
    }

    /// Sleeps until a look is due and may be made; nothing once the end has come.
    fn next_due(&self) -> Option<Due> {
        let mut state = self.state();
        loop {
            if state.book.is_closed() {
                return None;
            }
            let now = self.now();
            let told = state.book.events();
            state.book.end_overdue(now);
            if state.book.events() > told {
                self.count(&state);
                self.news.notify_all();
            }
            let instant = self.began + now;
            let free = self.core.pace.next_free(instant);
            if free <= instant
                && let Some(due) = state.book.take_due(now)
            {
                self.core.pace.turn(instant);
                if state.idle > 0 {
                    // There may be more that is due.
                    self.work.notify_one();
                }
                return Some(due);
            }
            let free = free.saturating_duration_since(self.began);
            let sleep = state.book.next_due(free).map(|due| due.saturating_sub(now));
            state.idle += 1;
            state = match sleep {
                Some(time) => self.work.wait_timeout(state, time).unwrap_or_else(PoisonError::into_inner).0,
                None => self.work.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
            state.idle -= 1;
        }
    }

    fn make_look(&self, due: &Due) {
        let end = self.began + due.end;
        let looked = caught(|| self.core.look(&due.id, &due.token, end, due.nth));
        let now = self.now();
        match looked {
            Ok(report) => {
                self.core.settings.log.say_later(Level::Info, "look", || report.line());
                self.change(|book| book.heard(&due.id, report, now));
            }
            Err(error) => {
                self.change(|book| book.fail(&due.id, &error, now));
            }
        }
    }
}

/// Tells that a worker leaves, whatever makes it leave.
struct Leaving<'a>(&'a Shared);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.state().workers -= 1;
        self.0.left.notify_all();
    }
}
