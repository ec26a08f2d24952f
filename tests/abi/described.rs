//! The types of the last release as abidw describes them, compared by abidiff: with what this header declares, and with what
//! the library exports.
//!
//! Described is a library of empty functions, compiled from the header alone: its types are those of C, opaque where the
//! header leaves them opaque, and nothing of Rust's own comes into it. That the header says what the source says is shown
//! by `generated.rs`, and what the library exports is compared with its own symbols.

use crate::released::{HOW_TO_ADD, folder, has_the_last_releases_version, header_in};
use crate::support::{library, run, tool};
use mlab_bindings::declarations::{constants_of, functions_of, text};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What abidiff's exit status is made of; 1 and 2 are its own trouble (abidiff(1), "Return values").
const CHANGED: i32 = 4;

fn abi_number(header: &str) -> String {
    let constants = constants_of(header);
    constants.into_iter().find(|c| c.name == "MLAB_ABI_VERSION").expect("the ABI's number").value
}

/// A library of empty functions with these declarations; None if there is no gcc, by whose names for C's types they are
/// described.
fn stubs(name: &str, header: &str) -> Option<PathBuf> {
    let gcc = tool("gcc")?;
    let scratch = header_in(&format!("described-{name}"), header);
    let mut source = String::from("#include <mlab.h>\n");
    for function in functions_of(header, "MLAB_API") {
        let parameters: Vec<String> =
            function.parameters.iter().map(|p| format!("{} {}", p.kind, p.name)).collect();
        let parameters = if parameters.is_empty() { "void".to_owned() } else { parameters.join(", ") };
        let end = if function.returns == "void" { "" } else { " return 0; " };
        // What is passed in and not used is the point of an empty function.
        let _ = writeln!(source, "{} {}({parameters}) {{{end}}}", function.returns, function.name);
    }
    fs::write(scratch.join("stubs.c"), source).expect("a file in the target folder");
    let built = scratch.join("libmlab.so");
    // Freestanding: the compiler's own <stdint.h>, whatever the C library is.
    run(Command::new(gcc)
        .args(["-std=c99", "-ffreestanding", "-g", "-fPIC", "-shared", "-nostdlib"])
        .arg(format!("-Wl,-soname,libmlab.so.{}", abi_number(header)))
        .args(["-I.", "stubs.c", "-o", "libmlab.so"])
        .current_dir(&scratch))
    .unwrap_or_else(|why| panic!("{why}"));
    Some(built)
}

/// What abidw says of a header; None if there is no abidw.
pub(crate) fn description(name: &str, header: &str) -> Option<String> {
    let abidw = tool("abidw")?;
    let stubs = stubs(name, header)?;
    let written = stubs.with_extension("abi");
    run(Command::new(abidw)
        .args(["--no-show-locs", "--no-comp-dir-path", "--no-corpus-path", "--no-architecture"])
        .args(["--no-elf-needed", "--no-parameter-names", "--out-file"])
        .args([&written, &stubs]))
    .unwrap_or_else(|why| panic!("{why}"));
    Some(fs::read_to_string(written).expect("abidw wrote it"))
}

/// How a library, or a description of one, breaks programs of the release that `old` describes; empty if it does not.
fn breaks(abidiff: &Path, old: &Path, new: &Path) -> String {
    differences(abidiff, &["--no-added-syms"], old, new)
}

fn differences(abidiff: &Path, but: &[&str], old: &Path, new: &Path) -> String {
    let mut command = Command::new(abidiff);
    command.args(but).args(["--no-architecture", "--no-show-locs"]).args([old, new]);
    let done = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    match done.status.code() {
        Some(0) => String::new(),
        Some(status) if status & CHANGED != 0 => said,
        _ => panic!("{command:?} ({}): {said}", done.status),
    }
}

fn released() -> PathBuf {
    folder().join("mlab.abi")
}

#[test]
fn the_types_of_the_last_release_are_those_of_this_one() {
    let Some(abidiff) = tool("abidiff") else { return };
    let Some(now) = stubs("now", &text()) else { return };
    let found = breaks(&abidiff, &released(), &now);
    assert_eq!(found, "", "programs of the last release break");
}

/// As abidiff reads them, since each release of abidw writes them otherwise.
#[test]
fn under_the_last_releases_version_the_description_is_of_this_header() {
    let Some(abidiff) = tool("abidiff") else { return };
    let Some(now) = stubs("described", &text()) else { return };
    if has_the_last_releases_version(&text()) {
        let found = differences(&abidiff, &[], &released(), &now);
        assert_eq!(found, "", "tests/abi/released/mlab.abi is of another header; {HOW_TO_ADD}");
    }
}

#[test]
fn the_library_exports_what_the_last_release_exported_under_its_soname() {
    let (Some(abidiff), Some(strip)) = (tool("abidiff"), tool("strip")) else { return };
    // Its debug information describes Rust's types: without it, symbols and the SONAME are compared alone.
    let bare = library().programs.join("without-debug-information.so");
    run(Command::new(strip).arg("--strip-debug").arg(&library().shared).arg("-o").arg(&bare))
        .unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(breaks(&abidiff, &released(), &bare), "", "programs of the last release break");
}

/// A symbol that is gone, a parameter, a return value and a callback of another width, another SONAME.
#[test]
fn a_break_is_found_by_abidiff() {
    let Some(abidiff) = tool("abidiff") else { return };
    let header = text();
    let planted = [
        ("size_t mlab_client_pending(", "size_t mlab_client_waiting(", "mlab_client_pending"),
        ("uint64_t tag);", "uint32_t tag);", "mlab_request_set_tag"),
        ("int32_t mlab_result_attempts(", "int64_t mlab_result_attempts(", "mlab_result_attempts"),
        ("int32_t polls,", "int64_t polls,", "mlab_request_set_progress"),
    ];
    for (number, (old, new, wanted)) in planted.into_iter().enumerate() {
        assert!(header.contains(old), "{old}");
        let broken = stubs(&format!("planted-{number}"), &header.replacen(old, new, 1));
        let Some(broken) = broken else { return };
        let found = breaks(&abidiff, &released(), &broken);
        assert!(found.contains(wanted), "{old} -> {new}: {found:?}");
    }
    let description = fs::read_to_string(released()).expect("the description");
    let (old, new) = ("soname='libmlab.so.", "soname='libmlab.so.9");
    assert!(description.contains(old));
    let other = library().programs.join("other-soname.abi");
    fs::write(&other, description.replacen(old, new, 1)).expect("written");
    assert!(breaks(&abidiff, &released(), &other).contains("SONAME"));
}

#[test]
fn what_is_added_is_no_break_to_abidiff() {
    let Some(abidiff) = tool("abidiff") else { return };
    let (old, new) =
        ("\n#ifdef __cplusplus\n}\n", "\n/** Anew. */\nMLAB_API int32_t mlab_anew(mlab_result *result);\n");
    let header = text();
    assert!(header.contains(old));
    let grown = stubs("grown", &header.replacen(old, &format!("{new}{old}"), 1));
    let Some(grown) = grown else { return };
    assert_eq!(breaks(&abidiff, &released(), &grown), "");
    assert!(differences(&abidiff, &[], &released(), &grown).contains("mlab_anew"));
}

/// The command that writes it is one that anybody can repeat.
#[test]
fn the_description_is_the_same_each_time_and_of_no_machine() {
    let (Some(once), Some(again)) = (description("once", &text()), description("again", &text())) else {
        return;
    };
    assert_eq!(once, again);
    assert!(!once.contains(env!("CARGO_MANIFEST_DIR")) && !once.contains("/usr/"), "a path of this machine");
}
