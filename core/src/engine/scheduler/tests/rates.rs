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
fn a_blocking_wait_keeps_to_the_pause_and_probes_when_it_is_over() {
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
    assert!(fixture.take().is_none(), "it was told that it is the next");
    assert!(matches!(fixture.scheduler.take_call_poll(wait, fixture.now), NextPoll::Poll(_)));
}

#[test]
fn a_wait_whose_turn_has_come_is_not_overtaken_by_jobs() {
    for is_cancelled in [false, true] {
        let mut fixture = Fixture::new();
        for n in 0..10 {
            fixture.submit(&n.to_string());
        }
        let first = fixture.poll();
        fixture.handle_reply(&first, rate_limited(30));
        let wait = fixture.open(call("call", until(600)));
        fixture.pass(SECOND * 30);
        let probe = fixture.poll();
        assert!(matches!(fixture.scheduler.take_call_poll(wait, fixture.now), NextPoll::Sleep(None)));
        fixture.handle_reply(&probe, not_yet());
        assert_eq!(woken(&mut fixture, &[wait]), [wait]);
        assert!(fixture.take().is_none() && fixture.scheduler.next_due(fixture.now).is_none());
        if is_cancelled {
            fixture.cancel(wait).expect("it is open");
        } else {
            let NextPoll::Poll(poll) = fixture.scheduler.take_call_poll(wait, fixture.now) else {
                panic!("it is its turn")
            };
            assert!(fixture.take().is_none(), "one at a time");
            fixture.handle_reply(&poll, not_yet());
        }
        assert!(fixture.take().is_some(), "then a job's");
    }
}

/// Three waits whose polls are due when a pause ends. The first probes, the others sleep without an end.
fn one_probes_for_three() -> (Fixture, PollTask, [u64; 3]) {
    let mut fixture = Fixture::new();
    fixture.submit("job");
    let poll = fixture.poll();
    fixture.handle_reply(&poll, rate_limited(30));
    let waits = ["a", "b", "c"].map(|on| fixture.open(call(on, until(600))));
    fixture.pass(SECOND * 29);
    for wait in waits {
        let step = fixture.scheduler.take_call_poll(wait, fixture.now);
        assert!(matches!(step, NextPoll::Sleep(Some(until)) if until == SECOND * 30));
    }
    fixture.pass(SECOND);
    let NextPoll::Poll(probe) = fixture.scheduler.take_call_poll(waits[0], fixture.now) else {
        panic!("the pause is over")
    };
    for wait in &waits[1..] {
        assert!(matches!(fixture.scheduler.take_call_poll(*wait, fixture.now), NextPoll::Sleep(None)));
    }
    fixture.collect_effects();
    fixture.woken.clear();
    (fixture, probe, waits)
}

fn woken(fixture: &mut Fixture, waits: &[u64]) -> Vec<u64> {
    fixture.collect_effects();
    let woken = std::mem::take(&mut fixture.woken);
    waits.iter().copied().filter(|wait| woken.contains(wait)).collect()
}

#[test]
fn however_a_probe_ends_one_of_the_waits_behind_it_goes_on() {
    type End = fn(&mut Fixture, &PollTask, u64);
    let ends: [(&str, End); 6] = [
        ("ready", |fixture, probe, _| fixture.handle_reply(probe, ready())),
        ("refused", |fixture, probe, _| fixture.handle_reply(probe, rate_limited(30))),
        ("broken", |fixture, probe, _| {
            fixture.scheduler.poll_broke(probe.task, &Error::Internal("a panic".into()), fixture.now);
        }),
        ("cancelled", |fixture, probe, wait| {
            fixture.cancel(wait).expect("it is open");
            fixture.handle_reply(probe, cancelled());
        }),
        ("broken when nobody wanted it", |fixture, probe, wait| {
            fixture.cancel(wait).expect("it is open");
            fixture.scheduler.poll_broke(probe.task, &Error::Internal("a panic".into()), fixture.now);
        }),
        ("late", |fixture, probe, _| {
            // Another thread has not seen the deadline yet.
            fixture.now = SECOND * 600;
            fixture.handle_reply(probe, timeout());
        }),
    ];
    for (name, end) in ends {
        let (mut fixture, probe, waits) = one_probes_for_three();
        end(&mut fixture, &probe, waits[0]);
        assert_eq!(woken(&mut fixture, &waits[1..]), [waits[1]], "{name}");
    }
}

#[test]
fn a_wait_that_was_told_and_makes_no_poll_leaves_its_turn_to_the_next() {
    type Leave = fn(&mut Fixture, u64);
    let ways: [(&str, Leave); 3] = [
        ("cancelled", |fixture, wait| fixture.cancel(wait).expect("it is open")),
        ("away", |fixture, wait| fixture.scheduler.set_away(wait, true)),
        ("not due any more", |fixture, wait| {
            fixture.scheduler.learn(&id("b"), &eta(60), fixture.now);
            fixture.scheduler.take_progress(wait, fixture.now).expect("progress");
            let NextPoll::Sleep(Some(_)) = fixture.scheduler.take_call_poll(wait, fixture.now) else {
                panic!("a poll later")
            };
        }),
    ];
    for (name, leave) in ways {
        for is_told in [true, false] {
            let (mut fixture, probe, waits) = one_probes_for_three();
            if is_told {
                fixture.handle_reply(&probe, ready());
                assert_eq!(woken(&mut fixture, &waits), [waits[0], waits[1]]);
            }
            leave(&mut fixture, waits[1]);
            if !is_told {
                fixture.handle_reply(&probe, ready());
            }
            let told = woken(&mut fixture, &waits);
            assert!(told.contains(&waits[2]), "{name}, told before: {is_told}: {told:?}");
        }
    }
}

#[test]
fn one_wait_watches_for_the_end_of_the_pause_that_a_probe_began() {
    let (mut fixture, probe, waits) = one_probes_for_three();
    fixture.handle_reply(&probe, rate_limited(30));
    assert_eq!(woken(&mut fixture, &waits[1..]), [waits[1]]);
    let step = fixture.scheduler.take_call_poll(waits[1], fixture.now);
    assert!(matches!(step, NextPoll::Sleep(Some(until)) if until == SECOND * 60));
    assert_eq!(woken(&mut fixture, &waits[2..]), [0; 0], "one is enough");
    fixture.cancel(waits[1]).expect("it is open");
    assert_eq!(woken(&mut fixture, &waits[2..]), [waits[2]]);
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

#[test]
fn who_stands_first_is_told_also_when_a_redirect_gave_its_place_up() {
    let mut fixture = Fixture::with(Limits { request_gap: SECOND, ..LIMITS });
    fixture.submit("first");
    fixture.poll();
    let redirect = fixture.scheduler.enter_queue(None, fixture.now).expect("a place");
    let wait = fixture.open(call("a", until(600)));
    assert!(matches!(fixture.scheduler.take_call_poll(wait, fixture.now), NextPoll::Sleep(None)));
    fixture.collect_effects();
    fixture.woken.clear();
    fixture.scheduler.leave_queue(redirect);
    assert!(fixture.scheduler.has_effects(), "nobody would ask");
    fixture.collect_effects();
    assert_eq!(fixture.woken, [wait]);
}
