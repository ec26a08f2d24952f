//! The complete programs of the manuals: each compiles as C99 without a warning, links, and runs without a key as far as
//! saying so.

use crate::support::{Program, library, skip};
use mlab_bindings::declarations as header;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Compiles a program's text and runs it without a key, which it must report and end as failed.
fn check(name: &str, source: &str) {
    let library = library();
    let file = library.programs.join(format!("{name}.c"));
    fs::write(&file, source).expect("a file in the target folder");
    let sources = [file.to_str().expect("a UTF-8 path")];
    let program =
        library.compile(&Program::c99(name, &sources)).unwrap_or_else(|why| panic!("{name}: {why}"));
    let done = Command::new(program).env_remove("MODELSLAB_API_KEY").output().expect("the program runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{name}: {said}");
    assert!(said.contains("MLAB_E_INVALID_ARGUMENT") && said.contains("key "), "{name}: {said}");
}

#[test]
fn the_program_of_the_header_works() {
    let introduction = header::introduction();
    let indented = introduction.lines().filter_map(|line| line.strip_prefix("    "));
    // Blank lines inside lose their indentation; the command that compiles it stands last.
    let source: Vec<&str> = indented.take_while(|line| !line.starts_with("cc ")).collect();
    let source = source.join("\n");
    assert!(source.starts_with("#include <mlab.h>") && source.contains("int main("), "{source}");
    check("program-of-header", &format!("{source}\n"));
}

#[test]
fn the_programs_of_the_readme_work() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let Ok(text) = fs::read_to_string(readme) else { return skip("README.md is not there yet") };
    let blocks = text.split("```c\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0));
    let programs: Vec<&str> = blocks.filter(|block| block.contains("int main")).collect();
    assert!(!programs.is_empty(), "README.md has no complete program");
    for (number, source) in programs.iter().enumerate() {
        check(&format!("program-of-readme-{number}"), source);
    }
}
