//! Blocking calls, on the caller's thread.
//!
//! A wait and a download are jobs of their own, with an end that this thread sleeps until. A wait's thread makes the polls of
//! its group while it is the one chosen for them; images come by workers, or by the host.
//!
//! A fetch is no job. It is asked to poll now, so what a job keeps to would be in its way: the gap to the last poll, a reply
//! that is kept, an exchange in flight, the pause after a rate limit. It makes its poll and the retries itself, within the
//! request timeout, and counts neither among the jobs nor among the polls in flight. It shares with jobs what is the client's:
//! connections or transport, the queue of the rate limiter, and what is learned: a final reply ends the group of its id, and
//! a rate limit pauses the polls of all jobs.

use super::engine_loop::{Engine, State};
use super::images::ImageRequest;
use super::log::Level;
use super::parker::Parker;
use super::permits::PermitWait;
use super::report::Report;
use super::scheduler::{JobEnd, JobUpdate, NewJob, NextPoll, PollTask};
use crate::download::Destination;
use crate::error::{Error, Status};
use crate::flow::plan::Plan;
use crate::flow::retry::Retry;
use crate::net::CancelToken;
use crate::panics::caught;
use crate::process::fresh_seed;
use crate::wire::JobId;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A sleep that no time ends.
const UNTIL_WOKEN: Duration = Duration::from_secs(3600);

/// One wait, described.
#[derive(Debug, Clone)]
pub struct JobRequest {
    /// The job.
    pub id: JobId,
    /// How to wait for it; retries, accuracy and seed are the client's to fill in.
    pub plan: Plan,
    /// Where its images go, if they are to be had too.
    pub destination: Option<Destination>,
    /// Whether each of its images is an event of its own.
    pub image_events: bool,
}

impl JobRequest {
    /// A wait as the defaults have it, for the links alone.
    pub fn new(id: JobId) -> JobRequest {
        JobRequest { id, plan: Plan::default(), destination: None, image_events: false }
    }
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

/// One call inside a client.
pub(super) struct Call<'a> {
    pub(super) engine: &'a Engine,
    /// Triggered by the caller's cancel and by the client's end.
    pub(super) token: CancelToken,
    pub(super) start: Instant,
    pub(super) polls: u32,
    /// The id and the reason of the last poll, if it failed in a way that may pass.
    pub(super) failed: Option<(JobId, String)>,
}

/// What a blocking call does next.
enum CallStep {
    /// It is over.
    End(Box<JobEnd>),
    Progress(JobUpdate),
    Poll(PollTask, CancelToken),
    /// Nothing before then, unless it is woken; none: nothing by the clock. With its place among those who sleep inside, if
    /// it has one.
    Sleep(Option<Duration>, Option<u64>),
    /// To look at once what is next.
    LookAgain,
}

impl Call<'_> {
    /// One poll, repeated after failures that may pass, all within the request timeout.
    pub(super) fn fetch(&mut self, id: &JobId) -> Report {
        let engine = self.engine;
        let (log, limit) = (&engine.settings.log, engine.settings.net.timeouts.request);
        let mut retry = Retry::new(engine.settings.retries, limit, fresh_seed());
        let end = self.start + limit;
        let mut failed: Option<Report> = None;
        loop {
            if engine.limits_requests && engine.lock().scheduler.is_busy(engine.now()) {
                engine.say_waits_for_permit(id);
            }
            match engine.wait_for_permit(Some(id), &self.token, end) {
                PermitWait::Granted => {}
                PermitWait::Cancelled => return Report::of_error(&Error::Cancelled, None),
                // What failed before is what the caller should know of.
                PermitWait::Late => {
                    return Report::of_no_turn(failed, &Error::PermitTimeout { after: limit });
                }
            }
            self.polls += 1;
            let report = engine.poll(id, &self.token, (end, "request timeout"), self.polls);
            log.say(Level::Info, "poll", || report.line());
            self.learn(id, &report);
            if !report.retryable {
                return report;
            }
            let retry_after = report.retry_after_ms.map(Duration::from_millis);
            let Some(at) = retry.after(retry_after, self.start.elapsed()) else { return report };
            log.say(Level::Warning, "fetch", || {
                format!("{}: trying again at {} ms: {}", id.as_str(), at.as_millis(), report.message)
            });
            if self.token.sleep_until(self.start + at) {
                return Report::of_error(&Error::Cancelled, None);
            }
            failed = Some(report);
        }
    }

    /// What a fetch learns, everybody who waits for the id learns.
    fn learn(&self, id: &JobId, report: &Report) {
        let mut state = self.engine.lock();
        if !state.scheduler.would_learn() && report.status != Status::RateLimited {
            return;
        }
        let now = self.engine.now();
        state.scheduler.learn(id, report, now);
        let aftermath = self.engine.collect_effects(&mut state, now);
        drop(state);
        self.engine.perform(aftermath);
    }

    /// Polls until the job ends, and fetches its images if they are to be had.
    pub(super) fn wait(
        &mut self,
        request: &JobRequest,
        progress: &mut dyn FnMut(&Progress) -> bool,
    ) -> Report {
        let plan = self.engine.planned(request.plan);
        self.run(
            NewJob {
                destination: request.destination.clone(),
                is_call: true,
                ..NewJob::of(request.id.clone(), plan)
            },
            progress,
        )
    }

    /// Fetches one image by its link.
    pub(super) fn download(&mut self, request: &ImageRequest) -> Report {
        let plan = match Plan::default().with_deadline(request.deadline) {
            Ok(plan) => self.engine.planned(plan),
            Err(error) => return Report::of_error(&error, None),
        };
        let report = self.run(
            NewJob {
                id: None,
                link: Some(request.url.clone()),
                tag: 0,
                plan,
                destination: Some(request.destination.clone()),
                wants_image_events: false,
                is_call: true,
            },
            &mut |_| true,
        );
        self.polls = report.attempts;
        self.engine.settings.log.say_later(Level::Info, "download", || {
            let (status, ms) = (report.status.c_name().to_string_lossy(), self.start.elapsed().as_millis());
            format!("{status}, {ms} ms: {}", report.message)
        });
        report
    }

    /// Opens the call's job and serves it to its end.
    fn run(&mut self, new: NewJob, progress: &mut dyn FnMut(&Progress) -> bool) -> Report {
        let engine = self.engine;
        let id = new.id.clone();
        let parker = Parker::of(&self.token);
        let opened = {
            let mut state = engine.lock();
            let now = engine.now();
            state.scheduler.open(new, now).inspect(|number| {
                state.callers.insert(*number, Arc::clone(&parker));
            })
        };
        let number = match opened {
            Ok(number) => number,
            Err(error) => return Report::of_error(&error, None),
        };
        // Whatever happens in the host's progress function: nobody is to wait for this thread afterwards.
        let _leaving = Leaving { engine, number };
        let ended = loop {
            match self.next(number, &parker) {
                CallStep::End(ended) => break ended,
                CallStep::Progress(update) => self.report_progress(number, id.as_ref(), &update, progress),
                CallStep::Poll(poll, token) => self.poll(&poll, &token),
                CallStep::Sleep(until, ticket) => {
                    let time = until.map_or(UNTIL_WOKEN, |until| until.saturating_sub(engine.now()));
                    parker.park(time);
                    if let Some(ticket) = ticket {
                        engine.lock().sleeping_calls.leave(ticket);
                    }
                }
                CallStep::LookAgain => {}
            }
        };
        let report = ended.into_report();
        if id.is_some() {
            self.polls = report.attempts;
        }
        report
    }

    /// What is next; runs the loop meanwhile.
    fn next(&mut self, number: u64, parker: &Arc<Parker>) -> CallStep {
        let engine = self.engine;
        engine.step_host();
        let mut state = engine.lock();
        let now = engine.now();
        state.scheduler.advance(now);
        if self.token.is_triggered() {
            // Unless it is over already.
            state.scheduler.stop(number, &Error::Cancelled, now);
        }
        let step = self.choose(&mut state, number, parker, now);
        let mut aftermath = engine.collect_effects_for_caller(number, &mut state, now);
        let step = match step {
            CallStep::Poll(poll, _) if engine.transport.is_some() => {
                aftermath.start.push(engine.ask_poll(&mut state, poll));
                CallStep::LookAgain
            }
            step => step,
        };
        drop(state);
        engine.perform(aftermath);
        step
    }

    fn choose(&self, state: &mut State, number: u64, parker: &Arc<Parker>, now: Duration) -> CallStep {
        let engine = self.engine;
        if let Some(ended) = state.scheduler.take_end(number, now) {
            return CallStep::End(ended);
        }
        if !state.scheduler.is_polling(number)
            && let Some(error) = state.no_thread.take()
        {
            // Its images would never come.
            state.scheduler.stop(number, &error, now);
            return CallStep::LookAgain;
        }
        if let Some(update) = state.scheduler.take_progress(number, now) {
            state.scheduler.set_away(number, true);
            return CallStep::Progress(update);
        }
        let next = match state.scheduler.take_call_poll(number, now) {
            NextPoll::Poll(poll) => {
                // Ended by the call's token, and once nobody wants its answer any more.
                let token = CancelToken::following(&[&self.token]);
                if engine.transport.is_none() {
                    state.tokens.insert(poll.task, token.clone());
                }
                return CallStep::Poll(poll, token);
            }
            NextPoll::Sleep(next) => next,
        };
        let own = next.into_iter().chain(state.scheduler.end_of(number)).min();
        if engine.transport.is_none() {
            return CallStep::Sleep(own, None);
        }
        // One of those inside watches for whatever the host's transport has to do by itself.
        let due = engine.next_step(state, now);
        let (ticket, watches) = state.sleeping_calls.enter(parker, due);
        CallStep::Sleep(own.into_iter().chain(due.filter(|_| watches)).min(), Some(ticket))
    }

    /// Makes a poll on this thread.
    fn poll(&mut self, poll: &PollTask, token: &CancelToken) {
        let engine = self.engine;
        let report = caught(|| engine.poll_task(poll, token));
        self.failed = None;
        if let Ok(report) = &report {
            let log = &engine.settings.log;
            log.say(Level::Info, "poll", || report.poll_line(poll.end <= engine.now()));
            if report.status.code() < 0 && report.status != Status::Cancelled {
                self.failed = Some((poll.id.clone(), report.message.clone()));
            }
        }
        let mut state = engine.lock();
        let now = engine.now();
        state.tokens.remove(&poll.task);
        match report {
            Ok(report) => {
                state.scheduler.polled(poll.task, report, now);
            }
            Err(error) => state.scheduler.poll_broke(poll.task, &error, now),
        }
        let aftermath = engine.collect_effects(&mut state, now);
        drop(state);
        engine.perform(aftermath);
    }

    /// Tells the host where its wait stands, with no lock held.
    fn report_progress(
        &mut self,
        number: u64,
        id: Option<&JobId>,
        update: &JobUpdate,
        progress: &mut dyn FnMut(&Progress) -> bool,
    ) {
        let engine = self.engine;
        let next_poll = update.next_poll.unwrap_or_default();
        let log = &engine.settings.log;
        if let Some((id, reason)) = self.failed.take() {
            log.say(Level::Warning, "wait", || {
                format!("{}: polling again at {} ms: {reason}", id.as_str(), next_poll.as_millis())
            });
        }
        let goes_on = progress(&Progress {
            polls: update.polls,
            elapsed: update.elapsed,
            eta_ms: update.eta_ms,
            next_poll,
        });
        if goes_on && let Some(id) = id {
            log.say(Level::Debug, "wait", || {
                format!("{}: nothing to do until {} ms", id.as_str(), next_poll.as_millis())
            });
        }
        engine.change(|state, now| {
            state.scheduler.set_away(number, false);
            if !goes_on {
                state.scheduler.stop(number, &Error::Cancelled, now);
            }
        });
    }
}

/// Takes a call's job out of the engine, whatever ends the call.
struct Leaving<'a> {
    engine: &'a Engine,
    number: u64,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let number = self.number;
        self.engine.change(|state, now| {
            state.callers.remove(&number);
            state.scheduler.drop_call(number, now);
        });
    }
}

#[cfg(test)]
#[path = "blocking_tests.rs"]
mod tests;
