//! Ranks, pauses and budgets: what may be sent when more is due than can be.

use super::fixture::*;
use crate::engine::scheduler::polls::NextPoll;
use crate::engine::scheduler::*;
use std::collections::{BTreeMap, BTreeSet};

/// A job whose caller knows when it will be ready.
fn with_eta(on: &str, seconds: u64) -> NewJob {
    job(on, until(600).with_eta(Some(SECOND * seconds as u32)))
}

#[test]
fn once_etas_have_proved_right_the_polls_before_a_far_one_are_spared() {
    let mut fixture = Fixture::new();
    let far = SECOND * 1000;
    fixture.open(job("far", until(3000).with_eta(Some(far))));
    for number in 0..20 {
        if fixture.scheduler.accuracy.is_earned() {
            break;
        }
        let ready_at = fixture.now + SECOND * 10;
        fixture.open(with_eta(&number.to_string(), 10));
        while fixture.ends().is_empty() {
            match fixture.take() {
                Some(poll) if poll.id == id("far") || fixture.now < ready_at => {
                    fixture.handle_reply(&poll, not_yet());
                }
                Some(poll) => fixture.handle_reply(&poll, ready()),
                None => {
                    let next = fixture.scheduler.next_due(fixture.now).expect("a poll");
                    fixture.pass_until(next);
                }
            }
        }
    }
    assert!(fixture.scheduler.accuracy.is_earned());
    let hedged = fixture.scheduler.next_due(fixture.now).expect("a poll before the eta");
    assert!(hedged < far / 2, "{hedged:?}");
    fixture.pass_until(hedged);
    assert!(fixture.take().is_none(), "this one is spared");
    let then = fixture.scheduler.next_due(fixture.now).expect("a poll at the eta");
    assert!(then > far * 8 / 10 && then < far * 11 / 10, "{then:?}");
    fixture.pass_until(then);
    assert_eq!(fixture.poll().id, id("far"));
}

#[test]
fn polls_due_at_an_eta_go_before_first_polls_whose_caller_knows_an_eta() {
    let mut fixture = Fixture::with(Limits { workers: 1, ..LIMITS });
    fixture.open(with_eta("far", 100));
    let poll = fixture.poll();
    assert_eq!(poll.id, id("far"), "where nothing is busy it is polled at once");
    fixture.open(with_eta("behind", 50));
    fixture.open(with_eta("near", 1));
    fixture.submit("unknown");
    fixture.pass(SECOND * 2);
    fixture.handle_reply(&poll, not_yet());
    let mut order = Vec::new();
    while let Some(poll) = fixture.take() {
        order.push(poll.id.as_str().to_owned());
        fixture.handle_reply(&poll, busy(3600));
    }
    assert_eq!(order, ["unknown", "near", "behind"]);
}

#[test]
fn a_first_poll_is_left_out_once_its_eta_has_come_while_nothing_was_free() {
    let mut fixture = Fixture::with(Limits { workers: 1, ..LIMITS });
    fixture.submit("busy");
    let long = fixture.poll();
    let job = fixture.open(with_eta("1", 5));
    fixture.pass(SECOND * 6);
    fixture.handle_reply(&long, failed());
    let poll = fixture.poll();
    fixture.handle_reply(&poll, ready());
    let end = std::iter::from_fn(|| fixture.event()).find(|event| event.job == job).expect("its end");
    assert_eq!((end.polls, end.done.map(|done| done.status)), (1, Some(Status::Ok)));
    assert!(fixture.take().is_none());
}

#[test]
fn a_refusal_pauses_every_poll_and_afterwards_one_probes() {
    let mut fixture = Fixture::new();
    for n in 0..10 {
        fixture.submit(&n.to_string());
    }
    let first = fixture.poll();
    fixture.handle_reply(&first, rate_limited(30));
    assert!(fixture.take().is_none());
    let due = fixture.scheduler.next_due(fixture.now).expect("the end of the pause");
    assert_eq!(due, SECOND * 30);
    fixture.pass_until(due);
    let probe = fixture.poll();
    assert!(fixture.take().is_none() && fixture.scheduler.next_due(fixture.now).is_none(), "one probes");
    fixture.handle_reply(&probe, busy(1));
    let probe = fixture.poll();
    assert!(fixture.take().is_none(), "only a good reply lets others follow");
    fixture.handle_reply(&probe, not_yet());
    assert!(fixture.take().is_some());
}

#[test]
fn a_blocking_wait_keeps_to_the_pause_and_is_told_when_it_is_over() {
    let mut fixture = Fixture::new();
    fixture.submit("job");
    fixture.submit("other");
    let (poll, other) = (fixture.poll(), fixture.poll());
    let wait = fixture.open(call("call", until(600)));
    fixture.handle_reply(&poll, rate_limited(30));
    assert!(
        matches!(fixture.scheduler.take_call_poll(wait, fixture.now), NextPoll::Sleep(None)),
        "one is in flight"
    );
    fixture.handle_reply(&other, not_yet());
    assert!(matches!(fixture.scheduler.take_call_poll(wait, fixture.now), NextPoll::Sleep(Some(_))));
    fixture.pass(SECOND * 31);
    let probe = fixture.poll();
    assert!(matches!(fixture.scheduler.take_call_poll(wait, fixture.now), NextPoll::Sleep(None)));
    fixture.collect_effects();
    fixture.woken.clear();
    fixture.handle_reply(&probe, not_yet());
    fixture.collect_effects();
    assert!(fixture.woken.contains(&wait));
    assert!(matches!(fixture.scheduler.take_call_poll(wait, fixture.now), NextPoll::Poll(_)));
}

/// A server that allows so many requests a minute, and punishes one too many with a penalty that begins anew with each.
struct Strict {
    recent: Vec<Duration>,
    penalty: Duration,
    refused: usize,
    penalties: usize,
}

impl Strict {
    fn asked(&mut self, now: Duration) -> bool {
        self.recent.retain(|at| now - *at < SECOND * 60);
        let is_punished = now < self.penalty;
        if is_punished || self.recent.len() >= 30 {
            self.penalties += usize::from(!is_punished);
            self.refused += 1;
            self.penalty = now + SECOND * 30;
            return false;
        }
        self.recent.push(now);
        true
    }
}

#[test]
fn a_thousand_ids_end_at_a_server_whose_penalty_begins_anew_with_each_request() {
    const REPLY: Duration = Duration::from_millis(150);
    let mut fixture = Fixture::with(Limits { workers: 64, ..LIMITS });
    let mut server = Strict { recent: Vec::new(), penalty: Duration::ZERO, refused: 0, penalties: 0 };
    for n in 0..1_000 {
        fixture.submit_until(&n.to_string(), 7_200);
    }
    // The first volley, as many as there are workers, is what finds out that there is a limit at all.
    let mut volley = None;
    let mut in_flight: BTreeMap<(Duration, TaskId), (PollTask, Report)> = BTreeMap::new();
    let mut ended = BTreeSet::new();
    while ended.len() < 1_000 {
        while let Some(poll) = fixture.take() {
            let is_ready = fixture.now > SECOND * 60;
            let report = match server.asked(fixture.now) {
                true if is_ready => ready(),
                true => not_yet(),
                false => rate_limited(30),
            };
            in_flight.insert((fixture.now + REPLY, poll.task), (poll, report));
        }
        volley.get_or_insert((server.refused, server.penalties));
        let answer = in_flight.keys().next().map(|(at, _)| *at);
        let next = fixture.next_due().into_iter().chain(answer).min().expect("something to do");
        assert!(next > fixture.now || answer.is_some_and(|at| at <= fixture.now), "it would spin");
        fixture.pass_until(next.max(fixture.now));
        while in_flight.keys().next().is_some_and(|(at, _)| *at <= fixture.now) {
            let (_, (poll, report)) = in_flight.pop_first().expect("one");
            fixture.handle_reply(&poll, report);
        }
        for (job, status) in fixture.ends() {
            assert_eq!(status, Status::Ok, "{job} at {:?}", fixture.now);
            assert!(ended.insert(job));
        }
    }
    let (refused, penalties) = volley.expect("a first volley");
    assert!(server.penalties > 5, "{}", server.penalties);
    assert!(
        server.refused - refused <= server.penalties - penalties,
        "{} in {}",
        server.refused,
        server.penalties
    );
}

#[test]
fn deadlines_wait_neither_for_a_pause_nor_for_the_budget() {
    let mut fixture = Fixture::with(Limits { request_gap: SECOND * 100, ..LIMITS });
    fixture.submit_until("1", 5);
    fixture.poll();
    let job = fixture.submit_until("2", 5);
    assert!(fixture.take().is_none());
    assert_eq!(fixture.next_due(), Some(SECOND * 5));
    fixture.pass(SECOND * 5);
    let end =
        std::iter::from_fn(|| fixture.event()).find(|event| event.job == job).and_then(|event| event.done);
    let message = end.expect("its end").message;
    assert!(message.contains("no turn yet under requests_per_second"), "{message}");
}

#[test]
fn calls_and_workers_share_the_budget_by_how_long_they_wait() {
    let mut fixture = Fixture::with(Limits { request_gap: SECOND, ..LIMITS });
    fixture.submit("first");
    fixture.poll();
    fixture.pass(Duration::from_millis(1));
    let wait = fixture.open(call("call", until(600)));
    assert!(
        matches!(fixture.scheduler.take_call_poll(wait, fixture.now), NextPoll::Sleep(Some(until)) if until == SECOND)
    );
    fixture.pass(Duration::from_millis(1));
    fixture.submit("second");
    fixture.pass_until(SECOND);
    assert!(fixture.take().is_none(), "the call waits longer");
    let NextPoll::Poll(poll) = fixture.scheduler.take_call_poll(wait, fixture.now) else {
        panic!("its turn")
    };
    assert_eq!(poll.id, id("call"));
    fixture.pass(SECOND);
    assert_eq!(fixture.poll().id, id("second"));
}

#[test]
fn who_stands_first_is_told_when_somebody_before_it_has_left() {
    let mut fixture = Fixture::with(Limits { request_gap: SECOND, ..LIMITS });
    fixture.submit("first");
    fixture.poll();
    let waits = ["a", "b"].map(|on| fixture.open(call(on, until(600))));
    for wait in waits {
        assert!(matches!(fixture.scheduler.take_call_poll(wait, fixture.now), NextPoll::Sleep(_)));
    }
    fixture.collect_effects();
    fixture.woken.clear();
    fixture.cancel(waits[0]).expect("it is open");
    fixture.collect_effects();
    assert!(fixture.woken.contains(&waits[1]));
}
