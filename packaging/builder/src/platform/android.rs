//! Android: `libmlab.so` and no other name, since an APK carries only files that end in `.so`.
//!
//! The NDK's compiler for the target must be in PATH under the NDK's own name for it.

use super::{Linkage, Linker, Platform, elf, runtime};
use crate::cargo::Built;
use crate::files::Tree;
use crate::parts::Part;
use crate::{Project, Result, Target};
use std::env;
use std::ffi::OsString;
use std::path::Path;

/// The oldest API level that is built for: `getrandom` and `-z nodelete` need no less than 28 and 23.
const API_LEVEL: u32 = 28;

#[derive(Debug)]
pub(crate) struct Android;

impl Platform for Android {
    fn linker(&self, target: &Target) -> Linker {
        Linker::Program(format!("{}{API_LEVEL}-clang", target.triple()))
    }

    fn gnu_prefix(&self, arch: &str) -> String {
        format!("{arch}-linux-gnu-")
    }

    fn environment(
        &self,
        project: &Project,
        target: &Target,
        _scratch: &Path,
    ) -> Result<Vec<(String, OsString)>> {
        let mut variables = elf::versioned(project, target, self.linker(target));
        // What compiles the C of a crate looks for a name without an API level, which the NDK no longer has.
        let compiler = format!("CC_{}", target.triple().replace('-', "_"));
        if let (None, Linker::Program(program)) = (env::var_os(&compiler), self.linker(target)) {
            variables.push((compiler, program.into()));
        }
        Ok(variables)
    }

    fn runtime_parts(&self, _: &Project, target: &Target) -> Result<Vec<Part>> {
        runtime::with_android(target)
    }

    fn put_libraries(
        &self,
        project: &Project,
        target: &Target,
        built: &Built,
        tree: &Tree,
    ) -> Result<Linkage> {
        let split = elf::split(target, &built.folder.join("libmlab.so"), "libmlab.so", &built.scratch, None)?;
        tree.copy(&split.stripped, &tree.library("libmlab.so"))?;
        elf::put_archive(project, target, built, tree)?;
        Ok(Linkage {
            cmake_shared: format!(
                "IMPORTED_LOCATION \"${{_mlab_prefix}}/{}\"\n        IMPORTED_SONAME \"libmlab.so\"",
                tree.library("libmlab.so")
            ),
            archive: elf::archive(tree),
            debug_files: vec![(split.debug, tree.library("libmlab.so.debug"))],
        })
    }
}
