//! What differs between systems: one file each, and one for the object format that most of them share.

mod android;
mod apple;
mod elf;
mod linux;
mod runtime;
mod windows;
mod windows_archive;
mod zig;

use crate::cargo::Built;
use crate::files::Tree;
use crate::parts::Part;
use crate::{Project, Result, Target};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What LLVM's binutils are called before their names; behind these may stand a version.
pub(crate) const LLVM: &str = "llvm-";

/// The oldest macOS, and the first for both kinds of processor.
pub(crate) const OLDEST_MACOS: &str = "11.0";

/// A system that the library is handed out on.
pub(crate) trait Platform: Sync {
    /// What links the shared library.
    fn linker(&self, target: &Target) -> Linker;

    /// What the binutils for this system are called before their names, where they are not this machine's own; [`LLVM`]
    /// where its do.
    fn gnu_prefix(&self, arch: &str) -> String;

    /// Flags for rustc beside those that all get.
    fn rust_flags(&self) -> &'static [&'static str] {
        &[]
    }

    /// Variables for the build; what they name is made in `scratch`.
    fn environment(&self, _: &Project, _: &Target, _scratch: &Path) -> Result<Vec<(String, OsString)>> {
        Ok(Vec::new())
    }

    /// Flags for the C compiler of the program.
    fn c_flags(&self, _: &Target) -> Vec<String> {
        Vec::new()
    }

    /// What the linker adds to the shared library from the runtime libraries of compilers and C.
    fn runtime_parts(&self, project: &Project, target: &Target) -> Result<Vec<Part>>;

    /// Puts the libraries where the system's programs look for them.
    fn put_libraries(
        &self,
        project: &Project,
        target: &Target,
        built: &Built,
        tree: &Tree,
    ) -> Result<Linkage>;

    /// What an archive for this system is.
    fn pack(&self) -> Pack {
        Pack::TarGz
    }
}

/// What links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Linker {
    /// Whatever rustc takes by itself.
    Usual,
    /// cargo-zigbuild, which brings the C libraries of many systems along.
    Zig,
    /// A C compiler for the target.
    Program(String),
}

/// The format of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pack {
    TarGz,
    Zip,
}

impl Pack {
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Pack::TarGz => ".tar.gz",
            Pack::Zip => ".zip",
        }
    }
}

/// What the files for pkg-config and CMake say about the libraries, and what belongs into the archive beside.
#[derive(Debug)]
pub(crate) struct Linkage {
    /// Properties of CMake's target for the shared library.
    pub(crate) cmake_shared: String,
    /// The static library, below the prefix.
    pub(crate) archive: String,
    /// Debug files, and where they lie below the prefix.
    pub(crate) debug_files: Vec<(PathBuf, String)>,
}

/// What a program needs beside the static library: packaging/system-libraries.txt, which CMakeLists.txt reads too.
pub(crate) fn system_libraries(triple: &str) -> Result<Vec<String>> {
    const LISTS: &str = include_str!("../../../system-libraries.txt");
    let lists = LISTS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '));
    let list = lists.into_iter().find(|(end, _)| triple.ends_with(end));
    let (_, list) = list.ok_or_else(|| format!("packaging/system-libraries.txt has nothing for {triple}"))?;
    Ok(list.split(' ').map(str::to_owned).collect())
}

/// The system of a target.
pub(crate) fn of(triple: &str) -> Result<&'static dyn Platform> {
    match triple {
        _ if triple.ends_with("-linux-gnu") => Ok(&linux::GNU),
        _ if triple.ends_with("-linux-musl") => Ok(&linux::MUSL),
        "x86_64-pc-windows-gnu" => Ok(&windows::MinGw),
        _ if triple.ends_with("-apple-darwin") => Ok(&apple::Apple),
        _ if triple.ends_with("-linux-android") => Ok(&android::Android),
        _ => Err(format!(
            "{triple}: there is no recipe for it; *-linux-gnu, *-linux-musl, *-linux-android, *-apple-darwin and \
             x86_64-pc-windows-gnu have one"
        )),
    }
}
