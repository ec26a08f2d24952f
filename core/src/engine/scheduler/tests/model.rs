//! Thousands of jobs, blocking waits, fetches and downloads with random answers, cancels and steps of the clock, beside a
//! model that is too simple to be wrong.
//!
//! Two transports perform what the scheduler hands out. With ours a blocking wait's poll is made by its own thread, and a
//! job's by a worker. The host's performs all of them, in any order, and follows redirects by the queue of the rate limiter.

mod performer;

use super::fixture::*;
use crate::download::Destination;
use crate::engine::scheduler::task::{CheckTask, DiscardTask};
use crate::engine::scheduler::*;
use crate::flow::rng::Rng;
use std::collections::{BTreeMap, BTreeSet};

const OPENED: usize = 4_000;
const SEEDS: u64 = 12;
const WORKERS: usize = 8;
const IMAGES: usize = 4;
const IMAGES_OF_A_JOB: usize = 5;
const LEAST_GAP: Duration = Duration::from_secs(2);
/// What a turn that was taken late does not delay the next by.
const SLACK: Duration = Duration::from_millis(10);

/// What is in flight, as its performer knows it.
enum Flight {
    /// A poll, and the call whose thread makes it.
    Poll(PollTask, Option<u64>),
    Image(Box<ImageTask>),
    Check(CheckTask),
    Discard(DiscardTask),
    /// A poll that was redirected, and its place in the queue of the rate limiter, if there is one.
    Redirected(PollTask, Option<u64>, Option<u64>),
}

impl Flight {
    /// The call whose thread is busy with it.
    fn caller(&self) -> Option<u64> {
        match self {
            Flight::Poll(_, call) | Flight::Redirected(_, call, _) => *call,
            Flight::Image(_) | Flight::Check(_) | Flight::Discard(_) => None,
        }
    }

    fn poll(&self) -> Option<&PollTask> {
        match self {
            Flight::Poll(poll, _) | Flight::Redirected(poll, ..) => Some(poll),
            Flight::Image(_) | Flight::Check(_) | Flight::Discard(_) => None,
        }
    }
}

/// How a run differs from the others.
struct Shape {
    seed: u64,
    /// From a crowd on few ids to hardly two on one.
    ids: u64,
    /// The host performs the exchanges.
    by_host: bool,
    /// Between two requests.
    gap: Duration,
}

/// What must be so, whatever the scheduler does inside.
#[derive(Default)]
struct Model {
    /// The jobs whose end was not taken yet, with their deadlines; and which of them are calls.
    open: BTreeMap<u64, Duration>,
    calls: BTreeSet<u64>,
    /// The calls whose threads sleep: until then, unless they are told.
    asleep: BTreeMap<u64, Duration>,
    in_flight: Vec<Flight>,
    /// When a poll of an id was last answered, and whether the one in flight repeats a lost one.
    answered: BTreeMap<JobId, Duration>,
    opened: usize,
    ended: usize,
    /// When the last request went out that takes a turn.
    last_turn: Option<Duration>,
    /// The images of each job that were told of one by one.
    update: BTreeMap<u64, BTreeSet<usize>>,
    /// What was met at all: a model that never gets there proves nothing.
    met: BTreeMap<&'static str, usize>,
}

struct Play {
    fixture: Fixture,
    model: Model,
    rng: Rng,
    shape: Shape,
}

impl Play {
    fn below(&mut self, end: usize) -> usize {
        self.rng.between(0.0, end as f64) as usize
    }

    fn some_id(&mut self) -> String {
        self.below(self.shape.ids as usize).to_string()
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
        self.collect_effects();
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
        if self.below(8) == 0 {
            plan = plan.with_one_answer(true).of_client(2, SECOND * 30, self.rng.bits());
            self.met("polled once");
        }
        let destination = match self.below(8) {
            0 => Some(Destination::Memory { most: 1_000 }),
            1 => Some(Destination::Folder("folder".into())),
            _ => None,
        };
        let is_call = self.below(3) == 0;
        let wants_image_events = self.below(2) == 0;
        let mut new = NewJob { destination, is_call, wants_image_events, ..job(&on, plan) };
        if self.below(16) == 0 {
            let to = [Destination::Memory { most: 1_000 }, Destination::File("file.png".into())];
            (new.id, new.link) = (None, Some("https://images.example.com/0.png".into()));
            new.destination = Some(to[self.below(2)].clone());
            self.met("links");
        }
        let number = self.fixture.open(new);
        let end = self.fixture.now + plan.deadline();
        assert!(self.model.open.insert(number, end).is_none(), "the number {number} was used twice");
        if is_call {
            self.model.calls.insert(number);
        }
        self.model.opened += 1;
    }

    fn met(&mut self, what: &'static str) {
        *self.model.met.entry(what).or_default() += 1;
    }

    fn pull(&mut self) {
        for _ in 0..20 {
            let Some(event) = self.fixture.event() else { return };
            assert!(self.model.open.contains_key(&event.job), "told of {} after its end", event.job);
            assert!(!self.model.calls.contains(&event.job), "a call has no events");
            if let Some(index) = event.image {
                self.met("images told");
                assert!(self.model.update.entry(event.job).or_default().insert(index), "image {index} twice");
            }
            if event.done.is_some() {
                self.ended(event.job);
            }
        }
    }

    fn ended(&mut self, number: u64) {
        assert!(self.model.open.remove(&number).is_some(), "{number} ended twice");
        self.model.calls.remove(&number);
        self.model.asleep.remove(&number);
        self.model.update.remove(&number);
        self.model.ended += 1;
    }

    fn cancel_one(&mut self) {
        let number = 1 + self.below(self.model.opened + 2) as u64;
        let known = self.model.open.contains_key(&number);
        assert_eq!(self.fixture.cancel(number).is_ok(), known, "the job {number}");
    }

    fn collect_effects(&mut self) {
        self.fixture.collect_effects();
        for woken in std::mem::take(&mut self.fixture.woken) {
            self.model.asleep.remove(&woken);
        }
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
            // Who joins late, after a check of its place for files, wants a poll of the past.
            let at_latest = wanted.max(self.fixture.now);
            assert!(
                seen.is_some_and(|seen| seen <= at_latest),
                "nobody will poll at {wanted:?}, now {:?}: {group:?}",
                self.fixture.now
            );
            let all_away = group.callers == group.open && group.driver.is_none();
            assert!(group.driver.is_some() || group.entry != 0 || all_away, "nobody polls {group:?}");
            if let Some(driver) = group.driver {
                self.check_sleep_of(driver, at_latest);
            }
        }
        let room = scheduler.pause.room(scheduler.polls_in_flight);
        assert!(scheduler.held.is_seen_to(room), "{room} more may be in flight: {:?}", scheduler.held);
    }

    /// A call that polls is awake in time, or is told once its turn has come.
    fn check_sleep_of(&self, driver: u64, wanted: Duration) {
        let (scheduler, now) = (&self.fixture.scheduler, self.fixture.now);
        let Some(until) = self.model.asleep.get(&driver) else { return };
        let caller = scheduler.jobs[&driver].caller.as_ref().expect("a call");
        if let Some(start) = scheduler.pause.next_start(scheduler.polls_in_flight)
            && !scheduler.held.waits(driver)
            && caller.permit.is_none()
        {
            assert!(*until <= wanted.max(start).max(now), "{driver} sleeps until {until:?}, not {wanted:?}");
        }
    }

    /// Answers what is in flight, and lets the rest run to its end. Gives what was met on the way.
    fn finish(mut self) -> BTreeMap<&'static str, usize> {
        for _ in 0..2_000_000 {
            let has_files = !self.fixture.scheduler.discards.is_empty();
            if self.model.open.is_empty() && self.model.in_flight.is_empty() && !has_files {
                break;
            }
            (0..3).for_each(|_| self.take());
            (0..3).for_each(|_| self.call());
            (0..3).for_each(|_| self.answer());
            self.pull();
            self.collect_effects();
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
        assert_eq!(self.fixture.scheduler.limiter.first(), None, "nobody stands in the queue");
        assert!(self.fixture.scheduler.held.is_empty());
        self.must_have_met();
        self.model.met
    }

    fn must_have_met(&self) {
        for what in ["links", "redirects", "checks", "images told", "polled once"] {
            assert!(self.model.met.contains_key(what), "{what}: {:?}", self.model.met);
        }
    }

    /// The client is closed in the middle of everything: all ends at once, what is in flight comes home, nothing is begun but
    /// the removal of files.
    fn close(mut self) {
        self.fixture.scheduler.close(self.fixture.now);
        let refused = self.fixture.scheduler.open(job("1", until(1)), self.fixture.now);
        assert!(matches!(refused, Err(Error::Closed)));
        loop {
            self.collect_effects();
            while let Some(task) = self.fixture.scheduler.take(self.fixture.now) {
                let Task::Discard(discard) = task else { panic!("{task:?} begins after the end") };
                self.model.in_flight.push(Flight::Discard(discard));
            }
            if self.model.in_flight.is_empty() {
                break;
            }
            self.answer();
        }
        // What attempts did not let go of by then is given up.
        self.pass(SECOND);
        for number in self.model.calls.clone() {
            let now = self.fixture.now;
            assert!(
                self.fixture.scheduler.take_end(number, now).is_some(),
                "the call {number} has not ended"
            );
            self.ended(number);
        }
        while !self.model.open.is_empty() {
            let before = self.model.open.len();
            self.pull();
            assert!(
                self.model.open.len() < before || self.fixture.scheduler.events() > 0,
                "jobs without an end"
            );
        }
        assert_eq!((self.fixture.scheduler.jobs.len(), self.fixture.scheduler.in_flight.len()), (0, 0));
        assert_eq!(self.fixture.scheduler.pending(), 0);
    }
}

fn play(shape: Shape, until_opened: usize) -> Play {
    let limits = Limits {
        workers: WORKERS,
        images: IMAGES,
        images_of_a_job: IMAGES_OF_A_JOB,
        request_gap: shape.gap,
        ..LIMITS
    };
    let (fixture, rng) = (Fixture::with(limits), Rng::new(shape.seed));
    let mut play = Play { fixture, model: Model::default(), rng, shape };
    let mut steps = 0_u32;
    while play.model.opened < until_opened {
        play.step();
        steps += 1;
        if steps.is_multiple_of(19) {
            play.check();
        }
        if steps.is_multiple_of(4_999) {
            play.fixture.scheduler.cancel_all(play.fixture.now);
        }
    }
    play
}

fn shape(seed: u64) -> Shape {
    Shape {
        seed,
        ids: [3, 50, 1_000][seed as usize % 3],
        by_host: seed / 3 % 2 == 1,
        gap: [Duration::ZERO, Duration::from_millis(100)][seed as usize / 6 % 2],
    }
}

#[test]
fn nothing_is_lost_or_ended_twice_or_polled_too_often_and_nothing_is_left_behind() {
    let mut rare = [("held", 0), ("discards", 0), ("out of turn", 0)];
    for seed in 0..SEEDS {
        let met = play(shape(seed), OPENED).finish();
        rare.iter_mut().for_each(|(what, times)| *times += met.get(what).copied().unwrap_or_default());
    }
    assert!(rare.iter().all(|(_, times)| *times > 20), "hardly met: {rare:?}");
}

#[test]
fn a_client_that_is_closed_in_the_middle_ends_everything_once() {
    for seed in 0..10 * SEEDS {
        play(shape(seed), 20 + seed as usize).close();
    }
}
