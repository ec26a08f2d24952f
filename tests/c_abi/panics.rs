//! Panics at the entry of every function (tests/c/panics.c), with the library that can plant them.

use crate::server;
use crate::support::{Program, library_with_faults, run, tool};
use std::path::PathBuf;
use std::process::Command;

const SOURCES: [&str; 9] = [
    "tests/c/panics.c",
    "tests/c/exported.c",
    "tests/c/exported_calls.c",
    "tests/c/exported_images.c",
    "tests/c/exported_jobs.c",
    "tests/c/host_http.c",
    "tests/c/harness.c",
    "tests/c/quiet.c",
    "tests/c/settings.c",
];

fn compiled(name: &str) -> PathBuf {
    library_with_faults().compile(&Program::c99(name, &SOURCES)).unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn no_panic_leaves_any_function() {
    let server = server::start();
    let mut command = Command::new(compiled("panics"));
    server::describe(&mut command, &server);
    // So that a panic which is printed is printed at length.
    command.env("RUST_BACKTRACE", "full");
    run(&mut command).unwrap_or_else(|why| panic!("{why}"));
}

#[test]
fn a_caught_panic_leaks_nothing() {
    let Some(valgrind) = tool("valgrind") else { return };
    let server = server::start();
    let mut command = Command::new(valgrind);
    command.args(["--quiet", "--error-exitcode=99", "--leak-check=full"]).arg(compiled("panics-valgrind"));
    server::describe(&mut command, &server);
    run(&mut command).unwrap_or_else(|why| panic!("{why}"));
}
