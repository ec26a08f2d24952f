//! First calls of a process at awkward moments: while another thread forks, in a child of such a fork, where the system
//! has no random numbers.

use crate::hosts::standin;
use crate::support::{Program, library, run, tool};
use mlab_standin::Standin;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

fn program() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let flags = ["-std=c11", "-O1"];
        let sources = ["tests/client_host/first_call.c"];
        let program = Program { flags: &flags, ..Program::c99("first-call", &sources) };
        library().compile(&program).unwrap_or_else(|why| panic!("{why}"))
    };
    BUILT.get_or_init(build).clone()
}

fn over_http(server: &Standin, command: &mut Command) -> Result<(), String> {
    run(command.env("MLAB_TEST_ENDPOINT", server.http_endpoint()))
}

fn over_tls(server: &Standin, command: &mut Command) -> Result<(), String> {
    run(command.env("MLAB_TEST_ENDPOINT", server.https_endpoint()).env("MLAB_TEST_CA_FILE", server.ca_file()))
}

#[test]
fn a_child_forked_during_a_first_call_makes_its_own_first_call() {
    let server = standin();
    assert_eq!(over_http(&server, Command::new(program()).arg("forks")), Ok(()));
    assert_eq!(over_tls(&server, Command::new(program()).arg("forks")), Ok(()));
}

#[test]
fn a_fork_in_a_signal_handler_never_hangs() {
    assert_eq!(run(Command::new(program()).arg("handler")), Ok(()));
}

#[test]
fn a_request_for_random_numbers_that_fails_spoils_no_later_call() {
    let Some(strace) = tool("strace") else { return };
    let server = standin();
    // More than a first call asks for.
    for number in 1..=8 {
        let mut command = Command::new(&strace);
        command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=getrandom", "-e"]);
        command.arg(format!("inject=getrandom:error=EIO:when={number}")).arg(program()).arg("third");
        assert_eq!(over_tls(&server, &mut command), Ok(()), "the {number}th request failed");
    }
}
