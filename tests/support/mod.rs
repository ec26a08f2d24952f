//! The library as a C program gets it, built once a test binary, and the tools that tests need beside it.
//!
//! Knows nothing of what is tested.
#![allow(dead_code, unused_imports, reason = "each test binary needs a part")]

pub(crate) mod library;
mod tool;

pub(crate) use library::{Library, Link, Program, run};
use std::sync::OnceLock;
pub(crate) use tool::{is_ci, skip, tool};

/// The library in the profile of the tests.
pub(crate) fn library() -> &'static Library {
    static BUILT: OnceLock<Library> = OnceLock::new();
    BUILT.get_or_init(|| Library::build().unwrap_or_else(|why| panic!("{why}")))
}

/// The library with `mlab_test_plant_panic`.
pub(crate) fn library_with_faults() -> &'static Library {
    static BUILT: OnceLock<Library> = OnceLock::new();
    BUILT.get_or_init(|| Library::build_with_faults().unwrap_or_else(|why| panic!("{why}")))
}
