//! What is told, in which order, and with which numbers.

use super::desk::*;
use crate::engine::jobs::book::*;

#[test]
fn progress_is_told_once_until_it_is_pulled_with_the_newest_numbers() {
    let mut desk = Desk::new();
    let job = desk.book.submit(&id("1"), 77, until(600), None, desk.now).expect("room");
    for seconds in [50, 40, 30] {
        let poll = desk.poll();
        desk.hear(&poll, eta(seconds));
        assert_eq!(desk.book.events(), 1);
        let due = desk.next_due().expect("a next poll");
        desk.pass_until(due);
    }
    let event = desk.event().expect("progress");
    assert_eq!((event.job, event.tag, event.polls, event.eta_ms), (job, 77, 3, Some(30_000)));
    assert!(event.done.is_none());
    assert_eq!((event.elapsed, event.next_poll), (desk.now, Some(desk.now)));
    assert!(desk.event().is_none());

    let poll = desk.poll();
    desk.hear(&poll, eta(20));
    assert_eq!(desk.event().expect("progress again").polls, 4);
}

#[test]
fn progress_of_a_job_that_ended_meanwhile_is_not_told() {
    let mut desk = Desk::new();
    let job = desk.submit("1");
    let poll = desk.poll();
    desk.hear(&poll, not_yet());
    desk.cancel(job).expect("it is open");
    let event = desk.event().expect("its end");
    assert_eq!(event.done.map(|done| done.status), Some(Status::Cancelled));
    assert!(desk.event().is_none());
    assert_eq!(desk.book.events(), 0);
}

#[test]
fn ends_are_told_in_the_order_in_which_they_came() {
    let mut desk = Desk::new();
    let jobs: Vec<u64> = (0..5).map(|n| desk.submit(&n.to_string())).collect();
    for job in [3, 0, 4, 1, 2].map(|n| jobs[n]) {
        desk.cancel(job).expect("it is open");
    }
    let order: Vec<u64> = desk.ends().into_iter().map(|(job, _)| job).collect();
    assert_eq!(order, [3, 0, 4, 1, 2].map(|n| jobs[n]));
}

#[test]
fn a_job_is_open_until_its_end_was_pulled() {
    let mut desk = Desk::new();
    let job = desk.submit("1");
    desk.cancel(job).expect("it is open");
    assert_eq!(desk.book.open(), 1);
    assert_eq!(desk.ends(), [(job, Status::Cancelled)]);
    assert_eq!(desk.book.open(), 0);
}

#[test]
fn an_end_says_when_it_came_not_when_it_was_pulled() {
    let mut desk = Desk::new();
    desk.pass(SECOND * 3);
    let job = desk.submit("1");
    desk.pass(SECOND * 2);
    desk.cancel(job).expect("it is open");
    desk.pass(SECOND * 100);
    let event = desk.event().expect("its end");
    assert_eq!(event.elapsed, SECOND * 2);
    assert_eq!(event.done.map(|done| done.elapsed), Some(SECOND * 2));
}

#[test]
fn jobs_that_are_due_are_polled_in_the_order_in_which_they_became_due() {
    let mut desk = Desk::new();
    for name in ["z", "a", "m"] {
        desk.submit(name);
        desk.pass(Duration::from_millis(1));
    }
    let order: Vec<String> =
        std::iter::from_fn(|| desk.take()).map(|due| due.id.as_str().to_owned()).collect();
    assert_eq!(order, ["z", "a", "m"]);
}
