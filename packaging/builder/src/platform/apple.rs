//! macOS. On a Mac the system's own tools are used. Elsewhere zig compiles and LLVM's linker links against stubs of the
//! system's libraries (packaging/apple-stubs), and the static library keeps the names of Rust's standard library, because
//! nothing there can hide them.

use super::{LLVM, Linkage, Linker, OLDEST_MACOS, Platform, elf};
use crate::cargo::Built;
use crate::files::Tree;
use crate::parts::Part;
use crate::tools::Tool;
use crate::{Project, Result, Target};
use std::ffi::OsString;
use std::path::Path;

const ON_A_MAC: bool = cfg!(target_vendor = "apple");

#[derive(Debug)]
pub(crate) struct Apple;

impl Platform for Apple {
    fn linker(&self, _: &Target) -> Linker {
        if ON_A_MAC { Linker::Usual } else { Linker::Zig }
    }

    fn gnu_prefix(&self, _: &str) -> String {
        LLVM.to_owned()
    }

    fn environment(&self, project: &Project, _: &Target, _: &Path) -> Result<Vec<(String, OsString)>> {
        let mut variables = vec![
            ("MACOSX_DEPLOYMENT_TARGET".to_owned(), OLDEST_MACOS.into()),
            // It would stay in the object files, whose folder the library names: dsymutil collects it, on a Mac.
            ("CARGO_PROFILE_RELEASE_DEBUG".to_owned(), "0".into()),
        ];
        if !ON_A_MAC {
            variables.push(("SDKROOT".to_owned(), project.root().join("packaging/apple-stubs").into()));
        }
        Ok(variables)
    }

    fn c_flags(&self, target: &Target) -> Vec<String> {
        // Zig has both in its name of the target.
        let flags =
            ["-arch", arch(target), &format!("-mmacosx-version-min={OLDEST_MACOS}")].map(str::to_owned);
        if ON_A_MAC { flags.into() } else { Vec::new() }
    }

    fn runtime_parts(&self, _: &Project, _: &Target) -> Result<Vec<Part>> {
        // All of it is in libSystem.
        Ok(Vec::new())
    }

    fn put_libraries(
        &self,
        project: &Project,
        target: &Target,
        built: &Built,
        tree: &Tree,
    ) -> Result<Linkage> {
        let (version, abi) = (project.library_version(), project.abi_number());
        let (file, name) = (format!("libmlab.{version}.dylib"), format!("libmlab.{abi}.dylib"));
        let made = built.scratch.join(&file);
        if ON_A_MAC {
            let strip = Tool::new("strip").args(["-x", "-o"]);
            strip.args([&made, &built.folder.join("libmlab.dylib")]).run(&built.scratch)?;
        } else {
            link_again(project, target, built, &name, &made)?;
        }
        tree.copy(&made, &tree.library(&file))?;
        tree.link(&file, &tree.library(&name))?;
        tree.link(&name, &tree.library("libmlab.dylib"))?;
        let archive = built.scratch.join("libmlab.a");
        let strip = if ON_A_MAC { Tool::new("strip") } else { Tool::llvm("llvm-strip")? };
        strip.args(["-S", "-o"]).args([&archive, &built.folder.join("libmlab.a")]).run(&built.scratch)?;
        tree.copy(&archive, &elf::archive(tree))?;
        Ok(Linkage {
            cmake_shared: format!(
                "IMPORTED_LOCATION \"${{_mlab_prefix}}/{}\"\n        IMPORTED_SONAME \"@rpath/{name}\"",
                tree.library(&file)
            ),
            archive: elf::archive(tree),
            debug_files: Vec::new(),
        })
    }
}

/// As Apple's tools spell it.
fn arch(target: &Target) -> &str {
    if target.arch() == "aarch64" { "arm64" } else { target.arch() }
}

/// Makes the shared library of what is in the static one. Zig's linker does not read rustc's list of what may be seen from
/// outside, and leaves names of Rust's standard library among ours.
fn link_again(project: &Project, target: &Target, built: &Built, name: &str, made: &Path) -> Result<()> {
    let stubs = project.root().join("packaging/apple-stubs");
    let names: Vec<String> = project.symbols()?.iter().map(|name| format!("_{name}")).collect();
    Tree::at(&built.scratch).write("exported.txt", names.join("\n") + "\n")?;
    Tool::llvm("ld64.lld")?
        .args(["-dylib", "-arch", arch(target), "-platform_version", "macos", OLDEST_MACOS, OLDEST_MACOS])
        .args(["-install_name", &format!("@rpath/{name}"), "-current_version", project.library_version()])
        .args(["-exported_symbols_list", "exported.txt", "-dead_strip", "-x"])
        .args(names.iter().flat_map(|name| ["-u", name]))
        .args([format!("-F{}", stubs.join("System/Library/Frameworks").display())])
        .args(["-framework", "Security", "-framework", "CoreFoundation"])
        .args([stubs.join("libSystem.tbd"), built.folder.join("libmlab.a")])
        .args(["-o".as_ref(), made.as_os_str()])
        .run(&built.scratch)
}
