//! Ten thousand jobs with random answers, cancels and steps of the clock, beside a model that is too simple to be wrong.

use super::desk::*;
use crate::engine::jobs::book::*;
use crate::flow::plan::FLOOR;
use crate::flow::rng::Rng;
use std::collections::BTreeMap;

const JOBS: usize = 10_000;
const SEEDS: u64 = 6;

/// What must be so, whatever the book does inside.
#[derive(Default)]
struct Model {
    /// The jobs whose end was not pulled yet, with their deadlines.
    open: BTreeMap<u64, Duration>,
    under_way: Vec<Due>,
    /// When a poll an id last ended.
    last_poll: BTreeMap<JobId, Duration>,
    submitted: usize,
    ended: usize,
}

struct Play {
    desk: Desk,
    model: Model,
    chance: Rng,
    ids: u64,
}

impl Play {
    fn below(&mut self, end: usize) -> usize {
        self.chance.between(0.0, end as f64) as usize
    }

    fn step(&mut self) {
        match self.below(100) {
            0..30 => self.submit(),
            30..55 => self.take(),
            55..75 => self.answer(),
            75..85 => self.pull(),
            85..92 => self.cancel_one(),
            92..99 => {
                let time = Duration::from_micros(self.below(2_000_000) as u64);
                self.desk.pass(time);
            }
            _ => {
                let time = Duration::from_secs(self.below(100) as u64);
                self.desk.pass(time);
                self.check_deadlines();
            }
        }
    }

    fn submit(&mut self) {
        let id = id(&self.below(self.ids as usize).to_string());
        let plan = until(1 + self.below(900) as u64).with_seed(self.chance.bits());
        let job = self.desk.book.submit(&id, 0, plan, None, self.desk.now).expect("room for a job");
        let end = self.desk.now + plan.deadline();
        assert!(self.model.open.insert(job, end).is_none(), "the number {job} was used twice");
        self.model.submitted += 1;
    }

    fn take(&mut self) {
        let now = self.desk.now;
        let Some(due) = self.desk.take() else {
            let next = self.desk.next_due();
            assert!(next.is_none_or(|next| next > now), "due at {next:?}, and not given at {now:?}");
            return;
        };
        assert!(self.model.under_way.iter().all(|other| other.id != due.id), "two polls once at {due:?}");
        let wanted = self.desk.book.targets[&due.id].jobs.iter().any(|job| self.model.open[job] > now);
        assert!(wanted, "nobody wants {due:?}");
        if let Some(last) = self.model.last_poll.get(&due.id) {
            assert!(now - *last >= FLOOR, "{:?} after the last poll: {due:?}", now - *last);
        }
        self.model.under_way.push(due);
    }

    fn answer(&mut self) {
        if self.model.under_way.is_empty() {
            return;
        }
        let at = self.below(self.model.under_way.len());
        let due = self.model.under_way.swap_remove(at);
        self.model.last_poll.insert(due.id.clone(), self.desk.now);
        if due.token.is_triggered() && self.below(4) > 0 {
            return self.desk.hear(&due, cancelled());
        }
        let report = match self.below(20) {
            0..10 => not_yet(),
            10..13 => eta(self.below(60) as u32),
            13..15 => ready(),
            15 => failed(),
            16 => not_found(),
            17 => leave_me_alone(self.below(3600) as u32),
            18 => Report::of_error(&Error::Internal("planted".into()), None),
            _ => {
                let error = Error::Internal("a panic".into());
                return self.desk.book.fail(&due.id, &error, self.desk.now);
            }
        };
        self.desk.hear(&due, report);
    }

    fn pull(&mut self) {
        for _ in 0..20 {
            let Some(event) = self.desk.event() else { return };
            assert!(self.model.open.contains_key(&event.job), "told of {} after its end", event.job);
            if event.done.is_some() {
                self.model.open.remove(&event.job);
                self.model.ended += 1;
            }
        }
    }

    fn cancel_one(&mut self) {
        let number = self.below(self.model.submitted + 2) as u64;
        let known = self.model.open.contains_key(&number);
        assert_eq!(self.desk.cancel(number).is_ok(), known, "the job {number}");
    }

    /// After a worker polled the clock nobody is past its end.
    fn check_deadlines(&self) {
        for (number, job) in &self.desk.book.jobs {
            assert!(job.over || self.model.open[number] > self.desk.now, "{number} is overdue");
        }
    }

    fn check(&self) {
        let Book { jobs, targets, polls, ends, events, .. } = &self.desk.book;
        assert_eq!(jobs.len(), self.model.open.len());
        assert!(events.len() <= 2 * jobs.len(), "{} events of {} jobs", events.len(), jobs.len());
        assert!(polls.len() <= 2 * targets.len() + 100 && ends.len() <= 2 * jobs.len() + 100);
        for due in &self.model.under_way {
            let wanted = jobs.values().any(|job| !job.over && job.id.as_ref() == Some(&due.id));
            assert!(wanted || due.token.is_triggered(), "nobody wants {due:?}, and it goes on");
        }
        for job in jobs.values().filter(|job| !job.over) {
            let target = job.id.as_ref().and_then(|id| targets.get(id)).expect("a target for each open job");
            let earliest = target.last_poll.map_or(Duration::ZERO, |last| last + FLOOR);
            let wanted = (job.start + job.wait.next_poll()).max(earliest);
            let due = target.due.map(|(due, _)| due);
            let seen = target.polling.is_some() || due.is_some_and(|due| due <= wanted);
            assert!(seen, "nobody will poll {job:?}: {target:?}");
        }
    }

    /// Answers what is under way, and lets the rest run to its end.
    fn finish(mut self) {
        for step in 0.. {
            if self.model.open.is_empty() && self.model.under_way.is_empty() {
                break;
            }
            let next = self.desk.next_due();
            let now = self.desk.now;
            self.desk.pass_until(next.map_or(now, |next| next.max(now)));
            if step % 499 == 0 {
                self.check_deadlines();
            }
            self.take();
            self.answer();
            self.pull();
        }
        assert_eq!((self.model.submitted, self.model.ended), (JOBS, JOBS));
        self.desk.pass(FLOOR);
        assert!(self.desk.take().is_none() && self.desk.event().is_none());
        let Book { jobs, targets, polls, ends, events, .. } = &self.desk.book;
        assert_eq!([jobs.len(), targets.len(), polls.len(), ends.len(), events.len()], [0; 5]);
    }
}

#[test]
fn no_job_is_lost_or_ended_twice_and_nothing_is_left_behind() {
    for seed in 0..SEEDS {
        // From a crowd on few ids to hardly two on one.
        let ids = [3, 50, 2_000][seed as usize % 3];
        let mut play = Play { desk: Desk::new(), model: Model::default(), chance: Rng::new(seed), ids };
        let mut steps = 0_u32;
        while play.model.submitted < JOBS {
            play.step();
            steps += 1;
            if steps.is_multiple_of(499) {
                play.check();
            }
            if steps.is_multiple_of(4999) {
                play.desk.book.cancel_all(&Error::Cancelled, play.desk.now);
            }
        }
        play.finish();
    }
}
