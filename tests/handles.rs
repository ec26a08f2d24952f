//! Handles (src/handle.rs): what they do while threads race, and which uses of them do not compile.
//!
//! The library has no rlib, so the file is taken in by its path.
#![allow(unsafe_code)]

#[path = "handles/compile_fail.rs"]
mod compile_fail;
#[allow(dead_code, unused_imports, unused_macros, reason = "a part is tested")]
#[path = "../src/handle.rs"]
mod handle;
#[path = "handles/races.rs"]
mod races;

/// In the library it holds forks off; nothing here forks.
fn unforked<R>(act: impl FnOnce() -> R) -> R {
    act()
}
