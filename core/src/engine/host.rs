//! Exchanges performed by the host's own HTTP: consoles, an engine's stack, tests. No thread and no socket of ours.
//!
//! The host is asked inside a call that it made, and may answer from any thread, at any time, once. An answer goes into
//! the inbox of whoever asked; nothing of the asker is kept alive or touched by a late one.

use super::readiness::Readiness;
use crate::error::{Error, Phase, Status};
use crate::net::Deadline;
use crate::wire::{RawReply, Request, clean};
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

/// Who performs the exchanges, as a setting.
#[derive(Clone)]
pub enum HostTransport {
    /// The host's functions, called with each exchange.
    Called(Arc<dyn Transport>),
    /// The host pulls them, from the client that wants them.
    Pulled(Arc<ExchangeQueue>),
}

impl HostTransport {
    /// The host pulls the exchanges; each client gets a queue of its own.
    pub fn pulled() -> HostTransport {
        HostTransport::Pulled(Arc::default())
    }

    pub(super) fn is_pulled(&self) -> bool {
        matches!(self, HostTransport::Pulled(_))
    }

    /// The transport of one client.
    pub(super) fn of_client(&self, readiness: &Arc<Readiness>) -> HostTransport {
        match self {
            HostTransport::Called(transport) => HostTransport::Called(Arc::clone(transport)),
            HostTransport::Pulled(_) => {
                let readiness = Some(Arc::clone(readiness));
                HostTransport::Pulled(Arc::new(ExchangeQueue { readiness, ..ExchangeQueue::default() }))
            }
        }
    }

    /// What the host pulls from, if it does.
    pub(super) fn queue(&self) -> Option<&Arc<ExchangeQueue>> {
        match self {
            HostTransport::Called(_) => None,
            HostTransport::Pulled(queue) => Some(queue),
        }
    }

    pub(super) fn start(&self, exchange: Exchange) {
        match self {
            HostTransport::Called(transport) => transport.start(exchange),
            HostTransport::Pulled(queue) => queue.push(exchange),
        }
    }

    /// Nobody waits for this exchange any more.
    pub(super) fn cancel(&self, awaited: &Awaited) {
        awaited.cancelled.store(true, Ordering::Release);
        match self {
            HostTransport::Called(transport) => transport.cancel(awaited.id),
            HostTransport::Pulled(queue) => queue.remove(awaited.id),
        }
    }
}

impl fmt::Debug for HostTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_pulled() { "HostTransport(pulled)" } else { "HostTransport(called)" })
    }
}

/// The exchanges of one client that the host has yet to pull.
#[derive(Debug, Default)]
pub struct ExchangeQueue {
    state: Mutex<Queued>,
    changed: Condvar,
    readiness: Option<Arc<Readiness>>,
}

#[derive(Debug, Default)]
struct Queued {
    exchanges: VecDeque<Exchange>,
    /// Ends the waits that began before.
    pokes: u64,
}

impl ExchangeQueue {
    fn state(&self) -> MutexGuard<'_, Queued> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, exchange: Exchange) {
        self.state().exchanges.push_back(exchange);
        self.changed.notify_all();
        if let Some(readiness) = &self.readiness {
            readiness.raise();
        }
    }

    /// Takes one back that was not pulled. Dropped outside the lock, since it then answers.
    fn remove(&self, id: u64) {
        let mut state = self.state();
        let at = state.exchanges.iter().position(|exchange| exchange.id == id);
        let removed = at.and_then(|at| state.exchanges.remove(at));
        drop(state);
        drop(removed);
    }

    pub(super) fn pop(&self) -> Option<Exchange> {
        self.state().exchanges.pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.state().exchanges.is_empty()
    }

    pub(super) fn pokes(&self) -> u64 {
        self.state().pokes
    }

    /// Ends the waits of this moment.
    pub(super) fn poke(&self) {
        self.state().pokes += 1;
        self.changed.notify_all();
    }

    /// Waits for an exchange, or a poke after the `seen` one, no longer than `time`.
    pub(super) fn wait(&self, seen: u64, time: Duration) {
        let quiet = |state: &mut Queued| state.exchanges.is_empty() && state.pokes == seen;
        let waited = self.changed.wait_timeout_while(self.state(), time, quiet);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

/// An answer: a reply, or why there is none.
pub(super) type Answer = Result<RawReply<'static>, Error>;

/// What an exchange brings; the number crosses the ABI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeKind {
    /// A poll: a small reply in JSON.
    Poll,
    /// An image.
    Image,
}

/// What whoever waits for an exchange keeps of it.
#[derive(Debug, Clone)]
pub(super) struct Awaited {
    pub(super) id: u64,
    cancelled: Arc<AtomicBool>,
}

/// One request for the host to send. Dropped without an answer, it counts as a broken connection.
#[derive(Debug)]
pub struct Exchange {
    id: u64,
    cancelled: Arc<AtomicBool>,
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
            cancelled: Arc::default(),
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

    pub(super) fn awaited(&self) -> Awaited {
        Awaited { id: self.id, cancelled: Arc::clone(&self.cancelled) }
    }

    /// What it brings. Images are not asked for this way yet.
    pub fn kind(&self) -> ExchangeKind {
        ExchangeKind::Poll
    }

    /// Whether nobody waits for it any more.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    /// The largest body that is taken, in bytes.
    pub fn body_limit(&self) -> u64 {
        self.body_limit as u64
    }

    /// How many bytes of the body are there, of how many. Told of images, to whoever asked for them.
    pub fn progress(&self, _done: u64, _total: Option<u64>) {}

    /// Takes the next bytes of an image whose reply came without them; none ends it.
    pub fn write(&self, _bytes: &[u8]) -> Result<(), Error> {
        if self.answered.load(Ordering::Acquire) {
            return Err(Error::Closed);
        }
        Err(Error::argument("exchange", "brings no image: pass its whole body to the reply"))
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

    /// As [`Exchange::reply`], with the reply's header lines as they came: `Name: value`, separated by line ends.
    pub fn reply_with_headers(&self, http_status: u16, headers: &str, body: Vec<u8>) -> Result<(), Error> {
        let header = |wanted: &str| {
            let fields = headers.lines().filter_map(|line| line.split_once(':'));
            let mut values = fields.filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
            values.next().map(|(_, value)| value.trim().to_owned())
        };
        self.reply(RawReply {
            http_status,
            content_type: header("content-type"),
            retry_after: header("retry-after"),
            date: header("date"),
            location: header("location"),
            body: body.into(),
            received_unix_s: None,
        })
    }

    /// Answers with a whole reply. [`Error::Closed`] if it was answered before.
    pub fn reply(&self, mut reply: RawReply<'static>) -> Result<(), Error> {
        reply.received_unix_s = SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|d| d.as_secs());
        if reply.body.len() > self.body_limit {
            let why =
                format!("the reply is larger than the body limit of {} bytes; raise it", self.body_limit);
            return self.answer(Err(Error::TooLarge(why)));
        }
        self.answer(Ok(reply))
    }

    /// As [`Exchange::fail`], with a status for the error; one that stands for no failure of an exchange is a broken
    /// connection.
    pub fn fail_with_status(&self, status: Option<Status>, why: &str) -> Result<(), Error> {
        let (host, why) = (self.host(), clean(why, None));
        self.fail(match status {
            Some(Status::Resolve) => Error::Resolve { host, why },
            Some(Status::Connect) => Error::Connect { host, why },
            Some(Status::Tls) => Error::Tls { host, why },
            Some(Status::Timeout) => {
                Error::Timeout { phase: Phase::Receive, which: "request", after: self.timeout }
            }
            Some(Status::Redirect) => Error::Redirect(why),
            Some(Status::TooLarge) => Error::TooLarge(why),
            Some(Status::Proxy) => Error::Proxy(why),
            Some(Status::NoResources) => Error::NoResources { what: "resources" },
            _ => Error::Network { host, phase: Phase::Receive, why },
        })
    }

    /// Answers that there is no reply. [`Error::Closed`] if it was answered before.
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
            return Err(Error::Closed);
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
    /// Those of a client's jobs; a blocking call is waited for by its own thread.
    readiness: Option<Arc<Readiness>>,
    queue: Option<Arc<ExchangeQueue>>,
}

#[derive(Debug, Default)]
struct Arrived {
    answers: VecDeque<(u64, Answer)>,
    /// Ends the waits that began before.
    pokes: u64,
}

impl Inbox {
    /// One that tells an event loop, and who waits for an exchange to pull: an answer may lead to the next.
    pub(super) fn of_jobs(readiness: &Arc<Readiness>, transport: &HostTransport) -> Inbox {
        let readiness = Some(Arc::clone(readiness));
        Inbox { readiness, queue: transport.queue().cloned(), ..Inbox::default() }
    }

    fn state(&self) -> MutexGuard<'_, Arrived> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, id: u64, answer: Answer) {
        self.state().answers.push_back((id, answer));
        self.changed.notify_all();
        if let Some(queue) = &self.queue {
            queue.poke();
        }
        if let Some(readiness) = &self.readiness {
            readiness.raise();
        }
    }

    /// Everything that has arrived.
    pub(super) fn take(&self) -> VecDeque<(u64, Answer)> {
        std::mem::take(&mut self.state().answers)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.state().answers.is_empty()
    }

    pub(super) fn pokes(&self) -> u64 {
        self.state().pokes
    }

    /// Ends the waits of this moment: something changed that they must look at.
    pub(super) fn poke(&self) {
        self.state().pokes += 1;
        self.changed.notify_all();
        if let Some(queue) = &self.queue {
            queue.poke();
        }
    }

    /// Waits for an answer, or a poke after the `seen` one, no longer than `time`.
    pub(super) fn wait(&self, seen: u64, time: Duration) {
        let quiet = |state: &mut Arrived| state.answers.is_empty() && state.pokes == seen;
        let waited = self.changed.wait_timeout_while(self.state(), time, quiet);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

/// Asks the host and waits for its answer, on the caller's thread.
pub(super) fn exchange(
    transport: &HostTransport,
    request: &Request,
    settings: &super::Settings,
    deadline: &Deadline,
) -> Answer {
    let inbox = Arc::new(Inbox::default());
    let asked = Exchange::new(request.clone(), settings, deadline.end(), &inbox);
    let awaited = asked.awaited();
    transport.start(asked);
    loop {
        if let Some((_, answer)) = inbox.take().pop_front() {
            return answer;
        }
        match deadline.slice(Phase::Receive) {
            Ok(slice) => inbox.wait(0, slice),
            Err(ended) => {
                transport.cancel(&awaited);
                // An answer that came in this moment is complete, and wins.
                return inbox.take().pop_front().map_or(Err(ended), |(_, answer)| answer);
            }
        }
    }
}
