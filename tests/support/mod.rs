//! The library as a C program gets it, built once a test binary, and the tools that tests need beside it.
//!
//! Knows nothing of what is tested.
#![allow(dead_code, unused_imports, reason = "each test binary needs a part")]

pub(crate) mod dotnet;
mod interrupt;
pub(crate) mod jdk;
mod libcurl;
pub(crate) mod library;
pub(crate) mod registries;
#[cfg(unix)]
mod signals;
mod tool;

pub(crate) use interrupt::{Running, at_once, ended_by};
pub(crate) use libcurl::has_libcurl;
pub(crate) use library::{Library, Link, Program, run};
#[cfg(unix)]
pub(crate) use signals::interrupted;
use std::sync::OnceLock;
pub(crate) use tool::{skip, tool};

/// The library in the profile of the tests.
pub(crate) fn library() -> &'static Library {
    static BUILT: OnceLock<Library> = OnceLock::new();
    BUILT.get_or_init(|| with_registries(Library::build()))
}

/// The library with `mlab_test_plant_panic`.
pub(crate) fn library_with_faults() -> &'static Library {
    static BUILT: OnceLock<Library> = OnceLock::new();
    BUILT.get_or_init(|| with_registries(Library::build_with_faults()))
}

/// Puts beside it what the tests in C include.
fn with_registries(built: Result<Library, String>) -> Library {
    let written = built.and_then(|library| registries::write(&library.generated()).map(|()| library));
    written.unwrap_or_else(|why| panic!("{why}"))
}
