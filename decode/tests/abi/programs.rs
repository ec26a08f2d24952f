//! C programs: the suite, and those of the manuals.

use crate::built::{Link, library, root, tool};
use crate::page;
use crate::support::samples;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Writes images into a folder of their own; gives their paths.
fn written(folder: &str, images: Vec<(String, Vec<u8>)>) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    fs::create_dir_all(&folder).expect("a folder");
    let write = |(name, bytes): (String, Vec<u8>)| {
        let path = folder.join(name);
        fs::write(&path, bytes).expect("a file in the target folder");
        path
    };
    images.into_iter().map(write).collect()
}

fn small(folder: &str) -> Vec<PathBuf> {
    written(folder, samples::all().into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect())
}

/// Runs the suite, which prints nothing where all is well.
fn run_quietly(command: &mut Command, images: &[PathBuf]) {
    let done = command.args(images).output().expect("the program runs");
    let said = [done.stdout, done.stderr].concat();
    assert!(done.status.success() && said.is_empty(), "{}: {}", done.status, String::from_utf8_lossy(&said));
}

#[test]
fn the_c_suite_passes_with_the_shared_and_with_the_static_library() {
    let images = small("suite");
    for (name, link) in [("suite", Link::Shared), ("suite-static", Link::Static)] {
        let program = library().compile(name, &root().join("tests/c/suite.c"), link, &[]);
        run_quietly(&mut Command::new(program), &images);
    }
}

#[test]
fn the_c_suite_passes_under_the_sanitizers_of_the_compiler() {
    let flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let program = library().compile("suite-sanitized", &root().join("tests/c/suite.c"), Link::Shared, &flags);
    run_quietly(&mut Command::new(program), &small("sanitized"));
}

#[test]
fn the_c_suite_leaks_nothing_under_valgrind() {
    let Some(valgrind) = tool("valgrind") else { return };
    let program = library().compile("suite-valgrind", &root().join("tests/c/suite.c"), Link::Shared, &[]);
    let mut command = Command::new(valgrind);
    command.args(["--quiet", "--leak-check=full", "--error-exitcode=9"]).arg(program);
    run_quietly(&mut command, &small("valgrind"));
}

#[test]
fn an_image_for_which_memory_is_short_is_an_error_and_never_the_end() {
    let program = library().compile("memory", &root().join("tests/c/memory.c"), Link::Shared, &[]);
    run_quietly(&mut Command::new(program), &written("memory", samples::for_memory()));
}

#[test]
fn the_library_can_be_unloaded_and_loaded_again() {
    let program = library().compile("unload", &root().join("tests/c/unload.c"), Link::Shared, &["-DBY_HAND"]);
    run_quietly(Command::new(program).arg(&library().shared), &small("unload")[..1]);
}

/// Compiles a program's text and runs it on an image; gives what it wrote.
fn run_text(name: &str, text: &str) -> std::process::Output {
    let image = written(name, vec![("image.png".to_owned(), samples::png(2, 8, false))]);
    let source = library().programs.join(format!("{name}.c"));
    fs::write(&source, text).expect("a file in the target folder");
    let program = library().compile(name, &source, Link::Shared, &[]);
    let refused = Command::new(&program).arg(&source).output().expect("the program runs");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("MLAB_DECODE_E_UNSUPPORTED"), "{said}");
    Command::new(program).arg(&image[0]).output().expect("the program runs")
}

#[test]
fn the_program_of_the_header_works() {
    let header = page::header();
    let introduction = header.split_once("*/").expect("an introduction").0;
    let lines = introduction.lines().map(|line| line.strip_prefix(" *").unwrap_or(line));
    let from_start = lines.skip_while(|line| !line.contains("#include <mlab_decode.h>"));
    let program: Vec<&str> =
        from_start.take_while(|line| line.is_empty() || line.starts_with("     ")).collect();
    let end = program.iter().rposition(|line| *line == "     }").expect("the end of main");
    let done = run_text("program-of-header", &program[..=end].join("\n"));
    assert_eq!(String::from_utf8_lossy(&done.stdout), "24 x 18\n");
}

#[test]
fn the_program_of_the_readme_works() {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let (_, rest) = readme.split_once("```c\n").expect("a program");
    let done = run_text("program-of-readme", rest.split_once("```").expect("its end").0);
    let (start, pixels) = (b"P7\nWIDTH 24\nHEIGHT 18\n", 24 * 18 * 4);
    assert!(done.status.success() && done.stdout.starts_with(start), "{done:?}");
    let [r, g, b] = samples::gradient(23, 17);
    assert!(done.stdout.len() > pixels && done.stdout.ends_with(&[r, g, b, 255]));
    let version = format!("libmlab_decode {}", env!("CARGO_PKG_VERSION"));
    assert!(readme.contains(&version), "README.md does not name {version}");
}
