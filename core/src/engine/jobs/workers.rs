//! The threads that make the polls of a client's jobs and fetch their images: none before the first job, and never more than allowed.
//!
//! The book's heap of due times feeds them; they sleep on a condition variable until the earliest.

use super::book::{Book, Due};
use super::fetching::Fetch;
use super::jobs::{Shared, State, take_in};
use crate::engine::core::Core;
use crate::engine::pictures::{Bounds, Fetched, Wanted, picture};
use crate::error::Error;
use crate::net::spawn_quiet;
use crate::panics::caught;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// TLS and parsing need some 60 KiB; the rest is room for debug builds.
const STACK: usize = 512 * 1024;

/// The least time between two things told about the bytes of one image.
const BETWEEN_PROGRESS: Duration = Duration::from_millis(50);

/// What a worker does next.
enum Work {
    Poll(Due),
    Fetch(Fetch),
}

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
                while let Some(work) = shared.next_work() {
                    match work {
                        Work::Poll(due) => shared.make_poll(&due),
                        Work::Fetch(fetch) => shared.make_fetch(&fetch),
                    }
                }
            });
        };
        let started = spawn_quiet("mlab-worker", STACK, work);
        state.threads.push(started.map_err(|_| Error::NoResources { what: "threads" })?);
        state.workers += 1;
        Ok(())
    }

    /// Sleeps until there is something to do; nothing once the end has come. Polls go first: they are short.
    fn next_work(self: &Arc<Self>) -> Option<Work> {
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
                self.tell_news(&state);
            }
            if let Some(due) = self.take_poll(&mut state.book, now) {
                if state.idle > 0 {
                    self.ensure_watch(&state);
                } else if state.book.next_due(Duration::ZERO).is_some_and(|due| due <= now) {
                    // Where the system gives no thread, those that are there go on.
                    let _ = self.hire(&mut state);
                }
                return Some(Work::Poll(due));
            }
            if let Some(fetch) = state.book.take_fetch() {
                // It may take minutes: others are for the other images, and for polls.
                if state.idle > 0 {
                    self.work.notify_one();
                } else if state.book.fetches() > 0 || state.book.has_polls() {
                    let _ = self.hire(&mut state);
                }
                return Some(Work::Fetch(fetch));
            }
            let due = self.next_due(&state.book);
            state = self.rest(state, due);
        }
    }

    /// The poll that is due longest, if its turn has come.
    fn take_poll(&self, book: &mut Book, now: Duration) -> Option<Due> {
        let since = book.next_poll().filter(|due| *due <= now)?;
        self.core.pace.take_for_jobs(self.began + since, self.began + now, || book.take_due(now))
    }

    /// When there is something to do next, under the budget too.
    fn next_due(&self, book: &Book) -> Option<Duration> {
        let ask = |poll| self.core.pace.ask_for_jobs(self.began + poll, Instant::now());
        let free = book.next_poll().map(ask);
        book.next_due(free.map_or(Duration::ZERO, |free| free.saturating_duration_since(self.began)))
    }

    /// Sleeps until called; the first to sleep until `due`, until then. One is enough: all at once would only fight for
    /// the lock.
    fn rest<'a>(&self, mut state: MutexGuard<'a, State>, due: Option<Duration>) -> MutexGuard<'a, State> {
        state.idle += 1;
        match due.filter(|due| state.watch.is_none_or(|watch| *due < watch)) {
            Some(due) => {
                state.watch = Some(due);
                let time = due.saturating_sub(self.now());
                state = self.work.wait_timeout(state, time).unwrap_or_else(PoisonError::into_inner).0;
                // Unless another sleeps until something earlier by now.
                state.watch.take_if(|watch| *watch == due);
            }
            None => state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner),
        }
        state.idle -= 1;
        state
    }

    /// Calls somebody who sleeps if nobody watches for the next poll, which may be due already.
    fn ensure_watch(&self, state: &State) {
        let due = self.next_due(&state.book);
        if due.is_some_and(|due| state.watch.is_none_or(|watch| due < watch)) {
            self.work.notify_one();
        }
    }

    fn make_poll(&self, due: &Due) {
        let end = self.began + due.end;
        let polled = caught(|| self.core.poll(&due.id, &due.token, end, due.nth));
        let now = self.now();
        match polled {
            Ok(report) => {
                self.change(|book| take_in(book, &self.core.settings.log, &due.id, report, now));
            }
            Err(error) => {
                self.change(|book| book.fail(&due.id, &error, now));
            }
        }
    }

    fn make_fetch(&self, fetch: &Fetch) {
        let mut last: Option<Instant> = None;
        let mut told = |done, total| {
            // A frame of a game at 60 Hz has no use for more.
            if last.is_none_or(|last| last.elapsed() >= BETWEEN_PROGRESS) || Some(done) == total {
                last = Some(Instant::now());
                self.change(|book| book.told_bytes(fetch.job, fetch.index, done, total));
            }
        };
        let fetched = fetch_now(&self.core, fetch, self.began, &mut told);
        let now = self.now();
        self.change(|book| book.fetched(fetch.job, fetch.index, fetched, now));
    }
}

/// Gets one image; a panic is an error of it.
pub(super) fn fetch_now(
    core: &Core,
    fetch: &Fetch,
    began: Instant,
    told: &mut dyn FnMut(u64, Option<u64>),
) -> Fetched {
    let (token, ready, end) = (fetch.token.clone(), began + fetch.ready, began + fetch.end);
    let bounds = Bounds { token, ready, end, deadline: fetch.deadline };
    let wanted = Wanted { entry: &fetch.entry, keep: &fetch.keep, stem: fetch.stem.clone() };
    caught(|| picture(core, &wanted, &bounds, told)).unwrap_or_else(Fetched::nothing)
}

/// Tells that a worker leaves, whatever makes it leave.
struct Leaving<'a>(&'a Shared);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.state().workers -= 1;
        self.0.left.notify_all();
    }
}
