//! The C# binding (bindings/csharp) against the stand-in, under Mono and under CoreCLR.
#![cfg(target_os = "linux")] // Compilers and runtimes as Linux systems have them.

#[path = "bindings/csharp.rs"]
mod csharp;
#[path = "bindings/server.rs"]
mod server;
mod support;
