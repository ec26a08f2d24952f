//! The program `mlab`, over the shared library of the same tree, and its man page.

use crate::cargo::Built;
use crate::files::Tree;
use crate::platform::Linker;
use crate::tools::Tool;
use crate::{Project, Result, Target};

const SOURCES: [&str; 2] = ["examples/c/mlab.c", "examples/c/show.c"];

/// Puts `bin/mlab`, which finds the library wherever the tree stands, and `share/man/man1/mlab.1`.
pub(crate) fn put(project: &Project, target: &Target, built: &Built, tree: &Tree) -> Result<()> {
    let name = if target.triple().contains("windows") { "mlab.exe" } else { "mlab" };
    let program = built.scratch.join("program").join(name);
    Tree::at(&built.scratch).write(&format!("program/{name}"), "")?;
    let libraries = tree.libraries();
    let find = match target.triple() {
        // Beside the program.
        triple if triple.contains("windows") => "-Wl,--no-insert-timestamp".to_owned(),
        triple if triple.contains("apple") => format!("-Wl,-rpath,@loader_path/../{libraries}"),
        _ => format!("-Wl,-rpath,$ORIGIN/../{libraries}"),
    };
    let include = project.root().join("include");
    compiler(target)
        .args(target.platform().c_flags(target))
        .args(["-std=c99", "-O2", "-s", "-I"])
        .args([&include])
        .args(SOURCES.map(|source| project.root().join(source)))
        // By a relative path: GNU ld sorts imports by the names of files, and must not care where this is done.
        .args(["-L", libraries, "-lmlab", &find, "-o"])
        .args([&program])
        .run(tree.root())?;
    tree.copy(&program, &format!("bin/{name}"))?;
    tree.copy(&project.root().join("packaging/mlab.1"), "share/man/man1/mlab.1")
}

/// What compiles C for the target: whatever links the library.
pub(crate) fn compiler(target: &Target) -> Tool {
    match target.platform().linker(target) {
        Linker::Usual => Tool::new("cc"),
        Linker::Program(program) => Tool::new(program),
        // Without the last word zig makes static programs for musl.
        Linker::Zig => {
            Tool::new("cargo-zigbuild").args(["zig", "cc", "--", "-target", &target.zig(), "-dynamic"])
        }
    }
}
