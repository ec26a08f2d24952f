//! Runs a case: both sides in turn, round after round, and the medians of what they say.
//!
//! Must never know what a case stands for.

use crate::Outcome;
use crate::case::{Case, Connects, Side, Work};
use crate::program::{Programs, Which};
use mlab_standin::Standin;
use std::collections::HashMap;
use std::fs;
use std::time::Instant;

/// How much of a kind of work is run: rounds, and calls or samples a side and round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    fetches: (usize, usize),
    warm_fetches: (usize, usize),
    programs: (usize, usize),
    /// Short runs and many of them: a machine that is shared changes its speed within milliseconds.
    parses: (usize, usize),
}

impl Effort {
    pub(crate) const FULL: Effort =
        Effort { fetches: (25, 60), warm_fetches: (51, 300), programs: (25, 10), parses: (101, 7) };
    pub(crate) const QUICK: Effort =
        Effort { fetches: (2, 5), warm_fetches: (2, 5), programs: (2, 1), parses: (2, 3) };

    /// Rounds, and samples a side and round.
    pub(crate) fn of(&self, work: &Work) -> (usize, usize) {
        match work {
            Work::Fetch => self.fetches,
            Work::WarmFetch => self.warm_fetches,
            Work::Program => self.programs,
            Work::Parse(_) => self.parses,
        }
    }
}

/// Nanoseconds a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    pub(crate) min: f64,
    pub(crate) median: f64,
    pub(crate) mean: f64,
    pub p90: f64,
    pub(crate) cpu: f64,
}

/// The outcome of a case: the median of each number over all rounds, and of the rounds' ratios.
pub(crate) struct Compared {
    pub(crate) ours: Times,
    pub(crate) theirs: Times,
    pub(crate) floor: Option<Times>,
    pub(crate) rounds: usize,
    /// Of the medians of a round, ours to theirs: a tenth of the rounds is below the first, half below the second, a
    /// tenth above the third.
    pub(crate) ratio: [f64; 3],
    /// Of the shortest times of all rounds.
    pub(crate) min_ratio: f64,
    pub(crate) cpu_ratio: f64,
}

impl Compared {
    pub(crate) fn holds(&self, case: &Case) -> Option<bool> {
        case.bar.map(|bar| self.ratio[1] <= bar)
    }

    pub(crate) fn cpu_holds(&self, case: &Case) -> Option<bool> {
        case.cpu_bar.map(|bar| self.cpu_ratio <= bar)
    }

    pub(crate) fn broken_bars(&self, case: &Case) -> Vec<String> {
        let time = (self.holds(case) == Some(false)).then(|| case.name.to_owned());
        let cpu = (self.cpu_holds(case) == Some(false)).then(|| format!("{}, CPU", case.name));
        time.into_iter().chain(cpu).collect()
    }
}

pub(crate) fn run(case: &Case, effort: &Effort, programs: &Programs, server: &Standin) -> Outcome<Compared> {
    let (rounds, samples) = effort.of(&case.work);
    let runner = Runner { case, samples, programs, server };
    let (mut ours, mut theirs, mut floor) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        // Whoever comes second finds a warmer machine: take turns in that too.
        let sides = if round % 2 == 0 { [Which::Ours, Which::Theirs] } else { [Which::Theirs, Which::Ours] };
        let mut bytes = Vec::new();
        for which in sides {
            let side = if matches!(which, Which::Ours) { &case.ours } else { &case.theirs };
            let (read, times) = runner.run(which, side)?;
            bytes.push(read);
            if matches!(which, Which::Ours) { ours.push(times) } else { theirs.push(times) }
        }
        if let Some(side) = &case.floor {
            floor.push(runner.run(Which::Floor, side)?.1);
        }
        if bytes[0] != bytes[1] {
            return Err(format!("{}: the sides read different URLs", case.name).into());
        }
    }
    let ratios = |of: fn(&Times) -> f64| sorted(ours.iter().zip(&theirs).map(|(o, t)| of(o) / of(t)));
    let ratio = ratios(|times| times.median);
    Ok(Compared {
        rounds,
        ratio: [ratio[rounds / 10], middle(&ratio), ratio[rounds - 1 - rounds / 10]],
        min_ratio: least(&ours) / least(&theirs),
        cpu_ratio: middle(&ratios(|times| times.cpu)),
        ours: medians(&ours),
        theirs: medians(&theirs),
        floor: case.floor.as_ref().map(|_| medians(&floor)),
    })
}

struct Runner<'a> {
    case: &'a Case,
    samples: usize,
    programs: &'a Programs,
    server: &'a Standin,
}

impl Runner<'_> {
    /// Runs one side once; gives the bytes of URLs it read, and its times.
    fn run(&self, which: Which, side: &Side) -> Outcome<(f64, Times)> {
        match &self.case.work {
            Work::Fetch | Work::WarmFetch => {
                let before = self.server.counts();
                let printed = self.programs.run(which, &self.fetching(which, side, self.samples))?;
                let after = self.server.counts();
                let handshakes = after.handshakes - before.handshakes;
                let resumed = after.resumed - before.resumed;
                let one_a_call = handshakes >= self.samples as u64;
                let as_expected = match side.connects {
                    Connects::Anew => one_a_call && resumed == 0,
                    Connects::Resuming => one_a_call && resumed == handshakes - 1,
                    Connects::Once => handshakes == 1,
                };
                if !as_expected {
                    let name = side.name;
                    return Err(format!("{name}: {resumed} of {handshakes} handshakes were resumed").into());
                }
                times(&printed)
            }
            Work::Program => self.whole_programs(which, side),
            Work::Parse(reply) => {
                let file = self.programs.folder.join("reply.json");
                fs::write(&file, &reply.body)?;
                times(&self.programs.run(
                    which,
                    &[
                        side.mode.into(),
                        self.samples.to_string(),
                        reply.batch.to_string(),
                        file.display().to_string(),
                    ],
                )?)
            }
        }
    }

    fn fetching(&self, which: Which, side: &Side, samples: usize) -> [String; 5] {
        // An address, so that neither side looks a name up; a libcurl told `localhost` would also try `::1` first,
        // where nobody listens.
        let url = self.server.https_endpoint().replace("//localhost:", "//127.0.0.1:");
        // Only ours has a template.
        let url = match which {
            Which::Ours => url,
            Which::Theirs | Which::Floor => url.replace("{id}", &crate::case::job().id),
        };
        // One small file of roots for both. With the system's, libcurl would read and parse some 140 for each handle.
        let ca_file = self.server.ca_file().display().to_string();
        [side.mode.into(), samples.to_string(), "1".into(), url, ca_file]
    }

    fn whole_programs(&self, which: Which, side: &Side) -> Outcome<(f64, Times)> {
        let (mut took, mut cpu, mut bytes) = (Vec::new(), Vec::new(), 0.0);
        for _ in 0..self.samples {
            let start = Instant::now();
            let printed = self.programs.run(which, &self.fetching(which, side, 0))?;
            took.push(start.elapsed().as_secs_f64() * 1e9);
            cpu.push(get(&printed, "cpu")?);
            bytes = get(&printed, "bytes")?;
        }
        let mean = took.iter().sum::<f64>() / took.len() as f64;
        let took = sorted(took);
        let p90 = took[took.len() * 9 / 10];
        let cpu = middle(&sorted(cpu));
        Ok((bytes, Times { min: took[0], median: middle(&took), mean, p90, cpu }))
    }
}

fn times(printed: &HashMap<String, f64>) -> Outcome<(f64, Times)> {
    let times = Times {
        min: get(printed, "min")?,
        median: get(printed, "median")?,
        mean: get(printed, "mean")?,
        p90: get(printed, "p90")?,
        cpu: get(printed, "cpu")?,
    };
    Ok((get(printed, "bytes")?, times))
}

fn get(printed: &HashMap<String, f64>, name: &str) -> Outcome<f64> {
    printed.get(name).copied().ok_or_else(|| format!("the program did not print {name}").into())
}

fn medians(rounds: &[Times]) -> Times {
    let of = |number: fn(&Times) -> f64| middle(&sorted(rounds.iter().map(number)));
    Times {
        min: of(|t| t.min),
        median: of(|t| t.median),
        mean: of(|t| t.mean),
        p90: of(|t| t.p90),
        cpu: of(|t| t.cpu),
    }
}

fn least(rounds: &[Times]) -> f64 {
    rounds.iter().map(|times| times.min).fold(f64::INFINITY, f64::min)
}

fn sorted(numbers: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    numbers
}

/// The median of sorted numbers.
fn middle(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { (sorted[half - 1] + sorted[half]) / 2.0 }
}
