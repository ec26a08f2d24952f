//! When the next poll is due: a pure function of what the server said, when it said it, and how often we polled.
//!
//! The eta says when, or else backoff does; Retry-After is the least that either may be, and never shortens them. No poll
//! comes closer to the answer before it than the plan's least gap, which counts from that answer and so holds between two
//! requests as well, and none at or past the deadline. Never knows what a reply contains beyond these times.

use super::eta_window::EtaWindow;
use super::plan::Plan;
use super::rng::Rng;
use super::{Millis, retry, scaled};

/// Backoff begins in the middle between the least gap and the largest (their geometric mean, 5.5 s with the defaults) and
/// grows by this factor a poll. Nothing is known about the job then: a few gaps of 2 s at the start would cost each job
/// two or three polls, to the good only of those that end just then, and a quick growth would cost the middling ones
/// more lag than it saves polls. `benches/polling.rs` compares.
const GROWTH: f64 = 1.1;
/// Jitter lengthens a gap by up to this factor.
const JITTER: f64 = 1.25;
/// A poll that would miss the deadline is made this long before it, so that its reply has time to come.
const LAST_POLL: Millis = 2_000;

/// The state of the schedule: what was said so far, as far as it still matters.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    eta_window: Option<EtaWindow>,
    /// The next backoff, before jitter.
    backoff: Millis,
    /// Failures since the last good answer.
    failures: u32,
    rng: Rng,
}

impl Schedule {
    pub(super) fn new(plan: &Plan) -> Schedule {
        let mut rng = Rng::new(plan.seed);
        let eta_window = plan.eta.map(|eta| {
            let eta_window = EtaWindow::new(eta, 0, &mut rng);
            if plan.accuracy.is_earned() { eta_window.believed(&mut rng) } else { eta_window }
        });
        Schedule { eta_window, backoff: middle(plan), failures: 0, rng }
    }

    /// The server said "not yet" at `now`.
    pub(super) fn after_answer(
        &mut self,
        eta: Option<Millis>,
        retry_after: Option<Millis>,
        now: Millis,
        plan: &Plan,
    ) -> Millis {
        self.failures = 0;
        if let Some(eta) =
            eta.filter(|&eta| !self.eta_window.is_some_and(|eta_window| eta_window.is_repeated_by(eta, now)))
        {
            self.eta_window = Some(EtaWindow::new(eta, now, &mut self.rng));
        }
        let soonest = self.soonest(retry_after, now, plan);
        let due = self.carry_on(soonest, now, plan);
        fit(due.max(soonest), retry_after, now, plan)
    }

    /// The moment that the server named has no meaning any more.
    pub(super) fn forget_eta(&mut self) {
        self.eta_window = None;
    }

    /// A poll failed at `now` in a way that may pass. The first failures in a row are retried soon; when they go on,
    /// the schedule goes on as if the server had said "not yet", backing off until the deadline.
    pub(super) fn after_failure(&mut self, retry_after: Option<Millis>, now: Millis, plan: &Plan) -> Millis {
        self.failures = self.failures.saturating_add(1);
        let soonest = self.soonest(retry_after, now, plan);
        let due = if self.failures <= plan.retries {
            now.saturating_add(retry::delay(self.failures, &mut self.rng))
        } else {
            self.carry_on(soonest, now, plan)
        };
        fit(due.max(soonest), retry_after, now, plan)
    }

    /// Whether the failures in a row were more than are followed by a quick retry.
    pub(super) fn retries_are_over(&self, plan: &Plan) -> bool {
        self.failures > plan.retries
    }

    /// No poll comes before this, whatever else speaks for it.
    fn soonest(&mut self, retry_after: Option<Millis>, now: Millis, plan: &Plan) -> Millis {
        let asked = retry_after.map_or(0, |asked| retry::spread_out(asked, &mut self.rng));
        now.saturating_add(asked.max(plan.least_gap(now)))
    }

    fn carry_on(&mut self, soonest: Millis, now: Millis, plan: &Plan) -> Millis {
        match self.eta_window.filter(|eta_window| eta_window.is_open(now)) {
            Some(eta_window) => eta_window.next(soonest, now, plan, &mut self.rng),
            None => now.saturating_add(self.back_off(plan)),
        }
    }

    /// When the last eta that was said would have us poll.
    pub(super) fn eta_target(&self) -> Option<Millis> {
        self.eta_window.map(|window| window.target())
    }

    /// Where the poll that was due at `due` is worthwhile, now that etas are believed.
    pub(super) fn believe(&mut self, due: Millis, plan: &Plan) -> Millis {
        let Some(window) = self.eta_window.filter(|window| window.is_hedged() && due < window.target())
        else {
            return due;
        };
        let window = window.believed(&mut self.rng);
        self.eta_window = Some(window);
        let next = window.next(due, due, plan, &mut self.rng);
        // No gap is kept to a poll that is not made; the last one before the deadline stands.
        next.clamp(due, due.max(plan.end().saturating_sub(LAST_POLL)))
    }

    fn back_off(&mut self, plan: &Plan) -> Millis {
        let gap = self.backoff;
        // The longest gap keeps room for its jitter below the maximum.
        self.backoff = scaled(gap, GROWTH).min(scaled(plan.poll_max, 1.0 / JITTER));
        scaled(gap, self.rng.between(1.0, JITTER)).min(plan.poll_max)
    }
}

fn middle(plan: &Plan) -> Millis {
    (f64::from(plan.poll_min) * f64::from(plan.poll_max)).sqrt() as Millis
}

/// Turns a poll that would miss the deadline into a last one shortly before it, for which the smallest gap of the plan is
/// enough, but not less than the server asked for. A result at or past the deadline means that there is no time for another.
fn fit(due: Millis, retry_after: Option<Millis>, now: Millis, plan: &Plan) -> Millis {
    let last = plan.end().saturating_sub(LAST_POLL);
    if due <= last || now >= last {
        return due;
    }
    last.max(now.saturating_add(plan.poll_min.max(retry_after.unwrap_or(0))))
}
