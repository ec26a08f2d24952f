//! The library as a C program gets it: built, linked, run. For every test that leaves Rust.
//!
//! Knows nothing of what is tested.
// Each test binary uses its own part.
#![allow(dead_code, unused_imports)]

mod c;
mod library;
mod tool;

pub(crate) use c::{Link, Program, compile_c, run};
pub(crate) use library::Library;
pub(crate) use tool::{is_ci, skip, tool};
