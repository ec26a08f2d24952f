//! What a child inherits of signals.

use super::interrupt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Output};
use std::time::Duration;

/// Undoes what a shell without job control does to what it leaves in the background: interrupts are ignored, and children
/// inherit that.
#[allow(unsafe_code, reason = "std has no way to set a child's signals")]
fn hearing_interrupts(command: &mut Command) -> &mut Command {
    // SAFETY: signal() is async-signal-safe, and this constant is a valid disposition.
    unsafe {
        command.pre_exec(|| {
            libc::signal(libc::SIGINT, libc::SIG_DFL);
            Ok(())
        })
    }
}

/// As [`interrupt::interrupted`], also where this program ignores interrupts.
pub(crate) fn interrupted(command: &mut Command) -> (Duration, Output) {
    interrupt::interrupted(hearing_interrupts(command))
}
