//! Jobs on one id: they share their polls, and no two polls an id come closer than the floor.

use super::desk::*;
use crate::engine::jobs::book::*;
use crate::flow::plan::FLOOR;

#[test]
fn every_job_on_an_id_hears_every_poll() {
    let mut desk = Desk::new();
    let jobs = [desk.submit("1"), desk.submit("1"), desk.submit("1")];
    let poll = desk.poll();
    assert!(desk.take().is_none(), "one poll serves all three");
    desk.hear(&poll, not_yet());
    let told: Vec<(u64, u32)> = std::iter::from_fn(|| desk.event()).map(|e| (e.job, e.polls)).collect();
    assert_eq!(told, jobs.map(|job| (job, 1)));

    let due = desk.next_due().expect("a next poll");
    desk.pass_until(due);
    let poll = desk.poll();
    assert_eq!(poll.nth, 2);
    desk.hear(&poll, ready());
    assert_eq!(desk.ends(), jobs.map(|job| (job, Status::Ok)));
    assert!(desk.take().is_none());
}

#[test]
fn a_job_that_joins_an_id_just_polled_keeps_the_floor() {
    let mut desk = Desk::new();
    desk.submit("1");
    let poll = desk.poll();
    desk.pass(SECOND / 2);
    desk.hear(&poll, not_yet());
    desk.pass(SECOND / 4);
    desk.submit("1");
    assert!(desk.take().is_none());
    assert_eq!(desk.next_due(), Some(SECOND / 2 + FLOOR));
    desk.pass_until(SECOND / 2 + FLOOR);
    desk.poll();
}

#[test]
fn a_job_that_joins_an_id_polled_long_ago_is_polled_now() {
    let mut desk = Desk::new();
    desk.submit("1");
    let poll = desk.poll();
    desk.hear(&poll, leave_me_alone(300));
    desk.pass(SECOND * 10);
    assert!(desk.take().is_none());
    desk.submit("1");
    desk.poll();
}

#[test]
fn the_floor_is_kept_after_the_last_job_on_an_id_has_ended() {
    for end in [ready as fn() -> Report, failed, not_yet] {
        let mut desk = Desk::new();
        let job = desk.submit("1");
        let poll = desk.poll();
        desk.pass(SECOND / 2);
        desk.hear(&poll, end());
        let _ = desk.cancel(job);
        assert_eq!(desk.ends().len(), 1);
        desk.submit("1");
        assert!(desk.take().is_none(), "twice within a second");
        desk.pass_until(SECOND / 2 + FLOOR);
        desk.poll();
    }
}

#[test]
fn an_id_that_nobody_waits_for_is_forgotten_after_the_floor() {
    let mut desk = Desk::new();
    let job = desk.submit("1");
    let poll = desk.poll();
    desk.hear(&poll, leave_me_alone(3600));
    desk.cancel(job).expect("it is open");
    assert_eq!(desk.next_due(), Some(FLOOR));
    desk.pass(FLOOR);
    assert!(desk.take().is_none());
    assert!(desk.book.targets.is_empty());
}

#[test]
fn a_job_that_joins_while_a_poll_is_under_way_hears_it() {
    let mut desk = Desk::new();
    let one = desk.submit("1");
    let poll = desk.poll();
    desk.pass(SECOND);
    let two = desk.submit("1");
    assert!(desk.take().is_none());
    desk.hear(&poll, ready());
    assert_eq!(desk.ends(), [(one, Status::Ok), (two, Status::Ok)]);
}

#[test]
fn a_job_that_joins_a_poll_that_was_given_up_gets_one_of_its_own() {
    let mut desk = Desk::new();
    let one = desk.submit("1");
    let poll = desk.poll();
    desk.cancel(one).expect("it is open");
    assert!(poll.token.is_triggered());
    let two = desk.submit("1");
    desk.hear(&poll, cancelled());
    assert_eq!(desk.ends(), [(one, Status::Cancelled)], "the second goes on");
    desk.pass(FLOOR);
    let poll = desk.poll();
    assert!(!poll.token.is_triggered());
    desk.hear(&poll, ready());
    assert_eq!(desk.ends(), [(two, Status::Ok)]);
}

#[test]
fn a_poll_that_could_not_be_made_keeps_the_floor_too() {
    let mut desk = Desk::new();
    desk.submit("1");
    let poll = desk.poll();
    desk.book.fail(&poll.id, &Error::Internal("a panic".into()), desk.now);
    desk.submit("1");
    assert!(desk.take().is_none());
    desk.pass(FLOOR);
    desk.poll();
}

#[test]
fn jobs_on_different_ids_are_polled_at_once() {
    let mut desk = Desk::new();
    for n in 0..100 {
        desk.submit(&n.to_string());
    }
    assert_eq!(std::iter::from_fn(|| desk.take()).count(), 100);
}
