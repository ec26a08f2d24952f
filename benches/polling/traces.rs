//! The jobs of the simulation: how long each runs, and what eta the generation call gave for it.
//!
//! Nobody has published run times of this service. The numbers are chosen to cover what is known of it: etas from 0.25 to
//! 960 s were seen, the samples say 5 to 20, clients wait a few minutes at most, and cold models take far longer than warm
//! ones. Each shape comes short and long, and every run time is kept within 1 s and 5 min. They were set before the schedule
//! was tuned; its constants were then chosen with these families in view. Where all jobs take nearly the same few seconds,
//! it is luck which fixed loop happens to poll just after them, and no schedule wins everywhere: hence families, not points.

use mlab_core::flow::rng::Rng;

/// One job, in seconds from the start of its wait.
#[derive(Clone, Copy)]
pub(crate) struct Job {
    /// When it is ready.
    pub(crate) ready: f64,
    /// What the generation call's reply said.
    pub(crate) eta: Option<f64>,
}

/// What the etas are worth.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Eta {
    Absent,
    Exact,
    /// The server promises 70 % of the time it takes.
    TooShort,
    /// The server promises 130 % of it.
    TooLong,
    /// Off by a normal error with a standard deviation of 25 %.
    Noisy,
}

pub(crate) const ETAS: [Eta; 5] = [Eta::Exact, Eta::TooShort, Eta::TooLong, Eta::Noisy, Eta::Absent];

impl Eta {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Eta::Absent => "absent",
            Eta::Exact => "exact",
            Eta::TooShort => "30 % short",
            Eta::TooLong => "30 % long",
            Eta::Noisy => "25 % noise",
        }
    }

    fn of(self, ready: f64, chance: &mut Rng) -> Option<f64> {
        let factor = match self {
            Eta::Absent => return None,
            Eta::Exact => 1.0,
            Eta::TooShort => 0.7,
            Eta::TooLong => 1.3,
            Eta::Noisy => 1.0 + 0.25 * normal(chance),
        };
        // The least eta seen.
        Some((ready * factor).max(0.25))
    }
}

/// A distribution of run times.
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    run_time: fn(&mut Rng) -> f64,
}

pub(crate) static FAMILIES: &[Family] = &[
    Family { name: "exponential, short", what: "mean 10 s", run_time: |chance| exponential(10.0, chance) },
    Family { name: "exponential, long", what: "mean 45 s", run_time: |chance| exponential(45.0, chance) },
    Family {
        name: "log-normal, short",
        what: "median 8 s, sigma 0.6",
        run_time: |chance| 8.0 * (0.6 * normal(chance)).exp(),
    },
    Family {
        name: "log-normal, long",
        what: "median 40 s, sigma 0.8",
        run_time: |chance| 40.0 * (0.8 * normal(chance)).exp(),
    },
    Family {
        name: "fixed, short",
        what: "one of 2, 3, 4, 5, 6, 8, 10, 12, 15 s: a time for each model and size",
        run_time: |chance| pick(&[2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0], chance),
    },
    Family {
        name: "fixed, long",
        what: "one of 15, 20, 25, 30, 40, 50, 60, 90, 120, 180 s",
        run_time: |chance| pick(&[15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 90.0, 120.0, 180.0], chance),
    },
    Family {
        name: "bimodal, short",
        what: "80 % about 4 s, 20 % about 20 s, each within 25 %",
        run_time: |chance| bimodal(4.0, 20.0, 0.2, chance),
    },
    Family {
        name: "bimodal, long",
        what: "70 % about 12 s (warm), 30 % about 90 s (cold), each within 25 %",
        run_time: |chance| bimodal(12.0, 90.0, 0.3, chance),
    },
];

impl Family {
    /// The jobs of this family. Each kind of eta gets the same run times.
    pub(crate) fn jobs(&self, count: usize, eta: Eta) -> Vec<Job> {
        let (mut times, mut errors) = (Rng::new(1), Rng::new(2));
        (0..count)
            .map(|_| {
                let ready = (self.run_time)(&mut times).clamp(1.0, 300.0);
                Job { ready, eta: eta.of(ready, &mut errors) }
            })
            .collect()
    }
}

fn exponential(mean: f64, chance: &mut Rng) -> f64 {
    -mean * (1.0 - chance.between(0.0, 1.0)).ln()
}

/// Box and Muller's method; the second number is not kept.
fn normal(chance: &mut Rng) -> f64 {
    let radius = (-2.0 * (1.0 - chance.between(0.0, 1.0)).ln()).sqrt();
    radius * chance.between(0.0, std::f64::consts::TAU).cos()
}

fn pick(times: &[f64], chance: &mut Rng) -> f64 {
    times[chance.between(0.0, times.len() as f64) as usize]
}

fn bimodal(usual: f64, seldom: f64, share: f64, chance: &mut Rng) -> f64 {
    let about = if chance.between(0.0, 1.0) < share { seldom } else { usual };
    about * chance.between(0.75, 1.25)
}
