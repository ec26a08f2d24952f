//! A client: one key, one set of settings, kept connections, for any number of threads at once.

use super::core::Core;
use super::host::Exchange;
use super::in_flight_calls::{CallGuard, InFlightCalls};
use super::jobs::{Event, Jobs, NoEvent, heard};
use super::known::Known;
use super::log::Level;
use super::pace::Turn;
use super::pictures::{Bounds, Link, add_pictures, download};
use super::report::Report;
use super::settings::Settings;
use crate::download::Destination;
use crate::error::{Error, Status};
use crate::flow::eta_accuracy::EtaAccuracy;
use crate::flow::plan::Plan;
use crate::flow::retry::Retry;
use crate::flow::wait::{End, Step, Wait};
use crate::net::CancelToken;
use crate::process::fresh_seed;
use crate::wire::{JobId, Key};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// See the module's text.
#[derive(Debug)]
pub struct Client {
    core: Arc<Core>,
    calls: InFlightCalls,
    jobs: Jobs,
    /// What the waits so far have shown about this endpoint's etas.
    trust: Mutex<EtaAccuracy>,
}

/// One wait, described.
#[derive(Debug, Clone)]
pub struct Order {
    /// The job.
    pub id: JobId,
    /// How to wait for it; retries, trust and seed are the client's to fill in.
    pub plan: Plan,
    /// Where its images go, if they are to be had too.
    pub keep: Option<Destination>,
    /// Whether each of its images is an event of its own.
    pub image_events: bool,
}

/// Where a wait stands, after a poll that did not end it.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Polls made.
    pub polls: u32,
    /// Since the start of the wait.
    pub elapsed: Duration,
    /// What the last reply said, in milliseconds.
    pub eta_ms: Option<u64>,
    /// When the next poll is due, since the start of the wait.
    pub next_poll: Duration,
}

impl Client {
    /// A client without connections; they are made as calls need them.
    pub fn new(key: Key, settings: Settings) -> Client {
        let core = Arc::new(Core::new(key, settings));
        Client { calls: InFlightCalls::default(), trust: Mutex::default(), jobs: Jobs::new(&core), core }
    }

    /// One poll, repeated after failures that may pass, all within the request timeout.
    pub fn fetch(&self, id: &JobId, token: &CancelToken) -> Report {
        self.run("fetch", Some(id), token, |call| call.fetch(id))
    }

    /// Polls until the job ends, the deadline comes, or somebody stops it. `progress` is called after each poll that
    /// does not end it; false stops the wait.
    pub fn wait(
        &self,
        order: &Order,
        token: &CancelToken,
        mut progress: impl FnMut(&Progress) -> bool,
    ) -> Report {
        self.run("wait", Some(&order.id), token, |call| call.wait(order, &mut progress))
    }

    /// Gets one image by its link.
    pub fn download(&self, link: &Link, token: &CancelToken) -> Report {
        self.run("download", None, token, |call| {
            let report = download(&self.core, link, &call.token, call.start, &mut |_, _| ());
            call.polls = report.attempts;
            report
        })
    }

    /// Ends every call with E_CLOSED, and waits for them to leave; [`Error::Busy`] if not all did in time.
    pub fn shut_down(&self, within: Duration) -> Result<(), Error> {
        self.check_process()?;
        if self.close(within) {
            return Ok(());
        }
        Err(Error::Busy("not all calls and threads have ended yet; call it again".into()))
    }

    /// As [`Client::shut_down`]; whether all left in time. In a child the parent's threads, which would have to leave, are
    /// not there.
    pub fn close(&self, within: Duration) -> bool {
        if self.check_process().is_err() {
            return true;
        }
        let until = Instant::now() + within;
        // Both are told before either is waited for.
        let jobs_left = self.jobs.close(Duration::ZERO);
        let calls_left = self.calls.close(within);
        let left = until.saturating_duration_since(Instant::now());
        (jobs_left || self.jobs.close(left)) && calls_left
    }

    /// As [`Client::close`], and the host's log is not called any more, whoever is inside still.
    pub fn close_for_good(&self, within: Duration) {
        self.close(within);
        self.core.settings.log.mute();
    }

    fn check_process(&self) -> Result<(), Error> {
        self.core.lanes.check_process()
    }

    /// Counts a call.
    fn visit(&self) -> Result<CallGuard<'_>, Error> {
        self.check_process()?;
        Ok(self.calls.visit())
    }

    /// Opens a job, and gives its number. Where its images cannot be kept, its end says so.
    pub fn submit(&self, order: &Order, tag: u64) -> Result<u64, Error> {
        let _inside = self.visit()?;
        self.core.settings.log.hand_over();
        let refused = order.keep.as_ref().and_then(|keep| keep.check().err());
        let plan = order.plan.with_retries(self.core.settings.retries).with_seed(seed());
        self.jobs.submit(order, tag, plan, refused)
    }

    /// Opens the fetching of one image by its link, and gives its number. Where it cannot be kept, its end says so.
    pub fn submit_link(&self, link: &Link, tag: u64) -> Result<u64, Error> {
        let _inside = self.visit()?;
        self.core.settings.log.hand_over();
        let plan = Plan::default().with_deadline(link.deadline)?;
        self.jobs.submit_link(link, tag, plan, link.keep.check().err())
    }

    /// The next event of the jobs; waits for one no longer than `timeout`.
    pub fn next_event(&self, timeout: Duration) -> Result<Event, NoEvent> {
        let _inside = self.visit().map_err(|_| NoEvent::Forked)?;
        self.core.settings.log.hand_over();
        let event = self.jobs.next_event(timeout)?;
        if let Some(done) = &event.done {
            done.log_end(&self.core.settings.log, "job");
        }
        Ok(event)
    }

    /// The next exchange for the host to perform, where it pulls them; waits for one no longer than `timeout`.
    pub fn next_exchange(&self, timeout: Duration) -> Result<Exchange, NoEvent> {
        let _inside = self.visit().map_err(|_| NoEvent::Forked)?;
        self.core.settings.log.hand_over();
        self.jobs.next_exchange(timeout)
    }

    /// A descriptor that is readable while [`Client::next_event`] or [`Client::next_exchange`] has something to do.
    pub fn event_fd(&self) -> Result<i32, Error> {
        let _inside = self.visit()?;
        self.jobs.event_fd()
    }

    /// The same as [`Client::event_fd`] where event loops wait on handles; none elsewhere.
    pub fn event_handle(&self) -> Option<*mut std::ffi::c_void> {
        None
    }

    /// How long until [`Client::next_event`] has something to do by itself; none if nothing is planned.
    pub fn next_due(&self) -> Option<Duration> {
        let _inside = self.visit().ok()?;
        self.jobs.next_due()
    }

    /// Ends every wait of this moment for events or exchanges; if there is none, the next one.
    pub fn wake_up(&self) {
        if let Ok(_inside) = self.visit() {
            self.jobs.wake_up();
        }
    }

    /// Stops a job, or all with 0.
    pub fn cancel_job(&self, job: u64) -> Result<(), Error> {
        let _inside = self.visit()?;
        self.jobs.cancel(job)
    }

    /// Jobs whose end was not delivered yet.
    pub fn pending(&self) -> usize {
        self.visit().map_or(0, |_inside| self.jobs.pending())
    }

    fn run(
        &self,
        area: &'static str,
        id: Option<&JobId>,
        token: &CancelToken,
        call: impl FnOnce(&mut Call<'_>) -> Report,
    ) -> Report {
        let start = Instant::now();
        let entered = self.check_process().and_then(|()| self.calls.enter(token));
        let (_inside, both) = match entered {
            Ok(entered) => entered,
            // The call never came in, and the client may be another process's: nothing is said.
            Err(error) => {
                let mut report = Report::of_error(&error, None);
                report.finish(id, 0, start.elapsed());
                return report;
            }
        };
        let log = &self.core.settings.log;
        log.hand_over();
        let mut running = Call { client: self, token: both, start, polls: 0 };
        let mut report = call(&mut running);
        if report.status == Status::Cancelled && !token.is_triggered() && self.calls.is_closed() {
            report = Report::of_error(&Error::Closed, None);
        }
        report.finish(id, running.polls, start.elapsed());
        log.hand_over();
        report.log_end(log, area);
        report
    }

    fn trust(&self) -> std::sync::MutexGuard<'_, EtaAccuracy> {
        self.trust.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One call inside a client.
struct Call<'a> {
    client: &'a Client,
    /// Triggered by the caller's cancel and by the client's end.
    token: CancelToken,
    start: Instant,
    polls: u32,
}

impl Call<'_> {
    fn fetch(&mut self, id: &JobId) -> Report {
        let limit = self.client.core.settings.net.limits.request;
        let mut retry = Retry::new(self.client.core.settings.retries, limit, seed());
        loop {
            let end = self.start + limit;
            match self.turn(id, end) {
                Turn::Come => {}
                Turn::Cancelled => return Report::of_error(&Error::Cancelled, None),
                Turn::Late => return Report::of_error(&Error::Turn { after: limit }, None),
            }
            let report = self.poll(id, end);
            if !report.retryable {
                return report;
            }
            let retry_after = report.retry_after_ms.map(Duration::from_millis);
            let Some(at) = retry.after(retry_after, self.start.elapsed()) else { return report };
            self.client.core.settings.log.say(Level::Warning, "fetch", || {
                format!("{}: trying again at {} ms: {}", id.as_str(), at.as_millis(), report.message)
            });
            if self.token.sleep_until(self.start + at) {
                return Report::of_error(&Error::Cancelled, None);
            }
        }
    }

    fn wait(&mut self, order: &Order, progress: &mut dyn FnMut(&Progress) -> bool) -> Report {
        if let Some(Err(error)) = order.keep.as_ref().map(Destination::check) {
            return Report::of_error(&error, None);
        }
        let settings = &self.client.core.settings;
        let trust = *self.client.trust();
        let plan = order.plan.with_retries(settings.retries).with_accuracy(trust).with_seed(seed());
        let mut wait = Wait::new(plan);
        let (mut known, mut last) = (Known::default(), None);
        let mut step = wait.step(self.start.elapsed());
        loop {
            match step {
                Step::Poll => {
                    let end = self.start + plan.deadline();
                    match self.turn(&order.id, end) {
                        Turn::Come => {}
                        Turn::Cancelled => return Report::of_error(&Error::Cancelled, None),
                        Turn::Late => {
                            // Nothing was heard, so there is nothing to tell but the end.
                            known.wait_for_turn();
                            step = wait.step(self.start.elapsed());
                            continue;
                        }
                    }
                    let report = self.poll(&order.id, end);
                    if report.status == Status::Cancelled {
                        return report;
                    }
                    step = wait.heard(heard(&report), self.start.elapsed());
                    let eta_ms = report.eta_ms;
                    match step {
                        Step::Done(End::Ready | End::Failed) => last = Some(report.end_wait()),
                        Step::Poll | Step::SleepUntil(_) if report.status.code() < 0 => {
                            settings.log.say(Level::Warning, "wait", || {
                                let (id, at) = (order.id.as_str(), wait.next_poll().as_millis());
                                format!("{id}: polling again at {at} ms: {}", report.message)
                            });
                            known.hear(report);
                        }
                        _ => known.hear(report),
                    }
                    let goes_on = !matches!(step, Step::Done(_)) && !self.client.calls.is_closed();
                    if goes_on && !progress(&self.progress(&wait, eta_ms)) {
                        return Report::of_error(&Error::Cancelled, None);
                    }
                }
                Step::SleepUntil(at) => {
                    settings.log.say(Level::Debug, "wait", || {
                        format!("{}: nothing to do until {} ms", order.id.as_str(), at.as_millis())
                    });
                    if self.token.sleep_until(self.start + at) {
                        return Report::of_error(&Error::Cancelled, None);
                    }
                    step = wait.step(self.start.elapsed());
                }
                Step::Done(end) => {
                    self.client.trust().record(wait.verdict());
                    let report = last.unwrap_or_else(|| known.at_deadline(plan.deadline()));
                    return match &order.keep {
                        Some(keep) if end == End::Ready => self.add_pictures(report, order, keep),
                        _ => report,
                    };
                }
            }
        }
    }

    fn add_pictures(&self, report: Report, order: &Order, keep: &Destination) -> Report {
        let deadline = order.plan.deadline();
        let token = self.token.clone();
        let bounds = Bounds { token, ready: Instant::now(), end: self.start + deadline, deadline };
        add_pictures(&self.client.core, report, &order.id, keep, &bounds)
    }

    fn progress(&self, wait: &Wait, eta_ms: Option<u64>) -> Progress {
        Progress { polls: self.polls, elapsed: self.start.elapsed(), eta_ms, next_poll: wait.next_poll() }
    }

    /// Waits for the turn of a poll under the budget.
    fn turn(&self, id: &JobId, end: Instant) -> Turn {
        let core = &self.client.core;
        if core.pace.is_busy() {
            core.settings.log.say(Level::Debug, "turn", || format!("{}: waiting for a turn", id.as_str()));
        }
        core.pace.wait(Some(id), &self.token, end)
    }

    /// One poll, whose turn has come.
    fn poll(&mut self, id: &JobId, end: Instant) -> Report {
        let core = &self.client.core;
        self.polls += 1;
        let report = core.poll(id, &self.token, end, self.polls);
        core.settings.log.say(Level::Info, "poll", || report.line());
        report
    }
}

/// Different for each call, so that calls that begin together do not keep step.
pub(super) fn seed() -> u64 {
    fresh_seed()
}
