//! A picture of 256 MiB over loopback TLS, into a file and into memory, beside libcurl: time, CPU and memory, in one run.
//!
//! Both sides are C programs measured by the same lines (`measure.h`): `ours.c` on the release shared library,
//! `theirs.c` on the system's libcurl. They take turns against one server, and only the ratio within a round counts,
//! because this machine's speed changes from one to the next. The server encrypts on the same machine: it takes at
//! least as long as either side, which pulls the ratio of times towards 1 and leaves that of CPU alone.
//!
//! The file's bar is libcurl with fsync, since ours is on the disk when the call returns; a row without it informs.
//!
//! `cargo bench --bench download` fails where a bar does not hold; `-- --quick` only shows that everything runs.

#[path = "../tools/mod.rs"]
mod tools;

use mlab_standin::{Authority, Leaf, RawOptions, RawServer, Step, Versions};
use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use tools::{Built, compile, installed, numbers};

type Outcome<T> = Result<T, Box<dyn Error>>;

const MIB: usize = 1024 * 1024;

/// What the time and the CPU of ours may be of theirs.
const BAR: f64 = 1.0;

/// What a download into a file may use above an idle client, in KiB.
const MOST_KIB: f64 = 4096.0;

/// One comparison.
struct Case {
    name: &'static str,
    to_file: bool,
    /// How theirs ends a file.
    theirs: &'static str,
    /// Whether bars are kept to.
    counts: bool,
}

const CASES: [Case; 3] = [
    Case { name: "to a file, on the disk", to_file: true, theirs: "sync", counts: true },
    Case { name: "to a file, theirs without fsync", to_file: true, theirs: "lazy", counts: false },
    Case { name: "to memory", to_file: false, theirs: "sync", counts: true },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if !arguments.iter().any(|a| a == "--bench") {
        eprintln!("SKIPPED: this benchmark runs with `cargo bench --bench download`");
        return ExitCode::SUCCESS;
    }
    let quick = arguments.iter().any(|a| a == "--quick");
    match bench(if quick { (4, 2) } else { (256, 9) }) {
        Ok(broken) if broken.is_empty() => ExitCode::SUCCESS,
        Ok(broken) => {
            println!("\nBars that do not hold: {}.", broken.join("; "));
            if quick { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs all cases with a picture of so many MiB, in so many rounds; gives the bars that do not hold.
fn bench((size, rounds): (usize, usize)) -> Outcome<Vec<String>> {
    let bench = Bench::new(size)?;
    let mut broken = Vec::new();
    println!(
        "A PNG of {size} MiB over TLS on loopback, median of {rounds} rounds; ratios are ours to libcurl's.\n"
    );
    println!("| into | time | CPU | ours | libcurl | memory above idle |\n|---|---|---|---|---|---|");
    for case in &CASES {
        let runs: Vec<[HashMap<String, f64>; 2]> =
            (0..rounds).map(|round| bench.round(case, round)).collect::<Outcome<_>>()?;
        let of = |side: usize, name: &str| median(runs.iter().map(|run| run[side][name]).collect());
        let ratio = |name: &str| median(runs.iter().map(|run| run[0][name] / run[1][name]).collect());
        let peak = runs.iter().map(|run| run[0]["peak"]).fold(0.0, f64::max);
        println!(
            "| {} | {:.2} | {:.2} | {:.0} ms, CPU {:.0} ms | {:.0} ms, CPU {:.0} ms | {:.1} MiB |",
            case.name,
            ratio("time"),
            ratio("cpu"),
            of(0, "time") * 1e3,
            of(0, "cpu") * 1e3,
            of(1, "time") * 1e3,
            of(1, "cpu") * 1e3,
            peak / 1024.0
        );
        let bars = [
            ("time", ratio("time") <= BAR),
            ("CPU", ratio("cpu") <= BAR),
            ("memory", !case.to_file || peak < MOST_KIB),
        ];
        let fallen = bars.iter().filter(|(_, holds)| case.counts && !holds);
        broken.extend(fallen.map(|(what, _)| format!("{}: {what}", case.name)));
    }
    Ok(broken)
}

struct Bench {
    server: RawServer,
    folder: PathBuf,
    size: usize,
}

impl Bench {
    fn new(size: usize) -> Outcome<Bench> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("download");
        fs::create_dir_all(&folder)?;
        build(&folder)?;
        let authority = Authority::new()?;
        fs::write(folder.join("ca.pem"), authority.ca_pem())?;
        let identity = Some(authority.issue(Leaf::Valid)?);
        let options = RawOptions { identity, tls: Versions::Only13, ..RawOptions::default() };
        // A program makes two requests on its one connection: the small picture, then the large one.
        let script = [picture(1), picture(size)].concat();
        Ok(Bench { server: RawServer::start(options, script)?, folder, size })
    }

    /// Both sides, each first in every other round: whoever comes second finds a warmer machine.
    fn round(&self, case: &Case, round: usize) -> Outcome<[HashMap<String, f64>; 2]> {
        let endpoint = self.server.endpoint();
        let ours = || self.run("ours", &endpoint, case);
        let theirs = || self.run("theirs", case.theirs, case);
        if round.is_multiple_of(2) {
            let ours = ours()?;
            Ok([ours, theirs()?])
        } else {
            let theirs = theirs()?;
            Ok([ours()?, theirs])
        }
    }

    fn run(&self, program: &str, second: &str, case: &Case) -> Outcome<HashMap<String, f64>> {
        let target = if case.to_file { self.folder.join("x.png") } else { "-".into() };
        let mut command = Command::new(self.folder.join(program));
        command.arg(self.folder.join("ca.pem")).arg(second);
        command.args([self.server.url("/small.png"), self.server.url("/large.png")]).arg(target);
        let numbers = numbers(&mut command)?;
        let wanted = (self.size * MIB) as f64;
        if numbers["bytes"] < wanted {
            Err(format!("{program} got {} bytes", numbers["bytes"]).into())
        } else {
            Ok(numbers)
        }
    }
}

/// The reply with a picture of so many MiB and a few bytes: a PNG whose data nobody decodes.
fn picture(mib: usize) -> Vec<Step> {
    let data = (mib * MIB) as u32;
    let mut start = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x40\0\0\0\x40\0\x08\x02\0\0\0crc!".to_vec();
    start.extend_from_slice(&data.to_be_bytes());
    start.extend_from_slice(b"IDAT");
    let end = b"crc!\0\0\0\0IEND\xae\x42\x60\x82";
    let length = start.len() + mib * MIB + end.len();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {length}\r\n\r\n");
    vec![
        Step::ReadRequest,
        Step::Send([head.as_bytes(), &start].concat()),
        Step::Flood { bytes: Arc::from(vec![0x5a; MIB]), times: mib },
        Step::Send(end.to_vec()),
    ]
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Both programs.
fn build(folder: &Path) -> Outcome<()> {
    compile("benches/download/ours.c", &folder.join("ours"), &Built::new()?.flags())?;
    compile("benches/download/theirs.c", &folder.join("theirs"), &installed(&["libcurl"])?)
}
