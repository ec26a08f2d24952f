//! Retry-After in every place that a server can put it.

use crate::driver::{NOT_YET, run, seconds};
use mlab_core::flow::plan::Plan;
use mlab_core::flow::wait::{End, PollOutcome};
use std::time::Duration;

fn busy(said: f64) -> PollOutcome {
    PollOutcome::Transient { retry_after: Some(seconds(said)) }
}

fn not_yet(said: f64) -> PollOutcome {
    PollOutcome::Processing { eta: None, retry_after: Some(seconds(said)) }
}

fn not_yet_with_eta(eta: f64, said: f64) -> PollOutcome {
    PollOutcome::Processing { eta: Some(seconds(eta)), retry_after: Some(seconds(said)) }
}

/// What the `nth` poll hears, and how long after that answer the next poll comes: from and to, in seconds.
struct Case {
    name: &'static str,
    eta: Option<f64>,
    nth: usize,
    heard: PollOutcome,
    gap: (f64, f64),
}

#[test]
fn retry_after_is_the_least_gap_and_never_shortens_the_one_that_would_have_been() {
    #[rustfmt::skip]
    let cases = [
        Case { name: "first answer",           eta: None,       nth: 0, heard: not_yet(30.0), gap: (30.0, 33.0) },
        Case { name: "later answer",           eta: None,       nth: 4, heard: not_yet(30.0), gap: (30.0, 33.0) },
        Case { name: "first failure",          eta: None,       nth: 0, heard: busy(30.0), gap: (30.0, 33.0) },
        Case { name: "later failure",          eta: None,       nth: 4, heard: busy(30.0), gap: (30.0, 33.0) },
        Case { name: "over a near eta",        eta: Some(10.0), nth: 0, heard: busy(30.0), gap: (30.0, 33.0) },
        Case { name: "over an eta beside it",  eta: None,       nth: 2, heard: not_yet_with_eta(7.0, 60.0), gap: (60.0, 66.0) },
        Case { name: "over the backoff",       eta: None,       nth: 1, heard: busy(300.0), gap: (300.0, 330.0) },
        // Otherwise the gap is what it would have been.
        Case { name: "under the least gap",    eta: None,       nth: 0, heard: busy(0.5), gap: (2.0, 2.1) },
        Case { name: "zero, with an answer",   eta: None,       nth: 0, heard: not_yet(0.0), gap: (5.4, 6.9) },
        Case { name: "zero, with a failure",   eta: None,       nth: 0, heard: busy(0.0), gap: (2.0, 2.0) },
        Case { name: "under the backoff",      eta: None,       nth: 4, heard: not_yet(5.0), gap: (8.0, 10.1) },
        Case { name: "under a near eta",       eta: Some(10.0), nth: 0, heard: not_yet(3.0), gap: (7.0, 10.3) },
    ];
    for case in cases {
        for seed in 0..100 {
            let plan = Plan::default().with_eta(case.eta.map(seconds)).with_seed(seed);
            let story = run(plan, |_, nth| if nth == case.nth { case.heard } else { NOT_YET });
            let answered = story.polls[case.nth] + crate::driver::REPLY;
            let gap = (story.polls[case.nth + 1] - answered).as_secs_f64();
            assert!(case.gap.0 <= gap && gap <= case.gap.1, "{}: {gap} s", case.name);
        }
    }
}

#[test]
fn failures_that_all_say_retry_after_zero_are_backed_off_as_those_that_say_nothing() {
    for seed in 0..100 {
        let plan = Plan::default().with_seed(seed);
        let silent = run(plan, |_, _| PollOutcome::Transient { retry_after: None });
        assert_eq!(run(plan, |_, _| busy(0.0)).polls, silent.polls);
    }
}

#[test]
fn a_retry_after_past_the_deadline_leaves_no_poll_and_ends_the_wait_at_its_deadline() {
    for said in [600.0, 3_600.0, 1e12] {
        let story = run(Plan::default(), |_, _| busy(said));
        assert_eq!((story.polls.len(), story.end, story.at), (1, End::Deadline, Duration::from_secs(600)));
    }
}

#[test]
fn jitter_does_not_push_a_permitted_poll_past_the_deadline() {
    for seed in 0..100 {
        let story = run(Plan::default().with_seed(seed), |_, _| busy(599.0));
        assert_eq!(story.polls.len(), 2, "{:?}", story.polls);
    }
}

#[test]
fn no_poll_comes_before_a_retry_after_has_passed_however_often_it_is_said() {
    for said in [0.0, 1.0, 3.0, 20.0, 100.0] {
        let story = run(Plan::default(), |_, nth| if nth % 2 == 0 { busy(said) } else { not_yet(said) });
        let closest = story.polls.windows(2).map(|pair| pair[1] - pair[0]).min();
        assert!(closest >= Some(seconds(said) + crate::driver::REPLY), "{said} s: {:?}", story.polls);
    }
}
