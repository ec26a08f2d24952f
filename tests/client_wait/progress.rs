//! What a wait tells while it goes on, and how it can be stopped there.

use crate::call::{AT_ONCE, ID, json, order, scripted, side_by_side, standin, wait};
use crate::cases;
use crate::quickest::one_of_three_within;
use mlab_core::engine::Progress;
use mlab_core::error::Status;
use mlab_core::net::CancelToken;
use mlab_standin::{Job, Options, Outcome};
use std::thread;
use std::time::Duration;

fn each_poll_but_the_last_is_told_on_the_callers_thread() {
    one_of_three_within(AT_ONCE, || {
        let job = Job { ready_after: Duration::from_millis(1_500), eta: Some(1.5), ..Job::new("1") };
        let (_server, client) = standin(Options { rich_processing: true, ..Options::default() }, vec![job]);
        let (mut told, here): (Vec<Progress>, _) = (Vec::new(), thread::current().id());
        let report = client.wait(&order("1"), &CancelToken::new(), |progress| {
            assert_eq!(thread::current().id(), here);
            told.push(*progress);
            true
        });
        assert_eq!(report.status, Status::Ok, "{}", report.message);
        assert_eq!(told.len() as u32, report.attempts - 1);
        let mut before = Duration::ZERO;
        for (index, progress) in told.iter().enumerate() {
            assert_eq!(progress.polls as usize, index + 1);
            assert!(progress.elapsed >= before && progress.elapsed < report.elapsed, "{progress:?}");
            assert_eq!(progress.eta_ms, Some(1_500));
            assert!(progress.next_poll >= before + Duration::from_secs(1), "{progress:?}");
            before = progress.next_poll;
        }
        // The next poll comes when it was said to come.
        report.elapsed.checked_sub(before).expect("not before it was said to come")
    });
}

fn a_failure_that_may_pass_is_told_too_and_says_nothing_of_an_eta() {
    let (_server, client) = scripted(vec![json(500, "{}"), json(200, crate::call::READY)]);
    let mut told = Vec::new();
    let report = client.wait(&order(ID), &CancelToken::new(), |progress| {
        told.push((progress.polls, progress.eta_ms));
        true
    });
    assert_eq!((report.status, told), (Status::Ok, vec![(1, None)]));
}

fn its_no_ends_the_wait_before_the_next_poll() {
    one_of_three_within(AT_ONCE, || {
        let (server, client) = standin(
            Options { auto: true, rich_processing: true, ..Options::default() },
            vec![Job { ready_after: Duration::MAX, ..Job::new("1") }],
        );
        let mut told = 0;
        let token = CancelToken::new();
        let report = client.wait(&order("1"), &token, |_| {
            told += 1;
            false
        });
        assert_eq!((report.status, told, report.attempts), (Status::Cancelled, 1, 1), "{}", report.message);
        assert_eq!(server.polls("1"), 1);
        assert_eq!(report.id, "1");
        assert!(!token.is_triggered(), "the caller's token is the caller's");
        assert!(server.finish_job("1"));
        assert_eq!(wait(&client, &order("1")).status, Status::Ok, "the client goes on");
        report.elapsed
    });
}

fn nothing_is_told_where_the_first_poll_ends_the_wait() {
    let (_server, client) =
        standin(Options::default(), vec![Job::new("1"), Job { outcome: Outcome::Failed, ..Job::new("2") }]);
    for id in ["1", "2"] {
        client.wait(&order(id), &CancelToken::new(), |progress| panic!("{progress:?}"));
    }
}

#[test]
fn a_wait_tells_how_it_goes_and_can_be_stopped_there() {
    side_by_side(cases![
        each_poll_but_the_last_is_told_on_the_callers_thread,
        a_failure_that_may_pass_is_told_too_and_says_nothing_of_an_eta,
        its_no_ends_the_wait_before_the_next_poll,
        nothing_is_told_where_the_first_poll_ends_the_wait,
    ]);
}
