//! `include/mlab.hpp`: alone in every standard of both compilers with and without exceptions, what must not compile, and
//! what it does against the stand-in.
#![cfg(unix)] // Compilers as Unix systems have them.

#[path = "cpp/behaviour.rs"]
mod behaviour;
#[path = "cpp/compile.rs"]
mod compile;
#[allow(dead_code, reason = "the bindings need another part")]
#[path = "bindings/server.rs"]
mod server;
mod support;
