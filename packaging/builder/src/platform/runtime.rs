//! What compilers and C libraries add to a shared library from files of their own: what unwinds the stack, and what runs
//! when the library is loaded.

use super::Linker;
use super::zig::Zig;
use crate::parts::Part;
use crate::{Project, Result, Target, files, program};
use std::path::Path;

/// For one on Linux. musl's authors ask for no notice of what is added of it.
pub(super) fn with_musl(project: &Project, target: &Target) -> Result<Vec<Part>> {
    Ok(vec![of_linker(project, target)?])
}

/// The same with glibc.
pub(super) fn with_glibc(project: &Project, target: &Target) -> Result<Vec<Part>> {
    let text = [("the head of its files", include_str!("../../../licences/glibc.txt"))];
    let glibc = Part::runtime(
        "glibc",
        version(target, "features.h", &["__GLIBC__", "__GLIBC_MINOR__"])?,
        "LGPL-2.1-or-later WITH GCC-exception-2.0-note",
        &text,
    );
    Ok(vec![of_linker(project, target)?, glibc])
}

/// For one that MinGW links.
pub(super) fn with_mingw(target: &Target) -> Result<Vec<Part>> {
    const VERSION: [&str; 3] =
        ["__MINGW64_VERSION_MAJOR", "__MINGW64_VERSION_MINOR", "__MINGW64_VERSION_BUGFIX"];
    let text = [("COPYING", include_str!("../../../licences/mingw-w64.txt"))];
    let mingw = Part::runtime("mingw-w64", version(target, "_mingw.h", &VERSION)?, "ZPL-2.1", &text);
    Ok(vec![of_gcc(target)?, mingw])
}

/// The NDK's.
pub(super) fn with_android(target: &Target) -> Result<Vec<Part>> {
    let (licence, version) = ("Apache-2.0 WITH LLVM-exception", dumped_version(target)?);
    let part = |name| Part::runtime(name, version.clone(), licence, &[]);
    Ok(["compiler-rt", "libunwind"].map(part).into())
}

fn of_linker(project: &Project, target: &Target) -> Result<Part> {
    match target.platform().linker(target) {
        Linker::Zig => of_zig(project),
        _ => of_gcc(target),
    }
}

/// LLVM's, whose version zig does not tell.
fn of_zig(project: &Project) -> Result<Part> {
    let zig = Zig::installed(project)?;
    let text = files::read(&zig.folder.join("libunwind/LICENSE.TXT"))?;
    let licence = "Apache-2.0 WITH LLVM-exception";
    Ok(Part::runtime("zig-libunwind", zig.version, licence, &[("LICENSE.TXT", &text)]))
}

fn of_gcc(target: &Target) -> Result<Part> {
    let text = [("exception", include_str!("../../../licences/gcc.txt"))];
    let licence = "GPL-3.0-or-later WITH GCC-exception-3.1";
    Ok(Part::runtime("libgcc", dumped_version(target)?, licence, &text))
}

/// That of the compiler.
fn dumped_version(target: &Target) -> Result<String> {
    let said = program::compiler(target).args(["-dumpversion"]).output(Path::new("."))?;
    Ok(said.trim().to_owned())
}

/// The version that a header of the C library states in these macros.
fn version(target: &Target, header: &str, macros: &[&str]) -> Result<String> {
    let ask = program::compiler(target).args(["-E", "-dM", "-include", header, "-x", "c", "/dev/null"]);
    let said = ask.output(Path::new("."))?;
    let number = |name: &&str| {
        let value = said
            .lines()
            .find_map(|line| line.strip_prefix("#define ")?.strip_prefix(name)?.strip_prefix(' '));
        value.map(|value| value.trim().to_owned()).ok_or_else(|| format!("{header} does not define {name}"))
    };
    Ok(macros.iter().map(number).collect::<Result<Vec<_>>>()?.join("."))
}
