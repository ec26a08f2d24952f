//! Jobs that have succeeded and list no link.

use crate::driver::{NOT_YET, REPLY, run, seconds};
use mlab_core::flow::plan::Plan;
use mlab_core::flow::wait::{End, PollOutcome};

const WITHOUT_LINKS: PollOutcome = PollOutcome::WithoutLinks { retry_after: None };

/// What links may take, in seconds.
const GRACE: f64 = 60.0;

#[test]
fn success_without_links_ends_the_wait_once_links_have_had_their_minute() {
    for (eta, success) in [(None, 0.0), (None, 40.0), (Some(20.0), 20.0), (Some(300.0), 5.0)] {
        for seed in 0..100 {
            let plan = Plan::default().with_eta(eta.map(seconds)).with_seed(seed);
            let story = run(plan, |now, _| if now >= seconds(success) { WITHOUT_LINKS } else { NOT_YET });
            let heard = story.polls.iter().find(|&&poll| poll >= seconds(success)).expect("a success");
            let waited = story.at - *heard - REPLY;
            assert_eq!(story.end, End::Failed);
            // The last poll comes at the end of the minute, so that all of it is used.
            assert!((seconds(GRACE)..seconds(GRACE + 3.2)).contains(&waited), "{waited:?}: {story:?}");
        }
    }
}

#[test]
fn links_that_come_within_the_minute_are_found_by_backoff_whatever_eta_was_said() {
    for eta in [None, Some(30.0), Some(500.0)] {
        for seed in 0..100 {
            let plan = Plan::default().with_eta(eta.map(seconds)).with_seed(seed);
            let story =
                run(plan, |now, _| if now >= seconds(20.0) { PollOutcome::Ready } else { WITHOUT_LINKS });
            assert_eq!(story.end, End::Ready);
            assert!(story.at < seconds(20.0 + 10.0), "{eta:?}: {story:?}");
        }
    }
}

#[test]
fn a_job_that_is_processed_again_gets_a_new_minute() {
    let story = run(Plan::default(), |now, nth| match nth {
        0..=2 => WITHOUT_LINKS,
        3 => NOT_YET,
        _ if now >= seconds(80.0) => PollOutcome::Ready,
        _ => WITHOUT_LINKS,
    });
    assert_eq!(story.end, End::Ready, "{story:?}");
}

#[test]
fn a_retry_after_is_kept_by_success_without_links_too() {
    let busy = PollOutcome::WithoutLinks { retry_after: Some(seconds(100.0)) };
    let story = run(Plan::default(), |_, _| busy);
    assert_eq!((story.end, story.polls.len()), (End::Failed, 2));
    assert!(story.polls[1] >= REPLY + seconds(100.0), "{story:?}");
}
