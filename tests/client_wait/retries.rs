//! Retries of a fetch: how many, how far apart, and never past the request timeout.

use crate::call::{AT_ONCE, ID, READY, client, fetch, in_turn, json, reply, settings, side_by_side};
use crate::cases;
use crate::quickest::one_of_three_within;
use mlab_core::engine::{Report, Settings};
use mlab_core::error::Status;
use mlab_standin::{ClosedPort, RawServer, Reply, Step};
use std::time::Duration;

const SERVER_ERROR: &str = r#"{"message":"Server Error"}"#;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn fetched(replies: Vec<Step>, set: impl FnOnce(&mut Settings)) -> (RawServer, Report) {
    let server = in_turn(replies);
    let mut settings = settings(&server.endpoint());
    set(&mut settings);
    let report = fetch(&client(settings), ID);
    assert_eq!(u64::from(report.attempts), server.counts().requests, "{}", report.message);
    (server, report)
}

fn too_many(retry_after: &str) -> Step {
    let body = r#"{"status":"error","message":"Rate limit exceeded."}"#;
    reply(&Reply::json(429, body).with("Retry-After", retry_after))
}

fn two_unless_said_otherwise() {
    let (_server, report) = fetched(vec![json(500, SERVER_ERROR)], |_| {});
    assert_eq!((report.status, report.attempts, report.retryable), (Status::Server, 3, true));
    // 0.5 and 1 s, each with up to a quarter more.
    assert!(report.elapsed >= ms(1_500) && report.elapsed < ms(3_000), "{:?}", report.elapsed);
}

fn none_if_told_so() {
    one_of_three_within(AT_ONCE, || {
        let (_server, report) = fetched(vec![json(500, SERVER_ERROR)], |s| s.set_retries(0).expect("valid"));
        assert_eq!((report.status, report.attempts), (Status::Server, 1));
        report.elapsed
    });
}

fn whatever_failed_the_success_counts() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"status\"";
    let busy = json(200, r#"{"status":"error","message":"The server is busy"}"#);
    let cut = Step::Send(cut.into());
    for failure in [Step::Reset, Step::HangUp, cut, json(502, "<html>"), json(200, ""), busy] {
        let (_server, report) = fetched(vec![failure, json(200, READY)], |_| {});
        assert_eq!((report.status, report.attempts, report.urls.len()), (Status::Ok, 2, 1));
        assert!(report.elapsed >= ms(500), "{:?}", report.elapsed);
    }
}

fn as_late_as_the_server_asks_for() {
    let (_server, report) = fetched(vec![too_many("2"), json(200, READY)], |_| {});
    assert_eq!((report.status, report.attempts), (Status::Ok, 2), "{}", report.message);
    assert!(report.elapsed >= ms(2_000) && report.elapsed < ms(3_000), "{:?}", report.elapsed);
}

fn no_sooner_than_without_a_pause_of_zero() {
    for pause in ["0", "-1", "Sun, 06 Nov 1994 08:49:37 GMT"] {
        let (_server, report) = fetched(vec![too_many(pause), too_many(pause), json(200, READY)], |_| {});
        assert_eq!((report.status, report.attempts), (Status::Ok, 3), "{}", report.message);
        assert!(report.elapsed >= ms(1_500) && report.elapsed < ms(3_000), "{pause}: {:?}", report.elapsed);
    }
}

fn not_at_all_where_the_server_asks_for_more_than_is_left() {
    one_of_three_within(AT_ONCE, || {
        let (_server, report) = fetched(vec![too_many("5"), json(200, READY)], |s| {
            s.set_request_timeout_ms(2_000).expect("valid");
        });
        assert_eq!((report.status, report.attempts), (Status::RateLimited, 1), "{}", report.message);
        assert_eq!((report.retry_after_ms, report.retryable), (Some(5_000), true));
        report.elapsed
    });
}

fn never_past_the_request_timeout() {
    // The third try comes after 1.5 to 1.9 s, a fourth would after 3.5 s at least.
    let (_server, report) = fetched(vec![json(500, SERVER_ERROR)], |s| {
        s.set_retries(100).expect("valid");
        s.set_request_timeout_ms(3_450).expect("valid");
    });
    assert_eq!((report.status, report.attempts), (Status::Server, 3), "the last failure is what is told");
    assert!(report.elapsed < ms(3_450), "{:?}", report.elapsed);
    one_of_three_within(ms(250), || {
        let (_server, report) = fetched(vec![json(500, SERVER_ERROR), Step::Stall], |s| {
            s.set_request_timeout_ms(1_200).expect("valid");
        });
        assert_eq!((report.status, report.attempts), (Status::Timeout, 2), "{}", report.message);
        report.elapsed.checked_sub(ms(1_200)).expect("not before the timeout")
    });
}

fn not_for_what_will_not_pass_nor_for_a_job_that_is_not_ready() {
    let table = [
        (json(401, "{}"), Status::Auth),
        (json(404, "{}"), Status::NotFound),
        (json(200, r#"{"status":"failed","message":"Failed"}"#), Status::JobFailed),
        (json(200, crate::call::NOT_YET), Status::Processing),
    ];
    for (answer, status) in table {
        one_of_three_within(AT_ONCE, || {
            let (_server, report) = fetched(vec![answer.clone()], |_| {});
            assert_eq!((report.status, report.attempts, report.retryable), (status, 1, false));
            report.elapsed
        });
    }
}

fn a_server_that_is_not_there_is_asked_again_too() {
    let nobody = ClosedPort::open().expect("a free port");
    let mut settings = settings(&format!("http://{}/{{id}}", nobody.addr()));
    settings.set_retries(1).expect("valid");
    let report = fetch(&client(settings), ID);
    assert_eq!((report.status, report.attempts), (Status::Connect, 2), "{}", report.message);
}

#[test]
fn failures_that_may_pass_are_tried_again() {
    side_by_side(cases![
        two_unless_said_otherwise,
        none_if_told_so,
        whatever_failed_the_success_counts,
        as_late_as_the_server_asks_for,
        no_sooner_than_without_a_pause_of_zero,
        not_at_all_where_the_server_asks_for_more_than_is_left,
        never_past_the_request_timeout,
        not_for_what_will_not_pass_nor_for_a_job_that_is_not_ready,
        a_server_that_is_not_there_is_asked_again_too,
    ]);
}
