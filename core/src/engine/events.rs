//! What a host pulls: events, and exchanges where it performs them. Waits for them, and what ends such a wait.

use super::engine_loop::{Engine, State};
use super::exchange::Exchange;
use super::parker::Parker;
use super::readiness::Waitable;
use super::report::Report;
use super::scheduler::JobUpdate;
use super::sleepers::Sleepers;
use crate::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What there is to tell about a job.
#[derive(Debug)]
pub struct Event {
    /// The job.
    pub job: u64,
    /// The host's own number for it.
    pub tag: u64,
    /// The polls made.
    pub polls: u32,
    /// Since it was submitted.
    pub elapsed: Duration,
    /// What the last reply expected, in milliseconds.
    pub eta_ms: Option<u64>,
    /// When the next poll is due, since it was submitted; none once there is nothing to poll for any more.
    pub next_poll: Option<Duration>,
    /// Bytes of its images that are there.
    pub bytes_done: u64,
    /// Bytes expected, if that is known of all its images.
    pub bytes_total: Option<u64>,
    /// One of its images that is there now, with a report that has it alone; where the request asked for an event for each.
    pub image: Option<(usize, Report)>,
    /// Its end; none for progress.
    pub done: Option<Report>,
}

/// What is waited for.
#[derive(Clone, Copy)]
enum PullKind {
    Event,
    Exchange,
}

impl PullKind {
    fn sleepers(self, state: &mut State) -> &mut Sleepers {
        match self {
            PullKind::Event => &mut state.waiters,
            PullKind::Exchange => &mut state.pullers,
        }
    }
}

impl State {
    fn wake_all_who_pull(&mut self) -> Vec<Arc<Parker>> {
        let mut woken = self.waiters.wake_all();
        woken.extend(self.pullers.wake_all());
        woken
    }
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

impl From<JobUpdate> for Event {
    /// Copies a report that is shared: not to be called with a lock held.
    fn from(update: JobUpdate) -> Event {
        Event {
            job: update.job,
            tag: update.tag,
            polls: update.polls,
            elapsed: update.elapsed,
            eta_ms: update.eta_ms,
            next_poll: update.next_poll,
            bytes_done: update.bytes_done,
            bytes_total: update.bytes_total,
            image: update
                .image
                .map(|(index, image)| (index, Report::of_image(index, *image, update.id.as_ref()))),
            done: update.end.map(|end| end.into_report()),
        }
    }
}

impl Engine {
    /// The next event; waits for one as long as `timeout`, which may be zero, or until woken.
    pub(super) fn next_event(&self, timeout: Duration) -> Result<Event, NoEvent> {
        // A frame of a game: with nothing to tell there is no lock, no system call and no allocation.
        if timeout.is_zero() && self.transport.is_none() && self.is_quiet() {
            // Who tells of an event does so without the lock, so maybe only after it was pulled; and the host, which reads
            // the byte, would then never see another.
            self.readiness.rearm(|| !self.is_quiet());
            return Err(NoEvent::Yet);
        }
        let update =
            self.pull(timeout, PullKind::Event, |state, now| match state.scheduler.pop_event(now) {
                Some(update) => Some(Ok(update)),
                None if state.scheduler.is_closed() && state.scheduler.pending() == 0 => {
                    Some(Err(NoEvent::Closed))
                }
                None => None,
            })?;
        Ok(update.into())
    }

    /// The next exchange for the host to perform, waited for as [`Engine::next_event`] waits.
    pub(super) fn next_exchange(&self, timeout: Duration) -> Result<Exchange, NoEvent> {
        if !self.transport.as_ref().is_some_and(super::host::HostTransport::is_pulled) {
            return Err(NoEvent::NotPulled);
        }
        loop {
            let exchange =
                self.pull(timeout, PullKind::Exchange, |state, _| match state.to_pull.pop_front() {
                    Some(exchange) => Some(Ok(exchange)),
                    None if state.scheduler.is_closed() => Some(Err(NoEvent::Closed)),
                    None => None,
                })?;
            // One that nobody waits for any more is let go of, without the lock.
            if !exchange.is_cancelled() {
                return Ok(exchange);
            }
        }
    }

    /// Takes something out, or waits for it. Runs the loop meanwhile, where the host does the HTTP.
    fn pull<T>(
        &self,
        timeout: Duration,
        kind: PullKind,
        mut take: impl FnMut(&mut State, Duration) -> Option<Result<T, NoEvent>>,
    ) -> Result<T, NoEvent> {
        let until = Instant::now() + timeout;
        let parker: Arc<Parker> = Arc::default();
        // The wake-ups seen when the wait began.
        let mut began: Option<u64> = None;
        loop {
            self.step_host();
            let mut state = self.lock();
            let now = self.now();
            // Workers do this too, but may all be inside polls that take long.
            state.scheduler.advance(now);
            let taken = take(&mut state, now);
            let left = until.saturating_duration_since(Instant::now());
            let outcome = match taken {
                Some(outcome) => Some(outcome),
                // A wake-up is meant for a wait: who does not wait leaves it to the next.
                None if timeout.is_zero() || left.is_zero() => Some(Err(NoEvent::Yet)),
                None if began.is_some_and(|wakeups| wakeups != state.wakeups) => Some(Err(NoEvent::Yet)),
                None if began.is_none() && std::mem::take(&mut state.kept_wakeup) => Some(Err(NoEvent::Yet)),
                None => None,
            };
            let mut sleep = None;
            if outcome.is_none() {
                began.get_or_insert(state.wakeups);
                let due = self.next_step_of_waiters(&mut state, now);
                let (ticket, watches) = kind.sleepers(&mut state).enter(&parker, due);
                sleep = Some((
                    ticket,
                    due.filter(|_| watches).map_or(left, |due| left.min(due.saturating_sub(now))),
                ));
            } else {
                self.hand_watch_on(kind, &mut state, now);
            }
            let mut aftermath = self.collect_effects(&mut state, now);
            if outcome.is_some() {
                self.wake_for_the_rest(&mut state, &mut aftermath.wake);
                self.readiness.rearm(|| self.is_ready(&mut state, now));
            }
            drop(state);
            self.perform(aftermath);
            match (outcome, sleep) {
                (Some(outcome), _) => return outcome,
                (None, Some((ticket, time))) => {
                    parker.park(time);
                    kind.sleepers(&mut self.lock()).leave(ticket);
                }
                (None, None) => {}
            }
        }
    }

    /// When one of those who wait has something to do by itself.
    fn next_step_of_waiters(&self, state: &mut State, now: Duration) -> Option<Duration> {
        match self.transport {
            Some(_) => self.next_step(state, now),
            None => state.scheduler.next_end(),
        }
    }

    /// Whoever leaves may have been the one that watched for the next due time: another takes that over.
    fn hand_watch_on(&self, kind: PullKind, state: &mut State, now: Duration) {
        let sleepers = kind.sleepers(state);
        if sleepers.is_empty() || sleepers.waking > 0 {
            return;
        }
        if let Some(due) = self.next_step_of_waiters(state, now)
            && kind.sleepers(state).needs_watch(due)
        {
            let woken = kind.sleepers(state).wake_watcher();
            state.woken.extend(woken);
        }
    }

    /// What is left behind is for those who wait.
    fn wake_for_the_rest(&self, state: &mut State, wake: &mut Vec<Arc<Parker>>) {
        if state.scheduler.events() > 0 && state.waiters.waking == 0 {
            wake.extend(state.waiters.wake_one());
        }
        if !state.to_pull.is_empty() && state.pullers.waking == 0 {
            wake.extend(state.pullers.wake_one());
        }
    }

    /// Whether pulling would deliver or move something now.
    fn is_ready(&self, state: &mut State, now: Duration) -> bool {
        let has_news =
            state.scheduler.events() > 0 || state.scheduler.is_closed() || !state.to_pull.is_empty();
        has_news || self.transport.is_some() && self.next_step(state, now).is_some_and(|due| due <= now)
    }

    /// What tells a host that pulling has something to do: a descriptor, on Windows a handle.
    pub(super) fn waitable(&self) -> Option<Waitable> {
        let mut state = self.lock();
        let now = self.now();
        let is_ready = self.is_ready(&mut state, now);
        self.readiness.waitable(is_ready)
    }

    /// How long until pulling has something to do by itself; none if nothing is planned.
    pub(super) fn next_due(&self) -> Option<Duration> {
        let mut state = self.lock();
        let now = self.now();
        if state.scheduler.events() > 0 {
            return Some(Duration::ZERO);
        }
        Some(self.next_step_of_waiters(&mut state, now)?.saturating_sub(now))
    }

    /// Ends every wait of this moment; if there is none, the next one.
    pub(super) fn wake_up(&self) {
        let mut state = self.lock();
        // Who is being woken for something else is still waiting.
        let is_waiting = |sleepers: &Sleepers| !sleepers.is_empty() || sleepers.waking > 0;
        if !is_waiting(&state.waiters) && !is_waiting(&state.pullers) {
            state.kept_wakeup = true;
            return;
        }
        state.wakeups += 1;
        let woken = state.wake_all_who_pull();
        drop(state);
        woken.iter().for_each(|parker| parker.wake());
    }

    /// Stops a job, or all with 0.
    pub(super) fn cancel_job(&self, job: u64) -> Result<(), Error> {
        self.change(|state, now| match job {
            0 => {
                state.scheduler.cancel_all(now);
                Ok(())
            }
            job => state.scheduler.cancel(job, now),
        })
    }

    /// Ends everything, and waits until all have left; whether they did in time.
    pub(super) fn close(&self, within: Duration) -> bool {
        let until = Instant::now() + within;
        // Counted as long as it may call the host, which another end must not take for over. It waits uncounted: two would
        // wait for each other.
        let telling = self.calls.visit();
        let (to_pull, answers) = self.change(|state, now| {
            state.scheduler.close(now);
            // They look again, and find that there is nothing more to come.
            state.wakeups += 1;
            let woken = state.wake_all_who_pull();
            state.woken.extend(woken);
            (std::mem::take(&mut state.to_pull), std::mem::take(&mut state.answers))
        });
        // They answer as they go, which takes the lock.
        drop((to_pull, answers));
        drop(telling);
        let calls_left = self.calls.close(within);
        calls_left && self.wait_for_workers(until)
    }

    fn wait_for_workers(&self, until: Instant) -> bool {
        let parker: Arc<Parker> = Arc::default();
        loop {
            let mut state = self.lock();
            if state.workers == 0 {
                let threads = std::mem::take(&mut state.threads);
                drop(state);
                for thread in threads {
                    // It has told that it leaves; this waits for its last instructions.
                    let _ = thread.join();
                }
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state.closers.push(Arc::clone(&parker));
            drop(state);
            parker.park(left);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(unsafe_code)]
    use super::*;
    use crate::engine::scheduler::NewJob;
    use crate::engine::settings::Settings;
    use crate::flow::plan::Plan;
    use crate::wire::{JobId, Key};

    /// Reads the descriptor as Node does, whether there is a byte or not.
    fn reads_a_byte(descriptor: i32) -> bool {
        let mut byte = 0_u8;
        // SAFETY: `byte` has room for the one byte that is asked for.
        1 == unsafe { libc::recv(descriptor, (&raw mut byte).cast(), 1, libc::MSG_DONTWAIT) }
    }

    #[test]
    fn a_byte_that_comes_after_its_event_was_pulled_is_not_the_last() {
        let key = Key::new("test-key-not-real").expect("a key");
        let engine = Engine::new(key, Settings::default());
        let descriptor = engine.waitable().expect("a descriptor");
        // Somebody else was faster than the thread that tells of the event.
        engine.readiness.raise();
        assert!(reads_a_byte(descriptor));
        assert!(matches!(engine.next_event(Duration::ZERO), Err(NoEvent::Yet)));
        engine.readiness.raise();
        assert!(reads_a_byte(descriptor), "the next event is told of");
    }

    #[test]
    fn who_stops_waiting_hands_the_watch_for_the_next_deadline_on() {
        let key = Key::new("test-key-not-real").expect("a key");
        let engine = Engine::new(key, Settings { workers: 1, ..Settings::default() });
        {
            let mut state = engine.lock();
            // As if a worker were there, so that none is begun, and nothing is sent.
            state.workers = 1;
            let new = NewJob::of(JobId::new("1").expect("an id"), Plan::default());
            state.scheduler.open(new, Duration::ZERO).expect("room for a job");
            state.waiters.enter(&Arc::default(), None);
        }
        assert!(matches!(engine.next_event(Duration::from_millis(1)), Err(NoEvent::Yet)));
        let state = engine.lock();
        assert_eq!((state.waiters.len(), state.waiters.waking), (0, 1), "nobody watches");
    }
}
