//! Threads of the library: named, with a stated stack, and with every signal blocked.

use crate::process::block_signals;
use std::io;
use std::thread::{Builder, JoinHandle, Scope};

/// Starts a thread whose name begins with `mlab-`. All signals are blocked in it from its first instruction on, so a
/// host's handlers never run there (the mask is inherited: set around the start, put back at once).
pub fn spawn_quiet(
    name: &'static str,
    stack: usize,
    body: impl FnOnce() + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    debug_assert!(name.starts_with("mlab-"));
    pin::keep_loaded()?;
    let _blocked = block_signals();
    Builder::new().name(name.to_owned()).stack_size(stack).spawn(body)
}

/// The same for a thread that ends with the call it is for.
pub fn spawn_quiet_in<'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &'static str,
    stack: usize,
    body: impl FnOnce() + Send + 'scope,
) -> io::Result<()> {
    debug_assert!(name.starts_with("mlab-"));
    let _blocked = block_signals();
    Builder::new().name(name.to_owned()).stack_size(stack).spawn_scoped(scope, body).map(drop)
}

#[cfg(windows)]
#[path = "pin_windows.rs"]
mod pin;

/// Elsewhere the linker is told (`-z nodelete`, see build.rs), or code with threads of its own is never unloaded.
#[cfg(not(windows))]
mod pin {
    pub(super) fn keep_loaded() -> std::io::Result<()> {
        Ok(())
    }
}
