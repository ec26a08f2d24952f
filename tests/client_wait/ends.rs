//! How waits end before their deadline.

use crate::call::{
    AT_ONCE, ID, NOT_YET, READY, fetch, json, order, reply, scripted, side_by_side, standin, wait,
};
use crate::cases;
use crate::quickest::one_of_three_within;
use mlab_core::error::Status;
use mlab_standin::{Clock, Job, Options, Outcome, Reply, Step};
use std::thread;
use std::time::Duration;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn a_queued_job_is_ready_when_its_wait_ends() {
    let job = Job { ready_after: ms(1_950), clock: Clock::AtFirstLook, ..Job::new("1") };
    let (server, client) = standin(Options::default(), vec![job]);
    let report = wait(&client, &order("1"));
    assert_eq!((report.status, report.urls.len()), (Status::Ok, 1), "{}", report.message);
    assert_eq!(u64::from(report.attempts), server.polls("1"));
    assert_eq!(report.attempts, 3, "at once, and at gaps of a second");
    assert!(report.elapsed >= ms(2_000) && report.elapsed < ms(4_000), "{:?}", report.elapsed);
    assert_eq!(server.counts().connections, 1);
}

fn a_job_that_is_ready_takes_one_poll() {
    one_of_three_within(AT_ONCE, || {
        let (server, client) = standin(Options::default(), vec![Job::new("1")]);
        let report = wait(&client, &order("1"));
        assert_eq!((report.status, report.attempts, server.polls("1")), (Status::Ok, 1, 1));
        report.elapsed
    });
}

fn a_job_that_fails_ends_the_wait_at_that_poll() {
    let failing = |ready_after| Job {
        ready_after,
        clock: Clock::AtFirstLook,
        outcome: Outcome::Failed,
        ..Job::new("1")
    };
    one_of_three_within(AT_ONCE, || {
        let (_server, client) = standin(Options::default(), vec![failing(Duration::ZERO)]);
        let report = wait(&client, &order("1"));
        assert_eq!((report.status, report.attempts), (Status::JobFailed, 1), "{}", report.message);
        report.elapsed
    });
    let (server, client) = standin(Options::default(), vec![failing(ms(500))]);
    let report = wait(&client, &order("1"));
    assert_eq!((report.status, report.attempts, server.polls("1")), (Status::JobFailed, 2, 2));
}

fn an_id_that_becomes_known_after_a_while_is_waited_for() {
    let (server, client) = standin(Options::default(), vec![]);
    let report = thread::scope(|scope| {
        let waiting = scope.spawn(|| wait(&client, &order("1")));
        assert!(server.wait_until(|counts| counts.requests == 2, ms(10_000)), "no second poll");
        server.add_job(Job::new("1"));
        waiting.join().expect("the wait")
    });
    // The second poll is counted before it is answered, so it may find the job already.
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert!((2..=3).contains(&report.attempts), "{}", report.attempts);
}

fn success_goes_on_until_the_links_are_there() {
    let late = Job { outcome: Outcome::LinksLate(ms(500)), clock: Clock::AtFirstLook, ..Job::new("1") };
    let (_server, client) = standin(Options::default(), vec![late]);
    let report = wait(&client, &order("1"));
    assert_eq!((report.status, report.attempts, report.urls.len()), (Status::Ok, 2, 1));
}

fn failures_that_may_pass_do_not_end_a_wait() {
    let (server, client) = scripted(vec![
        json(500, r#"{"message":"Server Error"}"#),
        Step::Reset,
        reply(&Reply::html(200, "We are down for maintenance")),
        json(200, NOT_YET),
        json(200, READY),
    ]);
    let report = wait(&client, &order(ID));
    assert_eq!((report.status, report.attempts), (Status::Ok, 5), "{}", report.message);
    assert_eq!(server.counts().requests, 5);
    assert!(report.elapsed >= ms(4_000), "five polls in {:?}", report.elapsed);
}

fn a_wait_polls_no_sooner_than_the_server_asks_for() {
    let told =
        reply(&Reply::json(429, r#"{"status":"error","message":"Rate limit"}"#).with("Retry-After", "3"));
    let (_server, client) = scripted(vec![told, json(200, READY)]);
    let report = wait(&client, &order(ID));
    assert_eq!((report.status, report.attempts), (Status::Ok, 2), "{}", report.message);
    assert!(report.elapsed >= ms(3_000) && report.elapsed < ms(4_500), "{:?}", report.elapsed);
}

/// What no second poll would cure.
fn failures_that_will_not_pass_end_a_wait_at_once() {
    let refused = |words: &str| json(200, &format!(r#"{{"status":"error","message":"{words}"}}"#));
    let elsewhere = Reply::json(307, "{}").with("Location", "https://elsewhere.example/");
    let huge = "Content-Type: text/html\r\nContent-Length: 99999999";
    let table = [
        (refused("Invalid API key"), Status::Auth),
        (json(401, "{}"), Status::Auth),
        (refused("You have no credit left"), Status::Payment),
        (json(403, "{}"), Status::Forbidden),
        (json(422, "{}"), Status::BadRequest),
        (refused("Something else"), Status::Api),
        (json(200, r#"{"status":"failed","message":"Failed, Try Again"}"#), Status::JobFailed),
        (json(200, "[]"), Status::Protocol),
        (reply(&elsewhere), Status::Redirect),
        (Step::Send(format!("HTTP/1.1 200 OK\r\n{huge}\r\n\r\n").into()), Status::TooLarge),
    ];
    for (answer, status) in table {
        one_of_three_within(AT_ONCE, || {
            let (server, client) = scripted(vec![answer.clone(), json(200, READY)]);
            let report = wait(&client, &order(ID));
            assert_eq!((report.status, report.attempts), (status, 1), "{}", report.message);
            assert_eq!(server.counts().requests, 1, "{status:?}");
            report.elapsed
        });
    }
}

fn two_jobs_are_waited_for_at_once_by_one_client() {
    let jobs = ["1", "2"].map(|id| Job { ready_after: ms(800), ..Job::new(id) });
    let (server, client) = standin(Options::default(), jobs.into());
    let reports = thread::scope(|scope| {
        let waits = ["1", "2"].map(|id| scope.spawn(|| wait(&client, &order(id))));
        waits.map(|wait| wait.join().expect("the wait"))
    });
    for (report, id) in reports.iter().zip(["1", "2"]) {
        assert_eq!((report.status, report.id.as_str()), (Status::Ok, id), "{}", report.message);
        assert!(report.elapsed < ms(2_000), "{:?}", report.elapsed);
    }
    assert!(server.counts().connections <= 2, "{:?}", server.counts());
}

#[test]
fn a_wait_ends_with_the_job_and_with_nothing_less() {
    side_by_side(cases![
        a_queued_job_is_ready_when_its_wait_ends,
        a_job_that_is_ready_takes_one_poll,
        a_job_that_fails_ends_the_wait_at_that_poll,
        an_id_that_becomes_known_after_a_while_is_waited_for,
        success_goes_on_until_the_links_are_there,
        failures_that_may_pass_do_not_end_a_wait,
        a_wait_polls_no_sooner_than_the_server_asks_for,
        failures_that_will_not_pass_end_a_wait_at_once,
        two_jobs_are_waited_for_at_once_by_one_client,
    ]);
}

#[test]
fn a_fetch_takes_an_unknown_id_at_its_word() {
    let (server, client) = standin(Options::default(), vec![]);
    let report = fetch(&client, "1");
    assert_eq!((report.status, report.attempts, report.retryable), (Status::NotFound, 1, false));
    assert_eq!(server.counts().requests, 1);
}
