//! The threads of a client: none before there is something for one, never more than allowed, gone when idle for a while.
//!
//! With our transport they poll and fetch images; with the host's they only touch files, which may take long.

use super::engine_loop::{Aftermath, Engine, State};
use super::images::{AfterReply, ImageFetch, decode_local, is_local};
use super::parker::Parker;
use super::progress_throttle::ProgressThrottle;
use super::report::Report;
use super::scheduler::{Attempt, ImageTask, PollTask, Task, TaskId};
use super::work::Work;
use crate::error::Error;
use crate::net::{CancelToken, Deadline, Get, Head, Receiver, Resume, spawn_quiet};
use crate::panics::caught;
use crate::planted;
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, Instant};

/// A worker that had nothing to do for so long leaves, unless it is the one that watches for the next due time.
const IDLE: Duration = Duration::from_secs(10);

/// The most threads that touch files for a host that does the HTTP.
const FILE_THREADS: usize = 16;

/// What came of something that a worker did.
enum Finished {
    Poll(PollTask, Result<Report, Error>),
    Image(TaskId, Attempt),
    Check(TaskId, Result<(), Error>),
    Discard(TaskId),
}

impl Engine {
    /// Sees to it that somebody is awake when there is something for a worker: one at a time, since whoever takes a task
    /// looks again.
    pub(super) fn find_workers(&self, state: &mut State, now: Duration, aftermath: &mut Aftermath) {
        if state.scheduler.is_closed() {
            let woken = state.idle.wake_all();
            // Somebody is to remove what is left of images, if nobody is there who will look for it.
            if woken.is_empty() && state.workers == 0 && state.scheduler.next_due(now).is_some() {
                self.wake_or_spawn(None, state, aftermath);
            }
            aftermath.wake.extend(woken);
            return;
        }
        if self.transport.is_some() {
            self.find_somebody_inside(state, now, aftermath);
            if !state.local.is_empty() && state.idle.waking == 0 {
                let woken = state.idle.wake_one();
                self.wake_or_spawn(woken, state, aftermath);
            }
            return;
        }
        if state.idle.waking > 0 {
            return;
        }
        // Whoever is idle anyway also ends what is over by the clock; nobody is woken or started for that alone.
        let end = state.scheduler.next_end().filter(|_| !state.idle.is_empty());
        let Some(due) = state.scheduler.next_due(now).into_iter().chain(end).min() else { return };
        if due <= now {
            let woken = state.idle.wake_one();
            self.wake_or_spawn(woken, state, aftermath);
        } else if state.idle.needs_watch(due) {
            let woken = state.idle.wake_watcher();
            self.wake_or_spawn(woken, state, aftermath);
        }
    }

    /// With the host's transport the loop runs inside the host's calls: one of those who wait there does what is due, or
    /// watches for it.
    fn find_somebody_inside(&self, state: &mut State, now: Duration, aftermath: &mut Aftermath) {
        let Some(due) = self.next_step(state, now) else { return };
        aftermath.raise |= due <= now;
        let mut inside = state.inside();
        if inside.iter().any(|sleepers| sleepers.waking > 0) {
            return;
        }
        if let Some(sleepers) = inside.iter_mut().find(|sleepers| !sleepers.is_empty())
            && (due <= now || sleepers.needs_watch(due))
        {
            aftermath.wake.extend(sleepers.wake_watcher());
        }
    }

    fn wake_or_spawn(&self, idle: Option<Arc<Parker>>, state: &mut State, aftermath: &mut Aftermath) {
        match idle {
            Some(parker) => aftermath.wake.push(parker),
            None => {
                let Err(error) = self.spawn_worker(state) else { return };
                // Where the system gives no thread, those that are there go on.
                if state.workers > 0 {
                    return;
                }
                self.discard_here(state, aftermath);
                // What the host's transport leaves to one is done by whoever left it.
                if self.transport.is_some() {
                    return;
                }
                state.no_thread = Some(error);
                // Calls that sleep until their images are there, this one perhaps, would sleep until their deadline.
                let without = |number: &u64| !state.scheduler.is_polling(*number);
                let callers = state.callers.iter().filter(|(number, _)| without(number));
                aftermath.wake.extend(callers.map(|(_, parker)| Arc::clone(parker)));
            }
        }
    }

    /// With no thread to be had, what is left of images is removed by this one, once the lock is let go.
    fn discard_here(&self, state: &mut State, aftermath: &mut Aftermath) {
        let now = self.now();
        while let Some(discard) = state.scheduler.take_discard() {
            aftermath.discard.push(*discard.received);
            state.scheduler.discarded(discard.task, now);
        }
    }

    /// Starts one more worker, if one more is allowed.
    pub(super) fn spawn_worker(&self, state: &mut State) -> Result<(), Error> {
        let (name, most) = match self.transport {
            None => ("mlab-worker", self.settings.workers),
            Some(_) => ("mlab-file", FILE_THREADS),
        };
        if state.workers >= most {
            return Ok(());
        }
        let Some(engine) = self.this().upgrade() else { return Ok(()) };
        let work = move || {
            // What is caught here is a defect of the loop: nothing may be printed for it.
            if caught(|| engine.work()).is_err() {
                engine.leave(engine.lock());
                // What it would have done next is another's.
                let _ = caught(|| engine.change(|_, _| ()));
            }
        };
        let thread = spawn_quiet(name, work).map_err(|_| Error::NoResources { what: "threads" })?;
        state.threads.retain(|thread| !thread.is_finished());
        state.threads.push(thread);
        state.workers += 1;
        state.idle.waking += 1;
        state.no_thread = None;
        Ok(())
    }

    /// The life of a worker.
    fn work(&self) {
        let mut finished: Option<Finished> = None;
        let (mut idle_since, parker) = (Instant::now(), Arc::default());
        self.lock().idle.waking -= 1;
        loop {
            let mut state = self.lock();
            let now = self.now();
            if let Some(finished) = finished.take() {
                self.take_in(&mut state, finished, now);
            }
            state.scheduler.advance(now);
            if let Some(work) = self.next_work(&mut state, now) {
                let token = CancelToken::new();
                state.tokens.insert(work.task(), token.clone());
                let aftermath = self.collect_effects(&mut state, now);
                drop(state);
                self.perform(aftermath);
                finished = Some(self.do_work(work, &token));
                idle_since = Instant::now();
                continue;
            }
            if state.scheduler.is_closed() {
                let aftermath = self.collect_effects(&mut state, now);
                drop(state);
                self.perform(aftermath);
                return self.leave(self.lock());
            }
            if !self.park_idle(&parker, state, now, idle_since) {
                return;
            }
        }
    }

    /// Tells that a worker leaves, as the last thing that it does.
    fn leave(&self, mut state: MutexGuard<'_, State>) {
        state.workers -= 1;
        let closers = std::mem::take(&mut state.closers);
        drop(state);
        closers.iter().for_each(|parker| parker.wake());
    }

    /// Sleeps until there may be something to do; false if the worker has left.
    fn park_idle(
        &self,
        parker: &Arc<Parker>,
        mut state: MutexGuard<'_, State>,
        now: Duration,
        idle_since: Instant,
    ) -> bool {
        let due = match self.transport {
            None => state.scheduler.next_due(now).into_iter().chain(state.scheduler.next_end()).min(),
            Some(_) => None,
        };
        let (ticket, watches) = state.idle.enter(parker, due);
        let aftermath = self.collect_effects(&mut state, now);
        drop(state);
        self.perform(aftermath);
        match due.filter(|_| watches) {
            Some(due) => parker.park(due.saturating_sub(self.now())),
            None => parker.park(IDLE.saturating_sub(idle_since.elapsed())),
        }
        let mut state = self.lock();
        let stays = state.idle.leave(ticket) || watches || idle_since.elapsed() < IDLE;
        if !stays {
            // With the lock still held: whoever has got something to do would find it neither asleep nor gone.
            self.leave(state);
        }
        stays
    }

    fn next_work(&self, state: &mut State, now: Duration) -> Option<Work> {
        match self.transport {
            None => state.scheduler.take(now).map(Work::Task),
            Some(_) => state.local.pop_front(),
        }
    }

    fn do_work(&self, work: Work, token: &CancelToken) -> Finished {
        match work {
            Work::Task(Task::Poll(poll)) => {
                let report = caught(|| self.poll_task(&poll, token));
                Finished::Poll(poll, report)
            }
            Work::Task(Task::Image(mut image)) => {
                let attempt = caught(|| self.attempt(&mut image, token));
                Finished::Image(image.task, attempt.unwrap_or_else(Attempt::refused))
            }
            Work::Task(Task::Check(check)) => {
                Finished::Check(check.task, caught(|| check.destination.check()).unwrap_or_else(Err))
            }
            Work::Task(Task::Discard(discard)) => {
                // A file is removed.
                let _ = caught(|| drop(discard.received));
                Finished::Discard(discard.task)
            }
            Work::Save(fetch, ended, image) => {
                let attempt = caught(|| fetch.save(ended, &image));
                Finished::Image(image.task, attempt.unwrap_or_else(Attempt::refused))
            }
        }
    }

    /// With no thread to be had, what is local is done here.
    pub(super) fn do_local_here(&self) {
        let next = |state: &mut State| (state.workers == 0).then(|| state.local.pop_front()).flatten();
        while let Some(local) = self.change(|state, _| next(state)) {
            let finished = self.do_work(local, &CancelToken::new());
            self.change(|state, now| self.take_in(state, finished, now));
        }
    }

    fn take_in(&self, state: &mut State, finished: Finished, now: Duration) {
        match finished {
            Finished::Poll(poll, report) => {
                state.tokens.remove(&poll.task);
                planted::in_loop(&poll.id);
                match report {
                    Ok(report) => self.take_in_poll(state, &poll, report, now),
                    Err(error) => state.scheduler.poll_broke(poll.task, &error, now),
                }
            }
            Finished::Image(task, attempt) => {
                state.tokens.remove(&task);
                self.take_in_attempt(state, task, attempt, now);
            }
            Finished::Check(task, outcome) => {
                state.tokens.remove(&task);
                state.scheduler.checked(task, outcome, now);
            }
            Finished::Discard(task) => {
                state.tokens.remove(&task);
                state.scheduler.discarded(task, now);
            }
        }
    }

    /// One attempt at an image, over a connection of ours.
    fn attempt(&self, task: &mut ImageTask, token: &CancelToken) -> Attempt {
        let number = task.task;
        let mut throttle = ProgressThrottle::default();
        let mut on_progress = |done, total| {
            if throttle.lets_through(done, total) {
                self.change(|state, _| state.scheduler.received(number, done, total));
            }
        };
        if is_local(task) {
            return decode_local(task, &mut on_progress);
        }
        let (end, destination) = (self.instant(task.end), task.destination.clone());
        let mut fetch = match ImageFetch::begin(task, self.settings.endpoint.origin(), &destination) {
            Ok(fetch) => fetch,
            Err(refused) => return *refused,
        };
        loop {
            let reply = self.get(&mut fetch, token, end, &mut on_progress);
            match fetch.replied(reply, Instant::now() >= end) {
                AfterReply::Get(next) => fetch = next,
                AfterReply::Whole(whole, ended) => return whole.finish(ended),
                AfterReply::Over(attempt) => return *attempt,
            }
        }
    }

    fn get(
        &self,
        fetch: &mut ImageFetch,
        token: &CancelToken,
        end: Instant,
        on_progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Head, Error> {
        let url = fetch.url().clone();
        let filter = Arc::new(fetch.policy().of_host(url.origin()));
        let deadline = Deadline::of_download(self.settings.net.timeouts, token, end, filter);
        let mut connection = self.image_connections.lend(&self.image_net, url.origin())?;
        let left = fetch.resume().map(|(from, etag)| (from, etag.to_owned()));
        let resume = left.as_ref().map(|(from, etag)| Resume { from: *from, etag });
        let mut taker = Taker { fetch, on_progress };
        connection.get_mut().get(Get { url: &url, resume }, &deadline, &mut taker)
    }
}

/// The receiving side of one GET.
struct Taker<'a> {
    fetch: &'a mut ImageFetch,
    on_progress: &'a mut dyn FnMut(u64, Option<u64>),
}

impl Receiver for Taker<'_> {
    fn head(&mut self, head: &Head) -> Result<bool, Error> {
        self.fetch.head(head)
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.fetch.bytes(bytes)?;
        let (done, total) = self.fetch.progress();
        (self.on_progress)(done, total);
        Ok(())
    }
}

#[cfg(test)]
#[path = "workers_tests.rs"]
mod tests;
