//! Programs that are run: each failure says which, with what, and what it printed.

use crate::Result;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A program with its arguments.
#[derive(Debug)]
pub(crate) struct Tool {
    name: String,
    command: Command,
}

impl Tool {
    pub(crate) fn new(name: impl Into<String>) -> Tool {
        let name = name.into();
        Tool { command: Command::new(&name), name }
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Tool {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Tool {
        self.command.env(name, value);
        self
    }

    pub(crate) fn without_env(mut self, name: &str) -> Tool {
        self.command.env_remove(name);
        self
    }

    /// Runs it; what it prints is seen only if it fails.
    pub(crate) fn run(self, folder: &Path) -> Result<()> {
        self.output(folder).map(drop)
    }

    /// Runs it, showing what it has to say as it says it.
    pub(crate) fn run_aloud(mut self, folder: &Path) -> Result<()> {
        let status = self.command.current_dir(folder).stdin(Stdio::null()).status();
        let status = status.map_err(|e| self.cannot_start(&e))?;
        if status.success() { Ok(()) } else { Err(format!("{:?} failed ({status})", self.command)) }
    }

    /// Runs it and gives what it printed.
    pub(crate) fn output(mut self, folder: &Path) -> Result<String> {
        let done = self.command.current_dir(folder).stdin(Stdio::null()).output();
        let Output { status, stdout, stderr } = done.map_err(|e| self.cannot_start(&e))?;
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if status.success() {
            return Ok(said(&stdout));
        }
        Err(format!("{:?} failed ({status}):\n{}{}", self.command, said(&stdout), said(&stderr)))
    }

    fn cannot_start(&self, e: &std::io::Error) -> String {
        format!("{}: {e}; install it, or put it into PATH", self.name)
    }
}
