//! The wrapper by itself: what compiles, what must not, and that nothing of the header is left out.

use crate::support::tool;
use mlab_bindings::declarations as header;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const COMPILERS: [&str; 2] = ["g++", "clang++"];
/// The last one by the name that both compilers know.
const STANDARDS: [&str; 5] = ["c++11", "c++14", "c++17", "c++20", "c++2b"];
const MODES: [&[&str]; 2] = [&[], &["-fno-exceptions", "-fno-rtti"]];

/// What a compiler says of a source text: empty if it takes it.
fn complaints(compiler: &Path, standard: &str, mode: &[&str], source: &str) -> String {
    let mut command = Command::new(compiler);
    command.args(["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror", "-fsyntax-only"]);
    command.args(["-x", "c++", &format!("-std={standard}")]).args(mode);
    command.arg("-I").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("include")).arg("-");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|e| panic!("{}: {e}", compiler.display()));
    child.stdin.take().expect("piped").write_all(source.as_bytes()).expect("it reads");
    let done = child.wait_with_output().expect("the compiler ends");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.success(), said.is_empty(), "{command:?}: {said}");
    said
}

#[test]
fn the_wrapper_compiles_alone_and_twice_in_every_standard_with_and_without_exceptions() {
    let source = "#include <mlab.hpp>\n#include <mlab.hpp>\n";
    for compiler in COMPILERS.iter().filter_map(|name| tool(name)) {
        for standard in STANDARDS {
            for mode in MODES {
                let said = complaints(&compiler, standard, mode, source);
                assert!(said.is_empty(), "{} {standard} {mode:?}:\n{said}", compiler.display());
            }
        }
    }
}

#[test]
fn every_function_of_the_header_is_called_by_the_wrapper() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/mlab.hpp");
    let text = fs::read_to_string(path).expect("the wrapper");
    // Without comments, which name functions too.
    let blocks: Vec<&str> = text.split("/*").collect();
    let code: String = blocks
        .iter()
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.split_once("*/").map_or("", |p| p.1) })
        .collect();
    let words: Vec<&str> = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    for row in include_str!("../abi/symbols.txt").lines() {
        let name = row.split(' ').next().expect("a name");
        assert!(words.contains(&name), "mlab.hpp does not call {name}");
    }
    assert_eq!(header::functions().len(), include_str!("../abi/symbols.txt").lines().count());
}

/// What must not compile, each beside what must: the difference is the fault alone.
const REFUSED: &[(&str, &str)] = &[
    ("mlab::client b(std::move(a<mlab::client>()));", "mlab::client b(a<mlab::client>());"),
    ("mlab::config b(std::move(a<mlab::config>()));", "mlab::config b(a<mlab::config>());"),
    ("mlab::request b(std::move(a<mlab::request>()));", "mlab::request b(a<mlab::request>());"),
    ("mlab::result b(std::move(a<mlab::result>()));", "mlab::result b(a<mlab::result>());"),
    ("mlab::cancel b(std::move(a<mlab::cancel>()));", "mlab::cancel b(a<mlab::cancel>());"),
    ("mlab::event b(std::move(a<mlab::event>()));", "mlab::event b(a<mlab::event>());"),
    ("mlab::exchange b(std::move(a<mlab::exchange>()));", "mlab::exchange b(a<mlab::exchange>());"),
    ("a<mlab::client>() = std::move(a<mlab::client>());", "a<mlab::client>() = a<mlab::client>();"),
    ("mlab::result r = fetch(); r.urls();", "fetch().urls();"),
    ("mlab::result r = fetch(); for (auto u : r.urls()) (void)u;", "for (auto u : fetch().urls()) (void)u;"),
    ("mlab::result r = fetch(); auto m = r.message(); (void)m;", "auto m = fetch().message(); (void)m;"),
    ("mlab::result r = fetch(); auto i = r.image(0); (void)i;", "auto i = fetch().image(0); (void)i;"),
    (
        "mlab::result r = fetch(); mlab::result_view v = r; (void)v;",
        "mlab::result_view v = fetch(); (void)v;",
    ),
    ("auto v = a<mlab::event>().result(); (void)v;", "auto v = mlab::event().result(); (void)v;"),
];

#[test]
fn handles_are_not_copied_and_temporaries_lend_nothing() {
    const HEAD: &str = "#include <mlab.hpp>\ntemplate <class T> T &a();\nmlab::result fetch();\n";
    // A line each, so that what the compiler says of it can be found by its number.
    let source = |lines: Vec<&str>| {
        let functions: Vec<String> = lines
            .iter()
            .enumerate()
            .map(|(n, line)| format!("void f{n}(); void f{n}() {{ {line} }}\n"))
            .collect();
        format!("{HEAD}{}", functions.concat())
    };
    let (right, wrong): (Vec<&str>, Vec<&str>) = REFUSED.iter().copied().unzip();
    for compiler in COMPILERS.iter().filter_map(|name| tool(name)) {
        let said = complaints(&compiler, "c++17", &[], &source(right.clone()));
        assert!(said.is_empty(), "{said}");
        let said = complaints(&compiler, "c++17", &[], &source(wrong.clone()));
        for (number, line) in wrong.iter().enumerate() {
            let at = format!("<stdin>:{}:", HEAD.lines().count() + number + 1);
            let refused =
                said.lines().any(|l| l.starts_with(&at) && l.contains("error") && l.contains("deleted"));
            assert!(refused, "{line} is taken, or refused for another reason:\n{said}");
        }
    }
}
