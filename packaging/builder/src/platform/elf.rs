//! Linux and Android: ELF files, by the GNU binutils.

use super::Linker;
use crate::cargo::{Built, Toolchain, linker_variable};
use crate::files::{self, Tree};
use crate::{Project, Result, Target};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// The static library, in a folder of its own: beside the shared one, every linker would take that.
pub(crate) fn archive(tree: &Tree) -> String {
    tree.library("static/libmlab.a")
}

/// What objcopy takes out of a static library: debug information, names that nothing refers to, and the bitcode for link-time
/// optimisation by the very same compiler, which a C program's linker is not.
pub(crate) const WITHOUT_DEBUG: [&str; 4] =
    ["--strip-debug", "--strip-unneeded", "--remove-section=.llvmbc", "--remove-section=.llvmcmd"];

/// Lets packaging/versioned-link.sh link in place of the platform's linker, and that one in turn.
pub(crate) fn versioned(project: &Project, target: &Target, linker: Linker) -> Vec<(String, OsString)> {
    let variable = linker_variable(target);
    let script = project.root().join("packaging/versioned-link.sh");
    let mut variables = vec![(variable.clone(), script.into())];
    let linker = match linker {
        Linker::Usual => env::var_os(&variable).unwrap_or_else(|| "cc".into()),
        Linker::Program(program) => program.into(),
        // As cargo-zigbuild's own script does. Zig compiles what unwinds the stack by itself, with debug information that
        // names the folder it was run in, and keeps it for whoever links next: so it runs at the root, and keeps it here.
        Linker::Zig => {
            variables.push(("ZIG_GLOBAL_CACHE_DIR".to_owned(), target.scratch(project).join("zig").into()));
            format!("env -C / cargo-zigbuild zig cc -- -g -fno-sanitize=all -target {}", target.zig()).into()
        }
    };
    variables.push(("MLAB_LINKER".to_owned(), linker));
    variables
}

/// The shared library for programs and, apart, its debug information with the link between the two.
#[derive(Debug)]
pub(crate) struct Split {
    pub(crate) stripped: PathBuf,
    pub(crate) debug: PathBuf,
}

/// Splits a shared library; `name` is what the two will be called. Nothing says where the `hidden` folder and the standard
/// library's sources were.
pub(crate) fn split(
    target: &Target,
    library: &Path,
    name: &str,
    scratch: &Path,
    hidden: Option<&Path>,
) -> Result<Split> {
    let debug = scratch.join(format!("{name}.debug"));
    let stripped = scratch.join(name);
    let objcopy = || target.binutil("objcopy");
    objcopy().args(["--only-keep-debug"]).args([library, &debug]).run(scratch)?;
    let mut bytes = fs::read(&debug).map_err(|e| files::at(&debug, &e))?;
    let of_std = Toolchain::of(target)?.std_folder()?;
    hidden.into_iter().chain([of_std.as_path()]).for_each(|folder| blank_out(&mut bytes, folder));
    fs::write(&debug, bytes).map_err(|e| files::at(&debug, &e))?;
    objcopy().args(["--compress-debug-sections"]).args([&debug]).run(scratch)?;
    // The link holds the name and a sum of the file.
    let link = format!("--add-gnu-debuglink={}", debug.display());
    objcopy().args(["--strip-all", &link]).args([library, &stripped]).run(scratch)?;
    Ok(Split { stripped, debug })
}

/// Puts slashes in place of a folder: debug information finds its texts by where they lie, and many slashes are one.
fn blank_out(bytes: &mut [u8], folder: &Path) {
    let folder = folder.as_os_str().as_encoded_bytes();
    let mut at = 0;
    while at + folder.len() <= bytes.len() {
        if bytes[at..].starts_with(folder) {
            bytes[at..at + folder.len()].fill(b'/');
            at += folder.len();
        } else {
            at += 1;
        }
    }
}

/// The static library as one object in which nothing but ours can be seen, so that it links beside any other one that Rust
/// made, whose standard library has the same names.
pub(crate) fn put_archive(project: &Project, target: &Target, built: &Built, tree: &Tree) -> Result<()> {
    let symbols = project.symbols()?;
    let (whole, hidden) = (built.scratch.join("whole.o"), built.scratch.join("mlab.o"));
    // Begun at our functions, the linker leaves out what they never reach.
    let wanted = symbols.iter().map(|name| format!("--undefined={name}"));
    target
        .binutil("ld")
        .args(["--relocatable", "--gc-sections", "-o"])
        .args([&whole])
        .args(wanted)
        .args([built.folder.join("libmlab.a")])
        .run(&built.scratch)?;

    // Two more names are to be seen: the compiler refers to both from every unwind table, and the linker merges those of
    // two libraries only if it sees them. Weak, so that neither is a duplicate.
    let names =
        symbols.iter().map(String::as_str).chain(["rust_eh_personality", "DW.ref.rust_eh_personality"]);
    let seen = built.scratch.join("seen-symbols.txt");
    let list = names.map(|name| format!("{name}\n")).collect::<String>();
    Tree::at(&built.scratch).write("seen-symbols.txt", list)?;
    target
        .binutil("objcopy")
        .args([format!("--keep-global-symbols={}", seen.display())])
        .args(["--weaken-symbol=rust_eh_personality"])
        .args(WITHOUT_DEBUG)
        .args([&whole, &hidden])
        .run(&built.scratch)?;

    let archive = built.scratch.join("libmlab.a");
    Tree::at(&built.scratch).remove("libmlab.a")?;
    // D: no time, no owner.
    target
        .binutil("ar")
        .args(["rcsD".as_ref(), archive.as_os_str(), hidden.as_os_str()])
        .run(&built.scratch)?;
    tree.copy(&archive, &self::archive(tree))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_blanked_out_leaves_every_text_where_it_was() {
        let mut bytes = *b"\0/home/me/zig/a.c\0/home/me/zig\0/home/you\0/home/me";
        blank_out(&mut bytes, Path::new("/home/me"));
        assert_eq!(&bytes, b"\0/////////zig/a.c\0/////////zig\0/home/you\0////////".as_slice());
    }
}
