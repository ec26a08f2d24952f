//! `include/mlab_decode.h` is what the source says: cbindgen's pages of it, an introduction, and the versions.
//!
//! The header is committed, so that nobody needs cbindgen to build the library. Where it disagrees with the source, the
//! test rewrites it and fails: look at the difference and run it again.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The number in the SONAME.
const ABI_VERSION: u32 = 0;

/// The least stack that tests/c/suite.c decodes in, in KiB.
const STACK: u32 = 128;

/// The sections in the order of a reader's need: one file of the source each.
const SECTIONS: [&str; 3] = ["src/status.rs", "src/image/kind.rs", "src/ffi.rs"];

const PREAMBLE: &str = r#"
#ifndef MLAB_DECODE_H
#define MLAB_DECODE_H

#include <stddef.h>
#include <stdint.h>

#ifndef MLAB_DECODE_API
#if defined(_WIN32) && defined(MLAB_DECODE_DLLIMPORT)
#define MLAB_DECODE_API __declspec(dllimport)
#else
#define MLAB_DECODE_API
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

#endif /* MLAB_DECODE_H */
";

#[test]
fn the_header_is_what_the_source_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/mlab_decode.h");
    let (committed, wanted) = (fs::read_to_string(&path).unwrap_or_default(), header());
    if committed != wanted {
        fs::write(&path, wanted).expect("a header that can be written");
        panic!(
            "include/mlab_decode.h did not match the source and was rewritten: look at it and run this again"
        );
    }
}

fn header() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut out = read("src/manual.h").replace("@VERSION@", version).replace("@STACK@", &STACK.to_string());
    out.push_str(PREAMBLE);
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().expect("a plain version")).collect();
    let number = parts.iter().fold(0, |number, part| number << 8 | part);
    write!(
        out,
        "\n/** The version of this header; mlab_decode_version() is that of the loaded library. */\n\
         #define MLAB_DECODE_VERSION \"{version}\"\n\
         /** The same as a number: major * 65536 + minor * 256 + patch. */\n\
         #define MLAB_DECODE_VERSION_NUMBER {number}\n\
         /** The ABI that a program compiled with this header needs. */\n\
         #define MLAB_DECODE_ABI_VERSION {ABI_VERSION}\n"
    )
    .expect("a String takes all");
    for section in SECTIONS {
        out.push_str(&introduction(&read(section)));
        out.push_str(&declarations(section));
    }
    out.push_str(EPILOGUE);
    out
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

/// The text that opens a file opens its section.
fn introduction(source: &str) -> String {
    let lines: Vec<&str> = source.lines().map_while(|l| l.strip_prefix("//!")).map(str::trim).collect();
    let (title, text) = lines.split_first().expect("a title");
    let line = "-".repeat(113);
    let text: String = text.iter().filter(|l| !l.is_empty()).map(|line| format!(" * {line}\n")).collect();
    format!("\n/* {line}\n * {title}\n *\n{text} * {line} */\n\n")
}

fn declarations(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("a readable cbindgen.toml");
    let bindings = cbindgen::Builder::new().with_config(config).with_src(root.join(path)).generate();
    let mut bytes = Vec::new();
    bindings.expect(path).write(&mut bytes);
    let text = String::from_utf8(bytes).expect("cbindgen writes UTF-8");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim())
}
