//! What only Windows has.

use crate::fixture::{outcome, package, run, scratch};
use crate::machine::{command, is_windows, machine, runnable};
use crate::static_library::system_libraries;
use mlab_standin::{Job, Options, Standin};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

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
    run(compiler.args(system_libraries()).arg("-o").arg(&program));
    Some(program)
}

/// The same against a server with job 1, in the program's own folder; gives what it printed.
fn tried(program: &Path, what: &str) -> String {
    let server = Standin::start(Options::default()).expect("free ports");
    server.add_job(Job::new("1"));
    let mut command = runnable(program);
    command.env("MLAB_ENDPOINT", server.https_endpoint()).env("MLAB_CA_FILE", server.ca_file());
    run(command.arg(what).current_dir(program.parent().expect("a folder")))
}

#[test]
fn freeing_the_dll_while_a_lookup_runs_leaves_its_code_in_place() {
    let Some(program) = program("unload") else { return };
    let slow = program.with_file_name("slow_lookup.so");
    run(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&slow).arg(consumer("slow_lookup.c")));
    put_plugin(&program.with_file_name("plugin.dll"));
    // At once, since each takes some seconds: the library's own DLL, and another's that has it inside.
    let tries = ["mlab.dll", "mlab.dll", "plugin.dll"].map(|dll| {
        let mut unload = runnable(&program);
        unload.env("LD_PRELOAD", &slow).args(["unload", dll, "https://slow.invalid/fetch/{id}"]);
        thread::spawn(move || outcome(&mut unload))
    });
    for tried in tries {
        let (done, said) = tried.join().expect("no panic");
        assert!(done.status.success() && said.contains("alive"), "{}: {said}", done.status);
    }
}

/// A DLL that has the static library inside, and shows its functions.
fn put_plugin(dll: &Path) {
    let library = package().prefix.join("lib/static/libmlab.a");
    let mut linker = command(machine().c);
    linker.args(["-shared", "-Wl,--export-all-symbols", "-Wl,--whole-archive"]).arg(library);
    run(linker.arg("-Wl,--no-whole-archive").args(system_libraries()).arg("-o").arg(dll));
}

#[test]
fn the_last_error_is_the_hosts() {
    let Some(program) = program("last-error") else { return };
    tried(&program, "last-error");
}

#[test]
fn files_may_have_names_that_no_code_page_has() {
    let Some(program) = program("paths") else { return };
    tried(&program, "paths");
}

#[test]
fn a_file_that_somebody_reads_for_a_moment_is_replaced() {
    let Some(program) = program("held-for-a-moment") else { return };
    tried(&program, "held-for-a-moment");
    let image = std::fs::read(program.with_file_name("1-0.png")).expect("an image");
    assert!(image.starts_with(b"\x89PNG"));
}

#[test]
fn a_file_that_somebody_holds_stays_as_it_is() {
    let Some(program) = program("held") else { return };
    let said = tried(&program, "held");
    assert!(said.contains("1-0.png") && !said.contains("os error"), "{said}");
    assert!(std::fs::read(program.with_file_name("1-0.png")).expect("the old file").is_empty());
}

/// Windows has another answer than Wine, whose check needs services of its own; each leads to the roots that are built in.
#[test]
fn what_the_systems_roots_refuse_is_told_with_a_hint_to_the_bundled_ones() {
    let Some(program) = program("system-roots") else { return };
    let said = tried(&program, "system-roots");
    assert!(said.contains("MLAB_ROOTS_BUNDLED"), "{said}");
    assert!(!said.contains(". ") && !said.contains(".;") && !said.contains(['{', '"']), "{said}");
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
