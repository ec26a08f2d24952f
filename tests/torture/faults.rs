//! tests/c_torture/torture.c, a process a scenario.

use crate::statuses;
use crate::support::{Program, library, skip};
use mlab_standin::{ImageKind, Job, Options, RawServer, Standin, Step};
use std::fs;
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

const SOURCES: [&str; 4] = [
    "tests/c_torture/torture.c",
    "tests/c_torture/scenarios.c",
    "tests/c_torture/faults.c",
    "tests/c_torture/allocations.c",
];

/// The names of the scenarios of tests/c_torture/scenarios.c.
const SCENARIOS: [&str; 16] = [
    "job with images",
    "wait with images",
    "job",
    "wait",
    "job of a host",
    "job of a host that pulls",
    "wait of a host",
    "download",
    "download into memory",
    "large download into memory",
    "secure fetch",
    "fetch",
    "one secure call",
    "one call by name",
    "one call",
    "CA file",
];

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
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", image.len());
        let reply = Step::Send([head.as_bytes(), &image].concat());
        RawServer::plain(vec![Step::Repeat(vec![Step::ReadRequest, reply])]).expect("a server")
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
    command.env("MLAB_TEST_LARGE_IMAGE", large().url("/large.png")).env("MLAB_TEST_FOLDER", folder);
}

/// A folder of its own for each.
pub(crate) fn folder(scenario: &str) -> PathBuf {
    let name = format!("torture-{}-{}", std::process::id(), scenario.replace(' ', "-"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder in the target folder");
    folder
}

/// Runs a scenario in a folder of this name; how it ended, and what it said. `None`: it cannot be run here.
fn said(command: &mut Command, folder: &Path) -> Option<(ExitStatus, String)> {
    let output = command.output().expect("the program");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let _ = fs::remove_dir_all(folder);
    if let Some(why) = said.lines().find_map(|line| line.strip_prefix("SKIPPED: ")) {
        skip(why);
        return None;
    }
    Some((output.status, said))
}

/// Runs all scenarios; what went wrong.
fn torture_all(prepare: impl Fn(&mut Command) + Sync) -> Vec<String> {
    let server = server();
    let one = |scenario: &str| {
        let folder = folder(scenario);
        let mut command = torture(&server, &folder, scenario);
        prepare(&mut command);
        let (status, said) = said(&mut command, &folder)?;
        let _ = writeln!(stderr(), "{}", said.lines().last().unwrap_or_default());
        (!status.success()).then(|| format!("{scenario}: {status}\n{said}"))
    };
    // All at once: most of the time is pauses between tries.
    thread::scope(|scope| {
        let all = SCENARIOS.map(|scenario| scope.spawn(move || one(scenario)));
        all.into_iter().filter_map(|one| one.join().expect("no panic")).collect()
    })
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
        if let Some((status, said)) = said(&mut command, &folder) {
            assert!(!status.success() && said.contains(found), "{planted}: {said}");
        }
    };
    thread::scope(|scope| MISTAKES.map(|mistake| scope.spawn(move || one(mistake))).map(drop));
}
