//! Many threads on one client with a faulty server, as a C program: plainly, and under valgrind with fewer.
//!
//! The same program runs under the sanitizers, with the Rust code instrumented too, by tests/sanitize.sh.

// Threads and descriptors are counted in /proc.
#![cfg(target_os = "linux")]

mod support;

use mlab_standin::{Job, Options, Standin};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use support::{Program, library, registries, run, tool};

const SOURCES: [&str; 3] = ["tests/c_client/soak.c", "tests/c_client/client.c", "tests/c/harness.c"];
const LIFETIMES: [&str; 3] = ["tests/c_client/lifetimes.c", "tests/c_client/client.c", "tests/c/harness.c"];
const EXCHANGES: [&str; 3] = ["tests/c_client/exchanges.c", "tests/c_client/client.c", "tests/c/harness.c"];

/// One reply in five goes wrong: enough that retries, replaced connections and their pauses are met all the time.
fn faulty() -> Standin {
    let options = Options { fail_rate: 0.2, seed: 1, ..Options::default() };
    let server = Standin::start(options).expect("free ports");
    server.add_job(Job::new("1"));
    server.add_job(Job { ready_after: Duration::MAX, ..Job::new("never-ready") });
    server
}

fn soak(command: &mut Command, secure: bool, threads: u32, seconds: u32) {
    // Two at once would only share the time.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let server = faulty();
    if secure {
        command.env("MLAB_TEST_ENDPOINT", server.https_endpoint()).env("MLAB_TEST_CA_FILE", server.ca_file());
    } else {
        command.env("MLAB_TEST_ENDPOINT", server.http_endpoint());
    }
    command.env("MLAB_TEST_THREADS", threads.to_string()).env("MLAB_TEST_SECONDS", seconds.to_string());
    run(command).unwrap_or_else(|why| panic!("{why}"));
    let counts = server.counts();
    assert!(counts.chance_faults > 0, "{counts:?}");
}

fn program(name: &str) -> PathBuf {
    let program = Program { flags: &["-std=c11", "-O1"], ..Program::c99(name, &SOURCES) };
    library().compile(&program).unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn sixty_four_threads_share_a_client_of_a_faulty_server() {
    soak(&mut Command::new(program("soak")), false, 64, 4);
}

#[test]
fn sixty_four_threads_share_a_client_of_a_faulty_server_under_tls() {
    soak(&mut Command::new(program("soak-tls")), true, 64, 6);
}

/// Plain http: under TLS valgrind takes ring's computations for errors.
#[test]
fn a_shared_client_has_no_memory_error_and_no_leak() {
    let Some(valgrind) = tool("valgrind") else { return };
    let mut command = Command::new(valgrind);
    command.args(["--quiet", "--error-exitcode=99", "--leak-check=full", "--fair-sched=yes"]);
    command.arg("--errors-for-leak-kinds=definite,indirect,possible");
    soak(command.arg(program("soak-valgrind")), false, 16, 4);
}

/// Every function that takes a client, against its end in another thread (tests/c_client/lifetimes.c).
#[test]
fn a_client_may_end_while_any_call_is_inside() {
    let program = Program { flags: &["-std=c11", "-O1"], ..Program::c99("lifetimes", &LIFETIMES) };
    let program = library().compile(&program).unwrap_or_else(|why| panic!("{why}"));
    let server = faulty();
    let mut command = Command::new(program);
    command.env("MLAB_TEST_ENDPOINT", server.http_endpoint()).env("MLAB_TEST_ROUNDS", "6");
    command.env("MLAB_TEST_FOLDER", env!("CARGO_TARGET_TMPDIR"));
    run(&mut command).unwrap_or_else(|why| panic!("{why}"));
}

/// Every function that takes an exchange, likewise (tests/c_client/exchanges.c).
#[test]
fn a_client_may_end_while_its_exchanges_are_in_use() {
    let program = Program { flags: &["-std=c11", "-O1"], ..Program::c99("exchanges", &EXCHANGES) };
    let program = library().compile(&program).unwrap_or_else(|why| panic!("{why}"));
    let mut command = Command::new(program);
    command.env("MLAB_TEST_FOLDER", env!("CARGO_TARGET_TMPDIR")).env("MLAB_TEST_ROUNDS", "6");
    run(&mut command).unwrap_or_else(|why| panic!("{why}"));
}

/// Also writes what these programs include, where the script wants it.
#[test]
fn the_script_for_the_sanitizers_compiles_the_same_programs() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sanitize.sh");
    let script = std::fs::read_to_string(script).expect("the script");
    assert!([SOURCES, LIFETIMES, EXCHANGES].concat().iter().all(|source| script.contains(source)));
    if let Some(folder) = std::env::var_os("MLAB_TEST_REGISTRIES") {
        registries::write(Path::new(&folder)).unwrap_or_else(|why| panic!("{why}"));
    }
}
