//! What a library is built for.

use crate::archive::TIME;
use crate::platform::{self, Platform};
use crate::tools::{self, Tool};
use crate::{Project, Result, cargo};
use std::path::{Path, PathBuf};

/// One of rustc's targets, and how old a glibc it must do with.
#[derive(Clone)]
pub struct Target {
    triple: String,
    glibc: Option<String>,
    platform: &'static dyn Platform,
}

impl Target {
    /// Reads `x86_64-unknown-linux-gnu`, `x86_64-unknown-linux-gnu.2.17` or `host`.
    pub fn parse(text: &str) -> Result<Target> {
        let text = if text == "host" { host()? } else { text.to_owned() };
        let (triple, glibc) = match text.split_once('.') {
            Some((triple, version)) => (triple.to_owned(), Some(version.to_owned())),
            None => (text, None),
        };
        if glibc.is_some() && !triple.ends_with("-linux-gnu") {
            return Err(format!("{triple}: only a target with glibc has a glibc version behind it"));
        }
        let platform = platform::of(&triple)?;
        Ok(Target { triple, glibc, platform })
    }

    /// As rustc spells it.
    pub fn triple(&self) -> &str {
        &self.triple
    }

    /// As it stands in an archive's name: rustc's spelling, and the glibc version behind it.
    pub fn name(&self) -> String {
        match &self.glibc {
            Some(version) => format!("{}.{version}", self.triple),
            None => self.triple.clone(),
        }
    }

    /// The oldest glibc that the library must load with, if that was asked for.
    pub fn glibc(&self) -> Option<&str> {
        self.glibc.as_deref()
    }

    /// Whether programs for it run on this machine as they are.
    pub fn is_host(&self) -> bool {
        host().is_ok_and(|host| host == self.triple)
    }

    /// The compiler that builds the library.
    pub fn rustc(&self) -> Result<PathBuf> {
        Ok(cargo::Toolchain::of(self)?.rustc())
    }

    /// Where cargo puts the libraries that it builds for it.
    pub fn built(&self, project: &Project) -> PathBuf {
        self.scratch(project).join(&self.triple).join("release")
    }

    /// The folder of everything that is built for it.
    pub(crate) fn scratch(&self, project: &Project) -> PathBuf {
        project.target_folder().join("package").join(self.name())
    }

    pub(crate) fn platform(&self) -> &'static dyn Platform {
        self.platform
    }

    /// `x86_64`, `aarch64`.
    pub(crate) fn arch(&self) -> &str {
        self.triple.split('-').next().unwrap_or_default()
    }

    /// As zig spells it: without the vendor, whoever that is (`x86_64-alpine-linux-musl`).
    pub(crate) fn zig(&self) -> String {
        if self.triple.ends_with("-apple-darwin") {
            return format!("{}-macos.{}", self.arch(), platform::OLDEST_MACOS);
        }
        match self.name().split('-').collect::<Vec<_>>()[..] {
            [arch, _, system, library] => format!("{arch}-{system}-{library}"),
            _ => self.name(),
        }
    }

    /// A program of the binutils for this target: `objcopy`, `ld`.
    pub(crate) fn binutil(&self, name: &str) -> Tool {
        // The head of a DLL holds a time.
        Tool::new(self.binutil_name(name)).env("SOURCE_DATE_EPOCH", TIME.to_string())
    }

    /// What that program is called on this machine.
    pub fn binutil_name(&self, name: &str) -> String {
        let prefix = if self.is_native() { String::new() } else { self.platform.gnu_prefix(self.arch()) };
        let wanted = format!("{prefix}{name}");
        if prefix == platform::LLVM { tools::llvm_name(&wanted).unwrap_or(wanted) } else { wanted }
    }

    /// Whether this machine's own compiler and binutils make its object files: the C library does not matter to them.
    pub(crate) fn is_native(&self) -> bool {
        // Without the vendor, which is the distribution's own in some of their compilers.
        let kernel = |triple: &str| {
            let mut parts = triple.split('-');
            (parts.next().map(str::to_owned), parts.nth(1).map(str::to_owned))
        };
        host().is_ok_and(|host| kernel(&host) == kernel(&self.triple))
    }
}

/// What rustc builds for when it is told nothing.
pub(crate) fn host() -> Result<String> {
    let said = Tool::new("rustc").args(["-vV"]).output(Path::new("."))?;
    let line = said.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).ok_or_else(|| format!("`rustc -vV` names no host:\n{said}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zig_is_told_no_vendor() {
        let rows = [
            ("x86_64-unknown-linux-gnu.2.17", "x86_64-linux-gnu.2.17"),
            ("aarch64-alpine-linux-musl", "aarch64-linux-musl"),
            ("aarch64-apple-darwin", "aarch64-macos.11.0"),
        ];
        for (name, wanted) in rows {
            assert_eq!(Target::parse(name).map(|target| target.zig()).as_deref(), Ok(wanted));
        }
    }

    #[test]
    fn a_system_or_a_processor_without_a_recipe_is_refused() {
        for name in
            ["i686-pc-windows-gnu", "x86_64-pc-windows-msvc", "aarch64-apple-ios", "x86_64-unknown-freebsd"]
        {
            assert!(Target::parse(name).is_err_and(|why| why.contains("no recipe")), "{name}");
        }
    }
}
