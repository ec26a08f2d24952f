//! The examples that are not about jobs, as a reader runs them, against the stand-in: fetch.c, wait.c, host_transport.c.
#![cfg(unix)] // Signals, and libcurl as Unix systems have it.

mod support;

use mlab_standin::{Job, Options, Outcome, Standin};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use support::{Program, library, skip};

/// A server with a job that is ready, one that takes a second, one that takes for ever, and one that fails.
fn standin() -> Standin {
    let server = Standin::start(Options::default()).expect("free ports");
    server.add_job(Job::new("1"));
    server.add_job(Job { ready_after: Duration::from_secs(1), ..Job::new("2") });
    server.add_job(Job { ready_after: Duration::MAX, ..Job::new("3") });
    server.add_job(Job { outcome: Outcome::Failed, ..Job::new("4") });
    server
}

/// Compiles an example once. `libraries` stand behind the source, where a linker wants them.
fn program(name: &'static str, libraries: &[&str]) -> PathBuf {
    static COMPILED: Mutex<BTreeMap<&str, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut compiled = COMPILED.lock().expect("not poisoned");
    let compile = || {
        let (source, program) = (format!("examples/c/{name}.c"), format!("example-{name}"));
        let inputs = [&[source.as_str()], libraries].concat();
        library().compile(&Program::c99(&program, &inputs)).unwrap_or_else(|why| panic!("{why}"))
    };
    compiled.entry(name).or_insert_with(compile).clone()
}

fn example(name: &'static str, libraries: &[&str], server: &Standin) -> Command {
    let mut command = Command::new(program(name, libraries));
    for variable in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(variable).env_remove(variable.to_uppercase());
    }
    command.env("MLAB_API_KEY", "test-key-not-real");
    command.env("MLAB_ENDPOINT", server.https_endpoint()).env("MLAB_CA_FILE", server.ca_file());
    command
}

/// The exit code, what was printed, and what was complained of.
fn outcome(done: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (done.status.code(), text(&done.stdout), text(&done.stderr))
}

#[test]
fn fetch_prints_links_and_says_of_each_error_what_to_do() {
    let server = standin();
    let run = |ids: &[&str]| outcome(&example("fetch", &[], &server).args(ids).output().expect("it runs"));
    let (code, links, _) = run(&["1"]);
    assert_eq!((code, links), (Some(0), format!("{}\n", server.https_url("/generations/1-0.png"))));
    let (code, _, said) = run(&["3", "1"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("3: not ready: ") && said.contains("poll again in 2.0 s"), "{said}");
    let (code, _, said) = run(&["1", "4", "../5"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("4: MLAB_E_JOB_FAILED: ") && said.contains("MLAB_E_INVALID_ARGUMENT: id "),
        "{said}"
    );
    assert_eq!(run(&[]).0, Some(2));
}

#[test]
fn wait_shows_its_progress_and_ends_with_the_job() {
    let server = standin();
    let done = example("wait", &[], &server).args(["2", "1.0"]).output().expect("it runs");
    let (code, links, said) = outcome(&done);
    assert_eq!((code, links.contains("/generations/2-0.png")), (Some(0), true), "{links}{said}");
    assert!(said.contains("1 poll, next in ") && said.contains("and 2 polls"), "{said}");
}

#[test]
fn an_interrupt_stops_wait_at_once() {
    let server = standin();
    let mut waiting = example("wait", &[], &server).arg("3").stderr(Stdio::piped()).spawn().expect("it runs");
    let mut said = BufReader::new(waiting.stderr.take().expect("piped"));
    let mut line = String::new();
    said.read_line(&mut line).expect("a line after the first poll");
    let at = Instant::now();
    let killed = Command::new("kill").args(["-INT", &waiting.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    assert_eq!(waiting.wait().expect("it ends").code(), Some(130), "{line}");
    assert!(at.elapsed() < Duration::from_secs(1), "{:?}", at.elapsed());
}

#[test]
fn a_program_does_the_http_itself_with_libcurl() {
    let has_curl = Command::new("pkg-config").args(["--exists", "libcurl"]).status();
    if !has_curl.is_ok_and(|status| status.success()) {
        return skip("libcurl's development files are not installed");
    }
    let server = standin();
    let run = |ids: &[&str]| {
        outcome(&example("host_transport", &["-lcurl"], &server).args(ids).output().expect("it runs"))
    };
    let (code, links, said) = run(&["1", "2"]);
    assert_eq!((code, links.lines().count()), (Some(0), 2), "{links}{said}");
    let (code, _, said) = run(&["4"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("4: The job itself failed"), "{said}");
}
