//! What is left of a wait when its deadline comes.

use crate::call::{ID, NOT_YET, json, order_within, scripted, side_by_side, standin, wait};
use crate::cases;
use crate::quickest::one_of_three_within;
use mlab_core::engine::Report;
use mlab_core::error::Status;
use mlab_standin::{Job, Options, Step};
use std::time::Duration;

const RICH: &str = r#"{"status":"processing","eta":60,"id":65919758,"output":[],"message":"Almost there"}"#;

/// The promise: a wait ends this long after its deadline, at the latest.
const PROMISE: Duration = Duration::from_millis(250);

/// How long after its deadline a wait ended; by it and not before it.
fn late(report: &Report, after_ms: u64) -> Duration {
    assert_eq!((report.status, report.retryable), (Status::Deadline, false), "{}", report.message);
    assert!(report.message.contains(&format!("{after_ms} ms")), "{}", report.message);
    assert!(report.urls.is_empty());
    report.elapsed.checked_sub(Duration::from_millis(after_ms)).expect("not before the deadline")
}

fn the_last_thing_known_comes_with_it() {
    one_of_three_within(PROMISE, || {
        let (server, client) = scripted(vec![json(200, RICH)]);
        let report = wait(&client, &order_within(ID, Duration::from_millis(1_500)));
        assert!(report.message.contains("Almost there"), "{}", report.message);
        assert_eq!((report.eta_ms, report.id.as_str()), (Some(60_000), "65919758"));
        assert_eq!(u64::from(report.attempts), server.counts().requests);
        assert_eq!(report.http_status, 200);
        assert_eq!(report.body, RICH.as_bytes());
        late(&report, 1_500)
    });
}

fn the_id_asked_for_is_known_where_no_reply_names_one() {
    one_of_three_within(PROMISE, || {
        let (_server, client) = scripted(vec![json(200, NOT_YET)]);
        let report = wait(&client, &order_within(ID, Duration::from_millis(900)));
        assert_eq!((report.eta_ms, report.id.as_str(), report.attempts), (None, ID, 1));
        assert!(report.message.contains("try again later."), "{}", report.message);
        late(&report, 900)
    });
}

fn a_poll_that_hangs_ends_with_it() {
    one_of_three_within(PROMISE, || {
        let (_server, client) = scripted(vec![Step::Stall]);
        let report = wait(&client, &order_within(ID, Duration::from_millis(600)));
        assert_eq!((report.id.as_str(), report.attempts, report.http_status), (ID, 1, 0));
        assert!(report.message.contains("no answer within "), "{}", report.message);
        assert!(report.message.ends_with("try again, or raise the deadline"), "{}", report.message);
        late(&report, 600)
    });
}

fn what_was_once_heard_outlives_a_later_failure() {
    one_of_three_within(PROMISE, || {
        let (_server, client) = scripted(vec![json(200, RICH), Step::Stall]);
        let report = wait(&client, &order_within(ID, Duration::from_millis(3_600)));
        assert_eq!(report.attempts, 2);
        assert!(report.message.contains("Almost there"), "{}", report.message);
        assert!(report.message.contains("no answer within"), "{}", report.message);
        assert_eq!((report.eta_ms, report.id.as_str()), (Some(60_000), "65919758"));
        late(&report, 3_600)
    });
}

fn a_later_wait_goes_on() {
    let never = Job { ready_after: Duration::MAX, ..Job::new("1") };
    let (server, client) = standin(Options::default(), vec![never]);
    let report = wait(&client, &order_within("1", Duration::from_millis(400)));
    late(&report, 400);
    assert!(server.finish_job("1"));
    // The id is polled once a second at most, by whoever waits for it.
    let report = wait(&client, &order_within(&report.id, Duration::from_secs(10)));
    assert_eq!((report.status, report.attempts), (Status::Ok, 1), "{}", report.message);
}

#[test]
fn a_deadline_keeps_what_is_known() {
    side_by_side(cases![
        the_last_thing_known_comes_with_it,
        the_id_asked_for_is_known_where_no_reply_names_one,
        a_poll_that_hangs_ends_with_it,
        what_was_once_heard_outlives_a_later_failure,
        a_later_wait_goes_on,
    ]);
}
