//! What only Windows has.

use crate::fixture::{outcome, package, run, scratch};
use crate::machine::{command, is_windows, machine, runnable};
use mlab_standin::{Job, Options, Standin};
use std::path::{Path, PathBuf};
use std::process::Command;

fn consumer(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/consumer").join(name)
}

/// Compiles tests/consumer/windows.c, which takes no function of the DLL until it is told to.
fn program(name: &str) -> Option<PathBuf> {
    if !is_windows() {
        return None;
    }
    let program = scratch(name).join("windows.exe");
    let prefix = package().prefix.display();
    let mut compiler = command(machine().c);
    compiler
        .args(["-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-cast-function-type"])
        .arg(consumer("windows.c"));
    // At run time beside the program; linked statically for what it calls by name, so that the DLL can be freed.
    compiler.args([format!("-I{prefix}/include"), format!("{prefix}/lib/static/libmlab.a")]);
    run(compiler.args(crate::symbols::system_libraries()).arg("-o").arg(&program));
    Some(program)
}

#[test]
fn freeing_the_dll_while_a_lookup_runs_leaves_its_code_in_place() {
    let Some(program) = program("unload") else { return };
    let slow = program.with_file_name("slow_lookup.so");
    run(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&slow).arg(consumer("slow_lookup.c")));
    for _ in 0..3 {
        let mut unload = runnable(&program);
        unload.env("LD_PRELOAD", &slow).args(["unload", "https://slow.invalid/fetch/{id}"]);
        let (done, said) = outcome(&mut unload);
        assert!(done.status.success() && said.contains("alive"), "{}: {said}", done.status);
    }
}

#[test]
fn the_last_error_is_the_hosts() {
    let Some(program) = program("last-error") else { return };
    run(runnable(&program).arg("last-error"));
}

#[test]
fn files_may_have_names_that_no_code_page_has() {
    let Some(program) = program("paths") else { return };
    let server = Standin::start(Options::default()).expect("free ports");
    server.add_job(Job::new("1"));
    let mut paths = runnable(&program);
    paths.env("MLAB_ENDPOINT", server.https_endpoint()).env("MLAB_CA_FILE", server.ca_file());
    run(paths.arg("paths").current_dir(program.parent().expect("a folder")));
}

#[test]
fn the_properties_of_the_dll_show_its_version() {
    if !is_windows() {
        return;
    }
    let bytes = std::fs::read(package().prefix.join("bin/mlab.dll")).expect("the DLL");
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for text in ["VS_VERSION_INFO", "FileVersion", package().project.version(), "libmlab"] {
        let wanted = wide(text);
        assert!(bytes.windows(wanted.len()).any(|part| part == wanted), "{text}");
    }
}
