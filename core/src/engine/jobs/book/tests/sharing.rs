//! Jobs on one id: they share their looks, and no two looks at an id come closer than the floor.

use super::desk::*;
use crate::engine::jobs::book::*;
use crate::flow::plan::FLOOR;

#[test]
fn every_job_on_an_id_hears_every_look() {
    let mut desk = Desk::new();
    let jobs = [desk.submit("1"), desk.submit("1"), desk.submit("1")];
    let look = desk.look();
    assert!(desk.take().is_none(), "one look serves all three");
    desk.hear(&look, not_yet());
    let told: Vec<(u64, u32)> = std::iter::from_fn(|| desk.event()).map(|e| (e.job, e.looks)).collect();
    assert_eq!(told, jobs.map(|job| (job, 1)));

    let due = desk.next_due().expect("a next look");
    desk.pass_until(due);
    let look = desk.look();
    assert_eq!(look.nth, 2);
    desk.hear(&look, ready());
    assert_eq!(desk.ends(), jobs.map(|job| (job, Status::Ok)));
    assert!(desk.take().is_none());
}

#[test]
fn a_job_that_joins_an_id_just_looked_at_keeps_the_floor() {
    let mut desk = Desk::new();
    desk.submit("1");
    let look = desk.look();
    desk.pass(SECOND / 2);
    desk.hear(&look, not_yet());
    desk.pass(SECOND / 4);
    desk.submit("1");
    assert!(desk.take().is_none());
    assert_eq!(desk.next_due(), Some(SECOND / 2 + FLOOR));
    desk.pass_until(SECOND / 2 + FLOOR);
    desk.look();
}

#[test]
fn a_job_that_joins_an_id_looked_at_long_ago_is_looked_at_now() {
    let mut desk = Desk::new();
    desk.submit("1");
    let look = desk.look();
    desk.hear(&look, leave_me_alone(300));
    desk.pass(SECOND * 10);
    assert!(desk.take().is_none());
    desk.submit("1");
    desk.look();
}

#[test]
fn the_floor_is_kept_after_the_last_job_on_an_id_has_ended() {
    for end in [ready as fn() -> Report, failed, not_yet] {
        let mut desk = Desk::new();
        let job = desk.submit("1");
        let look = desk.look();
        desk.pass(SECOND / 2);
        desk.hear(&look, end());
        let _ = desk.cancel(job);
        assert_eq!(desk.ends().len(), 1);
        desk.submit("1");
        assert!(desk.take().is_none(), "twice within a second");
        desk.pass_until(SECOND / 2 + FLOOR);
        desk.look();
    }
}

#[test]
fn an_id_that_nobody_waits_for_is_forgotten_after_the_floor() {
    let mut desk = Desk::new();
    let job = desk.submit("1");
    let look = desk.look();
    desk.hear(&look, leave_me_alone(3600));
    desk.cancel(job).expect("it is open");
    assert_eq!(desk.next_due(), Some(FLOOR));
    desk.pass(FLOOR);
    assert!(desk.take().is_none());
    assert!(desk.book.targets.is_empty());
}

#[test]
fn a_job_that_joins_while_a_look_is_under_way_hears_it() {
    let mut desk = Desk::new();
    let one = desk.submit("1");
    let look = desk.look();
    desk.pass(SECOND);
    let two = desk.submit("1");
    assert!(desk.take().is_none());
    desk.hear(&look, ready());
    assert_eq!(desk.ends(), [(one, Status::Ok), (two, Status::Ok)]);
}

#[test]
fn a_job_that_joins_a_look_that_was_given_up_gets_one_of_its_own() {
    let mut desk = Desk::new();
    let one = desk.submit("1");
    let look = desk.look();
    desk.cancel(one).expect("it is open");
    assert!(look.token.is_triggered());
    let two = desk.submit("1");
    desk.hear(&look, cancelled());
    assert_eq!(desk.ends(), [(one, Status::Cancelled)], "the second goes on");
    desk.pass(FLOOR);
    let look = desk.look();
    assert!(!look.token.is_triggered());
    desk.hear(&look, ready());
    assert_eq!(desk.ends(), [(two, Status::Ok)]);
}

#[test]
fn a_look_that_could_not_be_made_keeps_the_floor_too() {
    let mut desk = Desk::new();
    desk.submit("1");
    let look = desk.look();
    desk.book.fail(&look.id, &Error::Internal("a panic".into()), desk.now);
    desk.submit("1");
    assert!(desk.take().is_none());
    desk.pass(FLOOR);
    desk.look();
}

#[test]
fn jobs_on_different_ids_are_looked_at_at_once() {
    let mut desk = Desk::new();
    for n in 0..100 {
        desk.submit(&n.to_string());
    }
    assert_eq!(std::iter::from_fn(|| desk.take()).count(), 100);
}
