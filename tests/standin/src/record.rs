//! What a server saw: counts, and the requests themselves, so that a test can say "the connection was reused" or
//! "not one byte was sent".
//!
//! Knows nothing of replies.

use crate::accept::lock;
use crate::http::Request;
use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Requests kept with all they held; older ones are forgotten, but stay counted. A soak test sends millions.
const KEPT: usize = 10_000;

/// How often things happened at one server since its start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// TCP connections accepted.
    pub connections: u64,
    /// TLS handshakes that came to their end.
    pub handshakes: u64,
    /// Of these, how many took up an earlier session.
    pub resumed: u64,
    /// TLS handshakes that failed, by the client's will or by its silence.
    pub failed_handshakes: u64,
    /// Whole requests read.
    pub requests: u64,
    /// Bytes of requests read, after TLS.
    pub bytes: u64,
    /// Replies that went wrong by chance (`Options::fail_rate`).
    pub chance_faults: u64,
}

#[derive(Default)]
pub(crate) struct Record {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    counts: Counts,
    by_path: HashMap<String, u64>,
    requests: VecDeque<Request>,
}

impl Record {
    pub(crate) fn counts(&self) -> Counts {
        lock(&self.state).counts
    }

    /// Changes the counts and gives them back as they are then.
    pub(crate) fn count(&self, change: impl FnOnce(&mut Counts)) -> Counts {
        let mut state = lock(&self.state);
        change(&mut state.counts);
        self.changed.notify_all();
        state.counts
    }

    /// Keeps a request; its number, from 1.
    pub(crate) fn request(&self, request: Request) -> u64 {
        let mut state = lock(&self.state);
        state.counts.requests += 1;
        *state.by_path.entry(request.path.clone()).or_default() += 1;
        if state.requests.len() == KEPT {
            state.requests.pop_front();
        }
        state.requests.push_back(request);
        self.changed.notify_all();
        state.counts.requests
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        lock(&self.state).requests.iter().cloned().collect()
    }

    pub(crate) fn requests_to(&self, path: &str) -> u64 {
        lock(&self.state).by_path.get(path).copied().unwrap_or(0)
    }

    /// Waits until the counts please the caller; false when they do not in time.
    pub(crate) fn wait_until(&self, pleased: impl Fn(&Counts) -> bool, within: Duration) -> bool {
        let started = Instant::now();
        let mut state = lock(&self.state);
        while !pleased(&state.counts) {
            let Some(left) = within.checked_sub(started.elapsed()) else { return false };
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}
