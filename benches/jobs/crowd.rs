//! Many ids with etas, watched over TLS by both sides, one after the other, each against a server of its own.

use crate::Outcome;
use crate::tools::{Built, compile, installed, numbers};
use mlab_standin::{Counts, Job, Options, Standin, Versions};
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// The ids, and the bounds of their etas in milliseconds.
struct Crowd {
    count: u64,
    least_ms: u64,
    most_ms: u64,
}

impl Crowd {
    const FULL: Crowd = Crowd { count: 10_000, least_ms: 2_000, most_ms: 20_000 };
    const QUICK: Crowd = Crowd { count: 200, least_ms: 1_000, most_ms: 2_000 };

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
    let crowd = if quick { Crowd::QUICK } else { Crowd::FULL };
    let (ours, theirs) = (built.folder.join("crowd-ours"), built.folder.join("crowd-multi"));
    compile("benches/jobs/ours.c", &ours, &built.flags())?;
    compile("benches/jobs/multi.c", &theirs, &installed(&["libcurl"])?)?;
    println!(
        "\n{} ids with an eta of {} to {} s over TLS, 4 connections each; the last is ready after {:.2} s",
        crowd.count,
        crowd.least_ms / 1000,
        crowd.most_ms / 1000,
        crowd.last_ready()
    );
    let ours = watch(&crowd, &ours)?;
    let theirs = watch(&crowd, &theirs)?;
    print(&crowd, &ours, &theirs);
    Ok(Vec::new())
}

fn watch(crowd: &Crowd, program: &Path) -> Outcome<Watched> {
    let server =
        Standin::start(Options { rich_processing: true, tls: Versions::Only13, ..Options::default() })?;
    let began = Instant::now();
    for job in 0..crowd.count {
        // Each begins a little after the first: less is left of it then.
        let ready_after = Duration::from_millis(crowd.eta_ms(job)).saturating_sub(began.elapsed());
        server.add_job(Job { ready_after, ..Job::new(job.to_string()) });
    }
    // An address, so that neither side looks a name up.
    let url = server.https_endpoint().replace("//localhost:", "//127.0.0.1:");
    let mut command = Command::new(program);
    command.arg(url).arg(server.ca_file());
    command.args([crowd.count, crowd.least_ms, crowd.most_ms].map(|number| number.to_string()));
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
    row("last known, s after the ideal", last - ideal, their_last - ideal, 3);
    row("last known, over the ideal", last / ideal, their_last / ideal, 3);
    row("known late by, mean, s", mean, their_mean, 3);
    row("known late by, 99 %, s", late, their_late, 3);
    row("requests an id", per_id(crowd, ours), per_id(crowd, theirs), 2);
    row("connections", ours.counts.connections as f64, theirs.counts.connections as f64, 0);
    row("CPU, s", ours.printed["cpu"], theirs.printed["cpu"], 2);
    row("peak memory, MiB", ours.printed["peak_kib"] / 1024.0, theirs.printed["peak_kib"] / 1024.0, 1);
}

fn per_id(crowd: &Crowd, watched: &Watched) -> f64 {
    watched.counts.requests as f64 / crowd.count as f64
}
