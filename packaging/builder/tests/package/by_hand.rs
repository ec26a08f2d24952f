//! A compiler's command line, as README has it, and what pkg-config makes of it.

use crate::fixture::{package, run, scratch};
use crate::machine::{command, is_windows, machine, runnable};
use crate::programs::{
    check_fetch, check_readme, check_suite, put_list_of_functions, put_sources, suite_sources,
};
use crate::server;
use mlab_bindings::stack::stated;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles one program; every warning is an error.
fn compile(sources: &[PathBuf], flags: &[String], output: &Path) {
    let mut compiler = command(machine().c);
    compiler.args(["-std=c99", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
    run(compiler.args(sources).args(flags).arg("-o").arg(output));
}

/// Compiles README's program and the example with the same flags, and runs both.
fn try_out(name: &str, flags: &[String]) {
    let folder = scratch(name);
    put_sources(&folder);
    for source in ["readme", "fetch"] {
        let program = folder.join(format!("{source}{}", machine().exe));
        compile(&[folder.join(format!("{source}.c"))], flags, &program);
        match source {
            "readme" => check_readme(&program),
            _ => check_fetch(&program),
        }
    }
}

pub(crate) fn shared_flags() -> Vec<String> {
    let prefix = package().prefix.display();
    let mut flags = vec![format!("-I{prefix}/include"), format!("-L{prefix}/lib"), "-lmlab".to_owned()];
    if !is_windows() {
        flags.push(format!("-Wl,-rpath,{prefix}/lib"));
    }
    flags
}

fn pkg_config(arguments: &[&str]) -> Vec<String> {
    pkg_config_in(&package().prefix.join("lib/pkgconfig"), arguments)
}

/// What pkg-config prints of the files in a folder, word by word as a shell reads it.
pub(crate) fn pkg_config_in(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let said = run(Command::new("pkg-config").env("PKG_CONFIG_LIBDIR", folder).args(arguments));
    // A space of a path has a backslash before it.
    said.trim().replace("\\ ", "\u{1f}").split_whitespace().map(|word| word.replace('\u{1f}', " ")).collect()
}

#[test]
fn a_program_built_by_hand_runs_with_the_shared_library() {
    try_out("by-hand-shared", &shared_flags());
}

#[test]
fn a_program_built_by_hand_runs_with_the_static_library() {
    let mut flags = pkg_config(&["--cflags", "--libs", "mlab-static"]);
    flags.extend(machine().fully_static.iter().map(|&flag| flag.to_owned()));
    try_out("by-hand-static", &flags);
}

#[test]
fn pkg_config_finds_the_shared_library() {
    let mut flags = pkg_config(&["--cflags", "--libs", "mlab"]);
    if !is_windows() {
        flags.push(format!("-Wl,-rpath,{}", pkg_config(&["--variable=libdir", "mlab"])[0]));
    }
    try_out("pkg-config-shared", &flags);
}

#[test]
fn pkg_config_knows_the_version_and_nothing_of_the_folder_it_was_built_in() {
    let version = package().project.version();
    assert_eq!(pkg_config(&["--modversion", "mlab"]), [version]);
    assert_eq!(pkg_config(&["--modversion", "mlab-static"]), [version]);
    for flag in pkg_config(&["--static", "--cflags", "--libs", "mlab"]) {
        let path = flag.strip_prefix("-I").or(flag.strip_prefix("-L"));
        let path = path.map(|path| Path::new(path).canonicalize().unwrap_or_else(|e| panic!("{path}: {e}")));
        assert!(path.is_none_or(|path| path.starts_with(&package().prefix)), "{flag}");
    }
}

/// It looks for the library beside itself, wherever the package was unpacked.
#[test]
fn the_program_mlab_runs_as_it_is() {
    let mut program = package().prefix.join("bin/mlab");
    if is_windows() {
        // Beside what Wine lacks.
        let own = scratch("program").join("mlab.exe");
        std::fs::copy(program.with_extension("exe"), &own).expect("copied");
        program = own;
    }
    if !machine().runs {
        return assert!(program.is_file());
    }
    let said = run(runnable(&program).arg("--version"));
    assert!(said.contains(package().project.version()), "{said}");
}

/// Compiles the suite with these flags, and runs it.
fn try_the_suite(name: &str, flags: &[String]) {
    let folder = scratch(name);
    put_list_of_functions(&folder);
    let program = folder.join(format!("suite{}", machine().exe));
    let own = ["-pthread".to_owned(), format!("-I{}", folder.display())];
    compile(&suite_sources(), &[&own, flags].concat(), &program);
    check_suite(&program);
}

#[test]
fn the_suite_holds_with_the_shared_library() {
    try_the_suite("suite-shared", &shared_flags());
}

#[test]
fn the_suite_holds_with_the_static_library() {
    let mut flags = pkg_config(&["--cflags", "--libs", "mlab-static"]);
    flags.extend(machine().fully_static.iter().map(|&flag| flag.to_owned()));
    try_the_suite("suite-static", &flags);
}

/// As the header states it; tests/c_abi measures a debug build.
#[test]
fn no_call_needs_more_stack_than_the_header_says() {
    if is_windows() || !machine().runs {
        // It paints the stacks of POSIX threads.
        return;
    }
    let root = package().project.root();
    let sources = ["stack.c", "stack_calls.c", "tunnel.c", "settings.c", "harness.c"];
    let sources = sources.map(|name| root.join("tests/c").join(name));
    let program = scratch("stack").join("stack");
    compile(&sources, &[&["-pthread".to_owned()], &shared_flags()[..]].concat(), &program);
    let (server, stated) = (server::start(), stated());
    let mut measure = runnable(&program);
    server::describe(&mut measure, &server);
    measure.env("MLAB_TEST_STACK_BLOCKING", stated.blocking_kib.to_string());
    run(measure.env("MLAB_TEST_STACK_OTHER", stated.other_kib.to_string()));
}
