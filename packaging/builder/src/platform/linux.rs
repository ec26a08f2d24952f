//! Linux with glibc or musl: `libmlab.so.0.1.0` with the two links that the loader and the linker look for.

use super::zig::Zig;
use super::{Linkage, Linker, Platform, elf, runtime};
use crate::cargo::Built;
use crate::files::Tree;
use crate::parts::Part;
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
        if target.glibc().is_none() && target.is_host() {
            Linker::Usual
        } else if self.musl || target.glibc().is_some() {
            Linker::Zig
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

    fn runtime_parts(&self, project: &Project, target: &Target) -> Result<Vec<Part>> {
        if self.musl { runtime::with_musl(project, target) } else { runtime::with_glibc(project, target) }
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
        // No flag keeps zig's own libraries from naming its folder in their debug information.
        let zig = (self.linker(target) == Linker::Zig).then(|| Zig::installed(project)).transpose()?;
        let folder = zig.map(|zig| zig.folder);
        let split =
            elf::split(target, &built.folder.join("libmlab.so"), &file, &built.scratch, folder.as_deref())?;
        tree.copy(&split.stripped, &tree.library(&file))?;
        tree.link(&file, &tree.library(&soname))?;
        tree.link(&soname, &tree.library("libmlab.so"))?;
        elf::put_archive(project, target, built, tree)?;
        Ok(Linkage {
            cmake_shared: format!(
                "IMPORTED_LOCATION \"${{_mlab_prefix}}/{}\"\n        IMPORTED_SONAME \"{soname}\"",
                tree.library(&file)
            ),
            archive: elf::archive(tree),
            debug_files: vec![(split.debug, tree.library(&format!("{file}.debug")))],
        })
    }
}
