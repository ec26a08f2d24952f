//! One request for the host to send, and its answer: whole, or an image in pieces.

use super::answer::{Asker, Awaited, HostAnswer};
use super::images::ImageFetch;
use super::progress_throttle::ProgressThrottle;
use crate::error::{Error, Phase, Status};
use crate::net::{CancelToken, Head, NetSettings, unix_seconds};
use crate::wire::{RawReply, Request, Secret, Url, clean, header_retry_after_ms};
use std::mem::replace;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// What an exchange brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeKind {
    /// A poll: a small reply in JSON.
    Poll,
    /// An image.
    Image,
}

/// One request for the host to send. Dropped without an answer, it counts as a broken connection.
#[derive(Debug)]
pub struct Exchange {
    id: u64,
    cancelled: Arc<AtomicBool>,
    /// The token of the blocking call that waits for it, if one does.
    call: Option<CancelToken>,
    kind: ExchangeKind,
    url: Url,
    headers: Vec<(&'static str, String)>,
    body: Secret,
    timeout: Duration,
    body_limit: u64,
    progress: Mutex<ProgressThrottle>,
    state: Mutex<Taken>,
    asker: Weak<dyn Asker>,
}

/// How far an answer has come.
#[derive(Debug)]
enum Taken {
    /// Nothing of a poll's.
    Nothing,
    /// Nothing of an image's.
    NoImage(Box<ImageFetch>),
    /// An image's head, and the bytes so far.
    Head(Box<ImageFetch>, Head),
    All,
}

impl Exchange {
    /// A poll.
    pub(super) fn poll(
        request: &Request,
        settings: &NetSettings,
        end: Instant,
        asker: Weak<dyn Asker>,
    ) -> Exchange {
        let fixed = request.headers.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let agent = ("User-Agent", settings.user_agent.clone());
        let mut exchange = Exchange::new(ExchangeKind::Poll, request.url.clone(), end, Taken::Nothing, asker);
        exchange.headers = fixed.chain([agent]).collect();
        exchange.body = request.body.clone();
        exchange.body_limit = settings.body_limit as u64;
        exchange
    }

    /// An image: its request has neither the key nor a header of the client.
    pub(super) fn image(fetch: Box<ImageFetch>, most: u64, end: Instant, asker: Weak<dyn Asker>) -> Exchange {
        let url = fetch.url().clone();
        let headers = match fetch.resume() {
            None => Vec::new(),
            Some((from, etag)) => vec![("Range", format!("bytes={from}-")), ("If-Range", etag.to_owned())],
        };
        let taken = Taken::NoImage(fetch);
        let mut exchange = Exchange::new(ExchangeKind::Image, url, end, taken, asker);
        (exchange.headers, exchange.body_limit) = (headers, most);
        exchange
    }

    fn new(kind: ExchangeKind, url: Url, end: Instant, taken: Taken, asker: Weak<dyn Asker>) -> Exchange {
        // Never used twice in the process, so that a late cancel cannot hit another exchange.
        static LAST: AtomicU64 = AtomicU64::new(0);
        Exchange {
            id: LAST.fetch_add(1, Ordering::Relaxed) + 1,
            cancelled: Arc::default(),
            call: None,
            kind,
            url,
            headers: Vec::new(),
            body: Secret::default(),
            timeout: end.saturating_duration_since(Instant::now()),
            body_limit: 0,
            progress: Mutex::default(),
            state: Mutex::new(taken),
            asker,
        }
    }

    /// Its number; never 0.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The same, for a call that waits for it until this token is triggered.
    pub(super) fn of_call(mut self, token: &CancelToken) -> Exchange {
        self.call = Some(token.clone());
        self
    }

    pub(super) fn awaited(&self) -> Awaited {
        Awaited { id: self.id, cancelled: Arc::clone(&self.cancelled) }
    }

    /// What it brings.
    pub fn kind(&self) -> ExchangeKind {
        self.kind
    }

    /// Whether nobody waits for it any more.
    pub fn is_cancelled(&self) -> bool {
        // A call that was ended inside the host's own function has not come to say so yet.
        self.cancelled.load(Ordering::Acquire) || self.call.as_ref().is_some_and(CancelToken::is_triggered)
    }

    /// Where to send it.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The headers to send, by name and value.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// The body to send. A poll's holds the key; an image's is empty.
    pub fn body(&self) -> &[u8] {
        &self.body.0
    }

    /// The largest body that is taken, in bytes.
    pub fn body_limit(&self) -> u64 {
        self.body_limit
    }

    /// How long the whole exchange may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// How many bytes of an image are there, of how many. Told as often as the host likes; heard twenty times a second.
    pub fn progress(&self, done: u64, total: Option<u64>) {
        let is_heard =
            || self.progress.lock().unwrap_or_else(PoisonError::into_inner).lets_through(done, total);
        if is_heard()
            && let Some(asker) = self.asker.upgrade()
        {
            asker.progress(self.id, done, total);
        }
    }

    /// Answers with a reply: its header lines as they came (`Name: value`, separated by line ends), and its body. For an
    /// image the body may follow in pieces instead ([`Exchange::write`]).
    pub fn reply_with_headers(
        &self,
        http_status: u16,
        headers: &str,
        body: Option<Vec<u8>>,
    ) -> Result<(), Error> {
        let header = |wanted: &str| {
            let fields = headers.lines().filter_map(|line| line.split_once(':'));
            let mut values = fields.filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
            values.next().map(|(_, value)| value.trim().to_owned())
        };
        let (retry_after, date) = (header("retry-after"), header("date"));
        if self.kind == ExchangeKind::Poll {
            let (content_type, location) = (header("content-type"), header("location"));
            let body = body.unwrap_or_default().into();
            return self.reply(RawReply {
                http_status,
                content_type,
                retry_after,
                date,
                location,
                body,
                received_unix_s: None,
            });
        }
        let length = header("content-length").and_then(|length| length.parse().ok());
        let retry_after =
            retry_after.and_then(|value| header_retry_after_ms(&value, date.as_deref(), unix_seconds()));
        let head = Head {
            status: http_status,
            length: length.or(body.as_ref().map(|body| body.len() as u64)),
            framed: true,
            etag: header("etag"),
            content_range: header("content-range"),
            content_encoding: header("content-encoding"),
            location: header("location"),
            retry_after: retry_after.map(Duration::from_millis),
        };
        self.take_head(head)?;
        match body {
            Some(body) => {
                self.write_whole(&body);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The head of an image's reply; its bytes follow, unless they are of no use.
    fn take_head(&self, head: Head) -> Result<(), Error> {
        let mut state = self.taken();
        // It stays in its place meanwhile: a panic in here leaves an exchange that is told as given up.
        let Taken::NoImage(fetch) = &mut *state else { return Err(Error::Closed) };
        let wanted = fetch.head(&head);
        let Taken::NoImage(fetch) = replace(&mut *state, Taken::All) else { return Err(Error::Closed) };
        if matches!(wanted, Ok(true)) {
            *state = Taken::Head(fetch, head);
            return Ok(());
        }
        drop(state);
        self.tell(HostAnswer::Image(fetch, wanted.map(|_| head)));
        Ok(())
    }

    /// A body that came with its head. One that is refused ends the exchange.
    fn write_whole(&self, body: &[u8]) {
        let taken = if body.is_empty() { Ok(()) } else { self.write(body) };
        let _ = taken.and_then(|()| self.write(&[]));
    }

    /// Takes the next bytes of an image whose reply came without them; none ends it.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Error> {
        let mut state = self.taken();
        // As in take_head.
        let Taken::Head(fetch, _) = &mut *state else {
            return Err(match *state {
                Taken::All => Error::Closed,
                _ => Error::argument("exchange", "has no reply yet: answer first, with a NULL body"),
            });
        };
        let taken = if bytes.is_empty() { Ok(()) } else { fetch.bytes(bytes) };
        if taken.is_ok() && !bytes.is_empty() {
            let (done, total) = fetch.progress();
            drop(state);
            self.progress(done, total);
            return Ok(());
        }
        let Taken::Head(fetch, head) = replace(&mut *state, Taken::All) else { return Err(Error::Closed) };
        drop(state);
        self.tell(HostAnswer::Image(fetch, taken.clone().map(|()| head)));
        // Where the image has failed there is no use in reading on.
        taken
    }

    /// Answers with a whole reply. [`Error::Closed`] if it was answered before.
    pub fn reply(&self, mut reply: RawReply<'static>) -> Result<(), Error> {
        if self.kind == ExchangeKind::Image {
            let head = Head {
                status: reply.http_status,
                length: Some(reply.body.len() as u64),
                framed: true,
                location: reply.location,
                ..Head::default()
            };
            self.take_head(head)?;
            self.write_whole(&reply.body);
            return Ok(());
        }
        reply.received_unix_s = unix_seconds();
        if reply.body.len() as u64 > self.body_limit {
            return self.answer_poll(Err(Error::over_body_limit("the reply", self.body_limit)));
        }
        self.answer_poll(Ok(reply))
    }

    /// As [`Exchange::fail`], with a status for the error and the host's words for it; one that stands for no failure of an
    /// exchange is a broken connection.
    pub fn fail_with_status(&self, status: Option<Status>, reason: Option<&str>) -> Result<(), Error> {
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        let reason_or =
            |instead: &str| reason.map_or_else(|| instead.to_owned(), |reason| clean(reason, None));
        let (host, reason) = (self.host(), reason_or("the host gave no reason"));
        self.fail(match (status, self.kind) {
            (Some(Status::Resolve), _) => Error::Resolve { host, reason },
            (Some(Status::Connect), _) => Error::Connect { host, reason },
            (Some(Status::Tls), _) => Error::Tls { host, reason },
            (Some(Status::Proxy), _) => Error::Proxy(reason_or("the proxy cannot be used")),
            (Some(kind @ Status::Timeout), what) => {
                let more = match what {
                    ExchangeKind::Poll => "raise the request timeout",
                    ExchangeKind::Image => "allow more time",
                };
                let text = format!("no answer from {host} in time: {reason}; try again, or {more}");
                Error::Transport { kind, text }
            }
            (Some(kind @ Status::NoResources), _) => {
                let text = format!(
                    "no means for the exchange with {host}: {reason}; free threads, descriptors or memory, then try again"
                );
                Error::Transport { kind, text }
            }
            (Some(Status::TooLarge), _) => Error::TooLarge(format!(
                "{}; at most {} bytes are taken, raise the limit if this size is expected",
                reason_or("the reply is too large"),
                self.body_limit
            )),
            (Some(Status::Redirect), ExchangeKind::Poll) => {
                Error::Redirect(reason_or("the server redirects to elsewhere"))
            }
            (Some(kind @ Status::Redirect), ExchangeKind::Image) => {
                let text = reason_or("the image's server redirects, which the transport cannot tell of");
                Error::Refused { kind, text }
            }
            _ => Error::Network { host, phase: Phase::Receive, reason },
        })
    }

    /// Answers that there is no reply. [`Error::Closed`] if it was answered before.
    pub fn fail(&self, error: Error) -> Result<(), Error> {
        if self.kind == ExchangeKind::Poll {
            return self.answer_poll(Err(error));
        }
        let fetch = match replace(&mut *self.taken(), Taken::All) {
            Taken::NoImage(fetch) | Taken::Head(fetch, _) => fetch,
            Taken::Nothing | Taken::All => return Err(Error::Closed),
        };
        self.tell(HostAnswer::Image(fetch, Err(error)));
        Ok(())
    }

    /// Where the request goes, for messages.
    pub fn host(&self) -> String {
        self.url.origin().host_and_port()
    }

    fn answer_poll(&self, answer: Result<RawReply<'static>, Error>) -> Result<(), Error> {
        match replace(&mut *self.taken(), Taken::All) {
            Taken::All => Err(Error::Closed),
            _ => {
                self.tell(HostAnswer::Poll(answer));
                Ok(())
            }
        }
    }

    fn tell(&self, answer: HostAnswer) {
        if let Some(asker) = self.asker.upgrade() {
            asker.answered(self.id, answer);
        }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let reason = "the host's transport gave it up".to_owned();
        let _ = self.fail(Error::Network { host: self.host(), phase: Phase::Receive, reason });
    }
}
