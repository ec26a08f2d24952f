//! A client: one key, one set of settings, kept connections, for any number of threads at once.

use super::calls::{Calls, Inside};
use super::lanes::Lanes;
use super::log::Level;
use super::look::look;
use super::pace::Pace;
use super::report::Report;
use super::settings::Settings;
use crate::error::{Error, Phase, Status};
use crate::flow::plan::Plan;
use crate::flow::retry::Retry;
use crate::flow::trust::Trust;
use crate::flow::wait::{End, Heard, Step, Wait};
use crate::net::{Token, Watch};
use crate::wire::{JobId, Key};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// See the module's text.
#[derive(Debug)]
pub struct Client {
    key: Key,
    settings: Settings,
    lanes: Lanes,
    pace: Pace,
    calls: Calls,
    /// What the waits so far have shown about this endpoint's etas.
    trust: Mutex<Trust>,
}

/// One wait, described.
#[derive(Debug, Clone)]
pub struct Order {
    /// The job.
    pub id: JobId,
    /// How to wait for it; retries, trust and seed are the client's to fill in.
    pub plan: Plan,
}

/// Where a wait stands, after a look that did not end it.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Looks made.
    pub looks: u32,
    /// Since the start of the wait.
    pub elapsed: Duration,
    /// What the last reply said, in milliseconds.
    pub eta_ms: Option<u64>,
    /// When the next look is due, since the start of the wait.
    pub next_look: Duration,
}

impl Client {
    /// A client without connections; they are made as calls need them.
    pub fn new(key: Key, settings: Settings) -> Client {
        Client {
            key,
            lanes: Lanes::new(),
            pace: Pace::new(settings.requests_per_second),
            calls: Calls::default(),
            trust: Mutex::default(),
            settings,
        }
    }

    /// One look, repeated after failures that may pass, all within the request timeout.
    pub fn fetch(&self, id: &JobId, token: &Token) -> Report {
        self.run(id, token, |call| call.fetch(id))
    }

    /// Looks until the job ends, the deadline comes, or somebody stops it. `progress` is called after each look that
    /// does not end it; false stops the wait.
    pub fn wait(&self, order: &Order, token: &Token, mut progress: impl FnMut(&Progress) -> bool) -> Report {
        self.run(&order.id, token, |call| call.wait(order, &mut progress))
    }

    /// Ends every call with E_CLOSED, and waits for them to leave; false if not all did in time.
    pub fn close(&self, within: Duration) -> bool {
        // In a child the parent's threads, which would have to leave, are not there.
        self.lanes.check_process().is_err() || self.calls.close(within)
    }

    fn run(&self, id: &JobId, token: &Token, call: impl FnOnce(&mut Call<'_>) -> Report) -> Report {
        let start = Instant::now();
        let inside = self.lanes.check_process().and_then(|()| self.calls.enter(token));
        let (mut report, looks) = match inside {
            Ok(inside) => {
                self.settings.log.hand_over();
                let mut running = Call { client: self, inside, start, looks: 0 };
                let report = call(&mut running);
                (report, running.looks)
            }
            Err(error) => (Report::of_error(&error, None), 0),
        };
        if report.status == Status::Cancelled && !token.is_triggered() && self.calls.is_closed() {
            report = Report::of_error(&Error::Closed, None);
        }
        report.finish(id, looks, start.elapsed());
        report
    }

    fn trust(&self) -> std::sync::MutexGuard<'_, Trust> {
        self.trust.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One call inside a client.
struct Call<'a> {
    client: &'a Client,
    inside: Inside<'a>,
    start: Instant,
    looks: u32,
}

impl Call<'_> {
    fn fetch(&mut self, id: &JobId) -> Report {
        let limit = self.client.settings.net.limits.request;
        let mut retry = Retry::new(self.client.settings.retries, limit, seed());
        loop {
            let report = self.look(id, self.start + limit);
            if !report.retryable {
                return report;
            }
            let retry_after = report.retry_after_ms.map(Duration::from_millis);
            let Some(at) = retry.after(retry_after, self.start.elapsed()) else { return report };
            self.client.settings.log.say(Level::Warning, "fetch", || {
                format!("{}: trying again at {} ms: {}", id.as_str(), at.as_millis(), report.message)
            });
            if self.inside.token.sleep_until(self.start + at) {
                return Report::of_error(&Error::Cancelled, None);
            }
        }
    }

    fn wait(&mut self, order: &Order, progress: &mut dyn FnMut(&Progress) -> bool) -> Report {
        let settings = &self.client.settings;
        let trust = *self.client.trust();
        let plan = order.plan.with_retries(settings.retries).with_trust(trust).with_seed(seed());
        let mut wait = Wait::new(plan);
        let mut last: Option<Report> = None;
        let mut step = wait.step(self.start.elapsed());
        loop {
            match step {
                Step::Look => {
                    let end =
                        (self.start + plan.deadline()).min(Instant::now() + settings.net.limits.request);
                    let report = self.look(&order.id, end);
                    if report.status == Status::Cancelled {
                        return report;
                    }
                    step = wait.heard(heard(&report), self.start.elapsed());
                    let eta_ms = report.eta_ms;
                    last = Some(report);
                    if !matches!(step, Step::Done(_)) && !progress(&self.progress(&wait, eta_ms)) {
                        return Report::of_error(&Error::Cancelled, None);
                    }
                }
                Step::SleepUntil(at) => {
                    if self.inside.token.sleep_until(self.start + at) {
                        return Report::of_error(&Error::Cancelled, None);
                    }
                    step = wait.step(self.start.elapsed());
                }
                Step::Done(end) => {
                    self.client.trust().record(wait.verdict());
                    return ended(end, plan, last);
                }
            }
        }
    }

    fn progress(&self, wait: &Wait, eta_ms: Option<u64>) -> Progress {
        Progress { looks: self.looks, elapsed: self.start.elapsed(), eta_ms, next_look: wait.next_look() }
    }

    /// One look, in its turn.
    fn look(&mut self, id: &JobId, end: Instant) -> Report {
        let (client, start) = (self.client, Instant::now());
        let turn = client.pace.turn(start);
        let stopped = if turn > start { self.inside.token.sleep_until(turn.min(end)) } else { false };
        if stopped || turn > end {
            client.pace.give_back(turn);
            let after = client.settings.net.limits.request;
            let late = Error::Timeout { phase: Phase::Turn, which: "request", after };
            return Report::of_error(&if stopped { Error::Cancelled } else { late }, None);
        }
        let settings = &client.settings;
        let watch = Watch::until(settings.net.limits, &self.inside.token, end);
        self.looks += 1;
        let mut report = match client.lanes.lend(&settings.net, settings.endpoint.origin()) {
            Ok(mut lane) => look(&mut lane, &client.key, id, settings, &watch),
            Err(error) => Report::of_error(&error, None),
        };
        report.finish(id, self.looks, start.elapsed());
        settings.log.say(Level::Info, "look", || report.line());
        report
    }
}

/// What a look means to the schedule.
fn heard(report: &Report) -> Heard {
    let ms = |value: Option<u64>| value.map(Duration::from_millis);
    let retry_after = ms(report.retry_after_ms);
    match report.status {
        Status::Ok => Heard::Ready,
        Status::Processing => Heard::Processing { eta: ms(report.eta_ms), retry_after },
        Status::NotFound => Heard::NotFound,
        _ if report.retryable => Heard::Transient { retry_after },
        _ => Heard::Permanent,
    }
}

fn ended(end: End, plan: Plan, last: Option<Report>) -> Report {
    match (end, last) {
        (End::Ready | End::Failed, Some(last)) => last,
        (_, last) => Report::of_deadline(plan.deadline(), last),
    }
}

/// Different for each call, so that calls that begin together do not keep step.
fn seed() -> u64 {
    RandomState::new().hash_one(0)
}
