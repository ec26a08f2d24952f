//! Puts `include/mlab.h` together: the introduction, the statuses, then one section a file of `src/`; and, from that,
//! `include/mlab.ffi.h` without comments and preprocessor, for languages that read declarations alone.

use super::ABI_VERSION;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "../core/src/status.rs"]
#[allow(dead_code, unreachable_pub, reason = "written for the library, which needs all of it")]
mod status;
use status::Status;

/// The file of the types, which stand before all sections.
const TYPES: &str = "src/objects.rs";

/// The sections of the header, in the order of a reader's need: one file of `src` each.
const SECTIONS: &[&str] = &[
    "call",
    "result",
    "config",
    "log",
    "client",
    "request",
    "cancel",
    "jobs",
    "event",
    "images",
    "transport",
    "exchange",
    "identity",
];

/// Writes both headers where they differ from what the source says; into another folder than `include` if
/// `MLAB_HEADER_DIR` names one.
pub(super) fn write() {
    println!("cargo:rerun-if-env-changed=MLAB_HEADER_DIR");
    for path in ["src", "build", "core/src/status.rs", "cbindgen.toml", "include"] {
        println!("cargo:rerun-if-changed={path}");
    }
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let folder = env::var_os("MLAB_HEADER_DIR").map_or_else(|| root.join("include"), PathBuf::from);
    let header = header(&root);
    for (name, text) in [("mlab.ffi.h", without_preprocessor(&header)), ("mlab.h", header)] {
        let path = folder.join(name);
        if fs::read_to_string(&path).ok().as_deref() != Some(&text) {
            fs::write(&path, &text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        }
    }
}

fn header(root: &Path) -> String {
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    let version = env::var("CARGO_PKG_VERSION").expect("set by cargo");
    let mut out = read("src/manual.h").replace("@VERSION@", &version);
    out.push_str(PREAMBLE);
    write!(out, "{}", versions(&version)).expect("a String takes all");
    out.push_str(&statuses());
    let mut sections = String::new();
    for section in SECTIONS {
        let path = format!("src/{section}.rs");
        sections.push_str(&introduction(&read(&path)));
        sections.push_str(&declarations(root, &path));
    }
    out.push_str(&types(&read(TYPES), &sections));
    out.push_str(&sections);
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
         /** Its first part. */\n\
         #define MLAB_VERSION_MAJOR {}\n\
         /** Its second part. */\n\
         #define MLAB_VERSION_MINOR {}\n\
         /** Its third part. */\n\
         #define MLAB_VERSION_PATCH {}\n\
         /** The ABI that a program compiled with this header needs. */\n\
         #define MLAB_ABI_VERSION {ABI_VERSION}\n",
        parts[0], parts[1], parts[2]
    )
}

const STATUSES: &str = "\
What a call can come back with, and what to do about it. Numbers are never changed or reused; new ones may be added.

     0           done
     1 to  19    fine, but not yet
    -1 to -19    ended on this side: an argument, your own end, this library or the system
   -20 to -39    no usable reply came: the way to the server
   -40 to -59    what the server said: account, job, its own trouble
   -60 to -79    images and files

mlab_status_group() sorts them by what to do. These are enumerators, so that #ifdef does not see them: compare
MLAB_VERSION_NUMBER instead.";

/// The table of statuses, as an enumeration.
fn statuses() -> String {
    let mut out = banner("Statuses", STATUSES);
    out.push_str("/**\n * What a call can come back with: MLAB_OK, fine but not yet, or an error.\n */\ntypedef enum mlab_statuses {\n");
    let text = |text: &'static std::ffi::CStr| text.to_str().expect("written in UTF-8");
    for status in Status::ALL {
        let (name, comment, number) = (text(status.c_name()), text(status.c_text()), status.code());
        writeln!(out, "    /** {comment} */\n    {name} = {number},").expect("a String takes all");
    }
    out.push_str("} mlab_statuses;\n");
    out
}

/// The types in the order of their file, each with its comment and its functions.
fn types(source: &str, sections: &str) -> String {
    let functions: Vec<&str> = sections
        .split("MLAB_API")
        .skip(1)
        .filter_map(|declaration| declaration.split_once('(')?.0.rsplit([' ', '*', '\n']).next())
        .collect();
    let mut out = introduction(source);
    let mut comment = String::new();
    for line in source.lines() {
        if let Some(text) = line.strip_prefix("///") {
            writeln!(comment, " *{text}").expect("a String takes all");
        } else if let Some(name) = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {")) {
            let own: Vec<&str> =
                functions.iter().filter(|f| f.starts_with(&format!("{name}_"))).copied().collect();
            let list = filled(" * Functions: ", &own);
            writeln!(out, "/**\n{comment} *\n{list} */\ntypedef struct {name} {name};\n")
                .expect("a String takes all");
            comment.clear();
        } else {
            comment.clear();
        }
    }
    out
}

/// Names with commas, wrapped as the comments are.
fn filled(start: &str, names: &[&str]) -> String {
    let (mut text, mut line) = (String::new(), start.to_owned());
    for (at, name) in names.iter().enumerate() {
        let end = if at + 1 == names.len() { '.' } else { ',' };
        if line.len() + name.len() > 118 {
            writeln!(text, "{}", line.trim_end()).expect("a String takes all");
            line = " * ".to_owned();
        }
        write!(line, "{name}(){end} ").expect("a String takes all");
    }
    writeln!(text, "{}", line.trim_end()).expect("a String takes all");
    text
}

/// What those read that run no preprocessor: the declarations alone.
fn without_preprocessor(header: &str) -> String {
    let mut code = String::new();
    let mut rest = header;
    while let Some((before, comment)) = rest.split_once("/*") {
        code.push_str(before);
        rest = comment.split_once("*/").expect("the end of a comment").1;
    }
    code.push_str(rest);
    let is_declaration = |line: &&str| {
        !line.trim().is_empty()
            && !line.starts_with('#')
            && !line.starts_with("extern \"C\"")
            && !["}", "MLAB_API"].contains(line)
    };
    let lines = code.lines().map(str::trim_end).filter(is_declaration);
    lines.map(|line| format!("{}\n", line.strip_prefix("MLAB_API ").unwrap_or(line))).collect()
}

/// The text that opens a file of `src` opens its section.
fn introduction(source: &str) -> String {
    let lines: Vec<&str> = source.lines().map_while(|l| l.strip_prefix("//!")).map(str::trim).collect();
    let (title, text) = lines.split_first().expect("a title");
    banner(title, text.join("\n").trim())
}

fn banner(title: &str, text: &str) -> String {
    let line = "-".repeat(116);
    let text: String = text.lines().map(|line| format!("{}\n", format!(" * {line}").trim_end())).collect();
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
