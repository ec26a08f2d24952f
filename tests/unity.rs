//! The Unity package (engines/unity) without Unity: its files against what a package must have, and its code under Mono and
//! CoreCLR, the engine's types being the small stand-ins of tests/unity/stubs.
#![cfg(target_os = "linux")] // The runtimes as Linux systems have them.

#[path = "unity/imports.rs"]
mod imports;
#[path = "unity/package.rs"]
mod package;
#[path = "unity/programs.rs"]
mod programs;
#[allow(dead_code, reason = "the bindings need another part")]
#[path = "bindings/server.rs"]
mod server;
mod support;
