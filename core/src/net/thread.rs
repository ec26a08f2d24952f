//! Threads of the library: named, with a stated stack, and with every signal blocked.

use crate::planted;
use crate::process::block_signals;
use std::io;
use std::thread::{Builder, JoinHandle};

/// Room for each, in bytes; only what is used is ever committed. TLS and parsing need some 60 KiB, the lookup modules that a
/// system may load (nss, mdns) perhaps more, and debug builds several times as much.
const STACK: usize = 512 * 1024;

/// Starts a thread whose name begins with `mlab-`. All signals are blocked in it from its first instruction on, so a
/// host's handlers never run there (the mask is inherited: set around the start, put back at once).
pub(crate) fn spawn_quiet(
    name: &'static str,
    body: impl FnOnce() + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    debug_assert!(name.starts_with("mlab-"));
    planted::at_spawn()?;
    pin::keep_loaded()?;
    let _blocked = block_signals();
    Builder::new().name(name.to_owned()).stack_size(STACK).spawn(body)
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
