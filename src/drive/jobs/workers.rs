//! The threads that make the looks of a client's jobs: none before the first job, and never more than allowed.
//!
//! The book's heap of due times feeds them; they sleep on a condition variable until the earliest.

use super::book::Due;
use super::jobs::{Shared, State};
use crate::drive::log::Level;
use crate::error::Error;
use crate::net::spawn_quiet;
use crate::panics::caught;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// TLS and parsing need some 60 KiB; the rest is room for debug builds.
const STACK: usize = 512 * 1024;

impl Shared {
    /// Starts one more worker if none is idle and one more is allowed.
    pub(super) fn hire(self: &Arc<Self>, state: &mut State) -> Result<(), Error> {
        if state.idle > 0 || state.workers >= self.core.settings.workers || state.book.is_closed() {
            return Ok(());
        }
        let shared = Arc::clone(self);
        let work = move || {
            let _leaving = Leaving(&shared);
            // What is caught here is a defect of the book: nothing may be printed for it.
            let _ = caught(|| {
                while let Some(due) = shared.next_due() {
                    shared.make_look(&due);
                }
            });
        };
        let started = spawn_quiet("mlab-worker", STACK, work);
        state.threads.push(started.map_err(|_| Error::NoResources { what: "threads" })?);
        state.workers += 1;
        Ok(())
    }

    /// Sleeps until a look is due and may be made; nothing once the end has come.
    fn next_due(self: &Arc<Self>) -> Option<Due> {
        let mut state = self.state();
        loop {
            if state.book.is_closed() {
                return None;
            }
            let now = self.now();
            let told = state.book.events();
            state.book.end_overdue(now);
            if state.book.events() > told {
                self.publish(&state);
                self.news.notify_all();
            }
            let instant = self.began + now;
            let free = self.core.pace.next_free(instant);
            if free <= instant
                && let Some(due) = state.book.take_due(now)
            {
                self.core.pace.turn(instant);
                // Somebody must watch the heap, and there may be more that is due.
                if state.idle > 0 {
                    self.work.notify_one();
                } else if state.book.next_due(Duration::ZERO).is_some_and(|due| due <= now) {
                    // Where the system gives no thread, those that are there go on.
                    let _ = self.hire(&mut state);
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
