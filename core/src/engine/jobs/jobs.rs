//! A client's jobs: what the client calls, and the state that workers or the pump move on.
//!
//! Waiting jobs cost no thread. Locks: the state's alone, for moments, and never while a poll is made or the host is
//! called.

use super::book::{Book, Event};
use super::pump::{Pump, UnderWays};
use crate::engine::client::Order;
use crate::engine::core::Core;
use crate::engine::host::Exchange;
use crate::engine::log::{Level, Log};
use crate::engine::pictures::Link;
use crate::engine::report::Report;
use crate::error::Error;
use crate::flow::plan::Plan;
use crate::process;
use crate::wire::JobId;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// See the module's text.
#[derive(Debug)]
pub(in crate::engine) struct Jobs {
    shared: Arc<Shared>,
    /// Held while threads are waited for, so that nobody is told that they have ended before they have.
    joining: Mutex<()>,
    /// Set where the host does the HTTP: then there are no threads.
    pump: Option<Pump>,
}

/// Why there is nothing to pull.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoEvent {
    /// None came in time, or the wait was woken.
    Yet,
    /// The client was closed, and there will be none any more.
    Closed,
    /// The client belongs to the parent process.
    Forked,
    /// The client's exchanges are not pulled.
    NotPulled,
}

/// What the workers share with the client.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) core: Arc<Core>,
    pub(super) began: Instant,
    state: Mutex<State>,
    /// Something is due, or the end has come.
    pub(super) work: Condvar,
    /// There is something to tell, or a wake-up.
    pub(super) news: Condvar,
    /// A worker left.
    pub(super) left: Condvar,
    /// The book's queued events, and when its next deadline comes, in nanoseconds since `began`: what `next_event` polls
    /// at without a lock.
    to_tell: AtomicUsize,
    next_end: AtomicU64,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) book: Book,
    ways: UnderWays,
    /// Wake-ups that ended waits, and whether one is kept for a wait to come.
    wakes: u64,
    woken: bool,
    pub(super) workers: usize,
    pub(super) idle: usize,
    /// Until when an idle worker sleeps at most; the others sleep until they are called.
    pub(super) watch: Option<Duration>,
    /// Threads of the host that wait for events.
    waiting: usize,
    pub(super) threads: Vec<JoinHandle<()>>,
}

impl Jobs {
    pub(in crate::engine) fn new(core: &Arc<Core>) -> Jobs {
        let book = Book::new(core.settings.max_jobs);
        let ways = UnderWays::default();
        let (wakes, woken, workers, idle, watch, waiting) = (0, false, 0, 0, None, 0);
        let state = State { book, ways, wakes, woken, workers, idle, watch, waiting, threads: Vec::new() };
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
        let pump = core.settings.transport.clone().map(|transport| Pump::new(transport, &core.readiness));
        Jobs { shared: Arc::new(shared), joining: Mutex::default(), pump }
    }

    /// Opens a job. One that cannot be done (`refused`) ends at once, so that its event can say why.
    pub(in crate::engine) fn submit(
        &self,
        order: &Order,
        tag: u64,
        plan: Plan,
        refused: Option<Error>,
    ) -> Result<u64, Error> {
        self.open(refused, |book, now| book.submit(&order.id, tag, plan, order.keep.clone(), now))
    }

    pub(in crate::engine) fn submit_link(
        &self,
        link: &Link,
        tag: u64,
        plan: Plan,
        refused: Option<Error>,
    ) -> Result<u64, Error> {
        self.open(refused, |book, now| book.submit_link(link, tag, plan, now))
    }

    fn open(
        &self,
        refused: Option<Error>,
        open: impl FnOnce(&mut Book, Duration) -> Result<u64, Error>,
    ) -> Result<u64, Error> {
        let mut state = self.shared.state();
        let next_end = state.book.next_end();
        let job = open(&mut state.book, self.shared.now())?;
        let refused = match &self.pump {
            _ if refused.is_some() => refused,
            Some(_) => None,
            // With a thread less it takes longer; with none it would take for ever.
            None => self.shared.hire(&mut state).err().filter(|_| state.workers == 0),
        };
        if let Some(error) = &refused {
            state.book.stop(job, error, self.shared.now());
        }
        if refused.is_some() || state.book.next_end() != next_end {
            // Who waits for events waits for deadlines too.
            self.shared.publish(&state);
            self.shared.tell_news(&state);
        }
        drop(state);
        match &self.pump {
            Some(pump) => {
                pump.inbox.poke();
                self.shared.core.readiness.raise();
            }
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
    pub(in crate::engine) fn next_event(&self, timeout: Duration) -> Result<Event, NoEvent> {
        // A frame of a game: with nothing to tell there is no lock, no system call and no allocation.
        if timeout.is_zero() && self.pump.is_none() && self.shared.is_quiet() {
            return Err(NoEvent::Yet);
        }
        let until = Instant::now() + timeout;
        // The wake-ups seen when the wait began.
        let mut began: Option<u64> = None;
        loop {
            let seen = self.pump.as_ref().map_or(0, |pump| pump.inbox.pokes());
            self.pump();
            let mut state = self.shared.state();
            let now = self.shared.now();
            // The workers do this too, but may all be inside polls that take long.
            state.book.end_overdue(now);
            let event = state.book.pop_event(now);
            self.shared.publish(&state);
            let left = until.saturating_duration_since(Instant::now());
            let outcome = match event {
                Some(event) => Some(Ok(event)),
                None if state.book.is_closed() && state.book.open() == 0 => Some(Err(NoEvent::Closed)),
                // A wake-up is meant for a wait: who does not wait leaves it to the next.
                None if timeout.is_zero() => Some(Err(NoEvent::Yet)),
                None if began.is_some_and(|wakes| wakes != state.wakes) => Some(Err(NoEvent::Yet)),
                None if began.is_none() && std::mem::take(&mut state.woken) => Some(Err(NoEvent::Yet)),
                None if left.is_zero() => Some(Err(NoEvent::Yet)),
                None => None,
            };
            if let Some(outcome) = outcome {
                if began.is_some() {
                    state.waiting -= 1;
                }
                self.core().readiness.settle(|| self.is_ready(&state));
                if let Some(pump) =
                    self.pump.as_ref().filter(|_| state.waiting > 0 && state.book.events() > 0)
                {
                    // The rest is for those who wait.
                    pump.inbox.poke();
                }
                return outcome;
            }
            if began.is_none() {
                began = Some(state.wakes);
                state.waiting += 1;
            }
            self.await_news(state, seen, left);
        }
    }

    fn core(&self) -> &Core {
        &self.shared.core
    }

    /// Waits until there may be news, no longer than `left`.
    fn await_news(&self, state: MutexGuard<'_, State>, seen: u64, left: Duration) {
        match &self.pump {
            Some(pump) => {
                let next = pump.next_step(&state.book, &state.ways, self.core(), self.shared.began);
                drop(state);
                let next = next.map_or(left, |next| next.saturating_duration_since(Instant::now()));
                pump.inbox.wait(seen, left.min(next));
            }
            None => {
                let end = state.book.next_end();
                let nap = end.map_or(left, |end| left.min(end.saturating_sub(self.shared.now())));
                drop(self.shared.news.wait_timeout(state, nap).unwrap_or_else(PoisonError::into_inner));
            }
        }
    }

    /// Whether `next_event` would deliver or move something now, or there is an exchange to be pulled.
    fn is_ready(&self, state: &State) -> bool {
        let Some(pump) = &self.pump else { return state.book.events() > 0 || state.book.is_closed() };
        let queued = pump.transport.queue().is_some_and(|queue| !queue.is_empty());
        let due = pump.next_step(&state.book, &state.ways, self.core(), self.shared.began);
        let due = due.is_some_and(|due| due <= Instant::now());
        state.book.events() > 0 || state.book.is_closed() || queued || due || !pump.inbox.is_empty()
    }

    /// A descriptor that is readable while `next_event` has something to do.
    pub(in crate::engine) fn event_fd(&self) -> Result<i32, Error> {
        let state = self.shared.state();
        self.core().readiness.descriptor(self.is_ready(&state))
    }

    /// How long until `next_event` has something to do by itself; none if nothing is planned.
    pub(in crate::engine) fn next_due(&self) -> Option<Duration> {
        let state = self.shared.state();
        if state.book.events() > 0 {
            return Some(Duration::ZERO);
        }
        match &self.pump {
            Some(pump) => {
                let next = pump.next_step(&state.book, &state.ways, self.core(), self.shared.began)?;
                Some(next.saturating_duration_since(Instant::now()))
            }
            None => Some(state.book.next_end()?.saturating_sub(self.shared.now())),
        }
    }

    /// The next exchange to be pulled, waited for as [`Jobs::next_event`] waits.
    pub(in crate::engine) fn next_exchange(&self, timeout: Duration) -> Result<Exchange, NoEvent> {
        let Some((pump, queue)) = self.pump.as_ref().and_then(|pump| Some((pump, pump.transport.queue()?)))
        else {
            return Err(NoEvent::NotPulled);
        };
        let until = Instant::now() + timeout;
        let mut began: Option<u64> = None;
        loop {
            let seen = queue.pokes();
            self.pump();
            let exchange = queue.pop();
            let mut state = self.shared.state();
            let left = until.saturating_duration_since(Instant::now());
            let outcome = match exchange {
                Some(exchange) => Some(Ok(exchange)),
                None if state.book.is_closed() => Some(Err(NoEvent::Closed)),
                None if timeout.is_zero() || left.is_zero() => Some(Err(NoEvent::Yet)),
                None if began.is_some_and(|wakes| wakes != state.wakes) => Some(Err(NoEvent::Yet)),
                None if began.is_none() && std::mem::take(&mut state.woken) => Some(Err(NoEvent::Yet)),
                None => None,
            };
            if let Some(outcome) = outcome {
                if began.is_some() {
                    state.waiting -= 1;
                }
                self.core().readiness.settle(|| self.is_ready(&state));
                return outcome;
            }
            if began.is_none() {
                began = Some(state.wakes);
                state.waiting += 1;
            }
            let next = pump.next_step(&state.book, &state.ways, self.core(), self.shared.began);
            drop(state);
            let next = next.map_or(left, |next| next.saturating_duration_since(Instant::now()));
            queue.wait(seen, left.min(next));
        }
    }

    /// Ends every wait in `next_event` and `next_exchange`; if there is none, the next one.
    pub(in crate::engine) fn wake_up(&self) {
        let mut state = self.shared.state();
        if state.waiting > 0 {
            state.wakes += 1;
        } else {
            state.woken = true;
        }
        drop(state);
        self.shared.news.notify_all();
        self.poke();
    }

    /// Stops one job, or all with 0.
    pub(in crate::engine) fn cancel(&self, job: u64) -> Result<(), Error> {
        let now = self.shared.now();
        let outcome = self.shared.change(|book| match job {
            0 => {
                book.cancel_all(&Error::Cancelled, now);
                Ok(())
            }
            job => book.cancel(job, now),
        });
        self.pump();
        self.poke();
        outcome
    }

    /// Lets those look again who wait where the host does the HTTP.
    fn poke(&self) {
        if let Some(pump) = &self.pump {
            pump.inbox.poke();
        }
    }

    pub(in crate::engine) fn pending(&self) -> usize {
        self.shared.state().book.open()
    }

    /// Ends all jobs with E_CLOSED and waits for the workers to leave; false if not all did in time.
    pub(in crate::engine) fn close(&self, within: Duration) -> bool {
        let until = Instant::now() + within;
        let now = self.shared.now();
        self.shared.change(|book| book.close(now));
        self.shared.work.notify_all();
        self.pump();
        self.poke();
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
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Whether there is nothing to tell and no deadline has come.
    fn is_quiet(&self) -> bool {
        self.to_tell.load(Ordering::Acquire) == 0 && nanos(self.now()) < self.next_end.load(Ordering::Acquire)
    }

    pub(super) fn publish(&self, state: &State) {
        self.to_tell.store(state.book.events(), Ordering::Release);
        let closed = state.book.is_closed();
        // Nobody is quiet about a client that was closed: the next to ask must hear of it.
        let next_end = if closed { 0 } else { state.book.next_end().map_or(u64::MAX, nanos) };
        self.next_end.store(next_end, Ordering::Release);
        if closed || state.book.events() > 0 {
            self.core.readiness.raise();
        }
    }

    /// Changes the book and tells those who wait for news.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut Book) -> R) -> R {
        let mut state = self.state();
        let changed = change(&mut state.book);
        self.publish(&state);
        self.tell_news(&state);
        changed
    }

    /// Wakes those who wait for events. Nobody waits in a game loop, and it costs a system call.
    pub(super) fn tell_news(&self, state: &State) {
        if state.waiting > 0 {
            self.news.notify_all();
        }
    }
}

/// Tells the book what a poll brought, and the log.
pub(super) fn take_in(book: &mut Book, log: &Log, id: &JobId, report: Report, now: Duration) {
    log.say_later(Level::Info, "poll", || report.line());
    let failed = (report.status.code() < 0).then(|| report.message.clone());
    let goes_on = book.heard(id, report, now);
    if let Some(why) = failed.filter(|_| goes_on) {
        log.say_later(Level::Warning, "job", || format!("{}: polling again after: {why}", id.as_str()));
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
