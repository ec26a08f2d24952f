//! Where to poll when the server has said an eta, which may come early or late.
//!
//! The polls are spread over a window around the eta, counted from when it was said, and one of them falls just after
//! it. Over the window the gap is a ninth of the eta, within bounds that keep the images from lying ready for long.
//! Before the window, polls are as far apart as the plan allows: an eta may be wrong by far. Once etas have proved right
//! ([`super::eta_accuracy`]) the polls before them are spared.
//!
//! Knows nothing of retries, nor of the last poll before a deadline; those belong to [`super::schedule`].

use super::eta_accuracy::near;
use super::plan::Plan;
use super::rng::Rng;
use super::{Millis, scaled};

/// The window, in parts of the eta. It closes late: to be off by half is common, and the gaps of backoff are wider.
const OPENS: f64 = 0.72;
const CLOSES: f64 = 2.5;
/// The gap within it: a part of the eta, no wider than a bound, and no closer than the least gap and the time that a
/// reply takes, or else the poll before the eta would push away the one at it.
const GAP: f64 = 0.11;
const GAP_WIDEST: Millis = 7_000;
const REPLY: Millis = 250;
/// Past the eta the gap is as wide but for its jitter.
const LATE: (f64, f64) = (0.9, 1.05);
/// The poll the eta comes this much after it: an eta said in whole seconds is off by half a second either way.
const AFTER: (f64, f64) = (100.0, 400.0);
/// A pause as wide as the plan allows, with its jitter below that.
const WIDEST: (f64, f64) = (0.98, 1.0);
/// How much of what is left of the deadline an eta that is believed may add to the widest gap: a wrong one of an hour then
/// costs half of the wait, not all of it. One that is not believed adds nothing: it may be off by a factor of a hundred.
const ADDED: f64 = 0.5;
/// A repeated eta that moves the moment by less than this says nothing new.
const SAME: f64 = 0.05;
const SAME_AT_LEAST: Millis = 1_000;
/// One in so many believed etas is checked by a poll shortly before it.
const CHECKED: f64 = 1.0 / 8.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strategy {
    /// Polls all over the window.
    Hedged,
    /// No poll before the eta.
    Trusted,
    /// One poll before it.
    Verified,
}

/// A moment that the server has named, and how it is approached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EtaWindow {
    said_at: Millis,
    eta: Millis,
    /// When to poll, if nothing else decides: a little after the eta.
    target: Millis,
    strategy: Strategy,
}

impl EtaWindow {
    /// An eta said at `now`, the length of time that the server still expects.
    pub(super) fn new(eta: Millis, now: Millis, rng: &mut Rng) -> EtaWindow {
        let target = now.saturating_add(eta).saturating_add(rng.between(AFTER.0, AFTER.1) as Millis);
        EtaWindow { said_at: now, eta, target, strategy: Strategy::Hedged }
    }

    /// The eta is believed: few polls before it, mostly none.
    pub(super) fn believed(self, rng: &mut Rng) -> EtaWindow {
        let check = rng.between(0.0, 1.0) < CHECKED;
        EtaWindow { strategy: if check { Strategy::Verified } else { Strategy::Trusted }, ..self }
    }

    /// When to poll, if nothing else decides.
    pub(super) fn target(&self) -> Millis {
        self.target
    }

    /// Whether polls before the eta are spread over the window, since it may be wrong.
    pub(super) fn is_hedged(&self) -> bool {
        self.strategy == Strategy::Hedged
    }

    /// Whether an eta said now only repeats this one.
    pub(super) fn is_repeated_by(&self, eta: Millis, now: Millis) -> bool {
        let moved = now.saturating_add(eta).abs_diff(self.said_at.saturating_add(self.eta));
        moved <= scaled(self.eta, SAME).max(SAME_AT_LEAST)
    }

    /// Whether the eta still says where to poll; past its window it was wrong.
    pub(super) fn is_open(&self, now: Millis) -> bool {
        now < self.target.max(self.said_at.saturating_add(scaled(self.eta, CLOSES)))
    }

    /// The distance between polls within the window.
    fn gap(&self, plan: &Plan) -> Millis {
        scaled(self.eta, GAP).min(GAP_WIDEST).max(plan.least_gap(self.target).saturating_add(REPLY))
    }

    /// The next poll, no sooner than `soonest`.
    pub(super) fn next(&self, soonest: Millis, now: Millis, plan: &Plan, rng: &mut Rng) -> Millis {
        let gap = self.gap(plan);
        if soonest > self.target {
            // Late. The target was polled, or a slow reply ran over it, in which case there is no time to lose.
            return if now < self.target {
                soonest
            } else {
                now.saturating_add(scaled(gap, rng.between(LATE.0, LATE.1)).min(plan.poll_max))
            };
        }
        let check = self.target.saturating_sub(near(self.eta));
        let widest = now.saturating_add(scaled(plan.poll_max, rng.between(WIDEST.0, WIDEST.1)));
        let believed = widest.saturating_add(scaled(plan.end().saturating_sub(now), ADDED));
        match self.strategy {
            Strategy::Trusted => self.target.min(believed),
            Strategy::Verified if check >= soonest => check.min(believed),
            Strategy::Verified => self.target.min(believed),
            Strategy::Hedged => {
                let opens = soonest.max(self.said_at.saturating_add(scaled(self.eta, OPENS)));
                // Counted back from the target, so that the last of these polls falls on it.
                let polls_before = self.target.saturating_sub(opens) / gap;
                (self.target - polls_before * gap).min(widest)
            }
        }
    }
}
