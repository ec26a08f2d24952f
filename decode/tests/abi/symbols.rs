//! Three lists that must be one: what the shared library exports, what the header declares, what tests/symbols.txt
//! has with the version that introduced it. And what the shared library is called and needs.

use crate::built::{library, output, tool};
use crate::page;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What a C program has in its process anyway.
const LIBC_AND_ITS_KIN: [&str; 7] =
    ["libc.so.", "libgcc_s.so.", "libm.so.", "libpthread.so.", "libdl.so.", "librt.so.", "ld-linux"];

/// tests/symbols.txt: each function with the version that introduced it.
pub(crate) fn list() -> BTreeMap<String, String> {
    let rows = include_str!("../symbols.txt").lines();
    rows.map(|row| row.split_once(' ').unwrap_or_else(|| panic!("no version: {row}")))
        .map(|(name, since)| (name.to_owned(), since.to_owned()))
        .collect()
}

#[test]
fn the_list_is_sorted_and_no_version_is_of_the_future() {
    assert!(include_str!("../symbols.txt").lines().is_sorted());
    let number = |version: &str| version.split('.').map(|p| p.parse().expect(version)).collect::<Vec<u32>>();
    for (name, since) in list() {
        assert!(
            name.starts_with("mlab_decode_") && number(&since) <= number(env!("CARGO_PKG_VERSION")),
            "{name}"
        );
    }
}

#[test]
fn the_header_declares_the_functions_of_the_list() {
    let declared: BTreeSet<String> = page::functions().into_iter().map(|function| function.name).collect();
    assert_eq!(declared, list().into_keys().collect());
}

#[test]
fn the_shared_library_exports_the_functions_of_the_list() {
    let Some(nm) = tool("nm") else { return };
    let symbols = output(Command::new(nm).args(["--dynamic", "--defined-only"]).arg(&library().shared));
    let exported = symbols.lines().filter_map(|line| line.split_whitespace().last()).map(str::to_owned);
    assert_eq!(exported.collect::<BTreeSet<_>>(), list().into_keys().collect());
}

#[test]
fn the_shared_library_is_called_by_its_abi_and_needs_libc_and_its_kin_alone() {
    let Some(readelf) = tool("readelf") else { return };
    let section = output(Command::new(readelf).args(["--dynamic", "--wide"]).arg(&library().shared));
    let values = |kind: &str| -> Vec<&str> {
        let lines = section.lines().filter(|line| line.contains(kind));
        lines.filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0)).collect()
    };
    let abi = crate::support::library::ffi::mlab_decode_abi_version();
    assert_eq!(values("(SONAME)"), [format!("libmlab_decode.so.{abi}")]);
    assert!(page::header().contains(&format!("#define MLAB_DECODE_ABI_VERSION {abi}\n")));
    for name in values("(NEEDED)") {
        assert!(LIBC_AND_ITS_KIN.iter().any(|kin| name.starts_with(kin)), "{name}");
    }
}
