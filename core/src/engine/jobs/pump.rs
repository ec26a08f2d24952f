//! Jobs over the host's own HTTP: no thread, everything happens inside the host's calls.
//!
//! Each call that may move something on pumps: takes answers in, lets go of exchanges nobody waits for, and asks for what
//! is due. The host's functions are called with no lock held, so they may call back into the library.

use super::book::{Book, Due};
use super::jobs::take_in;
use super::workers::fetch_now;
use crate::engine::Settings;
use crate::engine::core::Core;
use crate::engine::host::{Answer, Awaited, Exchange, HostTransport, Inbox};
use crate::engine::poll::say_redirect;
use crate::engine::readiness::Readiness;
use crate::engine::report::Report;
use crate::error::{Error, Phase};
use crate::flow::poll::{Poll, Step};
use crate::wire::Request;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The exchanges that the host has under way for a client's jobs.
#[derive(Debug)]
pub(super) struct Pump {
    pub(super) transport: HostTransport,
    pub(super) inbox: Arc<Inbox>,
}

/// One poll under way at the host.
#[derive(Debug)]
struct UnderWay {
    due: Due,
    poll: Poll,
    started: Instant,
    end: Instant,
    /// While it is held: how much of the request timeout is left, which does not run meanwhile.
    left: Duration,
}

/// What the pump keeps between calls; it lives beside the book, under the same lock.
#[derive(Debug, Default)]
pub(super) struct UnderWays {
    /// By the number of the exchange.
    asked: HashMap<u64, (Awaited, UnderWay)>,
    /// Redirected, and waiting for a turn under the budget to go on.
    held: VecDeque<UnderWay>,
}

impl UnderWays {
    fn len(&self) -> usize {
        self.asked.len() + self.held.len()
    }

    /// Lets go of those that have ended, each with the exchange that is under way for it.
    fn drop_ended(&mut self, now: Instant) -> Vec<(Option<Awaited>, UnderWay)> {
        let asked = self.asked.extract_if(|_, (_, way)| way.has_ended(now));
        let mut over: Vec<_> = asked.map(|(_, (awaited, way))| (Some(awaited), way)).collect();
        for _ in 0..self.held.len() {
            match self.held.pop_front() {
                Some(way) if way.has_ended(now) => over.push((None, way)),
                way => self.held.extend(way),
            }
        }
        over
    }
}

impl UnderWay {
    fn has_ended(&self, now: Instant) -> bool {
        self.due.token.is_triggered() || self.end <= now
    }
}

/// What is to be done once the lock is let go.
#[derive(Default)]
pub(super) struct Calls {
    start: Vec<Exchange>,
    cancel: Vec<Awaited>,
}

impl Calls {
    pub(super) fn is_empty(&self) -> bool {
        self.start.is_empty() && self.cancel.is_empty()
    }
}

impl Pump {
    pub(super) fn new(transport: HostTransport, readiness: &Arc<Readiness>) -> Pump {
        let inbox = Arc::new(Inbox::of_jobs(readiness, &transport));
        Pump { transport, inbox }
    }

    /// Calls the host. Not to be called with a lock held.
    pub(super) fn call(&self, calls: Calls) {
        for awaited in &calls.cancel {
            self.transport.cancel(awaited);
        }
        for exchange in calls.start {
            self.transport.start(exchange);
        }
    }

    /// Moves everything on that can be moved now.
    pub(super) fn step(&self, book: &mut Book, ways: &mut UnderWays, core: &Core, began: Instant) -> Calls {
        let mut calls = Calls::default();
        for (id, answer) in self.inbox.take() {
            // One that nobody waits for any more is dropped.
            if let Some((_, way)) = ways.asked.remove(&id) {
                answered(way, answer, book, ways, core, began);
            }
        }
        let now = Instant::now();
        for (awaited, way) in ways.drop_ended(now) {
            let error = match awaited {
                _ if way.due.token.is_triggered() => Error::Cancelled,
                Some(_) => timeout(&core.settings),
                None => Error::Turn { after: way.started.elapsed() },
            };
            calls.cancel.extend(awaited);
            heard(book, core, began, &way, Report::of_error(&error, None));
        }
        book.end_overdue(now.saturating_duration_since(began));
        while let Some(mut way) = core.pace.take_for_jobs(core.pace.first(), now, || ways.held.pop_front()) {
            way.end = way.end.min(now + way.left);
            self.ask(way, ways, core, &mut calls);
        }
        while ways.len() < core.settings.workers && !book.is_closed() {
            let at = now.saturating_duration_since(began);
            let Some(since) = book.next_poll().filter(|due| *due <= at) else { break };
            let take = || book.take_due(at);
            let Some(due) = core.pace.take_for_jobs(began + since, now, take) else { break };
            let request = Request::fetch(&core.settings.endpoint, &due.id, &core.key);
            let end = (began + due.end).min(now + core.settings.net.limits.request);
            let way = UnderWay { due, poll: Poll::new(request), started: now, end, left: Duration::ZERO };
            self.ask(way, ways, core, &mut calls);
        }
        while let Some(fetch) = book.take_fetch() {
            // Links are refused and texts decoded: neither takes long.
            let fetched = fetch_now(core, &fetch, began, &mut |_, _| ());
            book.fetched(fetch.job, fetch.index, fetched, began.elapsed());
        }
        calls
    }

    fn ask(&self, way: UnderWay, ways: &mut UnderWays, core: &Core, calls: &mut Calls) {
        let exchange = Exchange::new(way.poll.request().clone(), &core.settings, way.end, &self.inbox);
        ways.asked.insert(exchange.id(), (exchange.awaited(), way));
        calls.start.push(exchange);
    }

    /// When `step` is worth calling again, if nothing arrives before.
    pub(super) fn next_step(
        &self,
        book: &Book,
        ways: &UnderWays,
        core: &Core,
        began: Instant,
    ) -> Option<Instant> {
        let asked = ways.asked.values().map(|(_, way)| way);
        let ends = asked.chain(&ways.held).map(|way| way.end).min();
        // With as many under way as may be, the next poll waits for an end of one.
        let poll = book.next_poll().filter(|_| ways.len() < core.settings.workers).map(|poll| began + poll);
        let held = (!ways.held.is_empty()).then(|| core.pace.first());
        let turn = held.or(poll).map(|since| core.pace.ask_for_jobs(since, Instant::now()));
        ends.into_iter().chain(turn).chain(book.next_end().map(|end| began + end)).min()
    }
}

fn answered(
    mut way: UnderWay,
    answer: Answer,
    book: &mut Book,
    ways: &mut UnderWays,
    core: &Core,
    began: Instant,
) {
    let report = match answer {
        Err(error) => Report::of_error(&error, Some(&core.key)),
        Ok(reply) => match way.poll.reply(&reply) {
            Step::Rule => Report::of_reply(reply, Some(&core.key)),
            Step::Refuse(error) => Report::of_refused_reply(&error, reply, Some(&core.key)),
            Step::Send => {
                say_redirect(&way.due.id, &core.settings);
                way.left = way.end.saturating_duration_since(Instant::now());
                way.end = began + way.due.end;
                return ways.held.push_back(way);
            }
        },
    };
    heard(book, core, began, &way, report);
}

fn heard(book: &mut Book, core: &Core, began: Instant, way: &UnderWay, mut report: Report) {
    report.finish(&way.due.id, way.due.nth, way.started.elapsed());
    take_in(book, &core.settings.log, &way.due.id, report, began.elapsed());
}

fn timeout(settings: &Settings) -> Error {
    Error::Timeout { phase: Phase::Receive, which: "request", after: settings.net.limits.request }
}
