//! How waits end, at the deadline above all; how many polls they may take; how much memory and time.

use crate::driver::{NOT_YET, REPLY, most_polls, run, run_with, seconds};
use crate::quickest::one_of_three_within;
use mlab_core::flow::plan::Plan;
use mlab_core::flow::wait::{End, PollOutcome, Wait};
use std::time::{Duration, Instant};

fn plan_of(deadline: f64) -> Plan {
    Plan::default().with_deadline(seconds(deadline)).expect("a deadline")
}

#[test]
fn a_last_poll_is_made_shortly_before_the_deadline() {
    for eta in [None, Some(3.0), Some(550.0), Some(605.0), Some(80_000.0)] {
        for seed in 0..100 {
            let plan = Plan::default().with_eta(eta.map(seconds)).with_seed(seed);
            let story = run(plan, |_, _| NOT_YET);
            let last = story.polls[story.polls.len() - 1];
            assert_eq!((story.end, story.at), (End::Deadline, plan.deadline()));
            // Two seconds before, or a reply earlier where the poll before this one left no room for it.
            assert!(last >= plan.deadline() - seconds(2.0) - REPLY, "{eta:?}: {last:?}");
        }
    }
}

#[test]
fn a_job_that_ends_shortly_before_a_deadline_that_nothing_falls_on_is_found() {
    let plan = plan_of(30.0).with_eta(Some(seconds(300.0)));
    let story = run(plan, |now, _| if now >= seconds(27.5) { PollOutcome::Ready } else { NOT_YET });
    assert_eq!((story.end, story.polls.len()), (End::Ready, 3));
}

#[test]
fn a_wait_shorter_than_any_gap_polls_once_and_ends_at_its_deadline() {
    for deadline in [0.001, 0.1, 1.0, 2.1] {
        let story = run(plan_of(deadline), |_, _| NOT_YET);
        assert_eq!((story.polls.len(), story.end, story.at), (1, End::Deadline, seconds(deadline)));
    }
}

#[test]
fn good_news_counts_even_past_the_deadline_and_other_news_does_not() {
    for (heard, end) in
        [(PollOutcome::Ready, End::Ready), (NOT_YET, End::Deadline), (PollOutcome::Permanent, End::Failed)]
    {
        let mut wait = Wait::new(plan_of(5.0));
        assert_eq!(wait.handle_poll(heard, seconds(5.1)), Some(end));
    }
}

#[test]
fn a_wait_that_has_ended_stays_as_it_ended() {
    let mut wait = Wait::new(Plan::default());
    assert_eq!(wait.handle_poll(PollOutcome::Permanent, seconds(0.1)), Some(End::Failed));
    assert_eq!(wait.handle_poll(PollOutcome::Ready, seconds(0.2)), Some(End::Failed));
    assert_eq!(wait.handle_poll(NOT_YET, Duration::MAX), Some(End::Failed));
    assert_eq!(wait.polls(), 1);
}

#[test]
fn the_bound_of_the_number_of_polls_is_the_stated_formula() {
    #[rustfmt::skip]
    let cases = [
        // min, max, deadline, bound
        (2.0, 15.0,    600.0,   124), // 2 + 40 + 82
        (2.0, 15.0,     60.0,    32), // 2 + 30
        (2.0, 15.0,      0.5,     3), // 2 + 1
        (1.0, 15.0,    600.0,   152), // 2 + 40 + 110
        (2.0, 15.0,  3_600.0,   324), // 2 + 40 + 82 + 200
        (5.0,  5.0,    600.0,   122), // 2 + 40 + 0 + 80
        (2.0, 15.0, 86_400.0, 5_844), // 2 + 40 + 82 + 5720
    ];
    for (min, max, deadline, bound) in cases {
        let plan = plan_of(deadline).with_poll(seconds(min), seconds(max)).expect("gaps");
        assert_eq!(most_polls(&plan), bound, "{min} to {max} s, {deadline} s");
    }
}

#[test]
fn the_most_importunate_server_gets_nearly_as_many_polls_as_the_bound_and_no_more() {
    // A failure is retried soon, and an eta of now is looked at soon; either one alone would be backed off.
    let again = [
        PollOutcome::Transient { retry_after: None },
        PollOutcome::Processing { eta: Some(Duration::ZERO), retry_after: None },
    ];
    for (min, max, deadline) in
        [(2.0, 15.0, 600.0), (1.0, 1.0, 100.0), (1.0, 60.0, 7_200.0), (3.0, 4.0, 86_400.0)]
    {
        let plan = plan_of(deadline).with_poll(seconds(min), seconds(max)).expect("gaps");
        // The driver checks the bound itself.
        let story = run_with(&mut Wait::new(plan), plan, Duration::ZERO, |_, nth| again[nth % 2]);
        let (made, bound) = (story.polls.len() as f64, f64::from(most_polls(&plan)));
        assert!(made > 0.95 * bound, "{made} of {bound}: the bound says little");
    }
}

#[test]
fn an_ordinary_wait_of_ten_minutes_makes_some_fifty_polls() {
    let made = run(Plan::default(), |_, _| NOT_YET).polls.len();
    assert!((40..=55).contains(&made), "{made}");
}

#[test]
fn a_waiting_job_is_small() {
    assert!(size_of::<Wait>() <= 128, "{} bytes", size_of::<Wait>());
}

#[test]
fn a_wait_of_ten_minutes_takes_about_a_millisecond() {
    // A thousand of them, so that a busy machine does not decide: unoptimized they take some 20 ms together.
    one_of_three_within(Duration::from_secs(1), || {
        let started = Instant::now();
        for seed in 0..1_000 {
            run(Plan::default().with_seed(seed), |_, _| NOT_YET);
        }
        started.elapsed()
    });
}
