//! The suite (tests/c/suite.c): every function, as a C program sees it.

use crate::server;
use crate::suite_sources::SOURCES;
use crate::support::{Link, Program, library, run, tool};
use std::path::{Path, PathBuf};
use std::process::Command;

fn compiled(name: &str, link: Link, flags: &[&str]) -> PathBuf {
    let flags: Vec<&str> = ["-std=c99"].iter().chain(flags).copied().collect();
    let program = Program { link, flags: &flags, ..Program::c99(name, &SOURCES) };
    library().compile(&program).unwrap_or_else(|why| panic!("{why}"))
}

/// Runs the suite with these topics against a server of its own.
fn run_suite(command: &mut Command, topics: &[&str]) {
    let server = server::start();
    server::describe(command, &server);
    run(command.args(topics)).unwrap_or_else(|why| panic!("{why}"));
}

#[test]
fn the_suite_holds_with_the_shared_library() {
    run_suite(&mut Command::new(compiled("suite-shared", Link::Shared, &[])), &[]);
}

#[test]
fn the_suite_holds_with_the_static_library() {
    run_suite(&mut Command::new(compiled("suite-static", Link::Static, &[])), &[]);
}

#[test]
fn the_suite_holds_under_the_sanitizers_of_gcc() {
    let flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];
    run_suite(&mut Command::new(compiled("suite-sanitized", Link::Shared, &flags)), &[]);
}

#[test]
fn the_same_header_serves_cpp() {
    for compiler in ["g++", "clang++"] {
        let Some(path) = tool(compiler) else { continue };
        for (standard, link) in [("-std=c++11", Link::Shared), ("-std=c++20", Link::Static)] {
            let name = format!("from-cpp-{compiler}{standard}");
            let program = Program {
                name: &name,
                compiler: path.clone().into(),
                flags: &[standard],
                sources: &["tests/c/from_cpp.cpp"],
                link,
            };
            let program = library().compile(&program).unwrap_or_else(|why| panic!("{why}"));
            run_suite(&mut Command::new(program), &[]);
        }
    }
}

#[test]
fn arguments_are_refused_before_any_io() {
    let server = server::start();
    let mut command = Command::new(compiled("suite-refusals", Link::Shared, &[]));
    server::describe(&mut command, &server);
    run(command.arg("arguments")).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(server.counts().connections, 0);
}

/// Without TLS there is nothing to suppress.
#[test]
fn the_suite_has_no_memory_error_and_no_leak() {
    under_valgrind("suite-valgrind", &["-secure"], None);
}

/// ring and rustls compute on bytes that valgrind takes for undefined.
#[test]
fn the_suite_has_no_memory_error_and_no_leak_under_tls() {
    under_valgrind("suite-valgrind-tls", &["secure"], Some("tests/c/valgrind.supp"));
}

fn under_valgrind(name: &str, topics: &[&str], suppressions: Option<&str>) {
    let Some(valgrind) = tool("valgrind") else { return };
    let program = compiled(name, Link::Shared, &[]);
    let mut command = Command::new(valgrind);
    command.args(["--quiet", "--error-exitcode=99", "--leak-check=full", "--fair-sched=yes"]);
    command.arg("--errors-for-leak-kinds=definite,indirect,possible");
    // From the socket up to rustls, by which the suppressions know it, there are more frames than the usual twelve.
    command.arg("--num-callers=30");
    if let Some(file) = suppressions {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        command.arg(format!("--suppressions={}", file.display()));
    }
    run_suite(command.arg(program), topics);
}
