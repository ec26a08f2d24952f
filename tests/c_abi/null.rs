//! NULL in every pointer position of every function, and numbers at the ends of their range (tests/c/null.c).

use crate::server;
use crate::support::{Program, library, run};
use std::process::Command;

const SOURCES: [&str; 5] = [
    "tests/c/null.c",
    "tests/c/host_http.c",
    "tests/c/ready_host.c",
    "tests/c/settings.c",
    "tests/c/harness.c",
];

/// With the sanitizers of gcc, which also find what a refused call leaks.
#[test]
fn every_function_takes_null_and_extreme_numbers() {
    let flags = ["-std=c99", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let program = Program { flags: &flags, ..Program::c99("null-sanitized", &SOURCES) };
    let program = library().compile(&program).unwrap_or_else(|why| panic!("{why}"));
    let server = server::start();
    let mut command = Command::new(program);
    server::describe(&mut command, &server);
    run(&mut command).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(server.counts().connections, 0, "nothing is sent");
}
