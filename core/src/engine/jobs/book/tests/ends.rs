//! However a job ends, it ends once.

use super::desk::*;
use crate::engine::jobs::book::*;

/// One way to end a job whose first poll is under way.
struct Way {
    name: &'static str,
    end: fn(&mut Desk, job: u64, poll: &Due),
    status: Status,
}

const WAYS: &[Way] = &[
    Way { name: "ready", end: |desk, _, poll| desk.hear(poll, ready()), status: Status::Ok },
    Way { name: "failed", end: |desk, _, poll| desk.hear(poll, failed()), status: Status::JobFailed },
    Way {
        name: "unknown for too long",
        end: |desk, _, poll| {
            desk.pass(SECOND * 15);
            desk.hear(poll, not_found());
        },
        status: Status::NotFound,
    },
    Way { name: "deadline", end: |desk, _, _| desk.pass(SECOND * 600), status: Status::Deadline },
    Way {
        name: "deadline seen by a poll first",
        end: |desk, _, poll| {
            desk.now = SECOND * 600;
            desk.hear(poll, not_yet());
        },
        status: Status::Deadline,
    },
    Way {
        name: "cancelled",
        end: |desk, job, _| desk.cancel(job).expect("it is open"),
        status: Status::Cancelled,
    },
    Way {
        name: "all cancelled",
        end: |desk, _, _| desk.book.cancel_all(&Error::Cancelled, desk.now),
        status: Status::Cancelled,
    },
    Way { name: "closed", end: |desk, _, _| desk.book.close(desk.now), status: Status::Closed },
    Way {
        name: "a poll that could not be made",
        end: |desk, _, poll| {
            desk.book.fail(&poll.id, &Error::Internal("a panic".into()), desk.now);
        },
        status: Status::Internal,
    },
];

#[test]
fn a_job_ends_once_whatever_ends_it_and_whatever_comes_afterwards() {
    for way in WAYS {
        for after in WAYS {
            let mut desk = Desk::new();
            let job = desk.submit("1");
            let poll = desk.poll();
            (way.end)(&mut desk, job, &poll);
            if way.name != after.name && after.name != "cancelled" {
                desk.now = desk.now.max(SECOND * 600);
                (after.end)(&mut desk, job, &poll);
            }
            desk.pass(SECOND * 3600);
            assert_eq!(desk.ends(), [(job, way.status)], "{}, then {}", way.name, after.name);
            assert_eq!(desk.book.open(), 0);
        }
    }
}

#[test]
fn good_news_counts_past_the_deadline_if_nobody_saw_the_deadline_first() {
    let mut desk = Desk::new();
    let job = desk.submit_until("1", 5);
    let poll = desk.poll();
    desk.now = SECOND * 6;
    desk.hear(&poll, ready());
    desk.pass(SECOND);
    assert_eq!(desk.ends(), [(job, Status::Ok)]);
}

#[test]
fn a_deadline_ends_a_job_under_way_and_gives_its_poll_up() {
    let mut desk = Desk::new();
    let job = desk.submit_until("1", 5);
    let poll = desk.poll();
    assert_eq!(poll.end, SECOND * 5);
    desk.pass(SECOND * 5);
    assert!(poll.token.is_triggered());
    assert_eq!(desk.ends(), [(job, Status::Deadline)]);
    desk.hear(&poll, cancelled());
    assert!(desk.event().is_none());
}

#[test]
fn a_deadline_leaves_the_other_job_on_the_id_alone() {
    let mut desk = Desk::new();
    let (short, long) = (desk.submit_until("1", 5), desk.submit_until("1", 60));
    let poll = desk.poll();
    assert_eq!(poll.end, SECOND * 60);
    desk.pass(SECOND * 5);
    assert!(!poll.token.is_triggered());
    assert_eq!(desk.ends(), [(short, Status::Deadline)]);
    desk.hear(&poll, ready());
    assert_eq!(desk.ends(), [(long, Status::Ok)]);
}

#[test]
fn a_deadline_between_polls_does_not_bring_the_next_poll_forward() {
    let mut desk = Desk::new();
    let short = desk.submit_until("1", 5);
    desk.submit_until("1", 60);
    let poll = desk.poll();
    desk.hear(&poll, leave_me_alone(30));
    desk.pass(SECOND * 5);
    assert!(desk.take().is_none());
    assert_eq!(desk.ends(), [(short, Status::Deadline)]);
    desk.pass_until(SECOND * 30 - Duration::from_millis(1));
    assert!(desk.take().is_none());
    desk.pass(SECOND * 4);
    desk.poll();
}

#[test]
fn the_deadlines_result_has_the_last_thing_heard() {
    let mut desk = Desk::new();
    desk.submit_until("1", 5);
    let poll = desk.poll();
    desk.hear(&poll, eta(40));
    desk.pass(SECOND * 5);
    let done = std::iter::from_fn(|| desk.event()).find_map(|event| event.done).expect("its end");
    assert_eq!((done.status, done.eta_ms, done.http_status), (Status::Deadline, Some(40_000), 200));
    assert_eq!((done.attempts, done.elapsed, done.retryable), (1, SECOND * 5, false));
}

#[test]
fn the_deadlines_result_has_what_was_said_before_a_failure() {
    let mut desk = Desk::new();
    desk.submit_until("1", 20);
    let poll = desk.poll();
    desk.hear(&poll, not_yet());
    desk.pass_until(desk.next_due().expect("a second poll"));
    let poll = desk.poll();
    desk.hear(&poll, leave_me_alone(3600));
    desk.pass(SECOND * 20);
    let done = std::iter::from_fn(|| desk.event()).find_map(|event| event.done).expect("its end");
    assert!(done.message.contains("try again later."), "{}", done.message);
    assert!(done.message.contains("Rate limit exceeded."), "{}", done.message);
    assert_eq!((done.attempts, done.retry_after_ms), (2, Some(3_600_000)));
}

#[test]
fn deadlines_do_not_wait_for_the_budget() {
    let mut desk = Desk::new();
    desk.submit_until("1", 5);
    // A poll is due now but may not be made before the 100th second.
    assert_eq!(desk.book.next_due(SECOND * 100), Some(SECOND * 5));
    desk.submit_until("2", 200);
    desk.pass(SECOND * 5);
    assert_eq!(desk.book.next_due(SECOND * 100), Some(SECOND * 100));
}

#[test]
fn a_cancel_gives_a_poll_up_only_when_nobody_wants_it() {
    let mut desk = Desk::new();
    let (one, two) = (desk.submit("1"), desk.submit("1"));
    let poll = desk.poll();
    desk.cancel(one).expect("it is open");
    assert!(!poll.token.is_triggered());
    desk.cancel(two).expect("it is open");
    assert!(poll.token.is_triggered());
    assert_eq!(desk.ends(), [(one, Status::Cancelled), (two, Status::Cancelled)]);
}

#[test]
fn a_cancel_does_not_change_an_end_that_is_queued() {
    let mut desk = Desk::new();
    let job = desk.submit("1");
    let poll = desk.poll();
    desk.hear(&poll, ready());
    assert_eq!(desk.cancel(job), Ok(()));
    desk.book.cancel_all(&Error::Cancelled, desk.now);
    assert_eq!(desk.ends(), [(job, Status::Ok)]);
}

#[test]
fn a_stale_number_is_refused_and_harms_nothing() {
    let mut desk = Desk::new();
    let (old, other) = (desk.submit("1"), desk.submit("1"));
    desk.cancel(old).expect("it is open");
    assert_eq!(desk.ends(), [(old, Status::Cancelled)]);
    for stale in [old, other + 1, u64::MAX] {
        let refused = desk.cancel(stale).map_err(|error| error.status());
        assert_eq!(refused, Err(Status::InvalidArgument));
    }
    assert_eq!(desk.book.open(), 1);
    let poll = desk.poll();
    desk.hear(&poll, ready());
    assert_eq!(desk.ends(), [(other, Status::Ok)]);
}

#[test]
fn numbers_are_never_used_again() {
    let mut desk = Desk::new();
    let mut last = 0;
    for _ in 0..1000 {
        let job = desk.submit("1");
        assert!(job > last);
        last = job;
        desk.cancel(job).expect("it is open");
        desk.ends();
    }
}

#[test]
fn a_full_book_is_busy_until_an_end_is_pulled() {
    let mut desk = Desk::with(Book::new(2));
    let one = desk.submit("1");
    desk.submit("2");
    let busy =
        |desk: &mut Desk| desk.book.submit(&id("3"), 0, until(60), None, desk.now).map_err(|e| e.status());
    assert_eq!(busy(&mut desk), Err(Status::Busy));
    desk.cancel(one).expect("it is open");
    assert_eq!(busy(&mut desk), Err(Status::Busy), "its end takes room until it is pulled");
    assert_eq!(desk.ends(), [(one, Status::Cancelled)]);
    assert!(busy(&mut desk).is_ok());
}

#[test]
fn a_closed_book_takes_no_job_and_keeps_what_it_has_to_tell() {
    let mut desk = Desk::new();
    let (ended, open) = (desk.submit("1"), desk.submit("2"));
    let poll = desk.poll();
    desk.hear(&poll, ready());
    desk.book.close(desk.now);
    let refused = desk.book.submit(&id("3"), 0, until(60), None, desk.now).map_err(|error| error.status());
    assert_eq!(refused, Err(Status::Closed));
    assert_eq!(desk.ends(), [(ended, Status::Ok), (open, Status::Closed)]);
}
