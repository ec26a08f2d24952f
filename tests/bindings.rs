//! bindings/: each language's package, installed into a fresh place, against the stand-in.
#![cfg(unix)] // Packages and signals as Unix systems have them.

#[path = "bindings/clone.rs"]
mod clone;
#[path = "bindings/cpp.rs"]
mod cpp;
#[cfg(target_os = "linux")] // The runtimes as Linux systems have them.
#[path = "bindings/csharp.rs"]
mod csharp;
#[path = "bindings/example.rs"]
mod example;
#[cfg(target_os = "linux")] // pkg-config and cgo as Linux systems have them.
#[path = "bindings/go.rs"]
mod go;
#[cfg(target_os = "linux")] // JNA as Debian has it.
#[path = "bindings/java.rs"]
mod java;
#[path = "bindings/lua.rs"]
mod lua;
#[path = "bindings/node.rs"]
mod node;
#[path = "bindings/php.rs"]
mod php;
#[path = "bindings/place.rs"]
mod place;
#[path = "bindings/python.rs"]
mod python;
#[path = "bindings/readme.rs"]
mod readme;
#[path = "bindings/ruby.rs"]
mod ruby;
#[path = "bindings/rust.rs"]
mod rust;
#[path = "bindings/server.rs"]
mod server;
mod support;
