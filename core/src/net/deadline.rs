//! What a call is bounded by, and where it stands: shared by every part that can block.

use super::cancel_token::CancelToken;
use crate::download::Reach;
use crate::error::{Error, Phase};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long one blocking system call may wait before the deadline and the token are polled again.
///
/// A fifth of the 250 ms within which a cancel must be seen; the cost is 20 wake-ups a second, and only while a
/// call waits for the network.
pub(super) const SLICE: Duration = Duration::from_millis(50);

/// Bytes of a reply that are not its body: the head, interim ones before it, and what is read ahead.
const FRAMING: u64 = 128 * 1024;

/// The same, further for each byte of the body: ureq takes chunk size lines of up to 20 bytes.
const FRAMING_A_BYTE: u64 = 32;

/// The time bounds of one exchange.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For lookup, TCP, proxy and TLS together, each time a connection is made.
    pub connect: Duration,
    /// For the whole call.
    pub request: Duration,
}

/// One call's bounds: its timeouts, counted from its start, and its token.
#[derive(Debug, Clone)]
pub struct Deadline {
    limits: Timeouts,
    token: CancelToken,
    end: Instant,
    /// How long may pass without a byte. None: the end alone counts.
    stall: Option<Duration>,
    /// Where connections may lead. None: wherever the endpoint is.
    reach: Option<Reach>,
}

impl Deadline {
    /// Starts the clock of a call.
    pub fn start(limits: Timeouts, token: &CancelToken) -> Deadline {
        Deadline {
            limits,
            token: token.clone(),
            end: Instant::now() + limits.request,
            stall: None,
            reach: None,
        }
    }

    /// The bounds of a call that ends at `end` at the latest.
    pub fn until(limits: Timeouts, token: &CancelToken, end: Instant) -> Deadline {
        // A retry, or a poll shortly before a deadline, has less time than was set; an error says how much it was.
        let left = end.saturating_duration_since(Instant::now()).as_nanos().div_ceil(1_000_000);
        let left = Duration::from_millis(u64::try_from(left).unwrap_or(u64::MAX));
        let limits = Timeouts { request: limits.request.min(left), ..limits };
        Deadline { limits, token: token.clone(), end, stall: None, reach: None }
    }

    /// The bounds of a download: the request timeout bounds silence, and not the whole; addresses are judged.
    pub fn of_download(limits: Timeouts, token: &CancelToken, end: Instant, reach: Reach) -> Deadline {
        Deadline { stall: Some(limits.request), reach: Some(reach), ..Deadline::until(limits, token, end) }
    }

    /// When the call ends at the latest.
    pub fn end(&self) -> Instant {
        self.end
    }

    /// How long to wait, in `phase`, before this is asked again; the error once the call must end.
    pub fn slice(&self, phase: Phase) -> Result<Duration, Error> {
        if self.token.is_triggered() {
            return Err(Error::Cancelled);
        }
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Error::Timeout { phase, which: "request", after: self.limits.request });
        }
        Ok(left.min(SLICE))
    }
}

/// The state that a lane's parts share while a call runs.
#[derive(Debug)]
pub(super) struct Transfer(Mutex<State>);

#[derive(Debug)]
struct State {
    watch: Deadline,
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

impl Transfer {
    pub(super) fn new() -> Arc<Transfer> {
        let idle = Timeouts { connect: Duration::ZERO, request: Duration::ZERO };
        Arc::new(Transfer(Mutex::new(State::of(Deadline::start(idle, &CancelToken::new())))))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves the state readable; the lane is thrown away after one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new call begins.
    pub(super) fn begin(&self, watch: Deadline) {
        *self.state() = State::of(watch);
    }

    /// A connection is being made: its own timeout starts, unless it runs already (a proxy's connection is part of it).
    pub(super) fn begin_connect(&self) {
        let mut state = self.state();
        state.dialled = true;
        if state.connect_end.is_none() {
            state.connect_end = Some(Instant::now() + state.watch.limits.connect);
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
    pub(super) fn objection(&self, address: IpAddr) -> Option<&'static str> {
        self.state().watch.reach.and_then(|reach| reach.objection(address))
    }

    pub(super) fn enter(&self, phase: Phase) {
        self.state().phase = phase;
    }

    pub(super) fn phase(&self) -> Phase {
        self.state().phase
    }

    /// How long the next system call may wait; the error once the call must end.
    pub(super) fn slice(&self) -> Result<Duration, Error> {
        let state = self.state();
        let mut left = state.watch.slice(state.phase)?;
        if let Some(end) = state.connect_end {
            left = left.min(end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                let after = state.watch.limits.connect;
                return Err(Error::Timeout { phase: state.phase, which: "connect", after });
            }
        } else if let Some(stall) = state.watch.stall {
            left = left.min((state.moved + stall).saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return Err(Error::Timeout { phase: state.phase, which: "request", after: stall });
            }
        }
        Ok(left)
    }

    /// Keeps the exact error while ureq carries a stand-in for it; the first one is the cause.
    pub(super) fn fail(&self, error: Error) -> ureq::Error {
        self.state().fault.get_or_insert(error);
        // A kind that ureq passes on; a reset would poll to it like the end of a body without a length.
        ureq::Error::Io(std::io::Error::other("see the lane's fault"))
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
                "the reply's framing is larger than any answer of this service".into(),
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

impl State {
    fn of(watch: Deadline) -> State {
        State {
            watch,
            connect_end: None,
            moved: Instant::now(),
            phase: Phase::Send,
            fault: None,
            received: 0,
            body: 0,
            dialled: false,
        }
    }
}
