//! The static library for MinGW: one object in which nothing but ours can be seen, and beside it members that import from
//! the system's DLLs. Merged into one object, their tables would lose the ends by which the loader finds its way.

use super::elf;
use crate::cargo::Built;
use crate::files::Tree;
use crate::tools::Tool;
use crate::{Project, Result, Target};
use std::collections::BTreeSet;
use std::path::Path;

/// GNU's linker fills in the head of a DLL even where it only merges objects, if it sees the first name without its place.
const TLS: [&str; 2] = ["_tls_used=mlab_tls_used", "mlab_tls_used=_tls_used"];

/// What the compiler makes to reach a name from afar is one of those that the linker takes from whichever object comes first.
/// Hidden in ours, others would look for it in vain: it becomes data like any other.
const NOT_SHARED: &str = "--set-section-flags=.rdata$.refptr.*=alloc,load,readonly,data";

/// Puts `static/libmlab.a`.
pub(super) fn put(project: &Project, target: &Target, built: &Built, tree: &Tree) -> Result<()> {
    let scratch = &built.scratch;
    let work = Tree::empty(&scratch.join("archive"))?;
    work.write("imports/.keep", "")?;
    let code = work.root().join("code.a");
    let rename = target.binutil("objcopy").args(["--redefine-sym", TLS[0]]);
    rename.args([&built.folder.join("libmlab.a"), &code]).run(scratch)?;
    let imports = take_imports_out(work.root())?;

    let symbols = project.symbols()?;
    let wanted = symbols.iter().map(|name| format!("--undefined={name}"));
    let merge = target.binutil("ld").args(["--relocatable", "-o", "whole.o"]).args(wanted);
    merge.args(["code.a"]).run(work.root())?;
    work.write("seen-symbols.txt", symbols.join("\n") + "\n")?;
    let hide =
        target.binutil("objcopy").args(["--keep-global-symbols=seen-symbols.txt", "--redefine-sym", TLS[1]]);
    hide.args(elf::WITHOUT_DEBUG).args([NOT_SHARED, "whole.o", "mlab.o"]).run(work.root())?;

    let imports = needed(target, work.root(), &imports)?;
    name_tables(target, work.root(), &imports)?;
    let add = Tool::llvm("llvm-ar")?.args(["rcsD", "../libmlab.a", "../mlab.o"]).args(&imports);
    add.run(&work.root().join("imports"))?;
    tree.copy(&work.root().join("libmlab.a"), &elf::archive(tree))
}

/// Moves the members that import from code.a into a folder; gives their names.
fn take_imports_out(work: &Path) -> Result<Vec<String>> {
    let folder = work.join("imports");
    // LLVM's: GNU's would ask its plugins about the bitcode that Rust puts beside its code.
    let ar = |what: &str, members: &[String]| {
        Tool::llvm("llvm-ar")?.args([what, "../code.a"]).args(members).output(&folder)
    };
    let members = || -> Result<Vec<String>> {
        Ok(ar("t", &[])?.lines().filter(|name| dll_of(name).is_some()).map(str::to_owned).collect())
    };
    let mut names = members()?;
    names.sort_unstable();
    names.dedup();
    ar("x", &names)?;
    // Once a copy: several crates import from the same DLL, by members of the same names.
    while !members()?.is_empty() {
        ar("d", &names)?;
    }
    Ok(names)
}

/// From `ws2_32.dlls00145.o`, a member that imports one function, or from `ws2_32.dllh.o` and `ws2_32.dllt.o`, the head and
/// the tail of the table: the DLL.
fn dll_of(member: &str) -> Option<&str> {
    let (dll, kind) = member.strip_suffix(".o")?.rsplit_once(".dll")?;
    let number = kind.strip_prefix('s').unwrap_or_default();
    let is_function = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    (is_function || matches!(kind, "h" | "t")).then_some(dll)
}

/// Of all members those that mlab.o needs: Rust's crates offer every function of every DLL.
fn needed(target: &Target, work: &Path, imports: &[String]) -> Result<Vec<String>> {
    let said = target.binutil("nm").args(["--undefined-only", "mlab.o"]).output(work)?;
    let missing: BTreeSet<&str> = said.lines().filter_map(|line| line.split_whitespace().last()).collect();
    let used: BTreeSet<String> = defined(target, work, imports)?
        .into_iter()
        .filter(|(_, name)| missing.contains(name.as_str()))
        .map(|(member, _)| member)
        .collect();
    let dlls: BTreeSet<&str> = used.iter().filter_map(|member| dll_of(member)).collect();
    let is_needed = |member: &&String| {
        let is_end = member.ends_with(".dllh.o") || member.ends_with(".dllt.o");
        used.contains(*member) || is_end && dll_of(member).is_some_and(|dll| dlls.contains(dll))
    };
    Ok(imports.iter().filter(is_needed).cloned().collect())
}

/// The heads and tails of tables are named after the folder that rustc worked in; here after their DLL.
fn name_tables(target: &Target, work: &Path, imports: &[String]) -> Result<()> {
    let mut names = String::new();
    for (member, name) in defined(target, work, imports)? {
        let dll = dll_of(&member).unwrap_or_default();
        if name.starts_with("_head_") {
            names += &format!("{name} _mlab_imports_{dll}_head\n");
        } else if name.ends_with("_iname") {
            names += &format!("{name} _mlab_imports_{dll}_iname\n");
        }
    }
    Tree::at(work).write("imports/.names", names)?;
    for member in imports {
        target.binutil("objcopy").args(["--redefine-syms=.names", member]).run(&work.join("imports"))?;
    }
    Ok(())
}

/// Members with the names that they define.
fn defined(target: &Target, work: &Path, members: &[String]) -> Result<Vec<(String, String)>> {
    let tool = target.binutil("nm").args(["--print-file-name", "--defined-only"]).args(members);
    let said = tool.output(&work.join("imports"))?;
    let pair =
        |line: &str| Some((line.split_once(':')?.0.to_owned(), line.split_whitespace().last()?.to_owned()));
    Ok(said.lines().filter_map(pair).collect())
}
