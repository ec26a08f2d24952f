//! Many ids with etas, watched over TLS by both sides, one after the other, each against a server of its own: a quick line,
//! and one whose replies take 150 ms.

use crate::tools::{Built, compile, installed, numbers};
use crate::{Outcome, bar};
use mlab_standin::{Counts, Job, Options, Outcome as End, Standin, Versions};
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// How long each reply takes on the slow line.
const SLOW: Duration = Duration::from_millis(150);

/// One table: the ids, the bounds of their etas in milliseconds, the line, and what runs beside them.
struct Crowd {
    count: u64,
    least_ms: u64,
    most_ms: u64,
    delay: Duration,
    connections: u64,
    /// 200 ids whose images answer 404 for 20 s, and 50 replies that take 6 s, on our side only.
    beside: bool,
    bars: &'static [Bar],
}

/// What must hold of our side, and of it beside the other.
enum Bar {
    /// The mean lag, as a part of theirs.
    LagOfTheirs(f64),
    /// The mean lag, in seconds.
    Lag(f64),
    /// When the last is known, in seconds.
    Last(f64),
    /// Requests an id.
    Requests(f64),
    /// CPU an id, as a part of theirs.
    CpuOfTheirs(f64),
}

const QUICK_LINE: Crowd = Crowd {
    count: 10_000,
    least_ms: 2_000,
    most_ms: 20_000,
    delay: Duration::ZERO,
    connections: 4,
    beside: false,
    bars: &[],
};

const SLOW_LINE: Crowd = Crowd {
    count: 1_000,
    delay: SLOW,
    connections: 64,
    bars: &[Bar::LagOfTheirs(0.5), Bar::Last(20.8), Bar::CpuOfTheirs(1.5)],
    ..QUICK_LINE
};

const FULL: [Crowd; 4] = [
    QUICK_LINE,
    SLOW_LINE,
    Crowd { beside: true, bars: &[Bar::LagOfTheirs(0.5), Bar::Last(20.8)], ..SLOW_LINE },
    Crowd { count: 10_000, bars: &[Bar::Lag(4.0), Bar::Requests(1.2)], ..SLOW_LINE },
];

const QUICK: [Crowd; 1] = [Crowd { count: 200, least_ms: 1_000, most_ms: 2_000, bars: &[], ..SLOW_LINE }];

impl Crowd {
    /// crowd.h has the same line.
    fn eta_ms(&self, job: u64) -> u64 {
        self.least_ms + job * 7919 % (self.most_ms - self.least_ms + 1)
    }

    fn last_ready(&self) -> f64 {
        (0..self.count).map(|job| self.eta_ms(job)).max().unwrap_or(0) as f64 / 1000.0
    }
}

/// What one side took.
struct Watched {
    /// What the program printed.
    printed: HashMap<String, f64>,
    counts: Counts,
    /// Between the first job's beginning and the program's, in seconds: what it printed counts from there.
    lead: f64,
}

impl Watched {
    /// When the last job was known, and the mean and the 99th percentile of how late: in seconds.
    fn times(&self) -> [f64; 3] {
        ["last", "mean_lag", "late_lag"].map(|name| self.printed[name] + self.lead)
    }
}

pub(crate) fn run(built: &Built, quick: bool) -> Outcome<Vec<String>> {
    let (ours, theirs) = (built.folder.join("crowd-ours"), built.folder.join("crowd-multi"));
    compile("benches/jobs/ours.c", &ours, &built.flags())?;
    compile("benches/jobs/multi.c", &theirs, &installed(&["libcurl"])?)?;
    let mut broken = Vec::new();
    for crowd in if quick { &QUICK[..] } else { &FULL[..] } {
        println!(
            "\n{} ids with an eta of {} to {} s over TLS, replies in {} ms, {} connections each{}; the last is ready \
             after {:.2} s",
            crowd.count,
            crowd.least_ms / 1000,
            crowd.most_ms / 1000,
            crowd.delay.as_millis(),
            crowd.connections,
            if crowd.beside { ", beside images that are late and replies that are slow" } else { "" },
            crowd.last_ready()
        );
        let ours = watch(crowd, &ours, crowd.beside)?;
        let theirs = watch(crowd, &theirs, false)?;
        print(crowd, &ours, &theirs);
        judge(crowd, &ours, &theirs, &mut broken);
    }
    Ok(broken)
}

fn watch(crowd: &Crowd, program: &Path, beside: bool) -> Outcome<Watched> {
    let (tls, reply_delay) = (Versions::Only13, crowd.delay);
    let server = Standin::start(Options { auto: beside, tls, reply_delay, ..Options::default() })?;
    let began = Instant::now();
    for job in 0..crowd.count {
        // Each begins a little after the first: less is left of it then.
        let ready_after = Duration::from_millis(crowd.eta_ms(job)).saturating_sub(began.elapsed());
        server.add_job(Job { ready_after, ..Job::new(job.to_string()) });
    }
    for job in 0..if beside { 200 } else { 0 } {
        let outcome = End::ImagesLate(Duration::from_secs(20));
        server.add_job(Job { outcome, ..Job::new(format!("late-{job}")) });
    }
    // An address, so that neither side looks a name up.
    let url = server.https_endpoint().replace("//localhost:", "//127.0.0.1:");
    let mut command = Command::new(program);
    command.arg(url).arg(server.ca_file());
    let bounds = [crowd.count, crowd.least_ms, crowd.most_ms, crowd.connections, u64::from(beside)];
    command.args(bounds.map(|number| number.to_string()));
    let lead = began.elapsed().as_secs_f64();
    Ok(Watched { printed: numbers(&mut command)?, counts: server.counts(), lead })
}

fn print(crowd: &Crowd, ours: &Watched, theirs: &Watched) {
    println!("  {:34}{:>10}{:>10}{:>10}", "", "mlab", "multi", "ratio");
    let row = |name: &str, ours: f64, theirs: f64, digits: usize| {
        println!("  {name:34}{ours:>10.digits$}{theirs:>10.digits$}{:>10.2}", ours / theirs);
    };
    let ([last, mean, late], [their_last, their_mean, their_late]) = (ours.times(), theirs.times());
    let ideal = crowd.last_ready();
    row("last known, s", last, their_last, 2);
    row("last known, s after the ideal", last - ideal, their_last - ideal, 3);
    row("known late by, mean, s", mean, their_mean, 3);
    row("known late by, 99 %, s", late, their_late, 3);
    row("requests an id", per_id(crowd, ours), per_id(crowd, theirs), 2);
    row("connections", ours.counts.connections as f64, theirs.counts.connections as f64, 0);
    row("CPU an id, us", cpu(crowd, ours), cpu(crowd, theirs), 0);
    row("peak memory, MiB", ours.printed["peak_kib"] / 1024.0, theirs.printed["peak_kib"] / 1024.0, 1);
}

fn judge(crowd: &Crowd, ours: &Watched, theirs: &Watched, broken: &mut Vec<String>) {
    let ([last, mean, _], [_, their_mean, _]) = (ours.times(), theirs.times());
    for wanted in crowd.bars {
        let (name, holds) = match *wanted {
            Bar::LagOfTheirs(part) => {
                (format!("mean lag at most {part} of theirs"), mean <= part * their_mean)
            }
            Bar::Lag(most) => (format!("mean lag at most {most} s"), mean <= most),
            Bar::Last(most) => (format!("the last known after at most {most} s"), last <= most),
            Bar::Requests(most) => (format!("at most {most} requests an id"), per_id(crowd, ours) <= most),
            Bar::CpuOfTheirs(part) => {
                (format!("CPU an id at most {part} of theirs"), cpu(crowd, ours) <= part * cpu(crowd, theirs))
            }
        };
        bar(format!("{} ids: {name}", crowd.count), holds, broken);
    }
    if !crowd.bars.is_empty() && !crowd.beside {
        let holds = ours.counts.connections <= crowd.connections;
        bar(format!("{} ids: no more connections than workers", crowd.count), holds, broken);
    }
}

fn per_id(crowd: &Crowd, watched: &Watched) -> f64 {
    watched.counts.requests as f64 / crowd.count as f64
}

/// Microseconds.
fn cpu(crowd: &Crowd, watched: &Watched) -> f64 {
    watched.printed["cpu"] * 1e6 / crowd.count as f64
}
