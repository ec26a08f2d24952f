//! Where a call stands, shared by every part of a connection that can block.

use super::cancel_token::{CancelToken, Interrupt};
use super::deadline::{Deadline, Timeouts};
use crate::error::{Error, Phase};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// Bytes of a reply that are not its body: the head, interim ones before it, and what is read ahead.
const FRAMING: u64 = 128 * 1024;

/// The same, further for each byte of the body: ureq takes chunk size lines of up to 20 bytes.
const FRAMING_A_BYTE: u64 = 32;

/// The state that a connection's parts share while a call runs.
#[derive(Debug)]
pub(super) struct Transfer(Mutex<State>);

#[derive(Debug)]
struct State {
    deadline: Deadline,
    /// Whether a call runs. Between calls a trigger of the last one's token must not touch the connection.
    running: bool,
    /// What the call may be blocked in, now or later: the sockets of the connection, a lookup.
    blocked_in: Vec<Weak<dyn Interrupt>>,
    connect_end: Option<Instant>,
    /// When the last byte came, or the wait for it began.
    moved: Instant,
    phase: Phase,
    fault: Option<Error>,
    /// Bytes of the reply, after TLS.
    received: u64,
    /// Those of them that are its body.
    body: u64,
    dialled: bool,
}

/// A call under way. It is over when this is dropped; from then on no trigger touches the connection.
#[derive(Debug)]
pub(super) struct RunningCall(Arc<Transfer>);

impl Transfer {
    pub(super) fn new() -> Arc<Transfer> {
        let none = Timeouts { connect: Duration::ZERO, request: Duration::ZERO };
        Arc::new(Transfer(Mutex::new(State {
            deadline: Deadline::start(none, &CancelToken::new()),
            running: false,
            blocked_in: Vec::new(),
            connect_end: None,
            moved: Instant::now(),
            phase: Phase::Send,
            fault: None,
            received: 0,
            body: 0,
            dialled: false,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves the state readable; the connection is thrown away after one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new call begins; the error if it must end already.
    pub(super) fn begin(self: &Arc<Self>, deadline: &Deadline) -> Result<RunningCall, Error> {
        let mut state = self.state();
        state.deadline = deadline.clone();
        state.running = true;
        state.connect_end = None;
        state.moved = Instant::now();
        state.phase = Phase::Send;
        state.fault = None;
        (state.received, state.body) = (0, 0);
        state.dialled = false;
        drop(state);
        deadline.token.add_watcher(Arc::downgrade(self) as Weak<dyn Interrupt>);
        let call = RunningCall(Arc::clone(self));
        self.time_left()?;
        Ok(call)
    }

    /// From now on a trigger also interrupts this. Whoever calls it asks for [`Transfer::time_left`] before it blocks.
    pub(super) fn blocks_in(&self, what: Weak<dyn Interrupt>) {
        let mut state = self.state();
        state.blocked_in.retain(|other| other.strong_count() > 0);
        state.blocked_in.push(what);
    }

    /// A connection is being made: its own timeout starts, unless it runs already (a proxy's connection is part of it).
    pub(super) fn begin_connect(&self) {
        let mut state = self.state();
        state.dialled = true;
        if state.connect_end.is_none() {
            state.connect_end = Some(Instant::now() + state.deadline.timeouts.connect);
        }
    }

    /// The connection stands; from here on only the whole call is timed.
    pub(super) fn connected(&self) {
        let mut state = self.state();
        state.connect_end = None;
        state.moved = Instant::now();
        state.phase = Phase::Send;
    }

    /// Why a connection to this address may not be made; nothing if it may.
    pub(super) fn forbidden_reason(&self, address: IpAddr) -> Option<&'static str> {
        let filter = self.state().deadline.filter.clone();
        filter.and_then(|filter| filter.forbidden_reason(address))
    }

    pub(super) fn enter(&self, phase: Phase) {
        self.state().phase = phase;
    }

    pub(super) fn phase(&self) -> Phase {
        self.state().phase
    }

    /// How long the next wait may last; the error once the call must end.
    pub(super) fn time_left(&self) -> Result<Duration, Error> {
        let state = self.state();
        let mut left = state.deadline.time_left(state.phase)?;
        if let Some(end) = state.connect_end {
            left = left.min(end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                let after = state.deadline.timeouts.connect;
                return Err(Error::Timeout { phase: state.phase, which: "connect timeout", after });
            }
        } else if let Some(stall) = state.deadline.stall {
            left = left.min((state.moved + stall).saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return Err(Error::Timeout { phase: state.phase, which: "request timeout", after: stall });
            }
        }
        Ok(left)
    }

    /// Whether the call was cancelled: then its connection breaks because it was shut down here.
    pub(super) fn is_cancelled(&self) -> bool {
        self.state().deadline.token.is_triggered()
    }

    /// The token of the call, for a wait that holds a lock which a trigger takes too.
    pub(super) fn token(&self) -> CancelToken {
        self.state().deadline.token.clone()
    }

    /// Whether the host is of the server's choosing, and not of the settings'.
    pub(super) fn leads_where_the_server_says(&self) -> bool {
        let state = self.state();
        state.deadline.filter.is_some() && state.phase != Phase::Proxy
    }

    /// Keeps the exact error while ureq carries a stand-in for it; the first one is the cause.
    pub(super) fn fail(&self, error: Error) -> ureq::Error {
        self.state().fault.get_or_insert(error);
        // A kind that ureq passes on; a reset would look to it like the end of a body without a length.
        ureq::Error::Io(std::io::Error::other("see the transfer's fault"))
    }

    pub(super) fn take_fault(&self) -> Option<Error> {
        self.state().fault.take()
    }

    /// The request is out, all of it or as much as the server lets out.
    pub(super) fn await_reply(&self) {
        self.enter(Phase::Receive);
    }

    /// Bytes of the reply came; the error if they are more than its head and body can need.
    pub(super) fn count_received(&self, bytes: usize) -> Result<(), Error> {
        let mut state = self.state();
        state.received += bytes as u64;
        state.moved = Instant::now();
        if state.received > FRAMING + FRAMING_A_BYTE * state.body {
            return Err(Error::TooLarge(
                "what is around the reply's body (heads, chunk sizes, trailers) is larger than any server needs, and \
                 there is no setting for it; check the address and any proxy between"
                    .into(),
            ));
        }
        Ok(())
    }

    /// Bytes of the body were handed on. Whoever took them may have taken its time, which is not the server's.
    pub(super) fn count_body(&self, bytes: usize) {
        let mut state = self.state();
        state.body += bytes as u64;
        state.moved = Instant::now();
    }

    /// Whether a byte of this call's reply came.
    pub(super) fn has_received(&self) -> bool {
        self.state().received > 0
    }

    /// Whether the call used a kept connection and got nothing from it: the server had closed it meanwhile.
    pub(super) fn found_dead_connection(&self) -> bool {
        let state = self.state();
        !state.dialled && state.received == 0
    }
}

/// The trigger of the call's token.
impl Interrupt for Transfer {
    fn interrupt(&self) {
        // Under the lock: the call cannot end meanwhile, and a socket that only this holds on to is closed before it does.
        let state = self.state();
        // A trigger tells whoever was there when it came, and that call may be over, and another one running.
        if state.running && state.deadline.token.is_triggered() {
            state.blocked_in.iter().filter_map(Weak::upgrade).for_each(|what| what.interrupt());
        }
    }
}

impl Drop for RunningCall {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.running = false;
        let token = state.deadline.token.clone();
        drop(state);
        token.remove_watcher(&*self.0);
    }
}
