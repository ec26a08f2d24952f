//! Generates `include/mlab.h` from the comments and signatures in `src/ffi`, and names the shared library.
//!
//! The header is committed, so that a package without write access builds, and rewritten where it disagrees with the
//! Rust; CI fails if that leaves a difference.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The number in the SONAME; `mlab_abi_version` returns the same, and a test compares the two.
const ABI_VERSION: u32 = 0;

/// The sections of the header, in the order of a reader's need: one file of `src/ffi` each.
const SECTIONS: &[&str] = &[
    "objects",
    "call",
    "result",
    "config",
    "log",
    "client",
    "request",
    "cancel",
    "jobs",
    "images",
    "transport",
    "identity",
];

fn main() {
    println!("cargo:rerun-if-changed=src/ffi");
    println!("cargo:rerun-if-changed=src/error.rs");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    println!("cargo:rerun-if-changed=include/mlab.h");
    name_the_library();
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let header = header(&root);
    let path = root.join("include/mlab.h");
    if fs::read_to_string(&path).ok().as_deref() != Some(&header) && fs::write(&path, &header).is_err() {
        println!("cargo:warning=include/mlab.h does not match the source and cannot be rewritten here");
    }
}

/// SONAME on ELF platforms. cargo-c, which sets `capi`, brings its own.
fn name_the_library() {
    let unix = env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|f| f == "unix");
    let apple = env::var("CARGO_CFG_TARGET_VENDOR").is_ok_and(|v| v == "apple");
    if unix && !apple && env::var_os("CARGO_FEATURE_CAPI").is_none() {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libmlab.so.{ABI_VERSION}");
        // A name lookup that the system will not give up may outlive dlclose: the code must stay where it is.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}

fn header(root: &Path) -> String {
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    let version = env::var("CARGO_PKG_VERSION").expect("set by cargo");
    let mut out = read("src/ffi/manual.h").replace("@VERSION@", &version);
    out.push_str(PREAMBLE);
    write!(out, "{}", versions(&version)).expect("a String takes all");
    out.push_str(&statuses(&read("src/error.rs")));
    for section in SECTIONS {
        let path = format!("src/ffi/{section}.rs");
        out.push_str(&introduction(&read(&path)));
        out.push_str(&declarations(root, &path));
    }
    out.push_str(EPILOGUE);
    out
}

const PREAMBLE: &str = r#"
#ifndef MLAB_H
#define MLAB_H

#include <stddef.h>
#include <stdint.h>

#ifndef MLAB_API
#if defined(_WIN32) && defined(MLAB_DLLIMPORT)
#define MLAB_API __declspec(dllimport)
#else
#define MLAB_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif
"#;

const EPILOGUE: &str = r"
#ifdef __cplusplus
}
#endif

#endif /* MLAB_H */
";

fn versions(version: &str) -> String {
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().expect("a plain version")).collect();
    let number = parts.iter().fold(0, |number, part| number << 8 | part);
    format!(
        "\n/** The version of this header; mlab_version() is that of the loaded library. */\n\
         #define MLAB_VERSION \"{version}\"\n\
         /** The same as a number: major * 65536 + minor * 256 + patch. */\n\
         #define MLAB_VERSION_NUMBER {number}\n\
         /** The ABI that a program compiled with this header needs. */\n\
         #define MLAB_ABI_VERSION {ABI_VERSION}\n"
    )
}

/// The rows `Name = number, c"C_NAME", "text";` of the status table in error.rs, which is the only place they stand.
fn statuses(source: &str) -> String {
    let table =
        source.split("statuses! {").last().and_then(|rest| rest.split("\n}").next()).expect("the table");
    let mut out = banner("Statuses", "What a call can come back with, and what to do about it.");
    for row in table.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let fields = row.split_once(" = ").and_then(|(_, rest)| {
            let (number, rest) = rest.split_once(", c\"")?;
            let (name, text) = rest.split_once("\", \"")?;
            Some((number, name, text.strip_suffix("\";")?))
        });
        let (number, name, text) = fields.unwrap_or_else(|| panic!("not a row of the status table: {row}"));
        let number = if number.starts_with('-') { format!("({number})") } else { number.to_owned() };
        write!(out, "/** {text} */\n#define {name} {number}\n").expect("a String takes all");
    }
    out
}

/// The text that opens a file of `src/ffi` opens its section.
fn introduction(source: &str) -> String {
    let lines: Vec<&str> = source.lines().map_while(|l| l.strip_prefix("//!")).map(str::trim).collect();
    let (title, text) = lines.split_first().expect("a title");
    banner(title, text.join("\n").trim())
}

fn banner(title: &str, text: &str) -> String {
    let line = "-".repeat(116);
    let text: String = text.lines().map(|line| format!(" * {line}\n")).collect();
    format!("\n/* {line}\n * {title}\n *\n{text} * {line} */\n\n")
}

fn declarations(root: &Path, path: &str) -> String {
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("a readable cbindgen.toml");
    let bindings = cbindgen::Builder::new()
        .with_config(config)
        .with_src(root.join(path))
        .generate()
        .unwrap_or_else(|e| panic!("{path}: {e}"));
    let mut bytes = Vec::new();
    bindings.write(&mut bytes);
    let text = String::from_utf8(bytes).expect("cbindgen writes UTF-8");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim())
}
