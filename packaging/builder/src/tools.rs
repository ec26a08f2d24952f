//! Programs that are run: each failure says which, with what, and what it printed.

use crate::{Result, files};
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

    /// A tool of LLVM, under whichever name it is installed.
    pub(crate) fn llvm(name: &str) -> Result<Tool> {
        let found = llvm_name(name).ok_or_else(|| format!("{name} is not installed (Debian: llvm, lld)"))?;
        Ok(Tool::new(found))
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

/// What a tool of LLVM is called where it is installed: `llvm-ar`, or `llvm-ar-22`. The newest, if there are several: an old
/// one does not read what a newer compiler wrote.
pub(crate) fn llvm_name(wanted: &str) -> Option<String> {
    let version = |name: &str| match name.strip_prefix(wanted)? {
        "" => Some(0),
        rest => rest.strip_prefix('-')?.parse::<u32>().ok(),
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = std::env::split_paths(&path).filter_map(|folder| files::names(&folder).ok()).flatten();
    names.filter_map(|name| Some((version(&name)?, name))).max().map(|(_, name)| name)
}
