//! Linux with glibc or musl: `libmlab.so.0.1.0` with the two links that the loader and the linker look for.

use super::elf::{self, ARCHIVE};
use super::{Linkage, Linker, Platform};
use crate::cargo::Built;
use crate::files::Tree;
use crate::{Project, Result, Target};
use std::ffi::OsString;
use std::path::Path;

/// A C library of Linux.
#[derive(Debug)]
pub(crate) struct Linux {
    musl: bool,
}

pub(crate) const GNU: Linux = Linux { musl: false };
pub(crate) const MUSL: Linux = Linux { musl: true };

impl Platform for Linux {
    fn linker(&self, target: &Target) -> Linker {
        if self.musl || target.glibc().is_some() {
            Linker::Zig
        } else if target.is_host() {
            Linker::Usual
        } else {
            Linker::Program(format!("{}gcc", self.gnu_prefix(target.arch())))
        }
    }

    fn gnu_prefix(&self, arch: &str) -> String {
        format!("{arch}-linux-gnu-")
    }

    fn rust_flags(&self) -> &'static [&'static str] {
        // musl's targets are static by default, and make no shared library then.
        if self.musl { &["-Ctarget-feature=-crt-static"] } else { &[] }
    }

    fn environment(
        &self,
        project: &Project,
        target: &Target,
        _scratch: &Path,
    ) -> Result<Vec<(String, OsString)>> {
        Ok(elf::versioned(project, target, self.linker(target)))
    }

    fn put_libraries(
        &self,
        project: &Project,
        target: &Target,
        built: &Built,
        tree: &Tree,
    ) -> Result<Linkage> {
        let (version, abi) = (project.library_version(), project.abi_number());
        let (file, soname) = (format!("libmlab.so.{version}"), format!("libmlab.so.{abi}"));
        let split = elf::split(target, &built.folder.join("libmlab.so"), &file, &built.scratch)?;
        tree.copy(&split.stripped, &format!("lib/{file}"))?;
        tree.link(&file, &format!("lib/{soname}"))?;
        tree.link(&soname, "lib/libmlab.so")?;
        elf::put_archive(project, target, built, tree)?;
        Ok(Linkage {
            cmake_shared: format!(
                "IMPORTED_LOCATION \"${{_mlab_prefix}}/lib/{file}\"\n        IMPORTED_SONAME \"{soname}\""
            ),
            archive: ARCHIVE.to_owned(),
            debug_files: vec![(split.debug, format!("lib/{file}.debug"))],
        })
    }
}
