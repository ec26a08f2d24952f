//! Jobs over the host's own HTTP: no thread, everything happens inside the host's calls.
//!
//! Each call that may move something on pumps: takes answers in, lets go of exchanges nobody waits for, and asks for what
//! is due. The host's functions are called with no lock held, so they may call back into the library.

use super::book::{Book, Due};
use super::workers::fetch_now;
use crate::drive::Settings;
use crate::drive::core::Core;
use crate::drive::host::{Answer, Exchange, HostTransport, Inbox};
use crate::drive::log::Level;
use crate::drive::report::Report;
use crate::error::{Error, Phase};
use crate::flow::look::{Look, Step};
use crate::wire::Request;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The exchanges that the host has under way for a client's jobs.
#[derive(Debug)]
pub(super) struct Pump {
    pub(super) transport: HostTransport,
    pub(super) inbox: Arc<Inbox>,
}

/// One look under way at the host.
#[derive(Debug)]
struct UnderWay {
    due: Due,
    look: Look,
    started: Instant,
    end: Instant,
}

/// What the pump keeps between calls; it lives beside the book, under the same lock.
#[derive(Debug, Default)]
pub(super) struct UnderWays(HashMap<u64, UnderWay>);

/// What is to be done once the lock is let go.
#[derive(Default)]
pub(super) struct Calls {
    start: Vec<Exchange>,
    cancel: Vec<u64>,
}

impl Calls {
    pub(super) fn is_empty(&self) -> bool {
        self.start.is_empty() && self.cancel.is_empty()
    }
}

impl Pump {
    pub(super) fn new(transport: HostTransport) -> Pump {
        Pump { transport, inbox: Arc::default() }
    }

    /// Calls the host. Not to be called with a lock held.
    pub(super) fn call(&self, calls: Calls) {
        for id in calls.cancel {
            self.transport.0.cancel(id);
        }
        for exchange in calls.start {
            self.transport.0.start(exchange);
        }
    }

    /// Moves everything on that can be moved now.
    pub(super) fn step(&self, book: &mut Book, ways: &mut UnderWays, core: &Core, began: Instant) -> Calls {
        let mut calls = Calls::default();
        for (id, answer) in self.inbox.take() {
            // One that nobody waits for any more is dropped.
            if let Some(way) = ways.0.remove(&id) {
                self.answered(way, answer, book, ways, core, began, &mut calls);
            }
        }
        let now = Instant::now();
        let over: Vec<u64> = ways
            .0
            .iter()
            .filter(|(_, way)| way.due.token.is_triggered() || way.end <= now)
            .map(|(id, _)| *id)
            .collect();
        for id in over {
            let Some(way) = ways.0.remove(&id) else { continue };
            let error = if way.due.token.is_triggered() { Error::Cancelled } else { timeout(&core.settings) };
            calls.cancel.push(id);
            heard(book, core, began, &way, Report::of_error(&error, None));
        }
        book.end_overdue(now.saturating_duration_since(began));
        while ways.0.len() < core.settings.workers && core.pace.next_free(now) <= now && !book.is_closed() {
            let Some(due) = book.take_due(now.saturating_duration_since(began)) else { break };
            core.pace.turn(now);
            let request = Request::fetch(&core.settings.endpoint, &due.id, &core.key);
            let end = (began + due.end).min(now + core.settings.net.limits.request);
            let way = UnderWay { due, look: Look::new(request), started: now, end };
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
        let exchange = Exchange::new(way.look.request().clone(), &core.settings, way.end, &self.inbox);
        ways.0.insert(exchange.id(), way);
        calls.start.push(exchange);
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one state, borrowed side by side")]
    fn answered(
        &self,
        mut way: UnderWay,
        answer: Answer,
        book: &mut Book,
        ways: &mut UnderWays,
        core: &Core,
        began: Instant,
        calls: &mut Calls,
    ) {
        let report = match answer {
            Err(error) => Report::of_error(&error, Some(&core.key)),
            Ok(reply) => match way.look.reply(&reply) {
                Step::Rule => Report::of_reply(reply, Some(&core.key)),
                Step::Refuse(error) => Report::of_refused_reply(&error, reply, Some(&core.key)),
                Step::Send => return self.ask(way, ways, core, calls),
            },
        };
        heard(book, core, began, &way, report);
    }

    /// When `step` is worth calling again, if nothing arrives before.
    pub(super) fn next_step(
        &self,
        book: &Book,
        ways: &UnderWays,
        core: &Core,
        began: Instant,
    ) -> Option<Instant> {
        let ends = ways.0.values().map(|way| way.end).min();
        // With as many under way as may be, the next look waits for an end of one, which `ends` has.
        let full = ways.0.len() >= core.settings.workers;
        let free = if full { None } else { Some(core.pace.next_free(Instant::now())) };
        let free = free.or(ends).map_or(Duration::ZERO, |free| free.saturating_duration_since(began));
        let due = book.next_due(free).map(|due| began + due);
        ends.into_iter().chain(due).min()
    }
}

fn heard(book: &mut Book, core: &Core, began: Instant, way: &UnderWay, mut report: Report) {
    report.finish(&way.due.id, way.due.nth, way.started.elapsed());
    core.settings.log.say_later(Level::Info, "look", || report.line());
    book.heard(&way.due.id, report, began.elapsed());
}

fn timeout(settings: &Settings) -> Error {
    Error::Timeout { phase: Phase::Receive, which: "request", after: settings.net.limits.request }
}
