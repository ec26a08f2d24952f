//! A driver in virtual time, and what must hold in every wait.

use mlab_core::flow::plan::Plan;
use mlab_core::flow::wait::{End, PollOutcome, Wait};
use std::time::Duration;

/// A reply takes this long, unless a test says otherwise.
pub(crate) const REPLY: Duration = Duration::from_millis(150);

/// What happened in a wait.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Story {
    /// When each poll was made.
    pub(crate) polls: Vec<Duration>,
    pub(crate) end: End,
    /// When the end was known.
    pub(crate) at: Duration,
}

pub(crate) fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// "Not yet", with nothing more said.
pub(crate) const NOT_YET: PollOutcome = PollOutcome::Processing { eta: None, retry_after: None };

/// Runs a wait; `server` is told when a poll is made, and how many were made before.
pub(crate) fn run(plan: Plan, server: impl FnMut(Duration, usize) -> PollOutcome) -> Story {
    run_with(&mut Wait::new(plan), plan, REPLY, server)
}

/// A server whose job is ready at `ready` and which says the same until then.
pub(crate) fn ready_at(
    ready: Duration,
    meanwhile: PollOutcome,
) -> impl FnMut(Duration, usize) -> PollOutcome {
    move |now, _| if now >= ready { PollOutcome::Ready } else { meanwhile }
}

/// As `run`, with a machine of the caller's and another reply time.
pub(crate) fn run_with(
    wait: &mut Wait,
    plan: Plan,
    reply: Duration,
    mut server: impl FnMut(Duration, usize) -> PollOutcome,
) -> Story {
    let mut polls = Vec::new();
    let (mut now, mut answered) = (Duration::ZERO, None);
    let mut end = None;
    while end.is_none() {
        now = wait.next_poll().max(now);
        assert!(now <= plan.deadline(), "a sleep until {now:?} oversleeps the deadline");
        if now == plan.deadline() {
            end = Some(End::Deadline);
        } else {
            check_poll(&plan, now, answered, polls.len());
            let heard = server(now, polls.len());
            polls.push(now);
            // A driver limits each poll to the deadline.
            now = (now + reply).min(plan.deadline());
            answered = Some(now);
            end = wait.handle_poll(heard, now);
        }
        assert_eq!(wait.polls() as usize, polls.len());
    }
    Story { polls, end: end.expect("it has ended"), at: now }
}

/// An upper bound of the number of polls of a wait, whatever the server says and however often it fails.
///
/// With n, x and D the least gap, the largest backoff and the deadline, the gap after a poll age t is at least t/40, but no
/// less than n and no more than x; only the last poll before the deadline may come as soon as n. Hence the polls are at most
///
/// - 2, the one made at once and the last one before the deadline,
/// - and until t = 40 n, at gaps of n: min(D, 40 n) / n,
/// - and until t = 40 x, each 41/40 as old as the one before: ln(min(D, 40 x) / 40 n) / ln(41/40),
/// - and from there, at gaps of x: (D - 40 x) / x,
///
/// each part rounded up and the last two only where D reaches them.
pub(crate) fn most_polls(plan: &Plan) -> u32 {
    let [n, x, d] = [plan.poll_min(), plan.poll_max(), plan.deadline()].map(|time| time.as_secs_f64());
    let steady = (d.min(40.0 * n) / n).ceil();
    let growing = ((d.min(40.0 * x) / (40.0 * n)).ln() / (1.0_f64 + 1.0 / 40.0).ln()).ceil().max(0.0);
    let widest = ((d - 40.0 * x) / x).ceil().max(0.0);
    (2.0 + steady + growing + widest) as u32
}

fn check_poll(plan: &Plan, now: Duration, answered: Option<Duration>, made: usize) {
    assert!(now < plan.deadline(), "a poll {now:?}, past the deadline: {plan:?}");
    if let Some(answered) = answered {
        let gap = now - answered;
        assert!(gap >= plan.poll_min(), "a poll {gap:?} after an answer at {answered:?}: {plan:?}");
    }
    assert!(made < most_polls(plan) as usize, "poll {} at {now:?} breaks the bound: {plan:?}", made + 1);
}
