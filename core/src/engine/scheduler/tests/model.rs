//! Thousands of jobs, blocking waits and fetches with random answers, cancels and steps of the clock, beside a model that
//! is too simple to be wrong.

use super::fixture::*;
use crate::download::image::Kind;
use crate::download::{Destination, Image};
use crate::engine::scheduler::polls::Turn;
use crate::engine::scheduler::*;
use crate::flow::link_retry::Failed;
use crate::flow::rng::Rng;
use std::collections::{BTreeMap, BTreeSet};

const OPENED: usize = 4_000;
const SEEDS: u64 = 12;
const WORKERS: usize = 8;
const LEAST_GAP: Duration = Duration::from_secs(2);

/// What is in flight, as its performer knows it.
enum Flight {
    /// A poll, and the call whose thread makes it.
    Poll(PollTask, Option<u64>),
    Image(Box<ImageTask>),
}

/// What must be so, whatever the scheduler does inside.
#[derive(Default)]
struct Model {
    /// The jobs whose end was not taken yet, with their deadlines; and which of them are calls.
    open: BTreeMap<u64, Duration>,
    calls: BTreeSet<u64>,
    in_flight: Vec<Flight>,
    /// When a poll of an id was last answered, and whether the one in flight repeats a lost one.
    answered: BTreeMap<JobId, Duration>,
    opened: usize,
    ended: usize,
}

struct Play {
    fixture: Fixture,
    model: Model,
    rng: Rng,
    ids: u64,
}

impl Play {
    fn below(&mut self, end: usize) -> usize {
        self.rng.between(0.0, end as f64) as usize
    }

    fn some_id(&mut self) -> String {
        self.below(self.ids as usize).to_string()
    }

    fn step(&mut self) {
        match self.below(100) {
            0..20 => self.open(),
            20..40 => self.take(),
            40..55 => self.call(),
            55..75 => self.answer(),
            75..85 => self.pull(),
            85..90 => self.cancel_one(),
            90..92 => self.fetch(),
            92..99 => {
                let time = Duration::from_micros(self.below(2_000_000) as u64);
                self.pass(time);
            }
            _ => {
                let time = Duration::from_secs(self.below(100) as u64);
                self.pass(time);
            }
        }
        self.settle();
    }

    fn pass(&mut self, time: Duration) {
        self.fixture.pass(time);
        // Whoever runs the loop ends what is over: nobody is past its end by more than images may take to let go.
        for (number, job) in &self.fixture.scheduler.jobs {
            let lets_go = job.downloading().is_some_and(|downloading| downloading.is_stopped());
            let end = self.model.open[number];
            assert!(job.is_over() || lets_go || end > self.fixture.now, "{number} is overdue");
        }
    }

    fn open(&mut self) {
        if self.model.opened == OPENED {
            return;
        }
        let on = self.some_id();
        let mut plan = until(1 + self.below(900) as u64).with_seed(self.rng.bits());
        if self.below(3) == 0 {
            plan = plan.with_eta(Some(SECOND * self.below(100) as u32));
        }
        let destination = (self.below(4) == 0).then_some(Destination::Memory { most: 1_000 });
        let is_call = self.below(3) == 0;
        let number = self.fixture.open(NewJob { destination, is_call, ..job(&on, plan) });
        let end = self.fixture.now + plan.deadline();
        assert!(self.model.open.insert(number, end).is_none(), "the number {number} was used twice");
        if is_call {
            self.model.calls.insert(number);
        }
        self.model.opened += 1;
    }

    /// A worker asks for something to do.
    fn take(&mut self) {
        let now = self.fixture.now;
        let flight = match self.fixture.scheduler.take(now) {
            None => {
                let next = self.fixture.scheduler.next_due(now);
                assert!(next.is_none_or(|next| next > now), "due at {next:?}, and not given at {now:?}");
                return;
            }
            Some(Task::Poll(poll)) => {
                self.check_poll(&poll);
                Flight::Poll(poll, None)
            }
            Some(Task::Image(image)) => Flight::Image(image),
            Some(Task::Check(check)) => panic!("no job keeps files: {check:?}"),
        };
        self.model.in_flight.push(flight);
        let working =
            self.model.in_flight.iter().filter(|flight| !matches!(flight, Flight::Poll(_, Some(_))));
        assert!(working.count() <= WORKERS);
    }

    /// A call's thread looks what there is for it.
    fn call(&mut self) {
        let busy: BTreeSet<u64> = self
            .model
            .in_flight
            .iter()
            .filter_map(|flight| match flight {
                Flight::Poll(_, call) => *call,
                Flight::Image(_) => None,
            })
            .collect();
        let free: Vec<u64> = self.model.calls.difference(&busy).copied().collect();
        if free.is_empty() {
            return;
        }
        let number = free[self.below(free.len())];
        let now = self.fixture.now;
        if self.fixture.scheduler.take_end(number, now).is_some() {
            return self.ended(number);
        }
        if let Some(told) = self.fixture.scheduler.take_progress(number, now) {
            assert!(told.polls > 0);
            let away = self.below(2) == 0;
            self.fixture.scheduler.set_away(number, away);
            return;
        }
        self.fixture.scheduler.set_away(number, false);
        if let Turn::Poll(poll) = self.fixture.scheduler.take_call_poll(number, now) {
            self.check_poll(&poll);
            self.model.in_flight.push(Flight::Poll(poll, Some(number)));
        }
    }

    /// At most one exchange of an id that anybody waits for, for a member, and far enough from the last answer.
    fn check_poll(&self, poll: &PollTask) {
        let scheduler = &self.fixture.scheduler;
        for flight in &self.model.in_flight {
            if let Flight::Poll(other, _) = flight {
                let wanted = scheduler.is_wanted(other.task);
                assert!(other.id != poll.id || !wanted, "two exchanges of {:?}", poll.id);
            }
        }
        let group = &scheduler.groups[&scheduler.by_id[&poll.id]];
        let wanted = group
            .members
            .iter()
            .any(|job| self.model.open.get(job).is_some_and(|end| *end > self.fixture.now));
        assert!(wanted, "nobody wants {poll:?}");
        if let Some(last) = self.model.answered.get(&poll.id) {
            assert!(
                self.fixture.now - *last >= LEAST_GAP,
                "{:?} after the last answer",
                self.fixture.now - *last
            );
        }
    }

    fn answer(&mut self) {
        if self.model.in_flight.is_empty() {
            return;
        }
        let at = self.below(self.model.in_flight.len());
        let now = self.fixture.now;
        match self.model.in_flight.swap_remove(at) {
            Flight::Poll(poll, call) => {
                let wanted = self.fixture.scheduler.is_wanted(poll.task);
                let report = match self.below(24) {
                    _ if !wanted => cancelled(),
                    0..10 => not_yet(),
                    10..13 => eta(self.below(60) as u32),
                    13..16 => ready(),
                    16 => failed(),
                    17 => not_found(),
                    18 => busy(self.below(3600) as u32),
                    19 => rate_limited(self.below(60) as u32),
                    20 if call.is_some() => cancelled(),
                    21 if call.is_some() => timeout(),
                    _ => {
                        let error = Error::Internal("a panic".into());
                        self.model.answered.insert(poll.id.clone(), now);
                        return self.fixture.scheduler.poll_broke(poll.task, &error, now);
                    }
                };
                let (was_lost, status) = (report.status == Status::Cancelled, report.status);
                let late = call.is_some_and(|call| {
                    status == Status::Timeout && self.model.open.get(&call).is_some_and(|end| *end <= now)
                });
                if wanted && !was_lost && !late {
                    self.model.answered.insert(poll.id.clone(), now);
                }
                self.fixture.scheduler.polled(poll.task, report, now);
                if let Some(call) = call.filter(|_| wanted && was_lost) {
                    // Its own token was triggered, which ends it.
                    let _ = self.fixture.scheduler.cancel(call, now);
                }
            }
            Flight::Image(image) => {
                let attempt = match self.below(6) {
                    0..3 => {
                        let image = Image { kind: Kind::Png, width: 1, height: 1, path: None, bytes: None };
                        Attempt {
                            outcome: Ok(image),
                            was_sent: true,
                            http_status: 200,
                            ..Attempt::refused(Error::Cancelled)
                        }
                    }
                    3 => Attempt {
                        failed: Some(Failed::NotThere),
                        ..Attempt::refused(Error::Refused { kind: Status::NotFound, text: "late".into() })
                    },
                    4 => Attempt::refused(Error::Cancelled),
                    _ => Attempt::refused(Error::Internal("a panic".into())),
                };
                let again = self.fixture.scheduler.attempted(image.task, attempt, now);
                assert!(again.is_none_or(|again| again > now));
            }
        }
    }

    fn fetch(&mut self) {
        let on = id(&self.some_id());
        let report = if self.below(4) == 0 { ready() } else { not_yet() };
        let now = self.fixture.now;
        if self.fixture.scheduler.by_id.contains_key(&on) {
            self.model.answered.insert(on.clone(), now);
        }
        self.fixture.scheduler.learn(&on, &report, now);
    }

    fn pull(&mut self) {
        for _ in 0..20 {
            let Some(event) = self.fixture.event() else { return };
            assert!(self.model.open.contains_key(&event.job), "told of {} after its end", event.job);
            assert!(!self.model.calls.contains(&event.job), "a call has no events");
            if event.done.is_some() {
                self.ended(event.job);
            }
        }
    }

    fn ended(&mut self, number: u64) {
        assert!(self.model.open.remove(&number).is_some(), "{number} ended twice");
        self.model.calls.remove(&number);
        self.model.ended += 1;
    }

    fn cancel_one(&mut self) {
        let number = 1 + self.below(self.model.opened + 2) as u64;
        let known = self.model.open.contains_key(&number);
        assert_eq!(self.fixture.cancel(number).is_ok(), known, "the job {number}");
    }

    fn settle(&mut self) {
        self.fixture.settle();
        self.fixture.woken.clear();
        let submitted = self.model.open.len() - self.model.calls.len();
        assert_eq!(self.fixture.scheduler.pending(), submitted);
    }

    fn check(&mut self) {
        let scheduler = &self.fixture.scheduler;
        assert_eq!(scheduler.jobs.len(), self.model.open.len());
        assert!(scheduler.events.len() <= 2 * scheduler.jobs.len());
        assert!(scheduler.due.len() + scheduler.first.len() <= 2 * scheduler.groups.len() + 200);
        assert!(scheduler.ends.len() <= 2 * scheduler.jobs.len() + 200);
        // Everybody who waits is seen to: an exchange, an entry in a heap that is not too late, or a call that polls.
        for group in scheduler.groups.values().filter(|group| group.open > 0 && group.task.is_none()) {
            let earliest = group.floor();
            let waiting = || {
                group
                    .members
                    .iter()
                    .filter_map(|number| scheduler.jobs.get(number))
                    .filter(|job| job.is_polling())
            };
            let wanted = waiting().map(|job| job.next_poll()).min().expect("it is open").max(earliest);
            let seen = [group.due, group.first].into_iter().flatten().min();
            assert!(seen.is_some_and(|seen| seen <= wanted), "nobody will poll {group:?}");
            let all_away = group.callers == group.open && group.driver.is_none();
            assert!(group.driver.is_some() || group.entry != 0 || all_away, "nobody polls {group:?}");
        }
    }

    /// Answers what is in flight, and lets the rest run to its end.
    fn finish(mut self) {
        for _ in 0..2_000_000 {
            if self.model.open.is_empty() && self.model.in_flight.is_empty() {
                break;
            }
            (0..3).for_each(|_| self.take());
            (0..3).for_each(|_| self.call());
            (0..3).for_each(|_| self.answer());
            self.pull();
            self.settle();
            if self.below(4) == 0 {
                let time = Duration::from_millis(self.below(3_000) as u64);
                self.pass(time);
            }
        }
        assert_eq!((self.model.opened, self.model.ended), (OPENED, OPENED));
        self.fixture.pass(SECOND * 60);
        assert!(self.fixture.take().is_none() && self.fixture.event().is_none());
        let Scheduler { jobs, groups, by_id, due, first, ends, events, attempts, in_flight, .. } =
            &self.fixture.scheduler;
        let left = [jobs.len(), groups.len(), by_id.len(), due.len(), first.len(), ends.len(), events.len()];
        assert_eq!((left, attempts.len(), in_flight.len()), ([0; 7], 0, 0));
        assert_eq!((self.fixture.scheduler.working(), self.fixture.scheduler.polls_in_flight), (0, 0));
    }
}

#[test]
fn nothing_is_lost_or_ended_twice_or_polled_too_often_and_nothing_is_left_behind() {
    for seed in 0..SEEDS {
        // From a crowd on few ids to hardly two on one.
        let ids = [3, 50, 1_000][seed as usize % 3];
        let fixture = Fixture::with(Limits { workers: WORKERS, images: 4, ..LIMITS });
        let mut play = Play { fixture, model: Model::default(), rng: Rng::new(seed), ids };
        let mut steps = 0_u32;
        while play.model.opened < OPENED {
            play.step();
            steps += 1;
            if steps.is_multiple_of(199) {
                play.check();
            }
            if steps.is_multiple_of(4_999) {
                play.fixture.scheduler.cancel_all(play.fixture.now);
            }
        }
        play.finish();
    }
}
