//! What is told, in which order, and with which numbers.

use super::fixture::*;
use crate::engine::scheduler::*;

#[test]
fn progress_is_told_once_until_it_is_pulled_with_the_newest_numbers() {
    let mut fixture = Fixture::new();
    let job = fixture.open(NewJob { tag: 77, ..job("1", until(600)) });
    for seconds in [50, 40, 30] {
        let poll = fixture.poll();
        fixture.handle_reply(&poll, eta(seconds));
        assert_eq!(fixture.scheduler.events(), 1);
        let due = fixture.next_due().expect("a next poll");
        fixture.pass_until(due);
    }
    let event = fixture.event().expect("progress");
    assert_eq!((event.job, event.tag, event.polls, event.eta_ms), (job, 77, 3, Some(30_000)));
    assert!(event.done.is_none());
    assert_eq!((event.elapsed, event.next_poll), (fixture.now, Some(fixture.now)));
    assert!(fixture.event().is_none());

    let poll = fixture.poll();
    fixture.handle_reply(&poll, eta(20));
    assert_eq!(fixture.event().expect("progress again").polls, 4);
}

#[test]
fn progress_of_a_job_that_ended_meanwhile_is_not_told() {
    let mut fixture = Fixture::new();
    let job = fixture.submit("1");
    let poll = fixture.poll();
    fixture.handle_reply(&poll, not_yet());
    fixture.cancel(job).expect("it is open");
    let event = fixture.event().expect("its end");
    assert_eq!(event.done.map(|done| done.status), Some(Status::Cancelled));
    assert!(fixture.event().is_none());
    assert_eq!(fixture.scheduler.events(), 0);
}

#[test]
fn ends_are_told_in_the_order_in_which_they_came() {
    let mut fixture = Fixture::new();
    let jobs: Vec<u64> = (0..5).map(|n| fixture.submit(&n.to_string())).collect();
    for job in [3, 0, 4, 1, 2].map(|n| jobs[n]) {
        fixture.cancel(job).expect("it is open");
    }
    let order: Vec<u64> = fixture.ends().into_iter().map(|(job, _)| job).collect();
    assert_eq!(order, [3, 0, 4, 1, 2].map(|n| jobs[n]));
}

#[test]
fn a_job_is_open_until_its_end_was_pulled() {
    let mut fixture = Fixture::new();
    let job = fixture.submit("1");
    fixture.cancel(job).expect("it is open");
    assert_eq!(fixture.scheduler.pending(), 1);
    assert_eq!(fixture.ends(), [(job, Status::Cancelled)]);
    assert_eq!(fixture.scheduler.pending(), 0);
}

#[test]
fn an_end_says_when_it_came_not_when_it_was_pulled() {
    let mut fixture = Fixture::new();
    fixture.pass(SECOND * 3);
    let job = fixture.submit("1");
    fixture.pass(SECOND * 2);
    fixture.cancel(job).expect("it is open");
    fixture.pass(SECOND * 100);
    let event = fixture.event().expect("its end");
    assert_eq!(event.elapsed, SECOND * 2);
    assert_eq!(event.done.map(|done| done.elapsed), Some(SECOND * 2));
}

#[test]
fn jobs_that_are_due_are_polled_in_the_order_in_which_they_became_due() {
    let mut fixture = Fixture::new();
    for name in ["z", "a", "m"] {
        fixture.submit(name);
        fixture.pass(Duration::from_millis(1));
    }
    let order: Vec<String> =
        std::iter::from_fn(|| fixture.take()).map(|due| due.id.as_str().to_owned()).collect();
    assert_eq!(order, ["z", "a", "m"]);
}
