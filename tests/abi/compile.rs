//! The header by itself: once and twice, in every standard of C and C++ that the compilers know, without a warning.

use crate::support::tool;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const COMPILERS: [(&str, &str, &[&[&str]]); 4] =
    [("gcc", "c", C), ("clang", "c", C), ("g++", "c++", CPP), ("clang++", "c++", CPP)];

/// Standards, each with the names that compilers have given it; the last two are new, and may have none.
const C: &[&[&str]] = &[&["c99"], &["c11"], &["c17"], &["c23", "c2x"]];
const CPP: &[&[&str]] = &[&["c++11"], &["c++14"], &["c++17"], &["c++20"], &["c++23", "c++2b"]];

/// What the compiler says of a source text; empty if it takes it.
fn complaints(compiler: &Path, language: &str, standard: &str, source: &str) -> String {
    let mut command = Command::new(compiler);
    command.args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-x", language]);
    command.arg(format!("-std={standard}"));
    command.arg("-I").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("include")).arg("-");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|e| panic!("{}: {e}", compiler.display()));
    // A compiler that does not know the standard may end before it reads.
    let fed = child.stdin.take().expect("piped").write_all(source.as_bytes());
    let done = child.wait_with_output().expect("the compiler ends");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.success(), said.is_empty(), "{command:?}: {said}");
    assert!(fed.is_ok() || !said.is_empty(), "{command:?} read nothing: {fed:?}");
    said
}

#[test]
fn the_header_compiles_alone_and_twice_in_every_standard() {
    let once = "#include <mlab.h>\n";
    // The types and a call, as a source file that includes nothing else uses them.
    let used = format!(
        "{once}{once}int32_t f(mlab_result **r);\n\
         int32_t f(mlab_result **r) {{ return mlab_fetch_queued(NULL, NULL, r) == MLAB_E_AUTH ? MLAB_OK : (int32_t)sizeof(size_t); }}\n"
    );
    for (name, language, standards) in COMPILERS {
        let Some(compiler) = tool(name) else { continue };
        for names in standards {
            let known =
                names.iter().find(|s| complaints(&compiler, language, s, "typedef int known;\n").is_empty());
            let Some(standard) = known else {
                assert!(names.len() > 1, "{name} does not know {names:?}");
                continue;
            };
            for source in [once, &once.repeat(2), &used] {
                let said = complaints(&compiler, language, standard, source);
                assert!(said.is_empty(), "{name} -std={standard}:\n{said}");
            }
        }
    }
}

/// The declarations of the header once more, each with this word where a convention of calling stands.
fn declared_again(word: &str) -> String {
    let header = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("include/mlab.ffi.h"));
    let header = header.expect("the declarations");
    let with_word = |declaration: &str| {
        let (head, rest) = declaration.split_once('(').expect("a function or a callback");
        match rest.strip_prefix('*') {
            Some(callback) => format!("{head}({word} *{callback}"),
            None => {
                let name = head.rsplit([' ', '*']).next().unwrap_or_default();
                format!("{}{word} {name}({rest}", &head[..head.len() - name.len()])
            }
        }
    };
    let declarations = header.split_inclusive(';').filter(|declaration| declaration.contains('('));
    declarations.map(with_word).collect()
}

/// Who takes the arguments from the stack is a question on 32-bit Windows alone, where languages give different answers.
#[test]
fn functions_and_callbacks_are_cdecl_on_32_bit_windows() {
    let Some(compiler) = tool("clang") else { return };
    let source = format!("#include <mlab.h>\n{}", declared_again("__attribute__((cdecl))"));
    assert!(source.matches("cdecl").count() > 100, "{source}");
    for target in ["i686-pc-windows-msvc", "i686-pc-windows-gnu"] {
        let said = |flags: &[&str]| {
            let mut command = Command::new(&compiler);
            command.args([&format!("--target={target}"), "-std=c11", "-ffreestanding", "-fsyntax-only"]);
            command.args(flags).arg("-I").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("include"));
            let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cdecl-{target}.c"));
            std::fs::write(&file, &source).expect("a file");
            let done = command.arg(file).output().expect("clang runs");
            String::from_utf8_lossy(&done.stderr).into_owned()
        };
        assert_eq!(said(&[]), "", "{target}");
        // Told to call otherwise, the compiler sees that these are not the same.
        let told_otherwise = said(&["-mrtd"]);
        assert!(
            told_otherwise.contains("'cdecl' here was previously declared"),
            "{target}: {told_otherwise}"
        );
    }
}
