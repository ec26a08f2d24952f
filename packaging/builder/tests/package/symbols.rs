//! What the shared library shows of itself.

use crate::fixture::{outcome, package, run};
use crate::machine::{is_apple, is_windows, runnable};
use crate::server;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) fn shared() -> PathBuf {
    let name = match package().target.triple() {
        triple if triple.contains("windows") => "bin/mlab.dll",
        triple if triple.contains("apple") => "lib/libmlab.dylib",
        _ => "lib/libmlab.so",
    };
    package().prefix.join(name)
}

pub(crate) fn binutil(name: &str, arguments: &[&str], file: &Path) -> String {
    run(Command::new(package().target.binutil_name(name)).args(arguments).arg(file))
}

/// The functions that a program can call, with their addresses.
fn exports() -> Vec<(String, String)> {
    if is_windows() {
        return exports_of_the_dll();
    }
    if is_apple() {
        return exports_of_the_dylib();
    }
    let said = binutil("nm", &["--dynamic", "--defined-only", "--without-symbol-versions"], &shared());
    let words = said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    // The nodes of versions are in the table too, as absolute symbols.
    let functions = words.filter(|words| words[1] != "A");
    functions.map(|words| (words[2].to_owned(), format!("0x{}", words[0]))).collect()
}

/// From what the loader of a Mac reads: addresses, then names with a line before them.
fn exports_of_the_dylib() -> Vec<(String, String)> {
    let said = binutil("objdump", &["--macho", "--exports-trie"], &shared());
    let rows = said.lines().filter_map(|line| line.split_once("_").filter(|_| line.starts_with("0x")));
    rows.map(|(address, name)| (name.trim().to_owned(), address.trim().to_owned())).collect()
}

/// From objdump's tables of a DLL: addresses by number, then names by number.
fn exports_of_the_dll() -> Vec<(String, String)> {
    let said = binutil("objdump", &["--private-headers"], &shared());
    let base = said.lines().find_map(|line| line.strip_prefix("ImageBase")).expect("a base").trim();
    let base = u64::from_str_radix(base, 16).expect("a number");
    let number = |line: &str| {
        let (number, rest) = line.trim().strip_prefix('[')?.split_once(']')?;
        Some((number.trim().parse::<usize>().ok()?, rest.to_owned()))
    };
    let (addresses, names) = said.split_once("[Ordinal/Name Pointer] Table").expect("two tables");
    let addresses = addresses.split_once("Export Address Table").expect("a table").1;
    let addresses: Vec<u64> = addresses
        .lines()
        .filter_map(number)
        .filter_map(|(_, rest)| rest.split("+base[").nth(1)?.split_whitespace().nth(1).map(str::to_owned))
        .map(|text| base + u64::from_str_radix(&text, 16).expect("an address"))
        .collect();
    let names = names.lines().skip(1).map_while(number).filter_map(|(at, rest)| {
        let name = rest.split_whitespace().last()?.to_owned();
        Some((name, format!("{:#x}", addresses.get(at)?)))
    });
    names.collect()
}

pub(crate) fn address_of(function: &str) -> String {
    let found = exports().into_iter().find(|(name, _)| name == function);
    found.unwrap_or_else(|| panic!("{function} is not exported")).1
}

pub(crate) fn symbols() -> BTreeSet<String> {
    package().project.symbols().expect("the list").into_iter().collect()
}

#[test]
fn the_shared_library_exports_the_listed_functions_and_nothing_else() {
    assert_eq!(exports().into_iter().map(|(name, _)| name).collect::<BTreeSet<_>>(), symbols());
}

/// The versions of the exported functions: `name@@MLAB_0.1`, as nm writes what a program is linked with.
fn versions() -> BTreeSet<String> {
    let said = binutil("nm", &["--dynamic", "--defined-only", "--with-symbol-versions"], &shared());
    let words = said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    words.filter(|words| words[1] != "A").map(|words| words[2].to_owned()).collect()
}

#[test]
fn each_function_has_the_version_that_introduced_it() {
    if is_windows() || is_apple() {
        return; // Only ELF files know versions of symbols.
    }
    let list = package().project.root().join("tests/abi/symbols.txt");
    let list = std::fs::read_to_string(list).expect("the list");
    let wanted: BTreeSet<String> = list
        .lines()
        .map(|row| {
            let (name, since) = row.split_once(' ').expect("a version");
            format!("{name}@@MLAB_{}", since.rsplit_once('.').expect("three numbers").0)
        })
        .collect();
    assert_eq!(versions(), wanted);
}

/// It was linked with symbols of those versions; the loader would say so if it found none.
#[test]
fn a_program_of_the_last_release_runs_with_the_shared_library() {
    if package().target.triple() != "x86_64-unknown-linux-gnu" {
        return; // It is kept for this one.
    }
    let program = package().project.root().join("tests/abi/released/program-x86_64-linux-gnu");
    let server = server::start();
    let mut command = runnable(&program);
    server::describe(&mut command, &server);
    let (done, said) = outcome(command.env("LD_LIBRARY_PATH", package().prefix.join("lib")));
    assert!(done.status.success() && said == "all is as it was\n", "{}: {said}", done.status);
}

/// From `readelf --dynamic`: a tag and its value.
pub(crate) fn dynamic(file: &Path) -> Vec<(String, String)> {
    let said = binutil("readelf", &["--dynamic", "--wide"], file);
    let entries = said.lines().filter_map(|line| line.trim().strip_prefix("0x")?.split_once(" ("));
    let entries = entries.filter_map(|(_, rest)| rest.split_once(')'));
    entries.map(|(tag, value)| (tag.to_owned(), value.trim().to_owned())).collect()
}

#[test]
fn the_loader_is_told_the_abi_number_and_to_keep_the_code() {
    if is_windows() || is_apple() {
        return; // Windows' loader knows neither: the file's name is the name, and the library pins itself. For a Mac see below.
    }
    let tags = dynamic(&shared());
    let has = |tag: &str, value: &str| tags.iter().any(|(t, v)| t == tag && v.contains(value));
    assert!(has("SONAME", &format!("[libmlab.so.{}]", package().project.abi_number())), "{tags:?}");
    assert!(has("FLAGS_1", "NODELETE"), "{tags:?}");
}

#[test]
fn the_loader_of_a_mac_is_told_the_abi_number() {
    if !is_apple() {
        return;
    }
    // What a plain build makes too: where no Mac is, the package's own is linked anew.
    let built = package().target.built(&package().project).join("libmlab.dylib");
    for library in [shared(), built] {
        let id = binutil("objdump", &["--macho", "--dylib-id"], &library);
        let wanted = format!("@rpath/libmlab.{}.dylib", package().project.abi_number());
        assert_eq!(id.lines().last(), Some(wanted.as_str()), "{id}");
    }
}
