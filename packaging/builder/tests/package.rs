//! What is handed out is what is tested: an archive is unpacked into a folder with a space in its name, far from where it
//! was built, and C programs are built against it in every way that its users have, and run.
//!
//! `MLAB_PACKAGE_TARGET` names the target (without it: this machine's own). Programs for other systems run under qemu or
//! Wine: see `package/machine.rs`.
#![cfg(target_os = "linux")] // Where archives are made: the tools' names are Debian's.

#[path = "package/build_systems.rs"]
mod build_systems;
#[path = "package/by_hand.rs"]
mod by_hand;
#[path = "package/contents.rs"]
mod contents;
#[path = "package/examples.rs"]
mod examples;
#[path = "package/fixture.rs"]
mod fixture;
#[path = "package/from_source.rs"]
mod from_source;
#[path = "package/installed.rs"]
mod installed;
#[path = "package/machine.rs"]
mod machine;
#[path = "package/msvc.rs"]
mod msvc;
#[path = "package/needs.rs"]
mod needs;
#[path = "package/programs.rs"]
mod programs;
#[path = "package/static_library.rs"]
mod static_library;
#[path = "package/symbols.rs"]
mod symbols;
#[path = "package/windows.rs"]
mod windows;

#[allow(dead_code, reason = "under qemu and Wine nothing happens at once")]
#[path = "../../../tests/support/interrupt.rs"]
mod interrupt;
#[path = "../../../tests/c_abi/server.rs"]
mod server;
#[path = "../../../tests/c_abi/suite_sources.rs"]
mod suite_sources;
