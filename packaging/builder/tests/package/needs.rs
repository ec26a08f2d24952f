//! What the shared library and the program ask of the system.

use crate::fixture::package;
use crate::machine::{is_apple, is_windows, machine};
use crate::symbols::{binutil, dynamic, shared};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What the system loads.
fn loaded() -> [PathBuf; 2] {
    [shared(), package().prefix.join(format!("bin/mlab{}", machine().exe))]
}

/// The libraries that a file names.
pub(crate) fn needed(file: &Path) -> BTreeSet<String> {
    if is_apple() {
        let said = binutil("objdump", &["--macho", "--dylibs-used"], file);
        let lines = said.lines().filter_map(|line| line.trim().split_once(" (compatibility"));
        return lines.map(|(path, _)| path.to_owned()).collect();
    }
    if is_windows() {
        let said = binutil("objdump", &["--private-headers"], file);
        let names = said.lines().filter_map(|line| line.trim().strip_prefix("DLL Name: "));
        return names.map(str::to_lowercase).collect();
    }
    let names = dynamic(file).into_iter().filter(|(tag, _)| tag == "NEEDED");
    names.filter_map(|(_, v)| Some(v.split_once('[')?.1.trim_end_matches(']').to_owned())).collect()
}

#[test]
fn the_system_needs_nothing_but_its_c_library() {
    let allowed: &[&str] = match package().target.triple() {
        // Windows' own.
        triple if triple.contains("windows") => &[
            "advapi32.dll",
            "bcrypt.dll",
            "bcryptprimitives.dll",
            "crypt32.dll",
            "kernel32.dll",
            "msvcrt.dll",
            "ntdll.dll",
            "shell32.dll",
            "userenv.dll",
            "ws2_32.dll",
            "api-ms-win-core-synch-l1-2-0.dll",
        ],
        // Its C library, and the certificates of the system.
        triple if triple.contains("apple") => &[
            "/usr/lib/libSystem.B.dylib",
            "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation",
            "/System/Library/Frameworks/Security.framework/Versions/A/Security",
        ],
        triple if triple.contains("musl") => &["libc.so"],
        // glibc before 2.34 is in several files.
        _ => &[
            "ld-linux-x86-64.so.2",
            "ld-linux-aarch64.so.1",
            "libc.so.6",
            "libdl.so.2",
            "libgcc_s.so.1",
            "libpthread.so.0",
        ],
    };
    let abi = package().project.abi_number();
    let own = ["mlab.dll".to_owned(), format!("libmlab.so.{abi}"), format!("@rpath/libmlab.{abi}.dylib")];
    for file in loaded() {
        let mut needed = needed(&file);
        // A Mac's library names itself.
        needed.retain(|name| !own.contains(name));
        let is_allowed = |name: &String| allowed.contains(&name.as_str());
        assert!(!needed.is_empty() && needed.iter().all(is_allowed), "{}: {needed:?}", file.display());
    }
}

#[test]
fn an_old_glibc_is_enough_where_that_is_promised() {
    let Some(promised) = package().target.glibc() else { return };
    let version =
        |text: &str| -> Vec<u32> { text.split('.').map(|n| n.parse().expect("a number")).collect() };
    for file in loaded() {
        let said = binutil("readelf", &["--version-info", "--wide"], &file);
        let names = said.split("Name: GLIBC_").skip(1).filter_map(|rest| rest.split_whitespace().next());
        let newest = names.map(version).max().expect("some version of glibc");
        assert!(newest <= version(promised), "{}: {newest:?} is newer than {promised}", file.display());
    }
}

#[test]
fn an_old_macos_is_enough() {
    if !is_apple() {
        return;
    }
    for file in loaded() {
        let headers = binutil("objdump", &["--macho", "--private-headers"], &file);
        let build = headers.split("cmd LC_BUILD_VERSION").nth(1).expect("a version of the system");
        let has = |name, value| build.lines().take(6).any(|line| line.split_whitespace().eq([name, value]));
        assert!(has("platform", "macos") && has("minos", "11.0"), "{}: {build}", file.display());
        // A processor of Apple's runs no code without one.
        let is_signed = headers.contains("cmd LC_CODE_SIGNATURE");
        assert!(is_signed || !package().target.triple().starts_with("aarch64"), "{}", file.display());
    }
}

/// Bytes that the shared library may have: some two in a hundred more than it had when this was written.
const SIZES: [(&str, u64); 4] = [
    ("x86_64-unknown-linux-gnu", 2_900_000),
    ("x86_64-unknown-linux-gnu.2.17", 2_930_000),
    ("aarch64-unknown-linux-gnu.2.17", 2_570_000),
    ("aarch64-apple-darwin", 2_470_000),
];

#[test]
fn the_shared_library_is_no_larger_than_it_was() {
    let Some((_, bar)) = SIZES.into_iter().find(|(target, _)| *target == package().target.name()) else {
        return;
    };
    let size = std::fs::metadata(shared()).expect("the library").len();
    println!("{}: {size} bytes, stripped", shared().display());
    assert!(size < bar, "{size} bytes; the bar is {bar}");
}
