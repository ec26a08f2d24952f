//! Jobs on one id: they share their polls, and no two polls of an id come closer than the members' least gap.

use super::fixture::*;
use crate::engine::scheduler::*;

/// The least gap of the plans here.
const MINIMUM: Duration = Duration::from_secs(2);

#[test]
fn every_job_on_an_id_hears_every_poll() {
    let mut fixture = Fixture::new();
    let jobs = [fixture.submit("1"), fixture.submit("1"), fixture.submit("1")];
    let poll = fixture.poll();
    assert!(fixture.take().is_none(), "one poll serves all three");
    fixture.handle_reply(&poll, not_yet());
    let told: Vec<(u64, u32)> = std::iter::from_fn(|| fixture.event()).map(|e| (e.job, e.polls)).collect();
    assert_eq!(told, jobs.map(|job| (job, 1)));

    let due = fixture.next_due().expect("a next poll");
    fixture.pass_until(due);
    let poll = fixture.poll();
    assert_eq!(poll.nth, 2);
    fixture.handle_reply(&poll, ready());
    assert_eq!(fixture.ends(), jobs.map(|job| (job, Status::Ok)));
    assert!(fixture.take().is_none());
}

#[test]
fn a_job_that_joins_an_id_just_polled_keeps_the_gap() {
    let mut fixture = Fixture::new();
    fixture.submit("1");
    let poll = fixture.poll();
    fixture.pass(SECOND / 2);
    fixture.handle_reply(&poll, not_yet());
    fixture.pass(SECOND / 4);
    fixture.submit("1");
    assert!(fixture.take().is_none());
    assert_eq!(fixture.next_due(), Some(SECOND / 2 + MINIMUM));
    fixture.pass_until(SECOND / 2 + MINIMUM);
    fixture.poll();
}

#[test]
fn a_job_that_joins_an_id_polled_long_ago_is_polled_now() {
    let mut fixture = Fixture::new();
    fixture.submit("1");
    let poll = fixture.poll();
    fixture.handle_reply(&poll, busy(300));
    fixture.pass(SECOND * 10);
    assert!(fixture.take().is_none());
    fixture.submit("1");
    fixture.poll();
}

#[test]
fn the_smallest_of_the_members_gaps_counts_and_never_less_than_the_floor() {
    let mut fixture = Fixture::new();
    fixture.submit("1");
    let poll = fixture.poll();
    fixture.handle_reply(&poll, busy(300));
    fixture.pass(SECOND);
    fixture.open(job("1", until(600).with_poll(SECOND, SECOND).expect("a plan")));
    fixture.poll();
}

#[test]
fn who_joins_soon_after_a_final_reply_gets_that_reply() {
    for (end, status) in [(ready as fn() -> Report, Status::Ok), (failed, Status::JobFailed)] {
        let mut fixture = Fixture::new();
        let first = fixture.submit("1");
        let poll = fixture.poll();
        fixture.handle_reply(&poll, end());
        assert_eq!(fixture.ends(), [(first, status)]);
        fixture.pass(MINIMUM - Duration::from_millis(1));
        let second = fixture.submit("1");
        assert!(fixture.take().is_none(), "it has its answer");
        assert_eq!(fixture.ends(), [(second, status)]);
        fixture.pass(Duration::from_millis(1));
        fixture.submit("1");
        fixture.poll();
    }
}

#[test]
fn the_gap_is_kept_after_the_last_job_on_an_id_has_left() {
    let mut fixture = Fixture::new();
    let job = fixture.submit("1");
    let poll = fixture.poll();
    fixture.pass(SECOND / 2);
    fixture.handle_reply(&poll, not_yet());
    fixture.cancel(job).expect("it is open");
    assert_eq!(fixture.ends().len(), 1);
    fixture.submit("1");
    assert!(fixture.take().is_none(), "twice within the gap");
    fixture.pass_until(SECOND / 2 + MINIMUM);
    fixture.poll();
}

#[test]
fn an_id_that_nobody_waits_for_is_forgotten_after_the_gap() {
    let mut fixture = Fixture::new();
    let job = fixture.submit("1");
    let poll = fixture.poll();
    fixture.handle_reply(&poll, busy(3600));
    fixture.cancel(job).expect("it is open");
    fixture.pass(MINIMUM);
    assert!(fixture.take().is_none());
    assert!(fixture.scheduler.groups.is_empty() && fixture.scheduler.by_id.is_empty());
}

#[test]
fn a_job_that_joins_while_a_poll_is_under_way_hears_it() {
    let mut fixture = Fixture::new();
    let one = fixture.submit("1");
    let poll = fixture.poll();
    fixture.pass(SECOND);
    let two = fixture.submit("1");
    assert!(fixture.take().is_none());
    fixture.handle_reply(&poll, ready());
    assert_eq!(fixture.ends(), [(one, Status::Ok), (two, Status::Ok)]);
}

#[test]
fn a_job_that_joins_a_poll_that_was_given_up_gets_one_of_its_own() {
    let mut fixture = Fixture::new();
    let one = fixture.submit("1");
    let poll = fixture.poll();
    fixture.cancel(one).expect("it is open");
    assert!(fixture.is_cancelled(&poll));
    let two = fixture.submit("1");
    fixture.handle_reply(&poll, cancelled());
    assert_eq!(fixture.ends(), [(one, Status::Cancelled)], "the second goes on");
    fixture.pass(MINIMUM);
    let poll = fixture.poll();
    assert!(!fixture.is_cancelled(&poll));
    fixture.handle_reply(&poll, ready());
    assert_eq!(fixture.ends(), [(two, Status::Ok)]);
}

#[test]
fn a_poll_that_could_not_be_made_keeps_the_gap_too() {
    let mut fixture = Fixture::new();
    fixture.submit("1");
    let poll = fixture.poll();
    fixture.scheduler.poll_broke(poll.task, &Error::Internal("a panic".into()), fixture.now);
    assert_eq!(fixture.ends().len(), 1);
    fixture.pass(MINIMUM / 2);
    fixture.submit("1");
    assert_eq!(fixture.ends().len(), 1, "it would break again");
    assert!(fixture.take().is_none());
    fixture.pass(MINIMUM / 2);
    fixture.submit("1");
    fixture.poll();
}

#[test]
fn jobs_on_different_ids_are_polled_at_once() {
    let mut fixture = Fixture::new();
    for n in 0..100 {
        fixture.submit(&n.to_string());
    }
    assert_eq!(std::iter::from_fn(|| fixture.take()).count(), 100);
}
