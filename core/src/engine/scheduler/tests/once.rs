//! Jobs that are polled once: they end with the first answer, as a fetch does.

use super::fixture::*;
use crate::engine::scheduler::*;
use crate::flow::plan::Plan;

const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
const RETRIES: u32 = 2;

fn once() -> Plan {
    Plan::default().with_one_answer(true).of_client(RETRIES, REQUEST_TIMEOUT, 1)
}

fn succeeded_without_links() -> Report {
    reply(r#"{"status":"success","output":[]}"#)
}

#[test]
fn the_first_answer_is_the_end_whatever_it_says() {
    let rows = [
        (ready(), Status::Ok),
        (not_yet(), Status::Processing),
        (eta(20), Status::Processing),
        (succeeded_without_links(), Status::Processing),
        (not_found(), Status::NotFound),
        (failed(), Status::JobFailed),
    ];
    for (answer, status) in rows {
        for new in [job("1", once()), call("1", once())] {
            let (mut fixture, is_call) = (Fixture::new(), new.is_call);
            let number = fixture.open(new);
            let poll = match is_call {
                true => match fixture.scheduler.take_call_poll(number, fixture.now) {
                    NextPoll::Poll(poll) => poll,
                    NextPoll::Sleep(until) => panic!("{status:?}: sleeps until {until:?}"),
                },
                false => fixture.poll(),
            };
            fixture.handle_reply(&poll, answer.clone());
            let end = match is_call {
                true => fixture.scheduler.take_end(number, fixture.now).map(|end| end.into_report().status),
                false => fixture.ends().pop().map(|(_, status)| status),
            };
            assert_eq!(end, Some(status), "is a call: {is_call}");
        }
    }
}

#[test]
fn one_that_follows_another_waits_for_no_gap() {
    let mut fixture = Fixture::new();
    for _ in 0..3 {
        let number = fixture.open(job("1", once()));
        let poll = fixture.poll();
        fixture.pass(SECOND / 10);
        fixture.handle_reply(&poll, not_yet());
        assert_eq!(fixture.ends(), [(number, Status::Processing)]);
    }
}

#[test]
fn who_waits_for_an_id_that_was_polled_once_keeps_the_gap_to_that() {
    let mut fixture = Fixture::new();
    fixture.open(job("1", once()));
    let poll = fixture.poll();
    fixture.handle_reply(&poll, not_yet());
    fixture.pass(SECOND);
    fixture.submit("1");
    assert!(fixture.take().is_none());
    fixture.pass(SECOND);
    fixture.poll();
}

#[test]
fn a_failure_that_may_pass_is_retried_as_a_fetch_is() {
    let mut fixture = Fixture::new();
    let number = fixture.open(job("1", once()));
    for nth in 1..=RETRIES + 1 {
        let poll = fixture.poll();
        assert_eq!(poll.nth, nth);
        fixture.handle_reply(&poll, busy(0));
        if nth <= RETRIES {
            let due = fixture.next_due().expect("a retry");
            assert!(due > fixture.now && due <= fixture.now + SECOND * 2, "{due:?}");
            fixture.pass_until(due);
        }
    }
    assert_eq!(fixture.ends(), [(number, Status::Server)]);
}

#[test]
fn no_retry_begins_once_the_request_timeout_is_over() {
    for (wait, after) in [(Duration::ZERO, 31), (SECOND * 29, 2)] {
        let mut fixture = Fixture::new();
        let number = fixture.open(job("1", once()));
        let poll = fixture.poll();
        fixture.pass(wait);
        fixture.handle_reply(&poll, busy(after));
        assert_eq!(fixture.ends(), [(number, Status::Server)], "{wait:?}, Retry-After: {after}");
    }
}

#[test]
fn one_that_is_not_answered_in_time_says_what_held_it_up() {
    // A poll in flight, which the server leaves unanswered.
    let mut fixture = Fixture::new();
    let number = fixture.open(job("1", once()));
    let poll = fixture.poll();
    assert_eq!((poll.end, poll.bound), (REQUEST_TIMEOUT, "request timeout"));
    fixture.pass(REQUEST_TIMEOUT);
    assert_eq!(fixture.ends(), [(number, Status::Timeout)]);
    assert!(fixture.is_cancelled(&poll));

    // The server's own limit.
    let mut fixture = Fixture::new();
    fixture.submit("1");
    let poll = fixture.poll();
    fixture.handle_reply(&poll, rate_limited(100));
    fixture.open(job("2", once()));
    fixture.pass(REQUEST_TIMEOUT);
    let end = std::iter::from_fn(|| fixture.event()).find_map(|event| event.done).expect("its end");
    assert_eq!((end.status, end.retry_after_ms), (Status::RateLimited, Some(70_000)));

    // The client's budget, or all of its workers.
    for (limits, words) in [
        (Limits { request_gap: SECOND * 60, ..LIMITS }, "requests_per_second"),
        (Limits { workers: 1, ..LIMITS }, "allow more workers"),
    ] {
        let mut fixture = Fixture::with(limits);
        fixture.submit("1");
        fixture.poll();
        fixture.open(job("2", once()));
        assert!(fixture.take().is_none());
        fixture.pass(REQUEST_TIMEOUT);
        let end = std::iter::from_fn(|| fixture.event()).find_map(|event| event.done).expect("its end");
        assert_eq!(end.status, Status::Timeout);
        assert!(end.message.contains(words), "{}", end.message);
    }
}

#[test]
fn one_whose_retry_gets_no_turn_says_how_it_failed() {
    let mut fixture = Fixture::with(Limits { workers: 1, ..LIMITS });
    let number = fixture.open(job("1", once()));
    let poll = fixture.poll();
    fixture.handle_reply(&poll, busy(0));
    fixture.submit("2");
    fixture.poll();
    fixture.pass(REQUEST_TIMEOUT);
    let end = std::iter::from_fn(|| fixture.event().filter(|event| event.job == number))
        .find_map(|event| event.done);
    let end = end.expect("its end");
    assert_eq!((end.status, end.attempts), (Status::Server, 1));
    assert!(end.message.contains("; then: no worker was free"), "{}", end.message);
}

#[test]
fn it_has_the_request_timeout_unless_less_was_asked_for() {
    let (long, short) = (SECOND * 900, SECOND * 5);
    let asked = |deadline| Plan::default().with_deadline(deadline).expect("a deadline").with_one_answer(true);
    for (plan, timeout, wanted) in [
        (Plan::default().with_one_answer(true), long, (long, "request timeout")),
        (asked(short), long, (short, "deadline")),
        (asked(long), short, (short, "request timeout")),
    ] {
        let mut fixture = Fixture::new();
        fixture.open(job("1", plan.of_client(RETRIES, timeout, 1)));
        let poll = fixture.poll();
        assert_eq!((poll.end, poll.bound), wanted);
        fixture.pass(wanted.0);
        let end = std::iter::from_fn(|| fixture.event()).find_map(|event| event.done).expect("its end");
        assert!(end.message.contains(wanted.1), "{}", end.message);
    }
}

#[test]
fn who_waits_for_the_same_id_hears_the_answer_and_keeps_the_own_gap() {
    let mut fixture = Fixture::new();
    let waits = fixture.submit("1");
    let poll = fixture.poll();
    fixture.handle_reply(&poll, not_yet());
    while fixture.event().is_some() {}
    let asks = fixture.open(job("1", once()));
    let poll = fixture.poll();
    assert_eq!((poll.end, poll.bound), (SECOND * 600, "deadline"));
    fixture.handle_reply(&poll, not_yet());
    assert_eq!(fixture.ends(), [(asks, Status::Processing)]);
    let due = fixture.next_due().expect("the wait goes on");
    assert!(due >= fixture.now + SECOND * 2, "{due:?}");

    fixture.pass(SECOND);
    let asks = fixture.open(job("1", once()));
    let poll = fixture.poll();
    fixture.handle_reply(&poll, ready());
    let mut ends = fixture.ends();
    ends.sort_unstable();
    assert_eq!(ends, [(waits, Status::Ok), (asks, Status::Ok)]);
}
