//! Blocking waits: their own thread polls, and what it learns everybody on the id learns.

use super::fixture::*;
use crate::engine::scheduler::polls::NextPoll;
use crate::engine::scheduler::*;

/// The poll that a call's thread must make now.
fn own_poll(fixture: &mut Fixture, call: u64) -> PollTask {
    match fixture.scheduler.take_call_poll(call, fixture.now) {
        NextPoll::Poll(poll) => poll,
        NextPoll::Sleep(until) => panic!("it sleeps until {until:?}"),
    }
}

fn sleeps_until(fixture: &mut Fixture, call: u64) -> Option<Duration> {
    match fixture.scheduler.take_call_poll(call, fixture.now) {
        NextPoll::Poll(poll) => panic!("{poll:?}"),
        NextPoll::Sleep(until) => until,
    }
}

fn end(fixture: &mut Fixture, call: u64) -> Option<Status> {
    fixture.scheduler.take_end(call, fixture.now).map(|end| end.into_report().status)
}

#[test]
fn a_calls_polls_are_its_own_threads_and_no_workers() {
    let mut fixture = Fixture::new();
    let wait = fixture.open(call("1", until(600)));
    assert!(fixture.take().is_none());
    assert_eq!(fixture.scheduler.next_due(fixture.now), None, "no worker is needed");
    let poll = own_poll(&mut fixture, wait);
    fixture.handle_reply(&poll, not_yet());
    let update = fixture.scheduler.take_progress(wait, fixture.now).expect("progress");
    assert_eq!((update.job, update.polls), (wait, 1));
    assert!(fixture.scheduler.take_progress(wait, fixture.now).is_none(), "told once");
    let due = sleeps_until(&mut fixture, wait).expect("a next poll");
    fixture.pass_until(due);
    let poll = own_poll(&mut fixture, wait);
    fixture.handle_reply(&poll, ready());
    assert_eq!(end(&mut fixture, wait), Some(Status::Ok));
    assert_eq!((fixture.scheduler.pending(), fixture.scheduler.events()), (0, 0));
}

#[test]
fn four_waits_on_one_id_poll_it_once() {
    let mut fixture = Fixture::new();
    let waits = [(); 4].map(|()| fixture.open(call("1", until(600))));
    let polls: Vec<PollTask> = waits
        .iter()
        .filter_map(|wait| match fixture.scheduler.take_call_poll(*wait, fixture.now) {
            NextPoll::Poll(poll) => Some(poll),
            NextPoll::Sleep(_) => None,
        })
        .collect();
    assert_eq!(polls.len(), 1);
    fixture.handle_reply(&polls[0], ready());
    fixture.collect_effects();
    assert!(waits.iter().all(|wait| fixture.woken.contains(wait)));
    assert_eq!(waits.map(|wait| end(&mut fixture, wait)), [Some(Status::Ok); 4]);
}

#[test]
fn the_exchange_of_a_cancelled_wait_is_repeated_at_once_and_once() {
    let mut fixture = Fixture::new();
    let waits = [(); 3].map(|()| fixture.open(call("1", until(600))));
    let submitted = fixture.submit("1");
    for (wait, next) in [(waits[0], waits[1]), (waits[1], waits[2])] {
        let poll = own_poll(&mut fixture, wait);
        fixture.handle_reply(&poll, cancelled());
        fixture.cancel(wait).expect("it is open");
        assert_eq!(end(&mut fixture, wait), Some(Status::Cancelled));
        fixture.collect_effects();
        assert!(fixture.woken.contains(&next), "somebody else has to poll now");
        if next == waits[1] {
            assert!(sleeps_until(&mut fixture, waits[2]).is_none());
        } else {
            // The second time the members' gap is kept.
            let until = sleeps_until(&mut fixture, next).expect("later");
            assert_eq!(until, SECOND * 2);
            fixture.pass_until(until);
        }
    }
    let poll = own_poll(&mut fixture, waits[2]);
    fixture.handle_reply(&poll, ready());
    assert_eq!(fixture.ends(), [(submitted, Status::Ok)]);
    assert_eq!(end(&mut fixture, waits[2]), Some(Status::Ok));
}

#[test]
fn a_worker_repeats_the_exchange_of_a_wait_whose_deadline_came_first() {
    let mut fixture = Fixture::new();
    let wait = fixture.open(call("1", until(5)));
    let job = fixture.submit("1");
    let poll = own_poll(&mut fixture, wait);
    assert_eq!(poll.end, SECOND * 5);
    fixture.now = SECOND * 5;
    fixture.handle_reply(&poll, timeout());
    assert_eq!(end(&mut fixture, wait), Some(Status::Deadline));
    let poll = fixture.poll();
    fixture.handle_reply(&poll, ready());
    assert_eq!(fixture.ends(), [(job, Status::Ok)]);
}

#[test]
fn an_exchange_is_given_up_when_its_waits_deadline_is_seen_by_another_thread_first() {
    let mut fixture = Fixture::new();
    let wait = fixture.open(call("1", until(5)));
    let other = fixture.open(call("1", until(60)));
    let poll = own_poll(&mut fixture, wait);
    fixture.pass(SECOND * 5);
    assert!(fixture.is_cancelled(&poll));
    let again = own_poll(&mut fixture, other);
    fixture.handle_reply(&poll, ready());
    assert_eq!(end(&mut fixture, other), None, "what came late is thrown away");
    fixture.handle_reply(&again, ready());
    assert_eq!(end(&mut fixture, other), Some(Status::Ok));
}

#[test]
fn a_worker_polls_while_the_only_wait_is_inside_its_progress_function() {
    let mut fixture = Fixture::new();
    let wait = fixture.open(call("1", until(600)));
    let job = fixture.submit("1");
    let poll = own_poll(&mut fixture, wait);
    fixture.handle_reply(&poll, not_yet());
    fixture.scheduler.set_away(wait, true);
    let due = fixture.next_due().expect("a worker's poll");
    fixture.pass_until(due);
    let poll = fixture.poll();
    fixture.handle_reply(&poll, ready());
    assert_eq!(fixture.ends(), [(job, Status::Ok)]);
    fixture.scheduler.set_away(wait, false);
    assert_eq!(end(&mut fixture, wait), Some(Status::Ok));
}

#[test]
fn what_a_fetch_learns_its_id_learns_and_a_final_reply_ends_the_group() {
    let mut fixture = Fixture::new();
    let (job, wait) = (fixture.submit("1"), fixture.open(call("1", until(600))));
    let poll = own_poll(&mut fixture, wait);
    fixture.scheduler.learn(&id("1"), &ready(), fixture.now);
    assert_eq!(fixture.ends(), [(job, Status::Ok)]);
    assert_eq!(end(&mut fixture, wait), Some(Status::Ok));
    assert!(fixture.is_cancelled(&poll), "its answer is no news");
}

#[test]
fn a_fetch_that_fails_in_a_way_that_may_pass_says_nothing_about_the_job() {
    let mut fixture = Fixture::new();
    let job = fixture.submit("1");
    fixture.scheduler.learn(&id("1"), &busy(0), fixture.now);
    assert!(fixture.event().is_none());
    let poll = fixture.poll();
    fixture.scheduler.learn(&id("1"), &not_yet(), fixture.now);
    assert_eq!(fixture.event().map(|event| (event.job, event.polls)), Some((job, 1)));
    fixture.handle_reply(&poll, ready());
    assert_eq!(fixture.ends(), [(job, Status::Ok)], "the exchange in flight goes on");
}

#[test]
fn a_closed_client_ends_its_calls() {
    let mut fixture = Fixture::new();
    let wait = fixture.open(call("1", until(600)));
    let poll = own_poll(&mut fixture, wait);
    fixture.scheduler.close(fixture.now);
    assert!(fixture.is_cancelled(&poll));
    assert_eq!(end(&mut fixture, wait), Some(Status::Closed));
}
