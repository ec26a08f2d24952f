//! The stack that calls need (tests/c/stack.c), against what the header says of a debug build. The tests of packages do the
//! same with the library that is handed out.

use crate::server;
use crate::support::{Program, library, run};
use mlab_bindings::stack::stated;
use std::process::Command;

const SOURCES: [&str; 5] = [
    "tests/c/stack.c",
    "tests/c/stack_calls.c",
    "tests/c/tunnel.c",
    "tests/c/settings.c",
    "tests/c/harness.c",
];

#[test]
fn no_call_needs_more_stack_than_the_header_says() {
    let program = library().compile(&Program::c99("stack", &SOURCES)).unwrap_or_else(|why| panic!("{why}"));
    let stated = stated();
    let times = if cfg!(debug_assertions) { stated.debug_times } else { 1 };
    let server = server::start();
    let mut command = Command::new(program);
    server::describe(&mut command, &server);
    command.env("MLAB_TEST_STACK_BLOCKING", (stated.blocking_kib * times).to_string());
    command.env("MLAB_TEST_STACK_OTHER", (stated.other_kib * times).to_string());
    run(&mut command).unwrap_or_else(|why| panic!("{why}"));
}
