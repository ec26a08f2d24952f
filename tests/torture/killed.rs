//! tests/c_torture/killed.c: SIGKILL at each call of the system.

use crate::faults::{folder, said, server, settings};
use crate::support::{Program, library};
use std::fs;
use std::io::{Write, stderr};
use std::path::Path;
use std::process::Command;
use std::thread;

const SOURCES: [&str; 5] = [
    "tests/c_torture/killed.c",
    "tests/c_torture/files.c",
    "tests/c_torture/scenarios.c",
    "tests/c_torture/faults.c",
    "tests/c_torture/allocations.c",
];

/// Some that write a file, by every way there is: the call's own, a worker's, and a host's.
const SCENARIOS: [&str; 4] = ["download", "wait with images", "job with images", "wait of a host"];

fn kill(program: &Path, scenario: &str) {
    let (server, folder) = (server(), folder(&format!("killed-{scenario}")));
    let mut command = Command::new(program);
    settings(command.arg(scenario), &server, &folder);
    let said = said(&mut command);
    let _ = fs::remove_dir_all(folder);
    let Some((status, said)) = said else { return };
    let _ = write!(stderr(), "{said}");
    assert!(status.success(), "{scenario}: {status}\n{said}");
}

#[test]
fn a_kill_at_any_call_leaves_the_old_file_or_the_new_one() {
    let flags = ["-std=c11", "-O1", "-fno-builtin"];
    let program = Program { flags: &flags, ..Program::c99("torture-killed", &SOURCES) };
    let program = &library().compile(&program).unwrap_or_else(|why| panic!("{why}"));
    thread::scope(|scope| SCENARIOS.map(|scenario| scope.spawn(move || kill(program, scenario))).map(drop));
}
