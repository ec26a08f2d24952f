//! Runs one client over one job, and the means over many.

use crate::traces::Job;
use mlab_core::flow::eta_accuracy::EtaAccuracy;
use mlab_core::flow::plan::Plan;
use mlab_core::flow::rng::Rng;
use mlab_core::flow::wait::{End, PollOutcome, Wait};
use std::time::Duration;

/// From a request to its whole reply, in seconds.
const REPLY: f64 = 0.15;

/// Who waits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Client {
    /// Our schedule with its defaults, trust in etas carried from job to job.
    Ours,
    /// The same without that.
    OursFirst,
    Fixed2,
    Fixed5,
    /// 1 s, doubled after each poll, to 10 s.
    Doubling,
    /// 6 s, each time up to 25 % more or less.
    Six,
}

/// What came of one job, or of many on average.
#[derive(Clone, Copy, Default)]
pub(crate) struct Means {
    /// Seconds from ready to known.
    pub(crate) lag: f64,
    pub(crate) polls: f64,
}

impl Client {
    pub(crate) const OTHERS: [Client; 4] = [Client::Fixed2, Client::Fixed5, Client::Doubling, Client::Six];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Client::Ours => "ours",
            Client::OursFirst => "ours, first",
            Client::Fixed2 => "2 s",
            Client::Fixed5 => "5 s",
            Client::Doubling => "1 s to 10 s",
            Client::Six => "6 s ± 25 %",
        }
    }

    /// What the loop of the others sleeps after its `nth` poll, from 1.
    fn pause(self, nth: i32, chance: &mut Rng) -> f64 {
        match self {
            Client::Ours | Client::OursFirst => unreachable!("ours has a schedule"),
            Client::Fixed2 => 2.0,
            Client::Fixed5 => 5.0,
            Client::Doubling => f64::min(2f64.powi(nth - 1), 10.0),
            Client::Six => chance.between(4.5, 7.5),
        }
    }
}

/// The means of one client over all these jobs, one after the other.
pub(crate) fn mean_over(client: Client, jobs: &[Job]) -> Means {
    let mut chance = Rng::new(3);
    let mut trust = EtaAccuracy::default();
    let mut sum = Means::default();
    for job in jobs {
        let one = match client {
            Client::Ours => ours(job, &mut trust, &mut chance),
            Client::OursFirst => ours(job, &mut EtaAccuracy::default(), &mut chance),
            other => theirs(other, job, &mut chance),
        };
        sum.lag += one.lag;
        sum.polls += one.polls;
    }
    Means { lag: sum.lag / jobs.len() as f64, polls: sum.polls / jobs.len() as f64 }
}

fn ours(job: &Job, trust: &mut EtaAccuracy, chance: &mut Rng) -> Means {
    let eta = job.eta.map(Duration::from_secs_f64);
    let plan = Plan::default().with_eta(eta).with_accuracy(*trust).with_seed(chance.bits());
    let mut wait = Wait::new(plan);
    let mut now = Duration::ZERO;
    loop {
        now = wait.next_poll().max(now);
        let is_ready = now.as_secs_f64() >= job.ready;
        now += Duration::from_secs_f64(REPLY);
        // A fetch reply mostly carries no eta: here none does.
        let not_yet = PollOutcome::Processing { eta: None, retry_after: None };
        match wait.handle_poll(if is_ready { PollOutcome::Ready } else { not_yet }, now) {
            None => {}
            Some(End::Ready) => break,
            Some(end) => panic!("a job ready after {} s ended the wait with {end:?}", job.ready),
        }
    }
    trust.record(wait.eta_outcome());
    Means { lag: now.as_secs_f64() - job.ready, polls: wait.polls().into() }
}

fn theirs(client: Client, job: &Job, chance: &mut Rng) -> Means {
    let (mut now, mut polls) = (0.0, 1);
    while now < job.ready {
        now += REPLY + client.pause(polls, chance);
        polls += 1;
    }
    Means { lag: now + REPLY - job.ready, polls: polls.into() }
}
