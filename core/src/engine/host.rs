//! Exchanges performed by the host's own HTTP: consoles, an engine's stack, tests. No thread and no socket of ours.
//!
//! The host is asked inside a call that it made, and may answer from any thread, at any time, once. An answer goes into
//! the inbox of whoever asked; nothing of the asker is kept alive or touched by a late one.

use crate::error::{Error, Phase};
use crate::net::Deadline;
use crate::wire::{RawReply, Request};
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The host's side.
pub trait Transport: Send + Sync {
    /// Begins an exchange, which is the host's from here on. It may be answered inside this call.
    fn start(&self, exchange: Exchange);
    /// Tells that nobody waits for an exchange any more. It may be answered all the same, to no effect.
    fn cancel(&self, id: u64);
}

/// A transport as a setting.
#[derive(Clone)]
pub struct HostTransport(pub Arc<dyn Transport>);

impl fmt::Debug for HostTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostTransport")
    }
}

/// An answer: a reply, or why there is none.
pub(super) type Answer = Result<RawReply<'static>, Error>;

/// One request for the host to send. Dropped without an answer, it counts as a broken connection.
#[derive(Debug)]
pub struct Exchange {
    id: u64,
    request: Request,
    user_agent: String,
    timeout: Duration,
    body_limit: usize,
    answered: AtomicBool,
    inbox: Arc<Inbox>,
}

impl Exchange {
    pub(super) fn new(
        request: Request,
        settings: &super::Settings,
        end: Instant,
        inbox: &Arc<Inbox>,
    ) -> Exchange {
        // Never used twice in the process, so that a late cancel cannot hit another exchange.
        static LAST: AtomicU64 = AtomicU64::new(0);
        Exchange {
            id: LAST.fetch_add(1, Ordering::Relaxed) + 1,
            request,
            user_agent: settings.net.user_agent.clone(),
            timeout: end.saturating_duration_since(Instant::now()),
            body_limit: settings.net.body_limit,
            answered: AtomicBool::new(false),
            inbox: Arc::clone(inbox),
        }
    }

    /// Its number; never 0.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// What to send.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The `User-Agent` to send.
    pub fn user_agent(&self) -> &str {
        &self.user_agent
    }

    /// How long the whole exchange may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Answers with a whole reply. An error if it was answered before.
    pub fn reply(&self, mut reply: RawReply<'static>) -> Result<(), Error> {
        reply.received_unix_s = SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|d| d.as_secs());
        if reply.body.len() > self.body_limit {
            let why =
                format!("the reply is larger than the body limit of {} bytes; raise it", self.body_limit);
            return self.answer(Err(Error::TooLarge(why)));
        }
        self.answer(Ok(reply))
    }

    /// Answers that there is no reply. An error if it was answered before.
    pub fn fail(&self, error: Error) -> Result<(), Error> {
        self.answer(Err(error))
    }

    /// Where the request goes, for messages.
    pub fn host(&self) -> String {
        let origin = self.request.url.origin();
        format!("{}:{}", origin.host, origin.port)
    }

    fn answer(&self, answer: Answer) -> Result<(), Error> {
        if self.answered.swap(true, Ordering::AcqRel) {
            return Err(Error::argument("exchange", "was answered before; this answer is dropped"));
        }
        self.inbox.put(self.id, answer);
        Ok(())
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if !self.answered.load(Ordering::Acquire) {
            let why = "the host's transport gave it up".to_owned();
            let _ = self.answer(Err(Error::Network { host: self.host(), phase: Phase::Receive, why }));
        }
    }
}

/// Where answers arrive.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    state: Mutex<Arrived>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Arrived {
    answers: VecDeque<(u64, Answer)>,
    poked: bool,
}

impl Inbox {
    fn state(&self) -> MutexGuard<'_, Arrived> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, id: u64, answer: Answer) {
        self.state().answers.push_back((id, answer));
        self.changed.notify_all();
    }

    /// Everything that has arrived.
    pub(super) fn take(&self) -> VecDeque<(u64, Answer)> {
        std::mem::take(&mut self.state().answers)
    }

    /// Ends a wait, or the next one.
    pub(super) fn poke(&self) {
        self.state().poked = true;
        self.changed.notify_all();
    }

    /// Waits for an answer or a poke, no longer than `time`.
    pub(super) fn wait(&self, time: Duration) {
        let state = self.state();
        let quiet = |state: &mut Arrived| state.answers.is_empty() && !state.poked;
        let (mut state, _) =
            self.changed.wait_timeout_while(state, time, quiet).unwrap_or_else(PoisonError::into_inner);
        state.poked = false;
    }
}

/// Asks the host and waits for its answer, on the caller's thread.
pub(super) fn exchange(
    transport: &HostTransport,
    request: &Request,
    settings: &super::Settings,
    watch: &Deadline,
) -> Answer {
    let inbox = Arc::new(Inbox::default());
    let asked = Exchange::new(request.clone(), settings, watch.end(), &inbox);
    let id = asked.id();
    transport.0.start(asked);
    loop {
        if let Some((_, answer)) = inbox.take().pop_front() {
            return answer;
        }
        match watch.slice(Phase::Receive) {
            Ok(slice) => inbox.wait(slice),
            Err(ended) => {
                transport.0.cancel(id);
                // An answer that came in this moment is complete, and wins.
                return inbox.take().pop_front().map_or(Err(ended), |(_, answer)| answer);
            }
        }
    }
}
