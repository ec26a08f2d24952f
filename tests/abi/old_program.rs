//! A program of the last release, as it was compiled then and compiled anew with the header of then, on this library.

use crate::released::folder;
use crate::support::{Library, library};
use mlab_standin::{ImageKind, Job, Options, Standin};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The service that the program asks for.
fn server() -> Standin {
    let options = Options { keys: vec!["test-key-not-real".into()], ..Options::default() };
    let server = Standin::start(options).expect("free ports");
    server.add_job(Job { images: ImageKind::ALL.to_vec(), ..Job::new("12202888") });
    server.add_job(Job { ready_after: Duration::MAX, ..Job::new("65919762") });
    server
}

/// Runs it with the library that stands under its SONAME in this folder.
fn works(program: &Path, libraries: &Path) {
    let server = server();
    let mut command = Command::new(program);
    command.env("MLAB_TEST_ENDPOINT", server.http_endpoint()).env("LD_LIBRARY_PATH", libraries);
    let done = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let errors = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success() && said == "all is as it was\n", "{} {said}{errors}", done.status);
}

#[test]
#[cfg(all(target_arch = "x86_64", target_env = "gnu"))]
fn a_program_that_was_compiled_with_the_last_release_runs() {
    works(&folder().join("program-x86_64-linux-gnu"), &library().programs);
}

#[test]
fn a_program_compiled_with_the_last_releases_header_runs() {
    let released = Library { include: folder(), ..library().clone() };
    let program = released
        .compile_c("program-of-the-last-release", &["tests/abi/released/program.c"])
        .unwrap_or_else(|why| panic!("{why}"));
    works(&program, &library().programs);
}

/// It must start where the oldest system does that the library promises, or it would prove less than it seems to.
#[test]
#[cfg(all(target_arch = "x86_64", target_env = "gnu"))]
fn the_program_that_was_compiled_is_small_and_asks_for_versions_of_symbols() {
    let path = folder().join("program-x86_64-linux-gnu");
    let bytes = std::fs::read(&path).expect("the program");
    assert!(bytes.len() < 100_000, "{} bytes", bytes.len());
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("libmlab.so.0\0") && holds("MLAB_0.1\0") && !holds("/root/") && !holds("/home/"));
    let Some(readelf) = crate::support::tool("readelf") else { return };
    let asked =
        Command::new(readelf).args(["--version-info", "--wide"]).arg(&path).output().expect("readelf runs");
    let asked = String::from_utf8_lossy(&asked.stdout).into_owned();
    let versions = asked.split("Name: GLIBC_2.").skip(1).filter_map(|rest| rest.split_whitespace().next());
    let minor =
        |version: &str| version.split('.').next().and_then(|n| n.parse::<u32>().ok()).expect("a number");
    let newest = versions.map(minor).max().expect("some version of glibc");
    assert!(newest <= 17, "glibc 2.{newest}");
}
