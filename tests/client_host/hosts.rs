//! The program, and every topic of it but those of proxies.rs and slow_disk.rs.

use crate::support::{Program, library, run};
use mlab_standin::{Clock, Job, Options, RawServer, Standin, Step};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

/// tests/c_client/client.h has it too.
pub(crate) const KEY: &str = "test-key-not-real";

const SOURCES: [&str; 13] = [
    "tests/c_client/host.c",
    "tests/c_client/client.c",
    "tests/c_client/forks.c",
    "tests/c_client/descriptors.c",
    "tests/c_client/signals.c",
    "tests/c_client/proxies.c",
    "tests/c_client/log.c",
    "tests/c_client/ends.c",
    "tests/c_client/sending.c",
    "tests/c_client/slow_disk.c",
    "tests/c/slow_disk.c",
    "tests/c/slow_send.c",
    "tests/c/harness.c",
];

/// The program, to be run with this topic.
pub(crate) fn host(topic: &str) -> Command {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let program = BUILT.get_or_init(|| {
        let flags = ["-std=c11", "-O1"];
        let program = Program { flags: &flags, ..Program::c99("client-host", &SOURCES) };
        library().compile(&program).unwrap_or_else(|why| panic!("{why}"))
    });
    let mut command = Command::new(program);
    // What the machine at hand has set has no part in a test.
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command.arg(topic);
    command
}

pub(crate) fn must_hold(command: &mut Command) {
    run(command).unwrap_or_else(|why| panic!("{why}"));
}

/// A service with a job that is ready, one that soon is, and one that never is.
pub(crate) fn standin() -> Standin {
    let options = Options { keys: vec![KEY.into()], auto: true, ..Options::default() };
    let server = Standin::start(options).expect("free ports");
    let soon = Duration::from_millis(500);
    server.add_job(Job::new("1"));
    server.add_job(Job { ready_after: soon, clock: Clock::AtFirstLook, ..Job::new("soon") });
    server.add_job(Job { ready_after: Duration::MAX, ..Job::new("never") });
    server
}

fn over_http(topic: &str) -> Standin {
    let server = standin();
    must_hold(host(topic).env("MLAB_TEST_ENDPOINT", server.http_endpoint()));
    server
}

fn over_tls(topic: &str) -> Standin {
    let server = standin();
    let mut command = host(topic);
    command.env("MLAB_TEST_ENDPOINT", server.https_endpoint()).env("MLAB_TEST_CA_FILE", server.ca_file());
    must_hold(&mut command);
    server
}

#[test]
fn what_cannot_be_sent_ends_with_its_timeout_or_cancel() {
    over_http("sending");
    over_tls("sending");
}

#[test]
fn a_fork_leaves_the_connection_of_an_idle_client_alone() {
    let counts = over_tls("fork-idle").counts();
    // The parent's one, and one of each child's own client. None failed in the middle of a record.
    assert_eq!((counts.connections, counts.handshakes, counts.failed_handshakes), (3, 3, 0), "{counts:?}");
    assert_eq!(counts.requests, 4, "what a child asked its parent's client went nowhere");
}

#[test]
fn a_fork_leaves_the_connections_of_a_busy_client_alone() {
    let counts = over_tls("fork-busy").counts();
    let (children, threads) = (25, 4);
    assert!(counts.connections <= children + threads, "{counts:?}");
    assert_eq!((counts.handshakes, counts.failed_handshakes), (counts.connections, 0), "{counts:?}");
}

#[test]
fn a_fork_leaves_the_child_no_lock_that_a_thread_of_the_parent_holds() {
    over_tls("fork-locks");
}

#[test]
fn a_fork_during_a_lookup_leaves_the_child_able_to_look_up() {
    let server = standin();
    let address = server.https_address();
    let mut command = host("fork-lookup");
    command.env("MLAB_TEST_SLOW", format!("https://slow.test:{}/{{id}}", address.port()));
    must_hold(command.env("MLAB_TEST_CA_FILE", server.ca_file()));
    let refused = server.wait_until(|counts| counts.failed_handshakes == 2, Duration::from_secs(10));
    assert!(refused, "{:?}", server.counts());
}

#[test]
fn a_host_that_closes_descriptors_it_does_not_know_gets_none_of_its_own_touched() {
    over_http("descriptors");
}

#[test]
fn a_host_that_closes_descriptors_gets_none_touched_under_tls_either() {
    over_tls("descriptors");
}

#[test]
fn calls_and_waits_do_not_notice_signals_that_restart() {
    let counts = over_tls("signals-restart").counts();
    assert_eq!(counts.connections, 1 + 10, "none was lost to a signal: {counts:?}");
}

#[test]
fn calls_and_waits_do_not_notice_signals_that_interrupt() {
    let counts = over_tls("signals-interrupt").counts();
    assert_eq!(counts.connections, 1 + 10, "none was lost to a signal: {counts:?}");
}

#[test]
fn images_and_jobs_do_not_notice_signals() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("signals-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder in the target folder");
    let server = standin();
    let mut command = host("signals-images");
    command.env("MLAB_TEST_ENDPOINT", server.https_endpoint()).env("MLAB_TEST_CA_FILE", server.ca_file());
    must_hold(command.env("MLAB_TEST_FOLDER", &folder));
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 1, "no temporary file is left");
    fs::remove_dir_all(&folder).expect("still there");
}

#[test]
fn the_log_is_called_on_the_callers_thread_and_never_with_the_key() {
    let server = standin();
    let words = format!(r#"{{"status":"error","message":"Something about {KEY}"}}"#);
    let echo = RawServer::plain(vec![Step::ReadRequest, Step::json(200, &words)]).expect("a server");
    let mut command = host("log");
    command.env("MLAB_TEST_ENDPOINT", server.http_endpoint()).env("MLAB_TEST_ECHO", echo.endpoint());
    must_hold(&mut command);
}

#[test]
fn cancels_requests_and_clients_are_freed_while_others_use_them() {
    over_http("ends");
}
