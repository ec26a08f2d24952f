//! A client: one key, one set of settings, kept connections, for any number of threads at once.

use super::blocking::{Call, JobRequest, Progress};
use super::engine_loop::Engine;
use super::events::{Event, NoEvent};
use super::exchange::Exchange;
use super::images::ImageRequest;
use super::in_flight_calls::CallGuard;
use super::report::Report;
use super::scheduler::NewJob;
use super::settings::Settings;
use crate::error::{Error, Status};
use crate::flow::plan::{LONGEST, Plan};
use crate::net::CancelToken;
use crate::process;
use crate::wire::{JobId, Key};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How long the end of a client waits for the calls inside it to leave.
const LEAVE_WITHIN: Duration = Duration::from_secs(1);

/// See the module's text. Dropped, it ends like a closed one, and nobody waits for what is stuck.
#[derive(Debug)]
pub struct Client {
    engine: Arc<Engine>,
}

impl Client {
    /// A client without connections; they are made as calls need them.
    pub fn new(key: Key, settings: Settings) -> Client {
        Client { engine: Engine::new(key, settings) }
    }

    /// The same with the key of `MODELSLAB_API_KEY`, else of `API_KEY`. The error names the parameter `key`.
    pub fn from_environment(settings: Settings) -> Result<Client, Error> {
        let variable = |name: &&str| std::env::var(name).ok().filter(|key| !key.is_empty());
        let key = ["MODELSLAB_API_KEY", "API_KEY"].iter().find_map(variable);
        let reason = "was not given, and neither MODELSLAB_API_KEY nor API_KEY is set";
        Ok(Client::new(Key::new(&key.ok_or_else(|| Error::argument("key", reason))?)?, settings))
    }

    /// One poll, repeated after failures that may pass, all within the request timeout.
    pub fn fetch(&self, id: &JobId, token: &CancelToken) -> Report {
        self.run("fetch", Some(id), token, |call| call.fetch(id))
    }

    /// Polls until the job ends, the deadline comes, or somebody stops it. `progress` is called after each poll that
    /// does not end it, with no lock held; false stops the wait.
    pub fn wait(
        &self,
        request: &JobRequest,
        token: &CancelToken,
        mut progress: impl FnMut(&Progress) -> bool,
    ) -> Report {
        self.run("wait", Some(&request.id), token, |call| call.wait(request, &mut progress))
    }

    /// Gets one image by its link.
    pub fn download(&self, request: &ImageRequest, token: &CancelToken) -> Report {
        self.run("download", None, token, |call| call.download(request))
    }

    /// Ends every call and job with [`Error::Closed`], and waits for them to leave, at most 24 h; [`Error::Busy`] if not all
    /// did in time. A client that is dropped ends in the same way, and nobody waits.
    pub fn shut_down(&self, within: Duration) -> Result<(), Error> {
        self.check_process()?;
        if self.close(within.min(LONGEST)) {
            return Ok(());
        }
        Err(Error::Busy("not all calls and threads have ended yet; call it again".into()))
    }

    /// Whether all left in time. In a child the parent's threads, which would have to leave, are not there.
    fn close(&self, within: Duration) -> bool {
        self.check_process().is_err() || self.engine.close(within)
    }

    /// The end of a C client: as [`Client::shut_down`], within a second, and no function of the host's is called any more,
    /// whoever is inside still. `is_inside`: the caller is one of those inside, in a function of the host's, and would wait
    /// for itself.
    #[doc(hidden)]
    pub fn close_for_good(&self, is_inside: bool) {
        self.close(if is_inside { Duration::ZERO } else { LEAVE_WITHIN });
        self.engine.is_freed.store(true, Ordering::Release);
        self.engine.settings.log.mute();
    }

    fn check_process(&self) -> Result<(), Error> {
        self.engine.connections.check_process()
    }

    /// Counts a call.
    fn visit(&self) -> Result<CallGuard<'_>, Error> {
        self.check_process()?;
        Ok(self.engine.calls.visit())
    }

    /// Opens a job, and gives its number. Where it cannot be done, its end says so.
    pub fn submit(&self, request: &JobRequest, tag: u64) -> Result<u64, Error> {
        let _inside = self.visit()?;
        self.open(NewJob {
            tag,
            destination: request.destination.clone(),
            wants_image_events: request.image_events,
            ..NewJob::of(request.id.clone(), request.plan)
        })
    }

    /// Opens the fetching of one image by its link, and gives its number. Where it cannot be done, its end says so.
    pub fn submit_link(&self, request: &ImageRequest, tag: u64) -> Result<u64, Error> {
        let _inside = self.visit()?;
        self.open(NewJob {
            id: None,
            link: Some(request.url.clone()),
            tag,
            plan: Plan::default().with_deadline(request.deadline)?,
            destination: Some(request.destination.clone()),
            wants_image_events: false,
            is_call: false,
        })
    }

    fn open(&self, new: NewJob) -> Result<u64, Error> {
        let engine = &self.engine;
        engine.settings.log.hand_over();
        let plan = engine.planned(new.plan);
        let new = NewJob { plan, ..new };
        engine.change(|state, now| {
            let job = state.scheduler.open(new, now)?;
            // With a thread less it takes longer; with none it would take for ever.
            if engine.transport.is_none()
                && state.workers == 0
                && let Err(error) = engine.spawn_worker(state)
            {
                state.scheduler.stop(job, &error, now);
            }
            // Whoever pulls has something to begin.
            if engine.transport.is_some() {
                let woken = state.waiters.wake_one().or_else(|| state.pullers.wake_one());
                state.woken.extend(woken);
                engine.readiness.raise();
            } else if state.waiters.needs_watch(now + plan.deadline()) {
                // Who waits for events waits for deadlines too.
                let woken = state.waiters.wake_watcher();
                state.woken.extend(woken);
            }
            Ok(job)
        })
    }

    /// The next event of the jobs; waits for one no longer than `timeout`, and than 24 h.
    pub fn next_event(&self, timeout: Duration) -> Result<Event, NoEvent> {
        let _inside = self.visit().map_err(|_| NoEvent::Forked)?;
        self.engine.settings.log.hand_over();
        let event = self.engine.next_event(timeout.min(LONGEST))?;
        if let Some(done) = &event.done {
            done.log_end(&self.engine.settings.log, "job");
        }
        Ok(event)
    }

    /// The next exchange for the host to perform, where it pulls them; waits for one no longer than `timeout`, and than
    /// 24 h.
    pub fn next_exchange(&self, timeout: Duration) -> Result<Exchange, NoEvent> {
        let _inside = self.visit().map_err(|_| NoEvent::Forked)?;
        self.engine.settings.log.hand_over();
        self.engine.next_exchange(timeout.min(LONGEST))
    }

    /// A descriptor that is readable while [`Client::next_event`] or [`Client::next_exchange`] has something to do.
    /// Made at the first call; fails without free descriptors, and on Windows.
    pub fn event_fd(&self) -> Result<i32, Error> {
        let _inside = self.visit()?;
        #[cfg(not(windows))]
        let descriptor = self.engine.waitable();
        #[cfg(windows)]
        let descriptor = None;
        descriptor.ok_or(Error::NoResources { what: "descriptors" })
    }

    /// The same as [`Client::event_fd`] for Windows: a manual-reset event, closed with the client. None elsewhere.
    pub fn event_handle(&self) -> Option<*mut std::ffi::c_void> {
        #[cfg(windows)]
        return self.visit().ok().and_then(|_inside| self.engine.waitable());
        #[cfg(not(windows))]
        return None;
    }

    /// How long until [`Client::next_event`] has something to do by itself; none if nothing is planned.
    pub fn next_due(&self) -> Option<Duration> {
        let _inside = self.visit().ok()?;
        self.engine.next_due()
    }

    /// Ends every wait of this moment for events or exchanges; if there is none, the next one.
    pub fn wake_up(&self) {
        if let Ok(_inside) = self.visit() {
            self.engine.wake_up();
        }
    }

    /// Stops a job, or all with 0.
    pub fn cancel_job(&self, job: u64) -> Result<(), Error> {
        let _inside = self.visit()?;
        self.engine.cancel_job(job)
    }

    /// Jobs whose end was not delivered yet.
    pub fn pending(&self) -> usize {
        self.visit().map_or(0, |_inside| self.engine.lock().scheduler.pending())
    }

    fn run(
        &self,
        area: &'static str,
        id: Option<&JobId>,
        token: &CancelToken,
        call: impl FnOnce(&mut Call<'_>) -> Report,
    ) -> Report {
        let start = Instant::now();
        let entered = self.check_process().and_then(|()| self.engine.calls.enter(token));
        let (_inside, both) = match entered {
            Ok(entered) => entered,
            // The call never came in, and the client may be another process's: nothing is said.
            Err(error) => {
                let mut report = Report::of_error(&error, None);
                report.finish(id, 0, start.elapsed());
                return report;
            }
        };
        let log = &self.engine.settings.log;
        log.hand_over();
        let mut running = Call { engine: &self.engine, token: both, start, polls: 0, failed: None };
        let mut report = call(&mut running);
        // Both come as the trigger of one token: the caller's own is told from the client's end here.
        match report.status {
            Status::Cancelled if !token.is_triggered() && self.engine.calls.is_closed() => {
                report = Report::of_error(&Error::Closed, None);
            }
            Status::Closed if token.is_triggered() => report = Report::of_error(&Error::Cancelled, None),
            _ => {}
        }
        report.finish(id, running.polls, start.elapsed());
        log.hand_over();
        report.log_end(log, area);
        report
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if !process::is_forked_from(self.engine.connections.owner()) {
            self.close(Duration::ZERO);
        } else if !self.engine.try_lock().is_some_and(|state| state.threads.is_empty()) {
            // The threads are the parent's: nothing here can be detached from, and the state may be half changed.
            std::mem::forget(Arc::clone(&self.engine));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::HostTransport;

    #[test]
    fn every_wait_of_a_client_is_clamped() {
        let settings = Settings { transport: Some(HostTransport::Pulled), ..Settings::default() };
        let client = Client::new(Key::new("test-key-not-real").expect("a key"), settings);
        // Unclamped, the end of such a wait is a time that there is not, which panics.
        client.wake_up();
        assert!(matches!(client.next_event(Duration::MAX), Err(NoEvent::Yet)));
        client.wake_up();
        assert!(matches!(client.next_exchange(Duration::MAX), Err(NoEvent::Yet)));
        assert_eq!(client.shut_down(Duration::MAX), Ok(()));
    }

    #[cfg(unix)]
    #[test]
    fn in_a_child_every_call_says_whose_client_it_is() {
        use crate::process::tests::in_child;
        let settings = Settings { transport: Some(HostTransport::Pulled), ..Settings::default() };
        let client = Client::new(Key::new("test-key-not-real").expect("a key"), settings);
        let (id, none) = (JobId::new("1").expect("an id"), CancelToken::new());
        let request = JobRequest::new(id.clone());
        assert!(in_child(|| client.fetch(&id, &none).status == Status::Forked));
        assert!(in_child(|| client.wait(&request, &none, |_| true).status == Status::Forked));
        assert!(in_child(|| client.submit(&request, 0) == Err(Error::Forked)));
        assert!(in_child(|| client.cancel_job(0) == Err(Error::Forked)));
        assert!(in_child(|| client.shut_down(Duration::ZERO) == Err(Error::Forked)));
        let long = Duration::from_secs(60);
        assert!(in_child(|| client.next_event(long).err() == Some(NoEvent::Forked)));
        assert!(in_child(|| client.next_exchange(long).err() == Some(NoEvent::Forked)));
    }
}
