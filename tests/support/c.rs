//! C and C++ programs: compiled with every warning an error, linked either way, run.

use super::library::{Library, SCRATCH};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What the static library needs of the system, as rustc prints it (`--print native-static-libs`).
const SYSTEM_LIBRARIES: [&str; 7] = ["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"];

const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// How a program gets the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// `libmlab.so.0`, found at run time in [`Library::links`].
    Shared,
    /// `libmlab.a`.
    Static,
}

/// A program to compile.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Program<'a> {
    /// Unique among the tests: the name of the file made.
    pub(crate) name: &'a str,
    /// The compiler's command.
    pub(crate) compiler: &'a str,
    /// Source files, relative to the repository.
    pub(crate) sources: &'a [&'a str],
    /// The language standard and whatever else.
    pub(crate) flags: &'a [&'a str],
    /// How it gets the library.
    pub(crate) link: Link,
}

/// Compiles a program and returns its path. The compiler must accept it without a word.
pub(crate) fn compile_c(library: &Library, program: Program<'_>) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(SCRATCH).join("programs");
    fs::create_dir_all(&folder).expect("a folder in the target folder");
    let output = folder.join(program.name);
    let mut cc = Command::new(program.compiler);
    cc.current_dir(root).args(program.flags).args(WARNINGS).arg("-g");
    cc.arg("-I").arg(&library.include).args(program.sources).arg("-o").arg(&output);
    match program.link {
        Link::Shared => {
            let search = format!("-Wl,-rpath,{}", library.links.display());
            cc.arg("-L").arg(&library.links).arg("-lmlab").arg(search).arg("-lpthread");
        }
        Link::Static => drop(cc.arg(&library.archive).args(SYSTEM_LIBRARIES)),
    }
    let done = cc.output().unwrap_or_else(|e| panic!("{}: {e}", program.compiler));
    let words = format!("{}{}", text(&done.stdout), text(&done.stderr));
    assert!(done.status.success() && words.is_empty(), "{cc:?}\n{words}");
    output
}

/// Runs a program that must end with success; its output is shown if it does not.
pub(crate) fn run(command: &mut Command) -> Output {
    // A proxy of the machine at hand has no part in a test.
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(name);
    }
    let done = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(
        done.status.success(),
        "{:?}: {}\n{}{}",
        command.get_program(),
        done.status,
        text(&done.stdout),
        text(&done.stderr)
    );
    done
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
