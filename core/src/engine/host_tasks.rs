//! Tasks as exchanges of the host's: begun inside its calls, answered whenever it likes, taken in inside its next call.

use super::answer::{Asker, HostAnswer};
use super::engine_loop::{Aftermath, Engine, State};
use super::exchange::Exchange;
use super::host::HostTransport;
use super::host_work::{HostTask, HostTaskKind};
use super::images::{AfterReply, ImageFetch, is_local, late_image};
use super::poll::say_redirect;
use super::report::Report;
use super::scheduler::{Attempt, ImageTask, PollTask, Task, TaskId};
use super::sleepers::Sleepers;
use super::work::Work;
use crate::download::Destination;
use crate::error::{Error, Phase};
use crate::flow::poll::{Poll, Step};
use crate::net::whole_millis;
use crate::panics::caught;
use crate::planted;
use crate::wire::{RawReply, Request};
use std::sync::Weak;
use std::time::{Duration, Instant};

impl Asker for Engine {
    /// Kept until somebody inside a call of the host's takes it in: this may be any thread of the host's.
    fn answered(&self, exchange: u64, answer: HostAnswer) {
        let mut state = self.lock();
        let owner =
            state.host_tasks.get(&exchange).map(|host_task| state.scheduler.caller_of(host_task.task()));
        if owner.is_none() || state.scheduler.is_closed() {
            // Nobody waits for it any more. Dropped without the lock: it may hold an image.
            drop(state);
            return drop(answer);
        }
        state.answers.push_back((exchange, answer));
        let caller = owner.flatten().and_then(|number| state.callers.get(&number).cloned());
        // Where nobody pulls events, a blocking call takes it in.
        let woken = caller.or_else(|| state.inside().into_iter().find_map(Sleepers::wake_one));
        drop(state);
        if let Some(parker) = woken {
            parker.wake();
        }
        self.readiness.raise();
    }

    fn progress(&self, exchange: u64, done: u64, total: Option<u64>) {
        self.change(|state, _| {
            if let Some(task) = state.host_tasks.get(&exchange).map(HostTask::task) {
                state.scheduler.received(task, done, total);
            }
        });
    }
}

impl Engine {
    /// Hands an exchange to the host. Not to be called with the lock held.
    pub(super) fn start(&self, exchange: Exchange) {
        let Some(transport) = &self.transport else { return };
        match transport {
            HostTransport::Called(functions) => functions.start(exchange),
            HostTransport::Pulled => {
                let mut state = self.lock();
                state.to_pull.push_back(exchange);
                let woken = state.pullers.wake_one();
                drop(state);
                if let Some(parker) = woken {
                    parker.wake();
                }
                self.readiness.raise();
            }
        }
    }

    fn asker(&self) -> Weak<dyn Asker> {
        self.this() as Weak<dyn Asker>
    }

    /// Moves everything on that can be moved now, where the host does the HTTP. May call the host.
    pub(super) fn step_host(&self) {
        if self.transport.is_none() {
            return;
        }
        loop {
            let taken = self.take_in_answers();
            let mut state = self.lock();
            let now = self.now();
            let mut begun = Vec::new();
            self.end_late(&mut state, now);
            state.scheduler.advance(now);
            self.follow_redirects(&mut state, now, &mut begun);
            while let Some(task) = state.scheduler.take(now) {
                self.ask(&mut state, task, now, &mut begun);
            }
            let mut aftermath = self.collect_effects(&mut state, now);
            let has_more = taken || !begun.is_empty();
            aftermath.start.extend(begun);
            drop(state);
            self.perform(aftermath);
            self.do_local_if_alone();
            if !has_more {
                return;
            }
        }
    }

    /// Where the system gives no thread for files, they are written here.
    fn do_local_if_alone(&self) {
        let is_alone = {
            let state = self.lock();
            !state.local.is_empty() && state.workers == 0
        };
        if is_alone {
            self.do_local_here();
        }
    }

    /// Begins a task that the scheduler has given out.
    fn ask(&self, state: &mut State, task: Task, now: Duration, begun: &mut Vec<Exchange>) {
        match task {
            Task::Poll(poll) => begun.push(self.ask_poll(state, poll)),
            Task::Image(mut image) if !is_local(&image) => {
                // In memory until it is whole: whoever brings the bytes must not wait for a disk.
                let memory = Destination::Memory { most: image.bounds.most };
                match ImageFetch::begin(&mut image, self.settings.endpoint.origin(), &memory) {
                    Ok(fetch) => begun.push(self.ask_image(state, image, fetch)),
                    Err(refused) => self.take_in_attempt(state, image.task, *refused, now),
                }
            }
            local => state.local.push_back(Work::Task(local)),
        }
    }

    /// An exchange for a poll, now in flight.
    pub(super) fn ask_poll(&self, state: &mut State, poll: PollTask) -> Exchange {
        let started = Instant::now();
        let end = self.instant(poll.end).min(started + self.settings.net.timeouts.request);
        let request = Request::fetch(&self.settings.endpoint, &poll.id, &self.key);
        let flow = Box::new(Poll::new(request));
        let kind = HostTaskKind::Poll { poll, flow, left: Duration::ZERO, permit: None };
        self.send_poll(state, HostTask { awaited: None, end, started, kind })
    }

    fn send_poll(&self, state: &mut State, mut host_task: HostTask) -> Exchange {
        let HostTaskKind::Poll { flow, .. } = &host_task.kind else { unreachable!("only polls are sent so") };
        let exchange = Exchange::poll(flow.request(), &self.settings.net, host_task.end, self.asker());
        host_task.awaited = Some(exchange.awaited());
        state.host_tasks.insert(exchange.id(), host_task);
        exchange
    }

    fn ask_image(&self, state: &mut State, image: Box<ImageTask>, fetch: Box<ImageFetch>) -> Exchange {
        let end = self.instant(image.end);
        let exchange = Exchange::image(fetch, image.bounds.most, end, self.asker());
        let (awaited, started) = (Some(exchange.awaited()), Instant::now());
        state
            .host_tasks
            .insert(exchange.id(), HostTask { awaited, end, started, kind: HostTaskKind::Image(image) });
        exchange
    }

    /// Takes in what the host has answered; whether that was anything. Replies are read without the lock.
    fn take_in_answers(&self) -> bool {
        let mut any = false;
        loop {
            let (host_task, answer) = {
                let mut state = self.lock();
                let Some((exchange, answer)) = state.answers.pop_front() else { return any };
                (state.host_tasks.remove(&exchange), answer)
            };
            any = true;
            match (host_task, answer) {
                (
                    Some(HostTask { kind: HostTaskKind::Poll { poll, flow, .. }, end, started, .. }),
                    HostAnswer::Poll(answer),
                ) => {
                    self.polled_by_host(poll, flow, (started, end), answer);
                }
                (
                    Some(HostTask { kind: HostTaskKind::Image(image), end, .. }),
                    HostAnswer::Image(fetch, reply),
                ) => {
                    self.attempted_by_host(image, fetch, reply, end);
                }
                // One that nobody waits for any more.
                _ => {}
            }
        }
    }

    pub(super) fn polled_by_host(
        &self,
        poll: PollTask,
        mut flow: Box<Poll>,
        (started, end): (Instant, Instant),
        answer: Result<RawReply<'static>, Error>,
    ) {
        let report = caught(|| self.rule_on(&poll, &mut flow, answer));
        let left = end.saturating_duration_since(Instant::now());
        self.change(|state, now| match report {
            Err(error) => state.scheduler.poll_broke(poll.task, &error, now),
            Ok(Some(report)) => self.end_poll(state, &poll, report, started, now),
            // It was cancelled while its answer was read, and nothing more is sent for it.
            Ok(None) if !state.scheduler.is_wanted(poll.task) => {
                let report = Report::of_error(&Error::Cancelled, None);
                self.end_poll(state, &poll, report, started, now);
            }
            Ok(None) => {
                say_redirect(&poll.id, &self.settings);
                let permit = state.scheduler.enter_queue(None, now);
                let last = self.instant(poll.end);
                let kind = HostTaskKind::Poll { poll, flow, left, permit };
                state.redirected.push(HostTask { awaited: None, end: last, started, kind });
            }
        });
    }

    /// What an answer means; none: it redirects.
    fn rule_on(
        &self,
        poll: &PollTask,
        flow: &mut Poll,
        answer: Result<RawReply<'static>, Error>,
    ) -> Option<Report> {
        planted::in_poll(&poll.id);
        let reply = match answer {
            Ok(reply) => reply,
            Err(error) => return Some(Report::of_error(&error, Some(&self.key))),
        };
        match flow.reply(&reply) {
            Step::Rule => Some(Report::of_reply(reply, Some(&self.key))),
            Step::Refuse(error) => Some(Report::of_refused_reply(&error, reply, Some(&self.key))),
            Step::Send => None,
        }
    }

    fn end_poll(
        &self,
        state: &mut State,
        poll: &PollTask,
        mut report: Report,
        started: Instant,
        now: Duration,
    ) {
        report.finish(&poll.id, poll.nth, started.elapsed());
        self.take_in_poll(state, poll, report, now);
    }

    pub(super) fn attempted_by_host(
        &self,
        image: Box<ImageTask>,
        fetch: Box<ImageFetch>,
        reply: Result<crate::net::Head, Error>,
        end: Instant,
    ) {
        let next = caught(|| fetch.replied(reply, Instant::now() >= end))
            .unwrap_or_else(|error| AfterReply::Over(Box::new(Attempt::refused(error))));
        let exchange = self.change(|state, now| {
            let is_wanted = state.scheduler.is_wanted(image.task);
            let attempt = match next {
                AfterReply::Over(attempt) => *attempt,
                // It was cancelled while its reply was read.
                AfterReply::Get(fetch) | AfterReply::Whole(fetch, _) if !is_wanted => fetch.give_up(),
                AfterReply::Get(fetch) => return Some(self.ask_image(state, image, fetch)),
                AfterReply::Whole(fetch, ended) => {
                    state.local.push_back(Work::Save(fetch, ended, image));
                    return None;
                }
            };
            self.take_in_attempt(state, image.task, attempt, now);
            None
        });
        if let Some(exchange) = exchange {
            self.start(exchange);
        }
    }

    /// Sends on what was redirected, in turn.
    fn follow_redirects(&self, state: &mut State, now: Duration, begun: &mut Vec<Exchange>) {
        for _ in 0..state.redirected.len() {
            let mut host_task = state.redirected.remove(0);
            let HostTaskKind::Poll { left, permit, .. } = &mut host_task.kind else { continue };
            let (left, permit) = (*left, *permit);
            if permit.is_some_and(|permit| state.scheduler.use_permit(permit, now).is_err()) {
                state.redirected.push(host_task);
                continue;
            }
            if let Some(permit) = permit {
                state.scheduler.leave_queue(permit);
            }
            host_task.end = host_task.end.min(Instant::now() + left);
            begun.push(self.send_poll(state, host_task));
        }
    }

    /// Ends what the host has not answered in time, and redirects that got no turn.
    pub(super) fn end_late(&self, state: &mut State, now: Duration) {
        let instant = self.instant(now);
        let late: Vec<u64> = state
            .host_tasks
            .iter()
            .filter(|(_, host_task)| host_task.end <= instant)
            .map(|(id, _)| *id)
            .collect();
        let mut over: Vec<HostTask> = late.iter().filter_map(|id| state.host_tasks.remove(id)).collect();
        let redirected = std::mem::take(&mut state.redirected);
        let (late, waiting) = redirected.into_iter().partition(|host_task| host_task.end <= instant);
        state.redirected = waiting;
        over.extend::<Vec<HostTask>>(late);
        for host_task in over {
            self.give_up(state, host_task, None, now);
        }
    }

    /// Ends a task of the host's: late, or with this error.
    fn give_up(&self, state: &mut State, host_task: HostTask, error: Option<Error>, now: Duration) {
        let error = error.unwrap_or_else(|| self.late(&host_task));
        if let Some(awaited) = host_task.awaited {
            state.given_up.push(awaited);
        }
        match host_task.kind {
            HostTaskKind::Poll { poll, permit, .. } => {
                if let Some(permit) = permit {
                    state.scheduler.leave_queue(permit);
                }
                self.end_poll(state, &poll, Report::of_error(&error, None), host_task.started, now);
            }
            HostTaskKind::Image(image) => {
                let attempt = Attempt { was_sent: true, ..Attempt::refused(error) };
                self.take_in_attempt(state, image.task, attempt, now);
            }
        }
    }

    /// Why a task of the host's is late: an image by the deadline of its job alone, a poll perhaps by the request timeout.
    fn late(&self, host_task: &HostTask) -> Error {
        match &host_task.kind {
            HostTaskKind::Image(image) => late_image(image.deadline),
            HostTaskKind::Poll { .. } if host_task.awaited.is_none() => {
                Error::PermitTimeout { after: host_task.started.elapsed() }
            }
            HostTaskKind::Poll { poll, .. } => {
                let had = host_task.end.saturating_duration_since(host_task.started);
                let after = self.settings.net.timeouts.request.min(whole_millis(had));
                let is_deadline = host_task.end >= self.instant(poll.end);
                let which = if is_deadline { poll.bound } else { "request timeout" };
                Error::Timeout { phase: Phase::Receive, which, after }
            }
        }
    }

    /// Nobody wants the answer to a task of the host's any more.
    pub(super) fn abandon(&self, state: &mut State, task: TaskId, now: Duration, aftermath: &mut Aftermath) {
        let exchange =
            state.host_tasks.iter().find(|(_, host_task)| host_task.task() == task).map(|(id, _)| *id);
        let host_task = match exchange {
            Some(exchange) => state.host_tasks.remove(&exchange),
            None => {
                let at = state.redirected.iter().position(|host_task| host_task.task() == task);
                at.map(|at| state.redirected.remove(at))
            }
        };
        if let Some(host_task) = host_task {
            self.give_up(state, host_task, Some(Error::Cancelled), now);
        }
        if let Some(at) = state.local.iter().position(|local| local.task() == task)
            && state.local.remove(at).is_some()
        {
            state.scheduler.attempted(task, Attempt::refused(Error::Cancelled), now);
        }
        aftermath.abandon.append(&mut state.given_up);
    }

    /// When there is something to do by itself, where the host does the HTTP: perhaps that an answer is waited for no more.
    pub(super) fn next_step(&self, state: &mut State, now: Duration) -> Option<Duration> {
        if !state.answers.is_empty() {
            return Some(now);
        }
        let ends = state.host_tasks.values().map(|host_task| self.time(host_task.end)).min();
        let mut turns = None;
        for host_task in &state.redirected {
            let next = match &host_task.kind {
                HostTaskKind::Poll { permit: Some(permit), .. } => state.scheduler.next_permit(*permit, now),
                _ => Some(now),
            };
            turns = [turns, next, Some(self.time(host_task.end))].into_iter().flatten().min();
        }
        let due = state.scheduler.next_due(now);
        [ends, turns, due, state.scheduler.next_end()].into_iter().flatten().min()
    }
}
