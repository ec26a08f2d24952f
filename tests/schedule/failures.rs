//! Failures: those that pass do not end a wait, those that do not end it at once, and nothing breaks the floor.

use crate::driver::{NOT_YET, Story, ready_at, run, run_with, seconds};
use mlab_core::flow::plan::{FLOOR, Plan};
use mlab_core::flow::rng::Rng;
use mlab_core::flow::wait::{End, PollOutcome, Wait};
use std::time::Duration;

const FAILED: PollOutcome = PollOutcome::Transient { retry_after: None };

/// A wait of any shape: least gap 1 to 5 s, any largest, 1 s to 20 minutes, mostly with an eta.
fn any_plan(chance: &mut Rng) -> Plan {
    let min = chance.between(1.0, 5.0);
    let eta = (chance.between(0.0, 1.0) < 0.7).then(|| seconds(chance.between(-1.0, 7.0).exp()));
    Plan::default()
        .with_poll(seconds(min), seconds(min * chance.between(1.0, 10.0)))
        .and_then(|plan| plan.with_deadline(seconds(chance.between(0.0, 7.1).exp())))
        .expect("within the limits")
        .with_eta(eta)
        .with_retries(chance.between(0.0, 5.0) as u32)
        .with_seed(chance.bits())
}

fn maybe(chance: &mut Rng, share: f64, longest: f64) -> Option<Duration> {
    (chance.between(0.0, 1.0) < share).then(|| seconds(chance.between(0.0, longest)))
}

/// A wait against a server that fails three times in ten and says what it likes; the driver checks every step.
fn stormy(seed: u64, ready: Duration) -> (Plan, Story) {
    let mut chance = Rng::new(seed);
    let plan = any_plan(&mut chance);
    let reply = seconds(chance.between(0.0, 3.0));
    let story = run_with(&mut Wait::new(plan), plan, reply, |now, _| {
        if chance.between(0.0, 1.0) < 0.3 {
            PollOutcome::Transient { retry_after: maybe(&mut chance, 0.2, 20.0) }
        } else if now >= ready {
            PollOutcome::Ready
        } else if now + reply < Duration::from_secs(15) && chance.between(0.0, 1.0) < 0.1 {
            PollOutcome::NotFound
        } else {
            PollOutcome::Processing {
                eta: maybe(&mut chance, 0.3, 100.0),
                retry_after: maybe(&mut chance, 0.1, 20.0),
            }
        }
    });
    (plan, story)
}

#[test]
fn random_failures_under_ten_thousand_seeds_break_no_rule() {
    let (mut found, mut ran_out) = (0, 0);
    for seed in 0..10_000 {
        let (plan, story) = stormy(seed, seconds((seed % 300) as f64));
        assert!(story.polls.windows(2).all(|pair| pair[1] - pair[0] >= FLOOR), "{seed}: {story:?}");
        assert!(story.at <= plan.deadline());
        match story.end {
            End::Ready => found += 1,
            End::Deadline => ran_out += 1,
            End::Failed => panic!("seed {seed}: a failure that passes ended the wait"),
        }
    }
    // Both ends must have been tried for the rules to mean something.
    assert!(found > 3_000 && ran_out > 3_000, "{found} found, {ran_out} ran out");
}

#[test]
fn random_failures_with_the_defaults_hide_no_job_that_ends_in_time() {
    for seed in 0..10_000 {
        let mut chance = Rng::new(seed);
        let story = run(Plan::default().with_seed(seed), |now, _| match chance.between(0.0, 1.0) {
            failure if failure < 0.3 => FAILED,
            _ if now >= Duration::from_secs(200) => PollOutcome::Ready,
            _ => NOT_YET,
        });
        assert_eq!(story.end, End::Ready, "seed {seed}: {:?}", story.polls);
    }
}

#[test]
fn a_permanent_failure_ends_the_wait_at_the_very_poll() {
    for nth in 0..30 {
        for before in [NOT_YET, FAILED] {
            let story =
                run(Plan::default(), |_, made| if made == nth { PollOutcome::Permanent } else { before });
            assert_eq!((story.end, story.polls.len()), (End::Failed, nth + 1));
            assert_eq!(story.at, story.polls[nth] + crate::driver::REPLY);
        }
    }
}

#[test]
fn a_failure_is_retried_soon_even_when_the_eta_is_far() {
    let plan = Plan::default().with_eta(Some(seconds(100.0)));
    let story = run(plan, |_, made| if made == 0 { FAILED } else { NOT_YET });
    assert!(story.polls[1] < seconds(3.0) && story.polls[2] > seconds(14.0), "{:?}", story.polls);
}

#[test]
fn a_good_answer_gives_the_retries_back() {
    let story = run(Plan::default(), |_, made| if made % 3 == 2 { NOT_YET } else { FAILED });
    // The gap after each of the two failures is a retry's, which the wait widens to its least gap of 2 s.
    for failures in story.polls[..15].chunks(3) {
        assert!(failures[2] - failures[0] < seconds(2.0 * 2.0 + 2.0 * 0.15 + 0.1), "{:?}", story.polls);
    }
}

#[test]
fn failures_that_go_on_are_backed_off_until_the_deadline() {
    let story = run(Plan::default(), |_, _| FAILED);
    let gaps: Vec<_> = story.polls.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!((story.end, story.at), (End::Deadline, Duration::from_secs(600)));
    assert!(gaps[..2].iter().all(|&gap| gap < seconds(3.0)), "two retries: {gaps:?}");
    assert!(gaps[2] > seconds(5.0) && gaps[20] > seconds(11.0), "then backoff: {gaps:?}");
}

#[test]
fn without_retries_a_failure_is_backed_off_like_any_answer() {
    let plan = Plan::default().with_retries(0);
    assert_eq!(run(plan, |_, _| FAILED).polls, run(plan, |_, _| NOT_YET).polls);
}

#[test]
fn an_unknown_id_is_tolerated_for_fifteen_seconds_and_no_longer() {
    for (heard_at, end) in
        [(0.15, None), (14.999, None), (15.0, Some(End::Failed)), (300.0, Some(End::Failed))]
    {
        let mut wait = Wait::new(Plan::default());
        assert_eq!(wait.handle_poll(PollOutcome::NotFound, seconds(heard_at)), end, "{heard_at} s");
    }
}

#[test]
fn an_id_that_becomes_known_late_is_waited_for_and_one_that_never_does_is_given_up() {
    let known_late = run(Plan::default(), |now, _| match now.as_secs() {
        0..14 => PollOutcome::NotFound,
        _ => ready_at(seconds(30.0), NOT_YET)(now, 0),
    });
    assert_eq!(known_late.end, End::Ready);

    let never_known = run(Plan::default(), |_, _| PollOutcome::NotFound);
    assert_eq!(never_known.end, End::Failed);
    assert!(never_known.polls.len() > 2 && never_known.at < Duration::from_secs(25), "{never_known:?}");
}
