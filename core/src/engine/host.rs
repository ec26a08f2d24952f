//! Exchanges performed by the host's own HTTP: consoles, an engine's stack, tests. No connection of ours.
//!
//! The host is asked inside a call that it made, or pulls, and may answer from any thread, at any time, once. An answer goes
//! to whoever asked; nothing of the asker is kept alive or touched by a late one.

use super::answer::{Asker, Awaited, HostAnswer};
use super::exchange::Exchange;
use super::parker::Parker;
use crate::error::{Error, Phase};
use crate::net::{CancelToken, Deadline, NetSettings};
use crate::wire::{RawReply, Request};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

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
    Pulled,
}

/// The host's functions for as long as one client may call them: freeing it inside one of them leaves calls behind that
/// have more to tell.
struct Revocable {
    functions: Arc<dyn Transport>,
    revoked: Arc<AtomicBool>,
}

impl Transport for Revocable {
    fn start(&self, exchange: Exchange) {
        // Else it is dropped, as one that the host gave up.
        if !self.revoked.load(Ordering::Acquire) {
            self.functions.start(exchange);
        }
    }

    fn cancel(&self, id: u64) {
        if !self.revoked.load(Ordering::Acquire) {
            self.functions.cancel(id);
        }
    }
}

impl HostTransport {
    /// The same for one client, which calls no function any more once `revoked` is set.
    pub(super) fn revocable(&self, revoked: &Arc<AtomicBool>) -> HostTransport {
        match self {
            HostTransport::Called(functions) => HostTransport::Called(Arc::new(Revocable {
                functions: Arc::clone(functions),
                revoked: Arc::clone(revoked),
            })),
            HostTransport::Pulled => HostTransport::Pulled,
        }
    }

    pub(super) fn is_pulled(&self) -> bool {
        matches!(self, HostTransport::Pulled)
    }

    /// Nobody waits for this exchange any more.
    pub(super) fn cancel(&self, awaited: &Awaited) {
        awaited.cancelled.store(true, Ordering::Release);
        if let HostTransport::Called(transport) = self {
            transport.cancel(awaited.id);
        }
    }
}

impl fmt::Debug for HostTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_pulled() { "HostTransport(pulled)" } else { "HostTransport(called)" })
    }
}

/// Where the answer to a call's own exchange arrives.
#[derive(Debug)]
struct Inbox {
    answer: Mutex<Option<HostAnswer>>,
    parker: Arc<Parker>,
}

impl Asker for Inbox {
    fn answered(&self, _: u64, answer: HostAnswer) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        self.parker.wake();
    }

    // Nothing is told of a call's poll while it is made.
    fn progress(&self, _: u64, _: u64, _: Option<u64>) {}
}

/// Asks the host and waits for its answer, on the caller's thread.
pub(super) fn exchange(
    transport: &HostTransport,
    start: impl FnOnce(Exchange),
    request: &Request,
    settings: &NetSettings,
    (deadline, token): (&Deadline, &CancelToken),
) -> Result<RawReply<'static>, Error> {
    let parker = Parker::of(token);
    let inbox = Arc::new(Inbox { answer: Mutex::new(None), parker: Arc::clone(&parker) });
    let asker = Arc::downgrade(&inbox) as Weak<dyn Asker>;
    let exchange = Exchange::poll(request, settings, deadline.end(), asker).of_call(token);
    let awaited = exchange.awaited();
    let take = || match inbox.answer.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(HostAnswer::Poll(answer)) => Some(answer),
        _ => None,
    };
    start(exchange);
    loop {
        if let Some(answer) = take() {
            return answer;
        }
        match deadline.time_left(Phase::Receive) {
            Ok(left) => parker.park(left),
            Err(ended) => {
                transport.cancel(&awaited);
                // An answer that came in this moment is complete, and wins.
                return take().unwrap_or(Err(ended));
            }
        }
    }
}
