//! tests/c_torture/surroundings.c and clocks.c: processes that lack something, and clocks that jump.

use crate::faults::{folder, server, settings};
use crate::support::{Program, library, skip};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

/// Runs a topic of a program; its skipped parts are told aloud.
fn hold(program: &str, sources: &[&str], topic: &str) {
    let name = format!("torture-{program}-{topic}");
    let program = Program { flags: &["-std=c11", "-O1"], ..Program::c99(&name, sources) };
    let program = library().compile(&program).unwrap_or_else(|why| panic!("{why}"));
    let (server, folder) = (server(), folder(&name));
    fs::set_permissions(&folder, Permissions::from_mode(0o777)).expect("our own folder");
    let mut command = Command::new(program);
    settings(&mut command, &server, &folder);
    let output = command.arg(topic).output().expect("the program");
    let said = String::from_utf8_lossy(&output.stdout);
    let left = fs::read_dir(&folder)
        .expect("a folder")
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(".mlab-"));
    assert_eq!(left.count(), 0, "temporary files are left: {said}");
    let _ = fs::remove_dir_all(&folder);
    assert!(output.status.success(), "{}\n{said}", output.status);
    said.lines().filter_map(|line| line.strip_prefix("SKIPPED: ")).for_each(skip);
}

const SURROUNDINGS: [&str; 3] =
    ["tests/c_torture/surroundings.c", "tests/c_torture/scenarios.c", "tests/c/harness.c"];

#[test]
fn without_a_network_calls_say_so() {
    hold("surroundings", &SURROUNDINGS, "network");
}

#[test]
fn in_an_empty_root_all_is_well_but_names_and_files() {
    hold("surroundings", &SURROUNDINGS, "root");
}

#[test]
fn limits_of_the_process_are_told_and_leave_old_files() {
    hold("surroundings", &SURROUNDINGS, "limits");
}

const CLOCKS: [&str; 3] = ["tests/c_torture/clocks.c", "tests/c_torture/scenarios.c", "tests/c/harness.c"];

#[test]
fn a_wall_clock_that_jumps_matters_to_certificates_alone() {
    hold("clocks", &CLOCKS, "wall");
}

#[test]
fn a_steady_clock_that_jumps_ends_what_is_past_its_deadline_and_nothing_else() {
    hold("clocks", &CLOCKS, "steady");
}
