//! What a wait costs: a child process under strace makes one call whose reply is slow to come.

use super::call::{READY, authority, fetch, settings_trusting};
use super::child;
use super::left::alone;
use super::tool::tool;
use mlab_core::error::Status;
use mlab_standin::{RawServer, Step};
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const ENDPOINT: &str = "MLAB_TEST_SLOW_ENDPOINT";
const CA_PEM: &str = "MLAB_TEST_CA_PEM";
const ALL_RIGHT: &str = "all right";

/// How long the reply is waited for: several of the slices that a wait is made of where it cannot be ended from outside.
const SLOW: Duration = Duration::from_millis(300);

/// The receives of a child that makes one call to this server, one a line.
fn receives(server: &RawServer, ca_pem: &str, strace: &Path) -> Vec<String> {
    let trace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wait.strace");
    let mut command = Command::new(strace);
    command.args(["-f", "-e", "trace=recvfrom,read", "-e", "signal=none", "-o"]).arg(&trace);
    command.arg(env::current_exe().expect("this binary"));
    command.env(ENDPOINT, server.endpoint()).env(CA_PEM, ca_pem);
    assert_eq!(child::said(child::run(&mut command, "system_calls::waits_for_a_slow_reply")), ALL_RIGHT);
    let trace = fs::read_to_string(&trace).expect("strace's output");
    trace.lines().filter(|line| line.contains("recvfrom(")).map(str::to_owned).collect()
}

#[test]
fn a_wait_for_a_reply_is_one_system_call() {
    let Some(strace) = tool("strace") else { return };
    let _turn = alone();
    let (authority, identity) = authority();
    let script = vec![Step::ReadRequest, Step::Pause(SLOW), Step::json(200, READY)];
    let plain = RawServer::plain(script.clone()).expect("a server");
    let secure = RawServer::tls(identity, script).expect("a server");
    for (server, most) in [(&plain, 1), (&secure, 4)] {
        let receives = receives(server, authority.ca_pem(), &strace);
        // Over TLS the handshake and its tickets come first.
        assert!((1..=most).contains(&receives.len()), "{receives:#?}");
        assert!(receives.iter().all(|line| !line.contains("EAGAIN")), "{receives:#?}");
    }
}

#[test]
#[ignore = "the child of another test"]
fn waits_for_a_slow_reply() {
    let (Ok(endpoint), Ok(ca_pem)) = (env::var(ENDPOINT), env::var(CA_PEM)) else { return };
    let report = fetch(&settings_trusting(&endpoint, &ca_pem));
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    child::say(ALL_RIGHT);
}
