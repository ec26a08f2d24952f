//! Runs C and the languages in turn, round after round, and the medians of what they say.
//!
//! Must never know how a language is run.

use crate::Outcome;
use crate::languages::{Language, Peer, Program};
use crate::tools::{Built, compile, numbers};
use mlab_standin::{ImageKind, Job, Options, Standin};
use std::ffi::OsString;
use std::fs;

/// The largest ratio of a language's median fetch to that of its peer in C.
pub(crate) const FETCH_BAR: f64 = 1.5;

/// So much more or less comes out from one run to the next: a virtual machine wakes its threads as its host lets it.
pub(crate) const NOISE: f64 = 1.3;

/// What the bars of a parse go by, in microseconds: C takes 0.2 to 0.3. A machine on which C takes longer is as much slower for
/// all, so there a bar is a ratio. That C's parse is as fast as it should be is `benches/peer`'s to see.
pub(crate) const C_PARSE: f64 = 0.3;

/// A typical reply of the service: a job that is ready, with one image.
const READY: &str = r#"{"status":"success","id":12202888,"output":["https:\/\/pub-8b49af329fae499aa563997f5d4068a4.r2.dev\/generations\/e5cd86d3-7305-47fc-82c1-7d1a3b130fa4-0.png"]}"#;

/// How much is run: rounds, and what each side does in a round.
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    fetches: usize,
    /// Samples, and calls a sample: one is short against reading the clock. Short ones and many of them: a machine that is
    /// shared changes its speed within milliseconds.
    parses: (usize, usize),
}

impl Effort {
    pub(crate) const FULL: Effort = Effort { rounds: 15, fetches: 300, parses: (151, 20) };
    pub(crate) const QUICK: Effort = Effort { rounds: 2, fetches: 5, parses: (15, 20) };
}

/// Medians over all rounds of the rounds' medians, in nanoseconds a call.
pub(crate) struct Compared {
    pub(crate) fetch: f64,
    /// To C's in the same round: its call on the thread that wants the result, and its call on another.
    ratios: [f64; 2],
    pub(crate) parse: f64,
    /// To C's in the same round.
    parse_ratio: f64,
}

impl Compared {
    /// How many times its bar, which is in microseconds, a parse takes.
    pub(crate) fn parse_to_bar(&self, bar: f64) -> f64 {
        (self.parse / 1e3 / bar).min(self.parse_ratio * C_PARSE / bar)
    }

    pub(crate) fn ratio(&self, peer: Peer) -> f64 {
        self.ratios[peer as usize]
    }
}

/// What one program said in one round.
#[derive(Clone, Copy)]
struct Round {
    fetch: f64,
    /// C's alone.
    handed_over: f64,
    parse: f64,
    bytes: [f64; 2],
}

/// C's numbers, and those of each language.
pub(crate) fn run(
    built: &Built,
    languages: &[(Language, Program)],
    effort: &Effort,
) -> Outcome<(Compared, Vec<Compared>)> {
    let server = Standin::start(Options::default())?;
    server.add_job(Job { images: vec![ImageKind::Png; 4], ..Job::new("12202888") });
    let reply = built.folder.join("ready.json");
    fs::write(&reply, READY)?;
    let targets = [OsString::from(server.http_endpoint()), reply.into_os_string()];
    let c = built.folder.join("bindings-c");
    compile("benches/bindings/ours.c", &c, &built.flags())?;
    let mut programs = vec![Program::new(c)];
    programs.extend(languages.iter().map(|(_, program)| program.clone()));

    let mut rounds: Vec<Vec<Round>> = vec![Vec::new(); programs.len()];
    for round in 0..effort.rounds {
        // Whoever comes later finds a warmer machine: take turns in that too.
        for step in 0..programs.len() {
            let at = (step + round) % programs.len();
            rounds[at].push(once(&programs[at], effort, &targets, at == 0)?);
        }
        let read = rounds[0][round].bytes;
        if let Some(other) = rounds.iter().position(|of_one| of_one[round].bytes != read) {
            return Err(format!("C and {} read different URLs", languages[other - 1].0.name).into());
        }
    }
    let compared = |of_one: &Vec<Round>| Compared {
        fetch: middle(of_one.iter().map(|round| round.fetch)),
        ratios: [
            middle(of_one.iter().zip(&rounds[0]).map(|(one, c)| one.fetch / c.fetch)),
            middle(of_one.iter().zip(&rounds[0]).map(|(one, c)| one.fetch / c.handed_over)),
        ],
        parse: middle(of_one.iter().map(|round| round.parse)),
        parse_ratio: middle(of_one.iter().zip(&rounds[0]).map(|(one, c)| one.parse / c.parse)),
    };
    Ok((compared(&rounds[0]), rounds[1..].iter().map(compared).collect()))
}

/// Runs the modes of one program.
fn once(program: &Program, effort: &Effort, targets: &[OsString; 2], is_c: bool) -> Outcome<Round> {
    let run = |mode: &str, samples: usize, batch: usize, target: &OsString| {
        let mut command = program.command();
        command.args([mode, &samples.to_string(), &batch.to_string()]).arg(target);
        if is_c && mode != "parse" {
            command.arg("-"); // Where timing.h has a CA file.
        }
        let printed = numbers(&mut command)?;
        let get = |name: &str| printed.get(name).copied().ok_or_else(|| format!("{command:?}: no {name}"));
        Outcome::Ok((get("median")?, get("bytes")?))
    };
    let (fetch, of_fetch) = run("fetch", effort.fetches, 1, &targets[0])?;
    let handed_over = if is_c { run("handed-over", effort.fetches, 1, &targets[0])?.0 } else { f64::NAN };
    let (parse, of_parse) = run("parse", effort.parses.0, effort.parses.1, &targets[1])?;
    Ok(Round { fetch, handed_over, parse, bytes: [of_fetch, of_parse] })
}

fn middle(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = numbers.collect();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { (sorted[half - 1] + sorted[half]) / 2.0 }
}
