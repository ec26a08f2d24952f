//! What the libraries show of themselves, and what they ask of the system.

use crate::fixture::{outcome, package, run, scratch};
use crate::machine::{command, is_apple, is_windows, machine, runnable};
use crate::server;
use std::collections::BTreeSet;
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::Command;

fn shared() -> PathBuf {
    let name = match package().target.triple() {
        triple if triple.contains("windows") => "bin/mlab.dll",
        triple if triple.contains("apple") => "lib/libmlab.dylib",
        _ => "lib/libmlab.so",
    };
    package().prefix.join(name)
}

fn binutil(name: &str, arguments: &[&str], file: &Path) -> String {
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

fn symbols() -> BTreeSet<String> {
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
    command.env("MLAB_TEST_ENDPOINT", server.http_endpoint());
    let (done, said) = outcome(command.env("LD_LIBRARY_PATH", package().prefix.join("lib")));
    assert!(done.status.success() && said == "all is as it was\n", "{}: {said}", done.status);
}

#[test]
fn the_static_library_shows_nothing_that_another_could_have_too() {
    let library = package().prefix.join("lib/static/libmlab.a");
    let said = binutil("nm", &["--extern-only", "--defined-only"], &library);
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

/// From `readelf --dynamic`: a tag and its value.
fn dynamic() -> Vec<(String, String)> {
    let said = binutil("readelf", &["--dynamic", "--wide"], &shared());
    let entries = said.lines().filter_map(|line| line.trim().strip_prefix("0x")?.split_once(" ("));
    let entries = entries.filter_map(|(_, rest)| rest.split_once(')'));
    entries.map(|(tag, value)| (tag.to_owned(), value.trim().to_owned())).collect()
}

#[test]
fn the_loader_is_told_the_abi_number_and_to_keep_the_code() {
    if is_windows() || is_apple() {
        return; // Windows' loader knows neither: the file's name is the name, and the library pins itself. For a Mac see below.
    }
    let has = |tag: &str, value: &str| dynamic().iter().any(|(t, v)| t == tag && v.contains(value));
    assert!(has("SONAME", &format!("[libmlab.so.{}]", package().project.abi_number())), "{:?}", dynamic());
    assert!(has("FLAGS_1", "NODELETE"), "{:?}", dynamic());
}

#[test]
fn the_loader_of_a_mac_is_told_the_abi_number_and_the_oldest_system() {
    if !is_apple() {
        return;
    }
    let id = binutil("objdump", &["--macho", "--dylib-id"], &shared());
    let wanted = format!("@rpath/libmlab.{}.dylib", package().project.abi_number());
    assert_eq!(id.lines().last(), Some(wanted.as_str()), "{id}");
    let headers = binutil("objdump", &["--macho", "--private-headers"], &shared());
    let build = headers.split("cmd LC_BUILD_VERSION").nth(1).expect("a version of the system");
    let has = |name, value| build.lines().take(6).any(|line| line.split_whitespace().eq([name, value]));
    assert!(has("platform", "macos") && has("minos", "11.0"), "{build}");
    // A processor of Apple's runs no code without one.
    assert!(headers.contains("cmd LC_CODE_SIGNATURE") || !package().target.triple().starts_with("aarch64"));
}

#[test]
fn the_system_needs_nothing_but_its_c_library() {
    let needed: BTreeSet<String> = if is_apple() {
        let said = binutil("objdump", &["--macho", "--dylibs-used"], &shared());
        let lines = said.lines().filter_map(|line| line.trim().split_once(" (compatibility"));
        lines.map(|(path, _)| path.to_owned()).filter(|path| !path.starts_with("@rpath/libmlab.")).collect()
    } else if is_windows() {
        let said = binutil("objdump", &["--private-headers"], &shared());
        said.lines().filter_map(|line| Some(line.trim().strip_prefix("DLL Name: ")?.to_lowercase())).collect()
    } else {
        let needed = dynamic().into_iter().filter(|(tag, _)| tag == "NEEDED");
        needed.filter_map(|(_, v)| Some(v.split_once('[')?.1.trim_end_matches(']').to_owned())).collect()
    };
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
    assert!(needed.iter().all(|name| allowed.contains(&name.as_str())), "{needed:?}");
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

#[test]
fn an_old_glibc_is_enough_where_that_is_promised() {
    let Some(promised) = package().target.glibc() else { return };
    let version =
        |text: &str| -> Vec<u32> { text.split('.').map(|n| n.parse().expect("a number")).collect() };
    let said = binutil("readelf", &["--version-info", "--wide"], &shared());
    let asked: BTreeSet<Vec<u32>> = said
        .split("Name: GLIBC_")
        .skip(1)
        .filter_map(|rest| rest.split_whitespace().next())
        .map(version)
        .collect();
    let newest = asked.last().expect("some version of glibc");
    assert!(*newest <= version(promised), "{newest:?} is newer than {promised}");
}

/// Another static library by the same compiler brings the same standard library: panics, threads, allocator and all.
#[test]
fn two_static_libraries_of_rust_work_in_one_program_in_either_order() {
    let triple = package().target.triple();
    let installed = run(Command::new("rustc").args(["--print=target-libdir", "--target", triple]));
    if !Path::new(installed.trim()).is_dir() {
        // No second library can be built: there is no standard library of its own to put into it.
        let _ = writeln!(stderr(), "SKIPPED: two static libraries, without a standard library for {triple}");
        return;
    }
    let consumer = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/consumer");
    let folder = scratch("two-libraries");
    let other = folder.join("libother.a");
    run(Command::new("rustc")
        .args(["--edition=2024", "--crate-type=staticlib", "-O", "--target", triple, "-o"])
        .args([&other, &consumer.join("other.rs")]));
    let prefix = &package().prefix;
    let ours = prefix.join("lib/static/libmlab.a");
    for (name, order) in [("ours-first", [&ours, &other]), ("ours-last", [&other, &ours])] {
        let program = folder.join(format!("{name}{}", machine().exe));
        let mut compiler = command(machine().c);
        compiler
            .args(["-std=c99", "-Wall", "-Werror", "-I"])
            .arg(prefix.join("include"))
            .arg(consumer.join("two.c"));
        compiler.args(order).args(order).args(system_libraries()).args(machine().fully_static);
        run(compiler.arg("-o").arg(&program));
        run(&mut runnable(&program));
    }
}

pub(crate) fn system_libraries() -> Vec<String> {
    let mut tool = Command::new("pkg-config");
    tool.env("PKG_CONFIG_LIBDIR", package().prefix.join("lib/pkgconfig"));
    let said = run(tool.args(["--libs-only-l", "mlab-static"]));
    said.split_whitespace().map(str::to_owned).collect()
}
