//! What a client learns about etas from one wait for the next.

use crate::driver::{NOT_YET, REPLY, Story, ready_at, run_with, seconds};
use mlab_core::flow::eta_accuracy::{EtaAccuracy, EtaOutcome};
use mlab_core::flow::plan::Plan;
use mlab_core::flow::wait::{PollOutcome, Wait};

/// One wait of a client with this trust, which it then updates.
fn wait_once(trust: &mut EtaAccuracy, eta: f64, ready: f64, seed: u64) -> (Story, Option<EtaOutcome>) {
    let plan = Plan::default().with_eta(Some(seconds(eta))).with_accuracy(*trust).with_seed(seed);
    let mut wait = Wait::new(plan);
    let story = run_with(&mut wait, plan, REPLY, ready_at(seconds(ready), NOT_YET));
    trust.record(wait.eta_outcome());
    (story, wait.eta_outcome())
}

pub(crate) fn earned() -> EtaAccuracy {
    let mut trust = EtaAccuracy::default();
    (0..4).for_each(|_| trust.record(Some(EtaOutcome::Right)));
    assert!(trust.is_earned());
    trust
}

#[test]
fn the_end_of_a_wait_judges_its_eta() {
    #[rustfmt::skip]
    let cases = [
        // eta, ready, outcome
        (40.0, 40.0, Some(EtaOutcome::Right)),
        (40.0, 39.0, Some(EtaOutcome::Right)),
        (40.0, 30.0, Some(EtaOutcome::Early)),
        (40.0,  0.0, Some(EtaOutcome::Early)),
        (40.0, 50.0, Some(EtaOutcome::Late)),
        // No poll fits between the first and so near an eta: it may have come any time.
        ( 4.0,  4.0, None),
    ];
    for (eta, ready, expected) in cases {
        for seed in 0..50 {
            let (story, outcome) = wait_once(&mut EtaAccuracy::default(), eta, ready, seed);
            assert_eq!(outcome, expected, "said {eta}, ready {ready}: {:?}", story.polls);
        }
    }
}

#[test]
fn only_a_job_found_ready_judges_an_eta() {
    let mut wait = Wait::new(Plan::default().with_eta(Some(seconds(40.0))));
    wait.handle_poll(PollOutcome::Permanent, seconds(0.1));
    assert_eq!(wait.eta_outcome(), None);

    let mut without_eta = Wait::new(Plan::default());
    without_eta.handle_poll(PollOutcome::Ready, seconds(0.1));
    assert_eq!(without_eta.eta_outcome(), None);
}

#[test]
fn after_four_right_etas_a_wait_goes_straight_to_the_next() {
    let mut trust = EtaAccuracy::default();
    for seed in 0..4 {
        assert!(!trust.is_earned());
        wait_once(&mut trust, 40.0, 40.0, seed);
    }
    assert!(trust.is_earned());
    let polls: usize = (0..800).map(|seed| wait_once(&mut trust, 40.0, 40.0, seed).0.polls.len()).sum();
    assert!((1_650..=1_760).contains(&polls), "two polls, and a third in one of eight: {polls} in 800 waits");
}

#[test]
fn an_eta_that_turns_out_late_ends_the_trust_at_once() {
    let mut trust = earned();
    wait_once(&mut trust, 40.0, 50.0, 1);
    assert!(!trust.is_earned());
}

#[test]
fn etas_that_have_become_too_long_are_noticed() {
    for client in 0..50 {
        let mut trust = earned();
        let noticed = (0..60).find(|wait| {
            wait_once(&mut trust, 52.0, 40.0, client * 1_000 + wait);
            !trust.is_earned()
        });
        assert!(noticed.is_some(), "client {client} went on trusting");
    }
}

#[test]
fn a_trusted_eta_that_is_wrong_by_far_delays_nothing_past_its_moment() {
    let (story, _) = wait_once(&mut earned(), 100.0, 101.0, 1);
    assert!(story.at < seconds(109.0), "{:?}", story.polls);
}

#[test]
fn a_first_poll_that_was_left_out_gives_way_to_the_one_at_the_eta() {
    let plan = Plan::default().with_eta(Some(seconds(20.0)));
    let mut wait = Wait::new(plan);
    let eta = wait.eta_of_first_poll().expect("it was not made");
    assert!(eta > seconds(20.0) && eta < seconds(21.0), "{eta:?}");
    wait.skip_first_poll();
    assert_eq!((wait.next_poll(), wait.eta_of_first_poll()), (eta, None));
    wait.handle_poll(PollOutcome::Ready, eta + REPLY);
    assert_eq!((wait.polls(), wait.eta_outcome()), (1, None), "nothing was seen before it");
    assert_eq!(Wait::new(Plan::default()).eta_of_first_poll(), None);
}

#[test]
fn a_wait_under_way_spares_its_polls_before_an_eta_once_etas_have_proved_right() {
    for seed in 0..50 {
        let plan = Plan::default().with_eta(Some(seconds(60.0))).with_seed(seed);
        let mut wait = Wait::new(plan);
        wait.believe_eta();
        assert_eq!(wait.next_poll(), seconds(0.0), "the first poll is made");
        wait.handle_poll(NOT_YET, REPLY);
        let hedged = wait.next_poll();
        wait.believe_eta();
        assert!(wait.next_poll() >= hedged, "{hedged:?}");
        let believed = wait.next_poll();
        wait.believe_eta();
        assert_eq!(wait.next_poll(), believed, "once is enough");
    }
}
