//! Programs of the system that a test needs and a machine may lack.
//!
//! Under CI every one is required; elsewhere a test that lacks one says so aloud and passes.

use std::env;
use std::io::{Write, stderr};
use std::path::PathBuf;

/// Whether this runs where nothing may be skipped.
pub(crate) fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}

/// Finds a program in `PATH`; `None` after saying aloud what is left out for lack of it.
pub(crate) fn tool(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    if found.is_none() {
        skip(&format!("{name} is not installed"));
    }
    found
}

/// Says aloud that something is left out, and why; fails under CI.
pub(crate) fn skip(why: &str) {
    assert!(!is_ci(), "under CI nothing is skipped: {why}");
    // Past the test harness, which would keep what a passing test prints to itself.
    let _ = writeln!(stderr(), "SKIPPED: {why}");
}
