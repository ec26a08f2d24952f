//! The threads that make the looks of a client's jobs: none before the first job, and never more than allowed.
//!
//! Waiting jobs cost no thread: the book's heap of due times feeds the workers, which sleep on a condition variable until
//! the earliest. Locks: the book's alone, and never while a look is made or the host is called.

use super::book::{Book, Due, Event};
use crate::drive::core::Core;
use crate::drive::log::Level;
use crate::drive::process;
use crate::error::Error;
use crate::flow::plan::Plan;
use crate::net::spawn_quiet;
use crate::panics::caught;
use crate::wire::JobId;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// TLS and parsing need some 60 KiB; the rest is room for debug builds.
const STACK: usize = 512 * 1024;

/// A client's jobs.
#[derive(Debug)]
pub(in crate::drive) struct Jobs {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    core: Arc<Core>,
    began: Instant,
    state: Mutex<State>,
    /// Something is due, or the end has come.
    work: Condvar,
    /// There is something to tell, or a wake-up.
    news: Condvar,
    /// A worker left.
    left: Condvar,
    /// The book's queued events and a pending wake-up: what `next_event` looks at without a lock.
    to_tell: AtomicUsize,
}

#[derive(Debug)]
struct State {
    book: Book,
    woken: bool,
    workers: usize,
    idle: usize,
}

impl Jobs {
    pub(in crate::drive) fn new(core: &Arc<Core>) -> Jobs {
        let state = State { book: Book::new(core.settings.max_jobs), woken: false, workers: 0, idle: 0 };
        let shared = Shared {
            core: Arc::clone(core),
            began: Instant::now(),
            state: Mutex::new(state),
            work: Condvar::new(),
            news: Condvar::new(),
            left: Condvar::new(),
            to_tell: AtomicUsize::new(0),
        };
        Jobs { shared: Arc::new(shared), threads: Mutex::default() }
    }

    pub(in crate::drive) fn submit(&self, id: &JobId, tag: u64, plan: Plan) -> Result<u64, Error> {
        let mut state = self.shared.state();
        // The thread first: a job that nobody will ever look at must not be opened.
        if state.idle == 0 && state.workers < self.shared.core.settings.workers && !state.book.is_closed() {
            match self.shared.start_worker() {
                Ok(thread) => {
                    state.workers += 1;
                    self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
                }
                Err(error) if state.workers == 0 => return Err(error),
                Err(_) => {}
            }
        }
        let job = state.book.submit(id, tag, plan, self.shared.now())?;
        drop(state);
        self.shared.work.notify_one();
        Ok(job)
    }

    /// The next event; waits for one as long as `timeout`, which may be zero, or until woken.
    pub(in crate::drive) fn next_event(&self, timeout: Duration) -> Option<Event> {
        // A frame of a game: with nothing to tell there is no lock, no system call and no allocation.
        if timeout.is_zero() && self.shared.to_tell.load(Ordering::Acquire) == 0 {
            return None;
        }
        let until = Instant::now() + timeout;
        let mut state = self.shared.state();
        loop {
            let event = state.book.pop_event(self.shared.now());
            let woken = std::mem::take(&mut state.woken);
            self.shared.count(&state);
            if event.is_some() {
                // The wake-up was meant for a wait, and is kept for the next one.
                state.woken = woken;
                self.shared.count(&state);
                return event;
            }
            let left = until.saturating_duration_since(Instant::now());
            if woken || left.is_zero() {
                return None;
            }
            state = self.shared.news.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Ends a wait in `next_event`, or the next one.
    pub(in crate::drive) fn wake_up(&self) {
        let mut state = self.shared.state();
        state.woken = true;
        self.shared.count(&state);
        drop(state);
        self.shared.news.notify_all();
    }

    /// Stops one job, or all with 0.
    pub(in crate::drive) fn cancel(&self, job: u64) -> Result<(), Error> {
        let now = self.shared.now();
        self.shared.change(|book| match job {
            0 => {
                book.cancel_all(&Error::Cancelled, now);
                Ok(())
            }
            job => book.cancel(job, now),
        })
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
        let mut state = self.shared.state();
        while state.workers > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.shared.left.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(state);
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // It has told that it leaves; this waits for its last instructions.
            let _ = thread.join();
        }
        true
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        if process::is_forked_from(self.shared.core.lanes.owner()) {
            // Threads of the parent: there is nothing here to detach from.
            std::mem::forget(std::mem::take(&mut self.threads));
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn count(&self, state: &State) {
        self.to_tell.store(state.book.events() + usize::from(state.woken), Ordering::Release);
    }

    /// Changes the book and tells those who wait for news.
    fn change<R>(&self, change: impl FnOnce(&mut Book) -> R) -> R {
        let mut state = self.state();
        let changed = change(&mut state.book);
        self.count(&state);
        drop(state);
        self.news.notify_all();
        changed
    }

    fn start_worker(self: &Arc<Self>) -> Result<JoinHandle<()>, Error> {
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
