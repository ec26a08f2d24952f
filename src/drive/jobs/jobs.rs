//! A client's jobs: what the client calls, and the state that workers or the pump move on.
//!
//! Waiting jobs cost no thread. Locks: the state's alone, for moments, and never while a look is made or the host is
//! called.

use super::book::{Book, Event};
use super::pump::{Pump, UnderWays};
use crate::drive::client::Order;
use crate::drive::core::Core;
use crate::drive::pictures::Link;
use crate::drive::process;
use crate::error::Error;
use crate::flow::plan::Plan;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// See the module's text.
#[derive(Debug)]
pub(in crate::drive) struct Jobs {
    shared: Arc<Shared>,
    /// Set where the host does the HTTP: then there are no threads.
    pump: Option<Pump>,
}

/// What the workers share with the client.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) core: Arc<Core>,
    pub(super) began: Instant,
    state: Mutex<State>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Something is due, or the end has come.
    pub(super) work: Condvar,
    /// There is something to tell, or a wake-up.
    pub(super) news: Condvar,
    /// A worker left.
    pub(super) left: Condvar,
    /// The book's queued events and a pending wake-up: what `next_event` looks at without a lock.
    to_tell: AtomicUsize,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) book: Book,
    ways: UnderWays,
    woken: bool,
    pub(super) workers: usize,
    pub(super) idle: usize,
}

impl Jobs {
    pub(in crate::drive) fn new(core: &Arc<Core>) -> Jobs {
        let book = Book::new(core.settings.max_jobs);
        let state = State { book, ways: UnderWays::default(), woken: false, workers: 0, idle: 0 };
        let shared = Shared {
            core: Arc::clone(core),
            began: Instant::now(),
            state: Mutex::new(state),
            threads: Mutex::default(),
            work: Condvar::new(),
            news: Condvar::new(),
            left: Condvar::new(),
            to_tell: AtomicUsize::new(0),
        };
        let pump = core.settings.transport.clone().map(Pump::new);
        Jobs { shared: Arc::new(shared), pump }
    }

    pub(in crate::drive) fn submit(&self, order: &Order, tag: u64, plan: Plan) -> Result<u64, Error> {
        self.open(|book, now| book.submit(&order.id, tag, plan, order.keep.clone(), now))
    }

    pub(in crate::drive) fn submit_link(&self, link: &Link, tag: u64, plan: Plan) -> Result<u64, Error> {
        self.open(|book, now| book.submit_link(link, tag, plan, now))
    }

    fn open(&self, open: impl FnOnce(&mut Book, Duration) -> Result<u64, Error>) -> Result<u64, Error> {
        let mut state = self.shared.state();
        if self.pump.is_none() {
            // The thread first: a job that nobody will ever look at must not be opened.
            self.shared.ensure_worker(&mut state)?;
        }
        let job = open(&mut state.book, self.shared.now())?;
        drop(state);
        match &self.pump {
            Some(pump) => pump.inbox.poke(),
            None => self.shared.work.notify_one(),
        }
        Ok(job)
    }

    /// Lets the host's HTTP move on, if it is the host's. Calls the host, with no lock held.
    fn pump(&self) {
        let Some(pump) = &self.pump else { return };
        loop {
            let mut state = self.shared.state();
            let State { book, ways, .. } = &mut *state;
            let calls = pump.step(book, ways, &self.shared.core, self.shared.began);
            drop(state);
            if calls.is_empty() {
                return;
            }
            // The host may answer inside its call, so there may be more to do then.
            pump.call(calls);
        }
    }

    /// The next event; waits for one as long as `timeout`, which may be zero, or until woken.
    pub(in crate::drive) fn next_event(&self, timeout: Duration) -> Option<Event> {
        // A frame of a game: with nothing to tell there is no lock, no system call and no allocation.
        let quiet = self.pump.is_none() && self.shared.to_tell.load(Ordering::Acquire) == 0;
        if timeout.is_zero() && quiet {
            return None;
        }
        let until = Instant::now() + timeout;
        loop {
            self.pump();
            let mut state = self.shared.state();
            let event = state.book.pop_event(self.shared.now());
            // A wake-up is meant for a wait: an event leaves it to the next one.
            let woken = event.is_none() && std::mem::take(&mut state.woken);
            self.shared.count(&state);
            let left = until.saturating_duration_since(Instant::now());
            if event.is_some() || woken || left.is_zero() {
                return event;
            }
            self.await_news(state, left);
        }
    }

    /// Waits until there may be news, no longer than `left`.
    fn await_news(&self, state: MutexGuard<'_, State>, left: Duration) {
        match &self.pump {
            Some(pump) => {
                let next = pump.next_step(&state.book, &state.ways, &self.shared.core, self.shared.began);
                drop(state);
                let next = next.map_or(left, |next| next.saturating_duration_since(Instant::now()));
                pump.inbox.wait(left.min(next));
            }
            None => drop(self.shared.news.wait_timeout(state, left)),
        }
    }

    /// Ends a wait in `next_event`, or the next one.
    pub(in crate::drive) fn wake_up(&self) {
        let mut state = self.shared.state();
        state.woken = true;
        self.shared.count(&state);
        drop(state);
        self.shared.news.notify_all();
        if let Some(pump) = &self.pump {
            pump.inbox.poke();
        }
    }

    /// Stops one job, or all with 0.
    pub(in crate::drive) fn cancel(&self, job: u64) -> Result<(), Error> {
        let now = self.shared.now();
        let outcome = self.shared.change(|book| match job {
            0 => {
                book.cancel_all(&Error::Cancelled, now);
                Ok(())
            }
            job => book.cancel(job, now),
        });
        self.pump();
        outcome
    }

    pub(in crate::drive) fn pending(&self) -> usize {
        self.shared.state().book.open()
    }

    /// Ends all jobs with E_CLOSED and waits for the workers to leave; false if not all did in time.
    pub(in crate::drive) fn close(&self, within: Duration) -> bool {
        let until = Instant::now() + within;
        let now = self.shared.now();
        self.shared.change(|book| book.close(now));
        self.shared.work.notify_all();
        self.pump();
        let mut state = self.shared.state();
        while state.workers > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.shared.left.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(state);
        let threads = std::mem::take(&mut *self.shared.threads());
        for thread in threads {
            // It has told that it leaves; this waits for its last instructions.
            let _ = thread.join();
        }
        true
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        let quiet = self.shared.threads.try_lock().is_ok_and(|threads| threads.is_empty());
        if !quiet && process::is_forked_from(self.shared.core.lanes.owner()) {
            // Threads of the parent: there is nothing here to detach from, so their handles stay, with all they share.
            std::mem::forget(Arc::clone(&self.shared));
        }
    }
}

impl Shared {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn threads(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more worker, if none is idle and one more is allowed. An error only if there is none at all.
    fn ensure_worker(self: &Arc<Self>, state: &mut State) -> Result<(), Error> {
        if state.idle > 0 || state.workers >= self.core.settings.workers || state.book.is_closed() {
            return Ok(());
        }
        match self.start_worker() {
            Ok(thread) => {
                state.workers += 1;
                self.threads().push(thread);
                Ok(())
            }
            Err(error) if state.workers == 0 => Err(error),
            Err(_) => Ok(()),
        }
    }

    /// Sees to it that listed pictures are fetched side by side, as far as workers allow.
    pub(super) fn call_for_help(self: &Arc<Self>) {
        let mut state = self.state();
        // The caller takes one itself.
        for _ in 1..state.book.fetches() {
            if state.idle == 0 && self.ensure_worker(&mut state).is_err() {
                break;
            }
        }
        if state.book.fetches() > 0 {
            self.work.notify_all();
        }
    }

    pub(super) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    pub(super) fn count(&self, state: &State) {
        self.to_tell.store(state.book.events() + usize::from(state.woken), Ordering::Release);
    }

    /// Changes the book and tells those who wait for news.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut Book) -> R) -> R {
        let mut state = self.state();
        let changed = change(&mut state.book);
        self.count(&state);
        drop(state);
        self.news.notify_all();
        changed
    }
}
