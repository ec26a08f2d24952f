//! The examples that are not about jobs alone, as a reader runs them, against the stand-in.
#![cfg(unix)] // Signals, and libcurl as Unix systems have it.

#[path = "examples/mlab.rs"]
mod mlab;
#[path = "examples/portable.rs"]
mod portable;
mod support;

use mlab_standin::{Clock, ImageKind, Job, Options, Outcome, Standin};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::time::Duration;
use support::{Program, at_once, has_libcurl, interrupted, library};

/// The only key that the stand-in takes.
const KEY: &str = "test-key-not-real";

/// A server with a job that is ready, one that takes a second, one that takes for ever, and one that fails.
fn standin() -> Standin {
    let server =
        Standin::start(Options { keys: vec![KEY.into()], ..Options::default() }).expect("free ports");
    server.add_job(Job::new("1"));
    let later = Duration::from_secs(1);
    server.add_job(Job { ready_after: later, clock: Clock::AtFirstLook, ..Job::new("2") });
    server.add_job(Job { ready_after: Duration::MAX, ..Job::new("3") });
    server.add_job(Job { outcome: Outcome::Failed, ..Job::new("4") });
    server
}

/// Compiles an example once, of these files of examples/c. `libraries` stand behind the sources, where a linker wants them.
fn program(files: &[&'static str], libraries: &[&str]) -> PathBuf {
    static COMPILED: Mutex<BTreeMap<&str, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut compiled = COMPILED.lock().expect("not poisoned");
    let compile = || {
        let program = format!("example-{}", files[0]);
        let sources: Vec<String> = files.iter().map(|name| format!("examples/c/{name}.c")).collect();
        let inputs: Vec<&str> = sources.iter().map(String::as_str).chain(libraries.iter().copied()).collect();
        library().compile(&Program::c99(&program, &inputs)).unwrap_or_else(|why| panic!("{why}"))
    };
    compiled.entry(files[0]).or_insert_with(compile).clone()
}

/// A command with the key and the server in its environment.
fn against(server: &Standin, program: PathBuf) -> Command {
    let mut command = Command::new(program);
    for variable in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(variable).env_remove(variable.to_uppercase());
    }
    for variable in ["MODELSLAB_API_KEY", "API_KEY", "MLAB_IMAGES"] {
        command.env_remove(variable);
    }
    command.env("MODELSLAB_API_KEY", KEY);
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
    let run = |ids: &[&str]| {
        outcome(&against(&server, program(&["fetch"], &[])).args(ids).output().expect("it runs"))
    };
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
fn an_event_loop_waits_on_several_clients_at_once() {
    let server = standin();
    let event_loop = || against(&server, program(&["event_loop"], &[]));
    let (code, links, said) = outcome(&event_loop().args(["1", "2"]).output().expect("it runs"));
    assert_eq!((code, links.lines().count()), (Some(0), 2), "{links}{said}");
    let (code, _, said) = outcome(&event_loop().args(["4", "1"]).output().expect("it runs"));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("4: MLAB_E_JOB_FAILED: "), "{said}");
    assert_eq!(event_loop().arg("not/an/id").output().expect("it runs").status.code(), Some(2));
}

#[test]
fn an_event_loop_is_woken_by_a_pipe_of_its_own() {
    let server = standin();
    at_once(|| {
        // The failed job tells that the loop is at work; the other one would last for ever.
        let (took, done) = interrupted(against(&server, program(&["event_loop"], &[])).args(["3", "4"]));
        assert_eq!(done.status.code(), Some(130), "{done:?}");
        took
    });
}

/// A program over libcurl; `None` without its development files.
fn with_libcurl(server: &Standin, name: &'static str) -> Option<Command> {
    has_libcurl().then(|| against(server, program(&[name, "curl_http"], &["-lcurl"])))
}

const TRANSPORTS: [&str; 2] = ["host_transport", "host_transport_pull"];

#[test]
fn a_program_does_the_http_itself_called_or_pulled() {
    let server = standin();
    for name in TRANSPORTS {
        let run =
            |ids: &[&str]| Some(outcome(&with_libcurl(&server, name)?.args(ids).output().expect("it runs")));
        let Some((code, links, said)) = run(&["1", "2"]) else { return };
        assert_eq!((code, links.lines().count()), (Some(0), 2), "{name}: {links}{said}");
        let Some((code, _, said)) = run(&["4"]) else { return };
        assert_eq!(code, Some(1), "{name}: {said}");
        assert!(said.contains("4: The job itself failed"), "{name}: {said}");
    }
}

#[test]
fn a_program_that_does_the_http_itself_brings_the_images_in_pieces() {
    let server = standin();
    server.add_job(Job { images: ImageKind::ALL.to_vec(), ..Job::new("5") });
    for name in TRANSPORTS {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-images"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        let Some(mut command) = with_libcurl(&server, name) else { return };
        let done = command.env("MLAB_IMAGES", &folder).args(["1", "5"]).output().expect("it runs");
        let (code, files, said) = outcome(&done);
        assert_eq!(
            (code, files.lines().count()),
            (Some(0), 1 + ImageKind::ALL.len()),
            "{name}: {files}{said}"
        );
        let saved: u64 = files.lines().map(|file| fs::metadata(file).expect("saved").len()).sum();
        assert!(saved > 0);
        assert_eq!(said, format!("{saved} bytes of images\n"), "{name}");
    }
}
