//! Etas that are absent, right, too short, too long, growing, zero and absurd.

use crate::driver::{NOT_YET, REPLY, Story, ready_at, run, run_with, seconds};
use crate::eta_accuracy::earned;
use mlab_core::flow::plan::Plan;
use mlab_core::flow::wait::{End, PollOutcome, Wait};
use std::time::Duration;

/// A job, what was said about it, and what that may cost at most, whatever the jitter.
struct Case {
    name: &'static str,
    eta: Option<f64>,
    ready: f64,
    lag: f64,
    polls: usize,
}

const fn case(name: &'static str, eta: Option<f64>, ready: f64, lag: f64, polls: usize) -> Case {
    Case { name, eta, ready, lag, polls }
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    //   eta                          said             ready    lag polls
    case("absent, ready at once",     None,              0.0,    0.2,   1),
    case("absent, soon",              None,              3.0,    4.2,   2),
    case("absent",                    None,             40.0,   11.3,   7),
    case("absent, long",              None,            300.0,   15.2,  27),
    case("right, in a moment",        Some(1.0),         1.0,    1.4,   2),
    case("right",                     Some(5.0),         5.0,    0.6,   2),
    case("right, a minute",           Some(60.0),       60.0,    0.6,   7),
    case("right, five minutes",       Some(300.0),     300.0,    0.6,  29),
    case("too short",                 Some(28.0),       40.0,    3.5,   9),
    case("too short by far",          Some(5.0),       120.0,   15.2,  17),
    case("too long",                  Some(52.0),       40.0,    7.2,   5),
    case("too long, over all before", Some(60.0),       10.0,    5.5,   2),
    case("too long by far",           Some(960.0),       5.0,   10.5,   2),
    case("zero",                      Some(0.0),        20.0,    9.5,   5),
    case("absurd: an hour",           Some(3_600.0),    30.0,   15.4,   4),
    case("absurd: past all clamps",   Some(1e12),      100.0,   15.4,   9),
    case("absurd: a nanosecond",      Some(1e-9),       20.0,    9.5,   5),
];

fn wait_for(case: &Case, seed: u64) -> Story {
    let plan = Plan::default().with_eta(case.eta.map(seconds)).with_seed(seed);
    run(plan, ready_at(seconds(case.ready), NOT_YET))
}

#[test]
fn every_eta_finds_the_job_soon_and_with_few_polls() {
    for case in CASES {
        for seed in 0..200 {
            let story = wait_for(case, seed);
            let lag = story.at.as_secs_f64() - case.ready;
            assert_eq!(story.end, End::Ready, "{}", case.name);
            assert!(lag <= case.lag, "{}: known {lag:.2} s late", case.name);
            assert!(story.polls.len() <= case.polls, "{}: {:?}", case.name, story.polls);
        }
    }
}

#[test]
fn the_first_poll_is_made_at_once_whatever_the_eta() {
    for case in CASES {
        assert_eq!(wait_for(case, 1).polls[0], Duration::ZERO, "{}", case.name);
    }
}

#[test]
fn a_wait_is_determined_by_its_seed() {
    let case = &CASES[2];
    assert_eq!(wait_for(case, 7), wait_for(case, 7));
    assert_ne!(wait_for(case, 7).polls, wait_for(case, 8).polls, "no jitter");
}

#[test]
fn a_poll_falls_just_after_an_eta_said_in_a_reply() {
    let mut said = None;
    let story = run(Plan::default(), |now, nth| match nth {
        1 => {
            said = Some(now);
            PollOutcome::Processing { eta: Some(seconds(13.07)), retry_after: None }
        }
        _ => NOT_YET,
    });
    let expected = said.expect("two polls") + seconds(13.07);
    let late = story.polls.iter().filter(|&&poll| poll >= expected).map(|&poll| poll - expected).min();
    assert!(late < Some(seconds(0.7)), "{late:?} after the eta: {:?}", story.polls);
}

#[test]
fn a_repeated_eta_that_names_the_same_moment_changes_nothing() {
    let plan = Plan::default().with_eta(Some(seconds(40.0))).with_seed(3);
    let silent = run(plan, ready_at(seconds(40.0), NOT_YET));
    let told = run(plan, |now, _| match seconds(40.0).checked_sub(now) {
        Some(left) => PollOutcome::Processing { eta: Some(left), retry_after: None },
        None => PollOutcome::Ready,
    });
    assert_eq!(silent.polls, told.polls);
}

#[test]
fn an_eta_that_keeps_growing_costs_no_more_than_the_widest_pauses() {
    let story =
        run(Plan::default(), |now, _| PollOutcome::Processing { eta: Some(now * 2), retry_after: None });
    assert_eq!((story.end, story.at), (End::Deadline, Plan::default().deadline()));
    assert!((40..50).contains(&story.polls.len()), "{:?}", story.polls);
}

#[test]
fn a_server_that_goes_on_promising_two_more_seconds_is_asked_ever_less_often() {
    let story =
        run(Plan::default(), |_, _| PollOutcome::Processing { eta: Some(seconds(2.0)), retry_after: None });
    let gap = |nth: usize| story.polls[nth + 1] - story.polls[nth];
    assert!(gap(0) < seconds(3.0));
    assert!(gap(story.polls.len() - 4) > seconds(10.0), "{:?}", story.polls);
}

/// The pauses of a wait, each from a reply to the next poll, with when it began.
fn pauses(plan: Plan, heard: PollOutcome) -> Vec<(Duration, Duration)> {
    let polls = run(plan, |_, _| heard).polls;
    polls.windows(2).map(|pair| (pair[0] + REPLY, pair[1] - pair[0] - REPLY)).collect()
}

#[test]
fn no_eta_widens_a_pause_beyond_the_largest_for_a_client_whose_etas_have_not_proved_right() {
    for eta in [1.0, 20.0, 60.0, 300.0, 960.0, 86_400.0] {
        for seed in 0..50 {
            let plan = Plan::default().with_eta(Some(seconds(eta))).with_seed(seed);
            let narrow = plan.with_poll(seconds(2.0), seconds(2.1)).expect("gaps");
            let said = PollOutcome::Processing { eta: Some(seconds(eta)), retry_after: None };
            for (plan, heard) in [(plan, NOT_YET), (plan, said), (narrow, NOT_YET), (narrow, said)] {
                let pauses = pauses(plan, heard);
                assert!(pauses.iter().all(|(_, pause)| *pause <= plan.poll_max()), "{eta} s: {pauses:?}");
            }
        }
    }
}

#[test]
fn an_eta_that_is_believed_widens_a_pause_by_half_of_what_is_left_of_the_deadline_at_most() {
    for (eta, first) in [(60.0, 60.0), (300.0, 300.0), (400.0, 314.9), (960.0, 314.9), (86_400.0, 314.9)] {
        for seed in 0..50 {
            let plan = Plan::default().with_eta(Some(seconds(eta))).with_accuracy(earned()).with_seed(seed);
            let pauses = pauses(plan, NOT_YET);
            for (began, pause) in &pauses {
                assert!(*pause <= plan.poll_max() + (plan.deadline() - *began) / 2, "{eta} s: {pauses:?}");
            }
            assert!(pauses.iter().any(|(_, pause)| *pause >= seconds(first * 0.8)), "{eta} s: {pauses:?}");
        }
    }
}

#[test]
fn backoff_is_jittered_at_its_widest_too() {
    let gaps_of = |seed| {
        let polls = run(Plan::default().with_seed(seed), |_, _| NOT_YET).polls;
        polls[20..30].windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>()
    };
    let gaps: std::collections::HashSet<_> = (0..5).flat_map(gaps_of).collect();
    assert!(gaps.len() > 40, "of 45 gaps only {} differ", gaps.len());
}

#[test]
fn a_slow_reply_that_runs_into_the_eta_is_followed_by_the_earliest_poll_allowed() {
    for seed in 0..100 {
        let plan = Plan::default().with_eta(Some(seconds(10.0))).with_seed(seed);
        // The poll before the one at the eta leaves 2.25 s: too little for this reply and the least gap of 2 s.
        let story = run_with(&mut Wait::new(plan), plan, seconds(1.0), |_, _| NOT_YET);
        let before =
            story.polls.iter().rposition(|&poll| poll < seconds(10.0)).expect("a poll before the eta");
        assert_eq!(story.polls[before + 1] - story.polls[before], seconds(3.0), "{:?}", story.polls);
    }
}
