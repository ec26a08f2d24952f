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
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// TLS and parsing need some 60 KiB; the rest is room for debug builds.
const STACK: usize = 512 * 1024;

/// A client's jobs.
#[derive(Debug)]
pub(in crate::drive) struct Jobs {
    shared: Arc<Shared>,
    /// Held while threads are waited for, so that nobody is told that they have ended before they have.
    joining: Mutex<()>,
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
    /// The book's queued events, and when its next deadline comes, in nanoseconds since `began`: what `next_event` looks
    /// at without a lock.
    to_tell: AtomicUsize,
    next_end: AtomicU64,
}

#[derive(Debug)]
struct State {
    book: Book,
    woken: bool,
    workers: usize,
    idle: usize,
    threads: Vec<JoinHandle<()>>,
}

impl Jobs {
    pub(in crate::drive) fn new(core: &Arc<Core>) -> Jobs {
        let book = Book::new(core.settings.max_jobs);
        let state = State { book, woken: false, workers: 0, idle: 0, threads: Vec::new() };
        let shared = Shared {
            core: Arc::clone(core),
            began: Instant::now(),
            state: Mutex::new(state),
            work: Condvar::new(),
            news: Condvar::new(),
            left: Condvar::new(),
            to_tell: AtomicUsize::new(0),
            next_end: AtomicU64::new(u64::MAX),
        };
        Jobs { shared: Arc::new(shared), joining: Mutex::default() }
    }

    pub(in crate::drive) fn submit(&self, id: &JobId, tag: u64, plan: Plan) -> Result<u64, Error> {
        let mut state = self.shared.state();
        // The thread first: a job that nobody will ever look at must not be opened.
        match self.shared.hire(&mut state) {
            Err(error) if state.workers == 0 => return Err(error),
            _ => {}
        }
        let next_end = state.book.next_end();
        let job = state.book.submit(id, tag, plan, self.shared.now())?;
        if state.book.next_end() != next_end {
            // Who waits for events waits for deadlines too.
            self.shared.publish(&state);
            self.shared.news.notify_all();
        }
        drop(state);
        self.shared.work.notify_one();
        Ok(job)
    }

    /// The next event; waits for one as long as `timeout`, which may be zero, or until woken.
    pub(in crate::drive) fn next_event(&self, timeout: Duration) -> Option<Event> {
        // A frame of a game: with nothing to tell there is no lock, no system call and no allocation.
        if timeout.is_zero() && self.shared.is_quiet() {
            return None;
        }
        let until = Instant::now() + timeout;
        let mut state = self.shared.state();
        loop {
            let now = self.shared.now();
            // The workers do this too, but may all be inside looks that take long.
            state.book.end_overdue(now);
            let event = state.book.pop_event(now);
            self.shared.publish(&state);
            let left = until.saturating_duration_since(Instant::now());
            // A wake-up is meant for a wait: who finds an event or does not wait leaves it to the next.
            if event.is_some() || timeout.is_zero() || std::mem::take(&mut state.woken) || left.is_zero() {
                return event;
            }
            let nap = state.book.next_end().map_or(left, |end| left.min(end.saturating_sub(now)));
            state = self.shared.news.wait_timeout(state, nap).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Ends a wait in `next_event`, or the next one.
    pub(in crate::drive) fn wake_up(&self) {
        self.shared.state().woken = true;
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
        let _joining = self.joining.lock().unwrap_or_else(PoisonError::into_inner);
        let threads = std::mem::take(&mut self.shared.state().threads);
        for thread in threads {
            // It has told that it leaves; this waits for its last instructions.
            let _ = thread.join();
        }
        true
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        let is_childs = || process::is_forked_from(self.shared.core.lanes.owner());
        if is_childs() && !self.shared.state.try_lock().is_ok_and(|state| state.threads.is_empty()) {
            // The threads are the parent's: nothing here can be detached from, and the book may be half changed.
            std::mem::forget(Arc::clone(&self.shared));
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

    /// Whether there is nothing to tell and no deadline has come.
    fn is_quiet(&self) -> bool {
        self.to_tell.load(Ordering::Acquire) == 0 && nanos(self.now()) < self.next_end.load(Ordering::Acquire)
    }

    fn publish(&self, state: &State) {
        self.to_tell.store(state.book.events(), Ordering::Release);
        self.next_end.store(state.book.next_end().map_or(u64::MAX, nanos), Ordering::Release);
    }

    /// Changes the book and tells those who wait for news.
    fn change<R>(&self, change: impl FnOnce(&mut Book) -> R) -> R {
        let mut state = self.state();
        let changed = change(&mut state.book);
        self.publish(&state);
        drop(state);
        self.news.notify_all();
        changed
    }

    /// Starts one more worker if none is idle and one more is allowed.
    fn hire(self: &Arc<Self>, state: &mut State) -> Result<(), Error> {
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

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Tells that a worker leaves, whatever makes it leave.
struct Leaving<'a>(&'a Shared);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.state().workers -= 1;
        self.0.left.notify_all();
    }
}

#[cfg(test)]
mod tests;
