//! The C programs of tests/c, compiled against either library and run: plainly, under sanitizers, under valgrind.
//!
//! What is checked stands in the C; this file gives them a library, a server and an environment.
#![cfg(target_os = "linux")] // The host is watched through /proc.

#[path = "c_abi/host.rs"]
mod host;
#[path = "c_abi/memory.rs"]
mod memory;
#[path = "c_abi/null.rs"]
mod null;
#[path = "c_abi/panics.rs"]
mod panics;
#[path = "c_abi/server.rs"]
mod server;
#[path = "c_abi/stack.rs"]
mod stack;
#[path = "c_abi/suite.rs"]
mod suite;
#[path = "c_abi/suite_sources.rs"]
mod suite_sources;
mod support;
