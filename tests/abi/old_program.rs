//! A program of the last release, as it was compiled then and compiled anew with the header of then, on this library.

use crate::released::{RELEASED_HEADER, folder};
use crate::server;
use crate::support::{Library, library, tool};
use crate::symbols::output;
use mlab_bindings::declarations::functions_of;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Runs it with the library that stands under its SONAME in this folder.
fn works(program: &Path, libraries: &Path) {
    let server = server::start();
    let mut command = Command::new(program);
    server::describe(&mut command, &server);
    command.env("LD_LIBRARY_PATH", libraries);
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

/// The functions of the last release that are not among these. What the program does not call could break unseen.
fn missing(called: &BTreeSet<&str>) -> Vec<String> {
    let released = functions_of(RELEASED_HEADER, "MLAB_API").into_iter().map(|function| function.name);
    released.filter(|name| !called.contains(name.as_str())).collect()
}

#[test]
fn the_program_calls_every_function_of_the_last_release() {
    let calls = include_str!("released/program.c").split('(');
    let is_of_a_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let called = calls.filter_map(|before| before.rsplit(|c: char| !is_of_a_name(c)).next());
    assert_eq!(missing(&called.collect()), Vec::<String>::new());
}

#[test]
#[cfg(all(target_arch = "x86_64", target_env = "gnu"))]
fn the_program_that_was_compiled_asks_for_every_function_of_the_last_release() {
    let Some(nm) = tool("nm") else { return };
    let program = folder().join("program-x86_64-linux-gnu");
    let symbols = output(Command::new(nm).args(["--dynamic", "--undefined-only"]).arg(program));
    // As "U mlab_parse@MLAB_0.1".
    let asked = symbols.split(|c: char| c.is_whitespace() || c == '@');
    assert_eq!(missing(&asked.collect()), Vec::<String>::new());
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
    let Some(readelf) = tool("readelf") else { return };
    let asked = output(Command::new(readelf).args(["--version-info", "--wide"]).arg(&path));
    let versions = asked.split("Name: GLIBC_2.").skip(1).filter_map(|rest| rest.split_whitespace().next());
    let minor =
        |version: &str| version.split('.').next().and_then(|n| n.parse::<u32>().ok()).expect("a number");
    let newest = versions.map(minor).max().expect("some version of glibc");
    assert!(newest <= 17, "glibc 2.{newest}");
}
