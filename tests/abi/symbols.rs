//! Three lists that must be one: what the shared library exports, what the header declares, what
//! tests/abi/symbols.txt has with the version that introduced it. And what the shared library is called and needs. The
//! package that is handed out is asked the same by packaging/builder/tests.

use crate::support::{library, tool};
use mlab_bindings::declarations as header;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// What a C program has in its process anyway.
const LIBC_AND_ITS_KIN: [&str; 7] =
    ["libc.so.", "libgcc_s.so.", "libm.so.", "libpthread.so.", "libdl.so.", "librt.so.", "ld-linux"];

/// tests/abi/symbols.txt: each function with the version that introduced it.
pub(crate) fn list() -> BTreeMap<String, String> {
    let rows = include_str!("symbols.txt").lines();
    rows.map(|row| {
        let (name, since) = row.split_once(' ').unwrap_or_else(|| panic!("no version: {row}"));
        (name.to_owned(), since.to_owned())
    })
    .collect()
}

/// What a tool says of a file.
pub(crate) fn output(command: &mut Command) -> String {
    let done = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("names are ASCII")
}

/// The values of one kind of entry in the shared library's dynamic section: `(SONAME)`, `(NEEDED)`.
fn dynamic(readelf: &Path, kind: &str) -> Vec<String> {
    let section = output(Command::new(readelf).args(["--dynamic", "--wide"]).arg(&library().shared));
    let value = |line: &str| Some(line.split_once('[')?.1.split_once(']')?.0.to_owned());
    section.lines().filter(|line| line.contains(kind)).filter_map(value).collect()
}

#[test]
fn the_list_is_sorted_and_every_version_is_one_that_was() {
    let rows: Vec<&str> = include_str!("symbols.txt").lines().collect();
    assert!(rows.is_sorted() && !rows.is_empty());
    let number =
        |version: &str| version.split('.').map(|p| p.parse::<u32>().expect(version)).collect::<Vec<_>>();
    let now = number(env!("CARGO_PKG_VERSION"));
    for (name, since) in list() {
        assert!(name.starts_with("mlab_") && number(&since) <= now, "{name} {since}");
    }
}

#[test]
fn the_header_declares_the_functions_of_the_list() {
    let declared: BTreeSet<String> = header::functions().into_iter().map(|function| function.name).collect();
    assert_eq!(declared, list().into_keys().collect());
}

#[test]
fn the_shared_library_exports_the_functions_of_the_list() {
    let Some(nm) = tool("nm") else { return };
    let symbols = output(Command::new(&nm).args(["--dynamic", "--defined-only"]).arg(&library().shared));
    let exported = symbols.lines().filter_map(|line| line.split_whitespace().last()).map(str::to_owned);
    assert_eq!(exported.collect::<BTreeSet<_>>(), list().into_keys().collect());
}

#[test]
fn the_soname_has_the_number_of_the_abi() {
    let Some(readelf) = tool("readelf") else { return };
    let constants = header::constants();
    let number = &constants.iter().find(|c| c.name == "MLAB_ABI_VERSION").expect("the ABI's number").value;
    let wanted = format!("libmlab.so.{number}");
    assert_eq!(dynamic(&readelf, "(SONAME)"), [wanted.as_str()]);
}

#[test]
fn the_shared_library_needs_libc_and_its_kin_alone() {
    let Some(readelf) = tool("readelf") else { return };
    let needed = dynamic(&readelf, "(NEEDED)");
    assert!(needed.iter().any(|name| name.starts_with("libc.so.")), "{needed:?}");
    for name in needed {
        assert!(LIBC_AND_ITS_KIN.iter().any(|kin| name.starts_with(kin)), "{name}");
    }
}
