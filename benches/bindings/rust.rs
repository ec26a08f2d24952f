//! The Rust side: what a program that uses `mlab-core` does, timed as the others are.

use crate::Outcome;
use mlab_core::engine::{Client, MAX_BODY_LIMIT, Report, Settings, parse};
use mlab_core::net::CancelToken;
use mlab_core::wire::{Endpoint, JobId, Key};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The first argument of this program where it is the Rust side.
pub(crate) const MARK: &str = "--rust";

/// How long each program calls before it is timed: what compiles itself, or parts of itself anew, has done so then.
const WARMING: Duration = Duration::from_millis(400);

pub(crate) fn main(arguments: &[String]) -> Outcome<()> {
    let [mode, samples, batch, target] = arguments else { return Err("MODE SAMPLES BATCH TARGET".into()) };
    let (samples, batch) = (samples.parse()?, batch.parse()?);
    if mode == "fetch" {
        let settings = Settings::with_endpoint(Endpoint::new(target)?);
        let client = Client::new(Key::new("test-key-not-real")?, settings);
        let (id, token) = (JobId::new("12202888")?, CancelToken::new());
        time(samples, batch, || client.fetch(&id, &token));
    } else {
        let body = std::fs::read(target)?;
        time(samples, batch, || {
            let mut report = parse(&body, 200, MAX_BODY_LIMIT);
            // What is borrowed the report leaves to its owner; in C it is copied.
            report.body = body.clone();
            report
        });
    }
    Ok(())
}

fn time(samples: usize, batch: usize, call: impl Fn() -> Report) {
    let urls = |report: Report| -> Vec<String> { report.urls.texts().map(str::to_owned).collect() };
    let begun = Instant::now();
    while begun.elapsed() < WARMING {
        black_box(urls(call()));
    }
    let mut bytes = 0;
    let mut took: Vec<f64> = (0..samples)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..batch {
                bytes = black_box(urls(call())).iter().map(String::len).sum();
            }
            start.elapsed().as_nanos() as f64 / batch as f64
        })
        .collect();
    took.sort_by(f64::total_cmp);
    let (median, p90) = (took[samples / 2], took[samples * 9 / 10]);
    println!("bytes={bytes} min={} median={median} p90={p90}", took[0]);
}
