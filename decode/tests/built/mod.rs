//! The library as a C program gets it, and C programs built with it.
//!
//! Knows nothing of what is tested.

#[path = "../../../tests/support/tool.rs"]
#[allow(dead_code, reason = "the other tests need the rest")]
mod tool;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
pub(crate) use tool::tool;

/// What a program must be linked with beside the static library, by how the target's name ends.
const SYSTEM_LIBRARIES: &str = include_str!("../../../packaging/system-libraries.txt");

fn system_libraries() -> impl Iterator<Item = &'static str> {
    let list = SYSTEM_LIBRARIES.lines().find_map(|line| line.strip_prefix("linux-gnu "));
    list.into_iter().flat_map(|list| list.split(' '))
}

/// The package's own folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The built library.
pub(crate) struct Library {
    pub(crate) shared: PathBuf,
    pub(crate) archive: PathBuf,
    /// Where programs are put, beside the shared library under its SONAME.
    pub(crate) programs: PathBuf,
}

/// How a program gets the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    Shared,
    Static,
}

/// The library in the profile of this program.
pub(crate) fn library() -> &'static Library {
    static BUILT: OnceLock<Library> = OnceLock::new();
    BUILT.get_or_init(|| {
        let this = env::current_exe().expect("a path");
        let built =
            this.ancestors().find(|f| f.join("deps").is_dir()).expect("in a target folder").to_owned();
        let profile = match built.file_name().and_then(|name| name.to_str()) {
            Some("debug") | None => "dev",
            Some(profile) => profile,
        };
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--lib", "--profile", profile, "--target-dir"]);
        output(cargo.arg(built.parent().expect("a parent")).current_dir(root()));
        let programs = built.join("decode-programs");
        fs::create_dir_all(&programs).expect("a folder");
        let shared = built.join("libmlab_decode.so");
        // Several programs may do this at once: a copy that is renamed into place is never seen half.
        let made = programs.join(format!("copy.{}", std::process::id()));
        fs::copy(&shared, &made).expect("the library is built");
        fs::rename(&made, programs.join("libmlab_decode.so.0")).expect("a place for it");
        Library { shared, archive: built.join("libmlab_decode.a"), programs }
    })
}

impl Library {
    /// Compiles a C99 program, every warning an error.
    pub(crate) fn compile(&self, name: &str, source: &Path, link: Link, flags: &[&str]) -> PathBuf {
        let program = self.programs.join(name);
        let mut compiler = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()));
        compiler.args([
            "-std=c99",
            "-D_GNU_SOURCE",
            "-O1",
            "-g",
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Werror",
        ]);
        compiler.args(flags).arg("-I").arg(root().join("include")).arg(source);
        match link {
            Link::Shared => compiler.arg(&self.shared).args(["-Wl,-rpath,$ORIGIN", "-pthread", "-ldl"]),
            Link::Static => compiler.arg(&self.archive).args(system_libraries()),
        };
        output(compiler.arg("-o").arg(&program));
        program
    }
}

/// Runs a command that must succeed; gives what it wrote to stdout.
#[track_caller]
pub(crate) fn output(command: &mut Command) -> String {
    let done = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let (said, errors) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{command:?}: {}\n{said}{errors}", done.status);
    said.into_owned()
}
