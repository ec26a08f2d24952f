//! tests/c_torture/torture.c, a process for each scenario and kind of call.

use crate::statuses;
use crate::support::{Program, library, skip};
use mlab_standin::{ImageKind, Job, Options, RawServer, Standin, Step};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Write, stderr};
use std::iter;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Duration;

const SOURCES: [&str; 5] = [
    "tests/c_torture/torture.c",
    "tests/c_torture/files.c",
    "tests/c_torture/scenarios.c",
    "tests/c_torture/faults.c",
    "tests/c_torture/allocations.c",
];

/// How many processes there are at a time: most of theirs is pauses between tries.
const AT_ONCE: usize = 48;

/// What tests/c_torture/torture.c can plant, and what it must then say.
const MISTAKES: [(&str, &str); 9] = [
    ("status", "does not list this status"),
    ("late", "took too long"),
    ("memory", "memory is left"),
    ("descriptor", "descriptors are left"),
    ("thread", "threads are left"),
    ("file", "neither the old nor the new"),
    ("part", "temporary files are left"),
    ("hang", "it hangs"),
    ("crash", "it ends with the signal"),
];

fn program() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        statuses::write(&library().generated());
        let flags = ["-std=c11", "-O1", "-fno-builtin"];
        let program = Program { flags: &flags, ..Program::c99("torture", &SOURCES) };
        library().compile(&program).unwrap_or_else(|why| panic!("{why}"))
    })
}

/// Each scenario with each kind of call; none if they cannot be run here. Sorted by the kind, so that those that run at a
/// time are of many scenarios: all those with a handshake at once would keep one another past their timeouts.
fn pairs() -> Vec<(String, String)> {
    let Some((_, said)) = said(&mut Command::new(program())) else { return Vec::new() };
    let named = |what| said.lines().filter_map(move |line| line.strip_prefix(what));
    let with_kinds = |scenario: &str| {
        let scenario = scenario.to_owned();
        named("kind: ").map(move |kind| (scenario.clone(), kind.to_owned()))
    };
    let mut pairs: Vec<_> = named("scenario: ").flat_map(with_kinds).collect();
    pairs.sort_by(|(_, one), (_, other)| one.cmp(other));
    pairs
}

/// The server of all scenarios, with a job "1" that is ready, and one that never is.
pub(crate) fn server() -> Standin {
    let server = Standin::start(Options::default()).expect("free ports");
    server.add_job(Job::new("1"));
    server.add_job(Job { ready_after: Duration::MAX, ..Job::new("never") });
    server
}

fn torture(server: &Standin, folder: &Path, scenario: &str) -> Command {
    let mut command = Command::new(program());
    settings(command.arg(scenario), server, folder);
    command
}

/// A reply that HTTP takes for whole.
fn reply(body: &[u8]) -> Step {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    Step::Send([head.as_bytes(), body].concat())
}

/// A server of one image of 256 KiB, for which memory must be asked for.
fn large() -> &'static RawServer {
    static SERVER: OnceLock<RawServer> = OnceLock::new();
    SERVER.get_or_init(|| {
        let image = ImageKind::Png.encode("large", (64, 48)).expect("an image");
        let filling = vec![7; 256 * 1024];
        // A private chunk before the last one.
        let (first, last) = image.split_at(image.len() - 12);
        let chunk = [&(filling.len() as u32).to_be_bytes()[..], b"prVt", &filling, &[0; 4]].concat();
        let image = [first, &chunk, last].concat();
        RawServer::plain(vec![Step::Repeat(vec![Step::ReadRequest, reply(&image)])]).expect("a server")
    })
}

/// A server whose image stops in the middle whenever a connection asks for it first, and is whole after that.
fn cut() -> &'static RawServer {
    static SERVER: OnceLock<RawServer> = OnceLock::new();
    SERVER.get_or_init(|| {
        let image = ImageKind::Png.encode("cut", (64, 48)).expect("an image");
        let first = [Step::ReadRequest, reply(&image[..image.len() / 2])];
        let again = Step::Repeat(vec![Step::ReadRequest, reply(&image)]);
        RawServer::plain([&first[..], &[again]].concat()).expect("a server")
    })
}

/// What the scenarios read of the environment.
pub(crate) fn settings(command: &mut Command, server: &Standin, folder: &Path) {
    command.env("MLAB_TEST_ENDPOINT", server.http_endpoint());
    command.env("MLAB_TEST_HTTPS", server.https_endpoint());
    let port = server.https_address().port();
    command.env("MLAB_TEST_NAMED", format!("https://service.test:{port}/fetch/{{id}}"));
    command.env("MLAB_TEST_CA_PEM", server.ca_pem()).env("MLAB_TEST_CA_FILE", server.ca_file());
    command.env("MLAB_TEST_IMAGE", server.http_url("/generations/1-0.png"));
    command.env("MLAB_TEST_LARGE_IMAGE", large().url("/large.png"));
    command.env("MLAB_TEST_CUT_IMAGE", cut().url("/cut.png")).env("MLAB_TEST_FOLDER", folder);
}

/// A folder of its own for each.
pub(crate) fn folder(scenario: &str) -> PathBuf {
    let name = format!("torture-{}-{}", std::process::id(), scenario.replace(' ', "-"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder in the target folder");
    folder
}

/// Runs the program; how it ended, and what it said. `None`: it cannot be run here.
pub(crate) fn said(command: &mut Command) -> Option<(ExitStatus, String)> {
    let output = command.output().expect("the program");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if let Some(why) = said.lines().find_map(|line| line.strip_prefix("SKIPPED: ")) {
        skip(why);
        return None;
    }
    Some((output.status, said))
}

/// Runs all scenarios; what went wrong.
fn torture_all(prepare: impl Fn(&mut Command) + Sync) -> Vec<String> {
    let (server, left, ends) = (server(), Mutex::new(pairs()), Mutex::new(Vec::new()));
    let one = |(scenario, kind): (String, String)| {
        let folder = folder(&format!("{scenario}-{kind}"));
        let mut command = torture(&server, &folder, &scenario);
        prepare(command.arg(kind));
        let end = said(&mut command);
        let _ = fs::remove_dir_all(folder);
        ends.lock().expect("no panic").extend(end);
    };
    let next = || left.lock().expect("no panic").pop();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| iter::from_fn(next).for_each(one));
        }
    });
    let ends: Vec<(ExitStatus, String)> = ends.into_inner().expect("no panic");
    let failed = ends.iter().filter(|(status, _)| !status.success());
    let wrong = failed.map(|(status, said)| format!("{status}\n{said}"));
    wrong.chain(never_failed(ends.iter().map(|(_, said)| said.as_str()))).collect()
}

/// A complaint for each kind of call that no scenario made, so that none failed.
fn never_failed<'a>(all_said: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut fired = BTreeMap::<&str, u64>::new();
    for line in all_said.flat_map(str::lines).filter_map(|line| line.strip_prefix("fired: ")) {
        let (kind, count) = line.split_once(": ").expect("a kind and how many");
        *fired.entry(kind).or_default() += count.parse::<u64>().expect("a number");
    }
    let _ = writeln!(stderr(), "fired: {fired:?}");
    let never = fired.iter().filter(|(_, count)| **count == 0);
    never.map(|(kind, _)| format!("{kind}: no scenario has such a call")).collect()
}

#[test]
fn a_kind_that_never_fires_is_told() {
    let said = ["fired: seek: 0\nfired: write: 0\na: 2 runs, 0 wrong", "fired: seek: 0\nfired: write: 2"];
    assert_eq!(never_failed(said.into_iter()), ["seek: no scenario has such a call"]);
}

#[test]
fn whatever_the_system_refuses_a_call_ends_as_the_header_says_and_leaves_nothing() {
    let wrong = torture_all(|command| {
        command.env("MLAB_TEST_QUICK", "1");
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every errno, cold and warm. Run by tests/long.sh.
#[test]
#[ignore = "takes minutes"]
fn whatever_the_system_refuses_with_whatever_error() {
    let wrong = torture_all(|_| {});
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_mistake_of_each_kind_is_found() {
    let server = server();
    let one = |(planted, found): (&str, &str)| {
        let folder = folder(planted);
        let mut command = torture(&server, &folder, "wait of a host");
        // One fault, which is met at once: the folder is synced last, and its failure is none of the call's.
        command.args(["sync", "5", "2"]).env("MLAB_TEST_QUICK", "1").env("MLAB_TEST_PLANTED", planted);
        let said = said(&mut command);
        let _ = fs::remove_dir_all(folder);
        if let Some((status, said)) = said {
            assert!(!status.success() && said.contains(found), "{planted}: {said}");
        }
    };
    thread::scope(|scope| MISTAKES.map(|mistake| scope.spawn(move || one(mistake))).map(drop));
}
