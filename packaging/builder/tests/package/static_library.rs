//! The static library: one object that shows the listed functions alone.

use crate::fixture::{package, run, scratch};
use crate::machine::{command, is_apple, is_windows, machine, runnable};
use crate::symbols::{binutil, symbols};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn library() -> PathBuf {
    package().prefix.join("lib/static/libmlab.a")
}

#[test]
fn the_static_library_shows_nothing_that_another_could_have_too() {
    let said = binutil("nm", &["--extern-only", "--defined-only"], &library());
    if is_apple() {
        // Nothing but a Mac's own linker hides names there: they are all that is promised.
        let shown: BTreeSet<&str> = said.lines().filter_map(|line| line.rsplit(" T _").next()).collect();
        return assert!(symbols().iter().all(|name| shown.contains(name.as_str())));
    }
    assert!(!said.contains("rustc"), "{said}");
    // What imports from a DLL stands in members of its own, which a program may meet twice.
    let ours = said.split("\n\n").find(|member| member.trim_start().starts_with("mlab.o:")).expect("mlab.o");
    let mut shown = BTreeSet::new();
    for words in ours.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()) {
        let [_, kind, name] = words[..] else { continue };
        let is_weak = matches!(kind, "V" | "W" | "v" | "w");
        assert_eq!(is_weak, !name.starts_with("mlab_"), "{kind} {name}");
        shown.insert(name.to_owned());
    }
    let personality = ["rust_eh_personality", "DW.ref.rust_eh_personality"].map(str::to_owned);
    assert!(shown.is_superset(&symbols()));
    assert!(shown.difference(&symbols()).all(|name| personality.contains(name)), "{shown:?}");
}

/// Bytes that it may have where it is one object: some ten in a hundred more than it had when this was written.
const SIZE: u64 = 6_750_000;

#[test]
fn the_static_library_is_one_object_without_debug_information_and_bitcode() {
    if is_apple() {
        return; // See above.
    }
    let said = binutil("objdump", &["--section-headers", "--wide"], &library());
    let members: Vec<&str> =
        said.lines().filter_map(|line| line.split_once(":     file format")).map(|(name, _)| name).collect();
    let code = members.iter().filter(|name| !is_import(name));
    assert_eq!(code.collect::<Vec<_>>(), [&"mlab.o"], "{members:?}");
    let sections = said.lines().filter_map(|line| line.split_whitespace().nth(1));
    let unwanted = |name: &&str| {
        [".debug_", ".zdebug_", ".llvmbc", ".llvmcmd"].iter().any(|start| name.starts_with(start))
    };
    assert_eq!(sections.filter(unwanted).collect::<Vec<_>>(), [""; 0]);
    let size = std::fs::metadata(library()).expect("the library").len();
    println!("{}: {size} bytes", library().display());
    assert!(size < SIZE, "{size} bytes; the bar is {SIZE}");
}

/// Whether a member is there to import from a DLL.
fn is_import(member: &str) -> bool {
    is_windows() && member.contains(".dll")
}

/// Another static library by the same compiler brings the same standard library: panics, threads, allocator and all.
#[test]
fn two_static_libraries_of_rust_work_in_one_program_in_either_order() {
    if is_apple() {
        return; // See above.
    }
    let consumer = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/consumer");
    let folder = scratch("two-libraries");
    let other = other_library(&folder, &consumer.join("other.rs"));
    let prefix = &package().prefix;
    for (name, order) in [("ours-first", [&library(), &other]), ("ours-last", [&other, &library()])] {
        let program = folder.join(format!("{name}{}", machine().exe));
        let mut compiler = command(machine().c);
        compiler
            .args(["-std=c99", "-Wall", "-Werror", "-I"])
            .arg(prefix.join("include"))
            .arg(consumer.join("two.c"));
        compiler.args(order).args(order).args(system_libraries()).args(machine().fully_static);
        run(compiler.arg("-o").arg(&program));
        if machine().runs {
            run(&mut runnable(&program));
        }
    }
}

/// Compiles the other one, with the standard library that is inside ours.
fn other_library(folder: &Path, source: &Path) -> PathBuf {
    let other = folder.join("libother.a");
    let (rustc, triple) = (package().target.rustc().expect("a compiler"), package().target.triple());
    let mut compiler = Command::new(&rustc);
    compiler.args(["--edition=2024", "--crate-type=staticlib", "-O", "--target", triple, "-o"]);
    compiler.arg(&other).arg(source);
    let installed = run(Command::new(&rustc).args(["--print=target-libdir", "--target", triple]));
    if !Path::new(installed.trim()).is_dir() {
        // It was compiled for the package, as bitcode alone.
        let built = package().target.built(&package().project).join("deps");
        compiler.env("RUSTC_BOOTSTRAP", "1").args(["-Zunstable-options", "-Clto=fat", "-L"]);
        compiler.arg(format!("dependency={}", built.display()));
        for name in ["std", "core", "alloc", "compiler_builtins", "panic_unwind"] {
            let path = newest(&built, &format!("lib{name}-"));
            compiler.arg("--extern").arg(format!("noprelude:{name}={}", path.display()));
        }
    }
    run(&mut compiler);
    other
}

/// The newest library whose name starts so: those of an older compiler may lie beside.
fn newest(folder: &Path, start: &str) -> PathBuf {
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable"));
    let files = files.filter(|file| {
        let name = file.file_name().to_string_lossy().into_owned();
        name.starts_with(start) && name.ends_with(".rlib")
    });
    let time = |file: &std::fs::DirEntry| file.metadata().and_then(|data| data.modified()).expect("a time");
    files.max_by_key(time).unwrap_or_else(|| panic!("no {start}*.rlib in {}", folder.display())).path()
}

pub(crate) fn system_libraries() -> Vec<String> {
    let mut tool = Command::new("pkg-config");
    tool.env("PKG_CONFIG_LIBDIR", package().prefix.join("lib/pkgconfig"));
    let said = run(tool.args(["--libs-only-l", "mlab-static"]));
    said.split_whitespace().map(str::to_owned).collect()
}
