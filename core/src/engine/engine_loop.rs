//! The one loop that runs everything a client does, and what its threads share.
//!
//! All of it is one scheduler under one lock, held for moments: never while something is sent, parsed, written or told to
//! the host. Whoever changes something lets [`Engine::collect_effects`] see what that means, and does the rest after letting
//! go, by [`Engine::perform`]: exchanges that nobody wants are cancelled, threads that have got something to do are woken,
//! and no others.
//!
//! With our transport whoever is free runs the loop: a worker that is done takes the next task, and one that sleeps until
//! the next due time hands that watch over when it takes one. With the host's it runs inside the host's calls.

use super::answer::{Awaited, HostAnswer};
use super::connection_pool::ConnectionPool;
use super::exchange::Exchange;
use super::host::HostTransport;
use super::host_work::HostTask;
use super::in_flight_calls::InFlightCalls;
use super::parker::Parker;
use super::readiness::Readiness;
use super::scheduler::{Limits, Map, Scheduler, TaskId};
use super::settings::Settings;
use super::sleepers::Sleepers;
use super::work::Work;
use crate::download::ImageDownload;
use crate::error::Error;
use crate::flow::plan::Plan;
use crate::net::{CancelToken, NetSettings};
use crate::process::fresh_seed;
use crate::wire::Key;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// At most so many threads are with images or files at once.
const IMAGES_AT_ONCE: usize = 16;

/// See the module's text. Owned by the client and its threads together.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) key: Key,
    pub(super) settings: Settings,
    /// Connections to the endpoint.
    pub(super) connections: ConnectionPool,
    /// Downloads lead elsewhere, and carry no header of the client.
    pub(super) image_net: NetSettings,
    pub(super) image_connections: ConnectionPool,
    /// The host's own HTTP, where there is one.
    pub(super) transport: Option<HostTransport>,
    /// The client was freed: the host's functions are not called any more.
    pub(super) is_freed: Arc<AtomicBool>,
    pub(super) calls: InFlightCalls,
    pub(super) readiness: Readiness,
    pub(super) limits_requests: bool,
    began: Instant,
    state: Mutex<State>,
    /// Queued events, and when the next deadline comes, in nanoseconds since `began`: what `next_event` looks at without a
    /// lock.
    events: AtomicUsize,
    next_end: AtomicU64,
    this: Weak<Engine>,
}

/// What the lock protects.
#[derive(Debug)]
pub(super) struct State {
    pub(super) scheduler: Scheduler,
    /// Of the tasks that workers have in flight.
    pub(super) tokens: Map<TaskId, CancelToken>,
    /// The threads of blocking calls, by the number of their job.
    pub(super) callers: Map<u64, Arc<Parker>>,
    /// Threads that wait for a turn under the rate limit, by their permit.
    pub(super) permits: Map<u64, Arc<Parker>>,
    pub(super) idle: Sleepers,
    pub(super) workers: usize,
    pub(super) threads: Vec<JoinHandle<()>>,
    /// Why there is no worker at all, although there is something for one.
    pub(super) no_thread: Option<Error>,
    /// Threads inside `next_event`, and those inside `next_exchange`.
    pub(super) waiters: Sleepers,
    pub(super) pullers: Sleepers,
    /// Threads of blocking calls that sleep, where the host does the HTTP.
    pub(super) sleeping_calls: Sleepers,
    /// Wake-ups that ended waits, and whether one is kept for a wait to come.
    pub(super) wakeups: u64,
    pub(super) kept_wakeup: bool,
    /// Taken out of those who sleep, yet to be woken.
    pub(super) woken: Vec<Arc<Parker>>,
    /// Threads that wait until all workers have left.
    pub(super) closers: Vec<Arc<Parker>>,
    /// What the host has in flight, by the number of the exchange.
    pub(super) host_tasks: Map<u64, HostTask>,
    /// Polls of the host's that were redirected, and wait for a turn to go on.
    pub(super) redirected: Vec<HostTask>,
    /// Exchanges that the host has yet to pull.
    pub(super) to_pull: VecDeque<Exchange>,
    /// Answers of the host that nobody has taken in yet.
    pub(super) answers: VecDeque<(u64, HostAnswer)>,
    /// Exchanges that nobody waits for any more, yet to be told.
    pub(super) given_up: Vec<Awaited>,
    /// With the host's transport: what is left for a thread of ours, since it touches files or takes its time.
    pub(super) local: VecDeque<Work>,
}

impl State {
    /// Those who sleep inside a call of the host's, in the order in which they are asked to see to something.
    pub(super) fn inside(&mut self) -> [&mut Sleepers; 3] {
        [&mut self.waiters, &mut self.pullers, &mut self.sleeping_calls]
    }
}

/// What is to be done after the lock is let go.
#[derive(Debug, Default)]
#[must_use]
pub(super) struct Aftermath {
    pub(super) wake: Vec<Arc<Parker>>,
    cancel: Vec<CancelToken>,
    pub(super) discard: Vec<ImageDownload>,
    /// For the host: exchanges to begin, and those that nobody waits for any more.
    pub(super) start: Vec<Exchange>,
    pub(super) abandon: Vec<Awaited>,
    pub(super) raise: bool,
}

impl Engine {
    /// A plan with what is the client's to say of it.
    pub(super) fn planned(&self, plan: Plan) -> Plan {
        plan.of_client(self.settings.retries, self.settings.net.timeouts.request, fresh_seed())
    }

    pub(super) fn new(key: Key, mut settings: Settings) -> Arc<Engine> {
        settings.log = settings.log.of_client();
        let transport = settings.transport.clone();
        let workers = settings.workers;
        // One is left for polls, which are short.
        let images = if transport.is_some() { workers } else { (workers - 1).clamp(1, IMAGES_AT_ONCE) };
        let gap = match settings.requests_per_second {
            rate if rate > 0.0 => Duration::from_secs_f64(1.0 / rate),
            _ => Duration::ZERO,
        };
        let limits = Limits {
            workers,
            images,
            jobs: settings.max_jobs,
            images_of_a_job: settings.max_images,
            image_bytes: settings.image_limit,
            request_gap: gap,
            link_grace: settings.link_grace,
        };
        let is_freed = Arc::default();
        let state = State {
            scheduler: Scheduler::new(limits, fresh_seed()),
            tokens: Map::default(),
            callers: Map::default(),
            permits: Map::default(),
            idle: Sleepers::default(),
            workers: 0,
            threads: Vec::new(),
            no_thread: None,
            waiters: Sleepers::default(),
            pullers: Sleepers::default(),
            sleeping_calls: Sleepers::default(),
            wakeups: 0,
            kept_wakeup: false,
            woken: Vec::new(),
            closers: Vec::new(),
            host_tasks: Map::default(),
            redirected: Vec::new(),
            to_pull: VecDeque::new(),
            answers: VecDeque::new(),
            given_up: Vec::new(),
            local: VecDeque::new(),
        };
        Arc::new_cyclic(|this| Engine {
            key,
            connections: ConnectionPool::new(workers),
            image_net: NetSettings { user_agent: String::new(), ..settings.net.clone() },
            image_connections: ConnectionPool::new(workers),
            transport: transport.map(|transport| transport.revocable(&is_freed)),
            is_freed,
            settings,
            calls: InFlightCalls::default(),
            readiness: Readiness::default(),
            limits_requests: !gap.is_zero(),
            began: Instant::now(),
            state: Mutex::new(state),
            events: AtomicUsize::new(0),
            next_end: AtomicU64::new(u64::MAX),
            this: Weak::clone(this),
        })
    }

    pub(super) fn this(&self) -> Weak<Engine> {
        Weak::clone(&self.this)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn try_lock(&self) -> Option<MutexGuard<'_, State>> {
        self.state.try_lock().ok()
    }

    pub(super) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// The moment that the scheduler calls so.
    pub(super) fn instant(&self, time: Duration) -> Instant {
        self.began + time
    }

    pub(super) fn time(&self, instant: Instant) -> Duration {
        instant.saturating_duration_since(self.began)
    }

    /// Changes something, and does what that leads to.
    pub(super) fn change<R>(&self, act: impl FnOnce(&mut State, Duration) -> R) -> R {
        let mut state = self.lock();
        let now = self.now();
        let changed = act(&mut state, now);
        let aftermath = self.collect_effects(&mut state, now);
        drop(state);
        self.perform(aftermath);
        changed
    }

    /// What a change means to the threads and the host. To be called before the lock is let go, after every change.
    pub(super) fn collect_effects(&self, state: &mut State, now: Duration) -> Aftermath {
        self.collect_effects_for_caller(0, state, now)
    }

    /// The same, by the thread of a blocking call, which need not be told of what it has seen itself: only of what is met
    /// while its effects are carried out.
    pub(super) fn collect_effects_for_caller(
        &self,
        mut own: u64,
        state: &mut State,
        now: Duration,
    ) -> Aftermath {
        let mut aftermath = Aftermath::default();
        loop {
            let effects = state.scheduler.take_effects();
            for task in effects.cancelled {
                match state.tokens.get(&task) {
                    Some(token) => aftermath.cancel.push(token.clone()),
                    None => self.abandon(state, task, now, &mut aftermath),
                }
            }
            let seen = std::mem::take(&mut own);
            let callers = effects.callers.iter().filter(|number| **number != seen);
            aftermath.wake.extend(callers.filter_map(|number| state.callers.get(number)).cloned());
            aftermath
                .wake
                .extend(effects.first_permit.and_then(|permit| state.permits.get(&permit)).cloned());
            aftermath.discard.extend(effects.discarded);
            for _ in 0..effects.events.min(state.waiters.len()) {
                aftermath.wake.extend(state.waiters.wake_one());
            }
            if state.scheduler.has_effects() {
                continue;
            }
            self.find_workers(state, now, &mut aftermath);
            // Where no thread is to be had, that has ended something.
            if !state.scheduler.has_effects() {
                break;
            }
        }
        aftermath.wake.append(&mut state.woken);
        aftermath.abandon.append(&mut state.given_up);
        self.publish(state);
        aftermath.raise |= state.scheduler.events() > 0 || state.scheduler.is_closed();
        aftermath
    }

    /// Does what is to be done without the lock.
    pub(super) fn perform(&self, aftermath: Aftermath) {
        for token in &aftermath.cancel {
            token.trigger();
        }
        // Memory; where no thread is to be had, and for what comes late, perhaps a file. Before anybody is woken for the end
        // of a job: it has let go of its files then.
        drop(aftermath.discard);
        for parker in &aftermath.wake {
            parker.wake();
        }
        if aftermath.raise {
            self.readiness.raise();
        }
        if let Some(transport) = &self.transport {
            for awaited in &aftermath.abandon {
                transport.cancel(awaited);
            }
            for exchange in aftermath.start {
                self.start(exchange);
            }
        }
    }

    fn publish(&self, state: &State) {
        self.events.store(state.scheduler.events(), Ordering::Release);
        // Whoever asks a closed client must hear of it.
        let next_end = match state.scheduler.is_closed() {
            true => 0,
            false => state.scheduler.next_end().map_or(u64::MAX, nanos),
        };
        self.next_end.store(next_end, Ordering::Release);
    }

    /// Whether there is nothing to tell and no deadline has come: asked once a frame, without a lock.
    pub(super) fn is_quiet(&self) -> bool {
        self.events.load(Ordering::Acquire) == 0 && nanos(self.now()) < self.next_end.load(Ordering::Acquire)
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
