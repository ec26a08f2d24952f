//! macOS and iOS. On a Mac the system's own tools are used; elsewhere zig links, LLVM's tools do the rest, and the static
//! library keeps the names of Rust's standard library, because nothing there can hide them.

use super::elf::ARCHIVE;
use super::{Linkage, Linker, Platform};
use crate::cargo::Built;
use crate::files::Tree;
use crate::{Project, Result, Target};
use std::ffi::OsString;
use std::path::Path;

/// The oldest macOS, and the first for both kinds of processor.
const MACOS: &str = "11.0";

#[derive(Debug)]
pub(crate) struct Apple;

impl Platform for Apple {
    fn linker(&self, _: &Target) -> Linker {
        if cfg!(target_vendor = "apple") { Linker::Usual } else { Linker::Zig }
    }

    fn gnu_prefix(&self, _: &str) -> String {
        "llvm-".to_owned()
    }

    fn environment(&self, _: &Project, _: &Target, _: &Path) -> Result<Vec<(String, OsString)>> {
        Ok(vec![("MACOSX_DEPLOYMENT_TARGET".to_owned(), MACOS.into())])
    }

    fn put_libraries(&self, project: &Project, _: &Target, built: &Built, tree: &Tree) -> Result<Linkage> {
        let (version, abi) = (project.library_version(), project.abi_number());
        let (file, name) = (format!("libmlab.{version}.dylib"), format!("libmlab.{abi}.dylib"));
        tree.copy(&built.folder.join("libmlab.dylib"), &format!("lib/{file}"))?;
        tree.link(&file, &format!("lib/{name}"))?;
        tree.link(&name, "lib/libmlab.dylib")?;
        tree.copy(&built.folder.join("libmlab.a"), ARCHIVE)?;
        Ok(Linkage {
            cmake_shared: format!(
                "IMPORTED_LOCATION \"${{_mlab_prefix}}/lib/{file}\"\n        IMPORTED_SONAME \"@rpath/{name}\""
            ),
            archive: ARCHIVE.to_owned(),
            debug_files: Vec::new(),
        })
    }
}
