//! One client for minutes or hours against a service that fails in every way, and whether what it has of memory, threads
//! and descriptors is flat. Run by tests/soak.sh.

// Threads and descriptors are counted in /proc, memory before glibc's own functions.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

#[path = "soak/curve.rs"]
mod curve;
#[path = "soak/picture.rs"]
mod picture;
mod support;
#[path = "soak/weather.rs"]
mod weather;

use curve::{Curve, Sample};
use mlab_standin::{Clock, Job, Options, Standin};
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use support::{Program, library};
use weather::Front;

const SOURCES: [&str; 3] =
    ["tests/c_soak/soak.c", "tests/c_torture/allocations.c", "tests/c_torture/faults.c"];

/// How many jobs the program submits at first; later as many as have ended.
const OPEN: u64 = 200;

/// How long a job takes: with 200 of them some 20 end a second.
const READY_AFTER: Duration = Duration::from_secs(6);

/// One reply in twenty goes wrong by chance, beside what the ids ask for.
const FAIL_RATE: f64 = 0.05;

/// In any so many seconds some job must end; one that goes well takes [`READY_AFTER`] and a poll.
const STRETCH: f64 = 20.0;

/// How long the client's way to the service stays as it is.
const WEATHER: Duration = Duration::from_secs(2);

/// What each soak must meet, as the program says it at its end: jobs that go well and that the service gives up, liars
/// whose certificate is for another name, and what is open when the client is told to cancel everything.
const MEETS: [(&str, &str); 5] = [
    ("MLAB_OK: ", " jobs"),
    ("MLAB_E_JOB_FAILED: ", " jobs"),
    ("MLAB_E_TLS: ", " jobs"),
    ("MLAB_E_CANCELLED: ", " jobs"),
    ("MLAB_E_CANCELLED: ", " waits"),
];

/// From so many KiB on the memory that is left is a leak: some may be made once a process; what each job leaves behind is
/// more, within a minute.
const LEAK: u64 = 16;

/// The end of the last line when all but memory is well.
const NOTHING_ELSE_LEFT: &str = " KiB, threads 0, descriptors 0, jobs 0, wrong 0";

/// How often a line is shown, of the one a second that the program says.
fn shown_every(seconds: u64) -> u64 {
    if seconds > 120 { 60 } else { 10 }
}

fn program() -> PathBuf {
    let flags = ["-std=c11", "-O1", "-fno-builtin"];
    let program = Program { flags: &flags, ..Program::c99("soak-hours", &SOURCES) };
    library().compile(&program).unwrap_or_else(|why| panic!("{why}"))
}

fn service() -> Standin {
    let template = Job { ready_after: READY_AFTER, clock: Clock::AtFirstLook, ..Job::new("") };
    let options = Options { auto: true, template, fail_rate: FAIL_RATE, seed: 1, ..Options::default() };
    Standin::start(options).expect("free ports")
}

/// For so many seconds, with a mistake planted in the program if one is named.
fn start(
    program: &Path,
    folder: &Path,
    server: &Standin,
    front: &Front,
    (seconds, planted): (u64, Option<&str>),
) -> Child {
    let endpoint = server.https_endpoint();
    let (_, path) = endpoint.split_once("/api/").expect("the vendor's path");
    let mut command = Command::new(program);
    command.env("MLAB_TEST_ENDPOINT", format!("https://localhost:{}/api/{path}", front.port()));
    command.env("MLAB_TEST_CA_FILE", server.ca_file()).env("MLAB_TEST_FOLDER", folder);
    command.env("MLAB_TEST_SECONDS", seconds.to_string()).stdout(Stdio::piped());
    command.envs(planted.map(|mistake| ("MLAB_TEST_PLANTED", mistake)));
    command.spawn().expect("the program")
}

/// Shows every so many lines, and keeps them all.
fn watch(child: &mut Child, every: u64) -> Vec<String> {
    let mut said = Vec::new();
    for line in BufReader::new(child.stdout.take().expect("its output")).lines() {
        let line = line.expect("text");
        let sample = Sample::read(&line);
        if sample.is_none() || said.len() as u64 % every == every - 1 {
            let _ = writeln!(stderr(), "{line}");
        }
        said.push(line);
    }
    said
}

/// What was seen of one client's life.
struct Life {
    samples: Vec<Sample>,
    /// All lines; the last is what is left after it.
    said: Vec<String>,
    files_left: usize,
    weathers: usize,
    unmet: Vec<String>,
}

impl Life {
    fn of(seconds: u64, planted: Option<&str>) -> Life {
        let server = service();
        let front = Front::before(&server, WEATHER).expect("a free port");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("soak-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder in the target folder");
        let mut child = start(&program(), &folder, &server, &front, (seconds, planted));
        let said = watch(&mut child, shown_every(seconds));
        let status = child.wait().expect("its end");
        assert!(status.success(), "{status}");
        let files_left = fs::read_dir(&folder).expect("a folder").count();
        fs::remove_dir_all(&folder).expect("still there");
        Life {
            samples: said.iter().filter_map(|line| Sample::read(line)).collect(),
            said,
            files_left,
            weathers: front.weathers(),
            unmet: front.unmet(),
        }
    }

    /// The numbers in lines of this beginning and end.
    fn numbers(&self, beginning: &str, end: &str) -> impl Iterator<Item = u64> {
        let between = move |line: &String| line.strip_prefix(beginning)?.strip_suffix(end)?.parse().ok();
        self.said.iter().filter_map(between)
    }

    /// The memory that is left, in KiB; `None` if something else is left, too.
    fn left(&self) -> Option<u64> {
        self.numbers("left: memory ", NOTHING_ELSE_LEFT).next()
    }

    /// What is wrong with it.
    fn complaints(&self) -> Vec<String> {
        let mut wrong: Vec<String> =
            Curve::ALL.iter().filter_map(|curve| curve.complaint(&self.samples)).collect();
        let last = self.samples.last().expect("a sample");
        if last.fine == 0 || last.images == 0 || last.calls == 0 {
            wrong.push(format!("too little was done: {last:?}"));
        }
        // It submits as many as the client says are missing, and the sample comes before another ends.
        if let Some(sample) = self.samples.iter().find(|sample| sample.open != OPEN) {
            wrong.push(format!("of {} jobs {OPEN} were pending after {} s", sample.open, sample.seconds));
        }
        wrong.extend(curve::standstill(&self.samples, STRETCH));
        let meets =
            |(what, whom): &(&str, &str)| self.numbers(what, whom).next().is_some_and(|count| count > 0);
        let unmet = MEETS.iter().filter(|row| !meets(row));
        wrong.extend(unmet.map(|(what, whom)| format!("{what}no{whom}")));
        wrong.extend(self.unmet.iter().map(|weather| format!("{weather}: nobody met this weather")));
        if self.left().is_none_or(|memory| memory >= LEAK) {
            wrong.push(self.said.last().expect("a last line").clone());
        }
        if self.files_left > 0 {
            wrong.push(format!("{} files are left", self.files_left));
        }
        wrong
    }
}

/// A minute in which all is well, but for what `spoil` does to it.
fn life(spoil: impl FnOnce(&mut Life)) -> Life {
    let well = Sample { open: OPEN, fine: 1, images: 1, calls: 1, ..Sample::default() };
    let at = |second| Sample { seconds: second as f64, ended: second, ..well };
    let mut said: Vec<String> = MEETS.iter().map(|(what, whom)| format!("{what}2{whom}")).collect();
    said.push(format!("left: memory 3{NOTHING_ELSE_LEFT}"));
    let samples = (1..60).map(at).collect();
    let mut life = Life { samples, said, files_left: 0, weathers: 30, unmet: Vec::new() };
    spoil(&mut life);
    life
}

#[test]
fn each_thing_that_is_wrong_is_told() {
    assert_eq!(life(|_| {}).complaints(), [""; 0]);
    for (at, (what, whom)) in MEETS.iter().enumerate() {
        let wrong = life(|life| drop(life.said.remove(at))).complaints();
        assert_eq!(wrong, [format!("{what}no{whom}")]);
    }
    let left =
        |line: &str| life(|life| *life.said.last_mut().expect("a line") = line.to_owned()).complaints();
    for line in ["left: memory 16", "left: memory -1"].map(|start| format!("{start}{NOTHING_ELSE_LEFT}")) {
        assert_eq!(left(&line), [line]);
    }
    let thread = "left: memory 3 KiB, threads 1, descriptors 0, jobs 0, wrong 0";
    assert_eq!(left(thread), [thread]);
    let others: [fn(&mut Life); 5] = [
        |life| life.unmet.push("Silent".into()),
        |life| life.samples[7].open = OPEN - 1,
        |life| life.samples.iter_mut().for_each(|sample| sample.ended = 5),
        |life| life.samples.iter_mut().for_each(|sample| sample.images = 0),
        |life| life.files_left = 1,
    ];
    for spoil in others {
        let wrong = life(spoil).complaints();
        assert_eq!(wrong.len(), 1, "{wrong:?}");
    }
}

#[test]
#[ignore = "takes as long as it is told to: tests/soak.sh"]
fn what_a_client_has_is_flat_for_as_long_as_it_runs() {
    let seconds: u64 = env::var("MLAB_SOAK_SECONDS").map_or(60, |text| text.parse().expect("a number"));
    let life = Life::of(seconds, None);
    let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("soak.svg");
    fs::write(&picture, picture::draw(&life.samples)).expect("a file in the target folder");
    let _ = writeln!(stderr(), "{} weathers; picture: {}", life.weathers, picture.display());
    let wrong = life.complaints();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "takes ten seconds, alone: tests/soak.sh"]
fn a_leak_is_seen() {
    let life = Life::of(10, Some("leak"));
    assert!(life.left().is_some_and(|memory| memory >= LEAK), "{:?}", life.said.last());
    let wrong = life.complaints();
    assert!(wrong.iter().any(|line| line.starts_with("left: memory ")), "{wrong:?}");
}
