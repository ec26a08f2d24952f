//! The DLL in programs of Microsoft's ABI: compiled by clang in its place, linked with `mlab.lib`.

use crate::fixture::{outcome, package, run, scratch};
use crate::machine::{is_windows, runnable};
use mlab_standin::{Clock, Job, Options, Standin};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What the program takes from the system. Microsoft's own import library is not to be had here.
const KERNEL32: &str =
    "LIBRARY kernel32.dll\nEXPORTS\nExitProcess\nGetEnvironmentVariableA\nGetStdHandle\nWriteFile\n";

/// The newest installed version of a tool of LLVM, as Debian names them: `clang-22`.
fn llvm(name: &str) -> Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = (16..100).rev().map(|version| format!("{name}-{version}"));
    let found =
        versions.into_iter().find(|name| std::env::split_paths(&path).any(|f| f.join(name).is_file()));
    Command::new(found.unwrap_or_else(|| name.to_owned()))
}

/// Compiles and links tests/consumer/msvc.c, as C (`/TC`) or as C++ (`/TP`).
fn program(language: &str, define: &[&str]) -> PathBuf {
    let folder = scratch(&format!("msvc{}{}", language.replace('/', "-"), define.len()));
    let prefix = &package().prefix;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/consumer/msvc.c");
    let mut compiler = llvm("clang");
    compiler.args([
        "--driver-mode=cl",
        "--target=x86_64-pc-windows-msvc",
        "/nologo",
        "/c",
        "/O1",
        "/GS-",
        "/W4",
        "/WX",
    ]);
    compiler.args(define).arg(format!("/I{}", prefix.join("include").display())).arg(language);
    // A path from the root looks like an option.
    compiler.arg("--").arg(source);
    run(compiler.current_dir(&folder));

    fs::write(folder.join("kernel32.def"), KERNEL32).expect("written");
    let mut import = llvm("llvm-dlltool");
    import.args(["-m", "i386:x86-64", "-d", "kernel32.def", "-l", "kernel32.lib"]);
    run(import.current_dir(&folder));
    let mut linker = llvm("lld-link");
    linker.args(["/nologo", "/entry:start", "/subsystem:console", "/nodefaultlib", "/out:msvc.exe"]);
    linker.args(["msvc.obj", "kernel32.lib"]).arg(prefix.join("lib/mlab.lib"));
    run(linker.current_dir(&folder));
    folder.join("msvc.exe")
}

#[test]
fn programs_of_microsofts_compiler_use_the_dll() {
    if !is_windows() {
        return;
    }
    let server = Standin::start(Options::default()).expect("free ports");
    let later = Duration::from_millis(500);
    for (language, define) in
        [("/TC", &[][..]), ("/TC", &["/DMLAB_DLLIMPORT"]), ("/TP", &["/DMLAB_DLLIMPORT"])]
    {
        server.add_job(Job { ready_after: later, clock: Clock::AtFirstLook, ..Job::new("1") });
        let mut waiting = runnable(&program(language, define));
        let (done, said) = outcome(waiting.env("MLAB_TEST_HTTP", server.http_endpoint()));
        assert!(done.status.success(), "{language} {define:?}: {}: {said}", done.status);
        assert_eq!(said, server.http_url("/generations/1-0.png"), "{language} {define:?}");
    }
}
