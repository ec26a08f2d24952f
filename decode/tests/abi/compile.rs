//! The header by itself: once and twice, in every standard of C and C++ that the compilers know, without a warning.

use crate::built::{root, tool};
use std::fs;
use std::path::Path;
use std::process::Command;

const COMPILERS: [(&str, &str, &[&[&str]]); 4] =
    [("gcc", "c", C), ("clang", "c", C), ("g++", "c++", CPP), ("clang++", "c++", CPP)];

/// Standards, each with the names that compilers have given it.
const C: &[&[&str]] = &[&["c99"], &["c11"], &["c17"], &["c23", "c2x"]];
const CPP: &[&[&str]] = &[&["c++11"], &["c++14"], &["c++17"], &["c++20"], &["c++23", "c++2b"]];

/// What the compiler says of a source file; empty if it takes it.
fn complaints(compiler: &Path, language: &str, standard: &str, source: &Path) -> String {
    let mut command = Command::new(compiler);
    command.args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-x", language]);
    command.arg(format!("-std={standard}")).arg("-I").arg(root().join("include")).arg(source);
    let done = command.output().unwrap_or_else(|e| panic!("{}: {e}", compiler.display()));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.success(), said.is_empty(), "{command:?}: {said}");
    said
}

#[test]
fn the_header_compiles_alone_twice_and_beside_mlab_in_every_standard() {
    let once = "#include <mlab_decode.h>\n";
    let mlab = format!("#include \"{}\"\n", root().join("../include/mlab.h").display());
    let used = "int32_t f(mlab_decode_image **i);\nint32_t f(mlab_decode_image **i) { return \
                mlab_decode_rgba8(NULL, 0, 0, i) == MLAB_DECODE_OK ? MLAB_DECODE_KIND_PNG : 0; }\n";
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let source = |name: &str, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).expect("a file in the target folder");
        path
    };
    let known = source("decode-known.c", "typedef int known;\n".to_owned());
    let sources = [
        source("decode-once.c", once.to_owned()),
        source("decode-twice.c", once.repeat(2) + used),
        source("decode-both.c", mlab + once + used),
    ];
    for (name, language, standards) in COMPILERS {
        let Some(compiler) = tool(name) else { continue };
        for names in standards {
            let Some(standard) = names.iter().find(|s| complaints(&compiler, language, s, &known).is_empty())
            else {
                assert!(names.len() > 1, "{name} does not know {names:?}");
                continue;
            };
            for source in &sources {
                let said = complaints(&compiler, language, standard, source);
                assert!(said.is_empty(), "{name} -std={standard}:\n{said}");
            }
        }
    }
}

#[test]
fn no_identifier_is_reserved_and_every_macro_is_ours() {
    let header = crate::page::header();
    let mut code = String::new();
    for part in header.split("/*") {
        code.push_str(part.split_once("*/").map_or(part, |(_, code)| code));
    }
    let given = ["__cplusplus", "__declspec", "_WIN32"];
    for word in
        code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !given.contains(word))
    {
        // Anywhere, for C++ (lex.name); at the start, for C (7.1.3).
        assert!(!word.contains("__") && !word.starts_with('_'), "{word}");
    }
    for name in code.lines().filter_map(|line| line.trim().strip_prefix("#define ")) {
        assert!(name.starts_with("MLAB_DECODE_"), "{name}");
    }
}
