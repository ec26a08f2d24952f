//! What happens to the process of a host with jobs.

use crate::programs::{Servers, program, suppressions};
use crate::support::tool;
use std::process::Command;

#[test]
fn a_job_has_its_life_as_the_header_says() {
    Servers::start().run(&mut Command::new(program("life", &[], "")));
}

#[test]
fn a_jobs_life_has_no_memory_error_and_no_leak() {
    let Some(valgrind) = tool("valgrind") else { return };
    let mut command = Command::new(valgrind);
    command.args(["--quiet", "--error-exitcode=99", "--leak-check=full"]);
    command.arg("--errors-for-leak-kinds=definite,indirect,possible").arg(suppressions());
    Servers::start().run(command.arg(program("life", &[], "-valgrind")));
}

#[test]
fn threads_that_share_clients_hold_under_the_sanitizers_of_gcc() {
    let Some(_) = tool("gcc") else { return };
    let flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];
    Servers::start().run(Command::new(program("soak", &flags, "-sanitized")).env("MLAB_TEST_SECONDS", "2"));
}

#[test]
fn the_library_is_loaded_and_unloaded_a_thousand_times_with_jobs_in_every_phase() {
    let path = program("reload", &["-ldl"], "");
    Servers::start().run(&mut Command::new(path));
}

#[test]
fn a_process_ends_by_its_own_will_with_jobs_in_every_phase() {
    let (servers, path) = (Servers::start(), program("exits", &[], ""));
    for way in ["return", "exit-elsewhere", "_exit", "atexit"] {
        // From before the first connection to between two polls.
        for microseconds in [0, 50, 200, 500, 1_000, 2_000, 5_000, 20_000, 100_000] {
            servers.run(Command::new(&path).args([way, &microseconds.to_string()]));
        }
    }
}
