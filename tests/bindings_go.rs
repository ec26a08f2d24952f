//! The Go binding (bindings/go) against the stand-in.
#![cfg(target_os = "linux")] // pkg-config and cgo as Linux systems have them.

#[path = "bindings/go.rs"]
mod go;
#[path = "bindings/server.rs"]
mod server;
mod support;
