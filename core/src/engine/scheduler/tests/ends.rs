//! However a job ends, it ends once.

use super::fixture::*;
use crate::engine::scheduler::*;

/// One way to end a job whose first poll is under way.
struct Way {
    name: &'static str,
    end: fn(&mut Fixture, job: u64, poll: &PollTask),
    status: Status,
}

const WAYS: &[Way] = &[
    Way { name: "ready", end: |fixture, _, poll| fixture.handle_reply(poll, ready()), status: Status::Ok },
    Way {
        name: "failed",
        end: |fixture, _, poll| fixture.handle_reply(poll, failed()),
        status: Status::JobFailed,
    },
    Way {
        name: "unknown for too long",
        end: |fixture, _, poll| {
            fixture.pass(SECOND * 15);
            fixture.handle_reply(poll, not_found());
        },
        status: Status::NotFound,
    },
    Way { name: "deadline", end: |fixture, _, _| fixture.pass(SECOND * 600), status: Status::Deadline },
    Way {
        name: "deadline seen by a poll first",
        end: |fixture, _, poll| {
            fixture.now = SECOND * 600;
            fixture.handle_reply(poll, not_yet());
        },
        status: Status::Deadline,
    },
    Way {
        name: "cancelled",
        end: |fixture, job, _| fixture.cancel(job).expect("it is open"),
        status: Status::Cancelled,
    },
    Way {
        name: "all cancelled",
        end: |fixture, _, _| fixture.scheduler.cancel_all(fixture.now),
        status: Status::Cancelled,
    },
    Way { name: "closed", end: |fixture, _, _| fixture.scheduler.close(fixture.now), status: Status::Closed },
    Way {
        name: "a poll that could not be made",
        end: |fixture, _, poll| {
            fixture.scheduler.poll_broke(poll.task, &Error::Internal("a panic".into()), fixture.now);
        },
        status: Status::Internal,
    },
];

#[test]
fn a_job_ends_once_whatever_ends_it_and_whatever_comes_afterwards() {
    for way in WAYS {
        for after in WAYS {
            let mut fixture = Fixture::new();
            let job = fixture.submit("1");
            let poll = fixture.poll();
            (way.end)(&mut fixture, job, &poll);
            if way.name != after.name && after.name != "cancelled" {
                fixture.now = fixture.now.max(SECOND * 600);
                (after.end)(&mut fixture, job, &poll);
            }
            fixture.pass(SECOND * 3600);
            assert_eq!(fixture.ends(), [(job, way.status)], "{}, then {}", way.name, after.name);
            assert_eq!(fixture.scheduler.pending(), 0);
        }
    }
}

#[test]
fn good_news_counts_past_the_deadline_if_nobody_saw_the_deadline_first() {
    let mut fixture = Fixture::new();
    let job = fixture.submit_until("1", 5);
    let poll = fixture.poll();
    fixture.now = SECOND * 6;
    fixture.handle_reply(&poll, ready());
    fixture.pass(SECOND);
    assert_eq!(fixture.ends(), [(job, Status::Ok)]);
}

#[test]
fn a_deadline_ends_a_job_under_way_and_gives_its_poll_up() {
    let mut fixture = Fixture::new();
    let job = fixture.submit_until("1", 5);
    let poll = fixture.poll();
    assert_eq!(poll.end, SECOND * 5);
    fixture.pass(SECOND * 5);
    assert!(fixture.is_cancelled(&poll));
    assert_eq!(fixture.ends(), [(job, Status::Deadline)]);
    fixture.handle_reply(&poll, cancelled());
    assert!(fixture.event().is_none());
}

#[test]
fn a_poll_that_is_under_way_when_a_job_ends_was_made() {
    for (polls, is_closed) in [(1, false), (2, false), (2, true)] {
        let mut fixture = Fixture::new();
        let job = fixture.submit("1");
        let first = fixture.poll();
        fixture.handle_reply(&first, not_yet());
        if polls == 2 {
            let due = fixture.next_due().expect("a second poll");
            fixture.pass_until(due);
            fixture.poll();
        }
        if is_closed {
            fixture.scheduler.close(fixture.now);
        } else {
            fixture.cancel(job).expect("it is open");
        }
        let end = std::iter::from_fn(|| fixture.event()).find(|event| event.done.is_some()).expect("its end");
        assert_eq!((end.polls, end.done.expect("a report").attempts), (polls, polls));
    }
}

#[test]
fn a_deadline_leaves_the_other_job_on_the_id_alone() {
    let mut fixture = Fixture::new();
    let (short, long) = (fixture.submit_until("1", 5), fixture.submit_until("1", 60));
    let poll = fixture.poll();
    assert_eq!(poll.end, SECOND * 60);
    fixture.pass(SECOND * 5);
    assert!(!fixture.is_cancelled(&poll));
    assert_eq!(fixture.ends(), [(short, Status::Deadline)]);
    fixture.handle_reply(&poll, ready());
    assert_eq!(fixture.ends(), [(long, Status::Ok)]);
}

#[test]
fn a_deadline_between_polls_does_not_bring_the_next_poll_forward() {
    let mut fixture = Fixture::new();
    let short = fixture.submit_until("1", 5);
    fixture.submit_until("1", 60);
    let poll = fixture.poll();
    fixture.handle_reply(&poll, busy(30));
    fixture.pass(SECOND * 5);
    assert!(fixture.take().is_none());
    assert_eq!(fixture.ends(), [(short, Status::Deadline)]);
    fixture.pass_until(SECOND * 30 - Duration::from_millis(1));
    assert!(fixture.take().is_none());
    fixture.pass(SECOND * 4);
    fixture.poll();
}

#[test]
fn the_deadlines_result_has_the_last_thing_heard() {
    let mut fixture = Fixture::new();
    fixture.submit_until("1", 5);
    let poll = fixture.poll();
    fixture.handle_reply(&poll, eta(40));
    fixture.pass(SECOND * 5);
    let done = std::iter::from_fn(|| fixture.event()).find_map(|event| event.done).expect("its end");
    assert_eq!((done.status, done.eta_ms, done.http_status), (Status::Deadline, Some(40_000), 200));
    assert_eq!((done.attempts, done.elapsed, done.retryable), (1, SECOND * 5, false));
}

#[test]
fn the_deadlines_result_has_what_was_said_before_a_failure() {
    let mut fixture = Fixture::new();
    fixture.submit_until("1", 20);
    let poll = fixture.poll();
    fixture.handle_reply(&poll, not_yet());
    let due = fixture.next_due().expect("a second poll");
    fixture.pass_until(due);
    let poll = fixture.poll();
    fixture.handle_reply(&poll, busy(3600));
    fixture.pass(SECOND * 20);
    let done = std::iter::from_fn(|| fixture.event()).find_map(|event| event.done).expect("its end");
    assert!(done.message.contains("try again later."), "{}", done.message);
    assert!(done.message.contains("HTTP 503"), "{}", done.message);
    assert_eq!((done.attempts, done.retry_after_ms), (2, Some(3_600_000)));
}

#[test]
fn a_cancel_gives_a_poll_up_only_when_nobody_wants_it() {
    let mut fixture = Fixture::new();
    let (one, two) = (fixture.submit("1"), fixture.submit("1"));
    let poll = fixture.poll();
    fixture.cancel(one).expect("it is open");
    assert!(!fixture.is_cancelled(&poll));
    fixture.cancel(two).expect("it is open");
    assert!(fixture.is_cancelled(&poll));
    assert_eq!(fixture.ends(), [(one, Status::Cancelled), (two, Status::Cancelled)]);
}

#[test]
fn a_cancel_does_not_change_an_end_that_is_queued() {
    let mut fixture = Fixture::new();
    let job = fixture.submit("1");
    let poll = fixture.poll();
    fixture.handle_reply(&poll, ready());
    assert_eq!(fixture.cancel(job), Ok(()));
    fixture.scheduler.cancel_all(fixture.now);
    assert_eq!(fixture.ends(), [(job, Status::Ok)]);
}

#[test]
fn a_stale_number_is_refused_and_harms_nothing() {
    let mut fixture = Fixture::new();
    let (old, other) = (fixture.submit("1"), fixture.submit("1"));
    let wait = fixture.open(call("1", until(600)));
    fixture.cancel(old).expect("it is open");
    assert_eq!(fixture.ends(), [(old, Status::Cancelled)]);
    for stale in [old, wait, wait + 1, u64::MAX] {
        let refused = fixture.scheduler.cancel(stale, fixture.now).map_err(|error| error.status());
        assert_eq!(refused, Err(Status::InvalidArgument), "{stale} is no job of the host's");
    }
    fixture.cancel(wait).expect("its own thread may");
    assert_eq!(fixture.scheduler.pending(), 1);
    let poll = fixture.poll();
    fixture.handle_reply(&poll, ready());
    assert_eq!(fixture.ends(), [(other, Status::Ok)]);
}

#[test]
fn numbers_are_never_used_again() {
    let mut fixture = Fixture::new();
    let mut last = 0;
    for _ in 0..1000 {
        let job = fixture.submit("1");
        assert!(job > last);
        last = job;
        fixture.cancel(job).expect("it is open");
        fixture.ends();
    }
}

#[test]
fn a_full_scheduler_is_busy_until_an_end_is_pulled() {
    let mut fixture = Fixture::with(Limits { jobs: 2, ..LIMITS });
    let one = fixture.submit("1");
    fixture.submit("2");
    let busy = |fixture: &mut Fixture| {
        fixture.scheduler.open(job("3", until(60)), fixture.now).map_err(|error| error.status())
    };
    assert_eq!(busy(&mut fixture), Err(Status::Busy));
    fixture.cancel(one).expect("it is open");
    assert_eq!(busy(&mut fixture), Err(Status::Busy), "its end takes room until it is pulled");
    assert_eq!(fixture.ends(), [(one, Status::Cancelled)]);
    assert!(busy(&mut fixture).is_ok());
}

#[test]
fn a_closed_scheduler_takes_no_job_and_keeps_what_it_has_to_tell() {
    let mut fixture = Fixture::new();
    let (ended, open) = (fixture.submit("1"), fixture.submit("2"));
    let poll = fixture.poll();
    fixture.handle_reply(&poll, ready());
    fixture.scheduler.close(fixture.now);
    let refused = fixture.scheduler.open(job("3", until(60)), fixture.now).map_err(|error| error.status());
    assert_eq!(refused, Err(Status::Closed));
    assert_eq!(fixture.ends(), [(ended, Status::Ok), (open, Status::Closed)]);
}

#[test]
fn links_that_do_not_come_within_their_time_are_a_failed_job() {
    let mut fixture = Fixture::new();
    let number = fixture.submit("1");
    let end = loop {
        let poll = fixture.poll();
        fixture.handle_reply(&poll, reply(r#"{"status":"success","id":1,"output":[]}"#));
        let update = std::iter::from_fn(|| fixture.event()).find(|event| event.done.is_some());
        if let Some(event) = update {
            break event;
        }
        let due = fixture.next_due().expect("another poll");
        fixture.pass_until(due);
    };
    let report = end.done.expect("its report");
    assert_eq!((end.job, report.status, report.retryable), (number, Status::JobFailed, false));
    assert!(report.message.contains("without listing any image"), "{}", report.message);
    assert_eq!(fixture.now, SECOND * 60);
}
