//! Where a language's package is installed, and how its programs are run.

#[cfg(target_os = "linux")]
use crate::support::{Program, library};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
#[cfg(target_os = "linux")]
use std::sync::OnceLock;

/// A folder of the repository.
pub(crate) fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// An empty folder for one language.
pub(crate) fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bindings").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    folder
}

/// Runs a command that must succeed; the failure shows what it said.
pub(crate) fn run(command: &mut Command) -> Output {
    let done = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?} ended with {}:\n{said}", done.status);
    done
}

/// What a registry hands on stands alone: the texts of the licences are in it.
pub(crate) fn has_licences(package: &Path) {
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        let text =
            |path: PathBuf| fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(text(package.join(name)) == text(source(name)), "{}: {name} is another", package.display());
    }
}

/// The programs of a page in one language, in order.
pub(crate) fn snippets(page: impl AsRef<Path>, language: &str) -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = fs::read_to_string(&page).unwrap_or_else(|e| panic!("{}: {e}", page.display()));
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().expect("its end").to_owned()).collect()
}

/// A library to load in place of ours, which it needs: what this source does not have is looked for there.
#[cfg(target_os = "linux")]
pub(crate) fn before_library(name: &str, source: &str) -> PathBuf {
    let path = format!("-Wl,-rpath,{}", library().programs.display());
    let flags = ["-std=c99", "-shared", "-fPIC", "-Wl,--no-as-needed", &path];
    let sources = [source];
    let program = Program { flags: &flags, ..Program::c99(name, &sources) };
    library().compile(&program).unwrap_or_else(|why| panic!("{why}"))
}

/// Lets a program see a system that has no thread for it, while there is a file of this folder, which the program makes.
#[cfg(target_os = "linux")]
pub(crate) fn without_threads<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    static PRELOADED: OnceLock<PathBuf> = OnceLock::new();
    let preloaded = PRELOADED.get_or_init(|| {
        let flags = ["-std=c99", "-shared", "-fPIC"];
        let program =
            Program { flags: &flags, ..Program::c99("no-threads", &["tests/bindings/no_threads.c"]) };
        library().compile(&program).unwrap_or_else(|why| panic!("{why}"))
    });
    let file = folder.join("denied");
    let _ = fs::remove_file(&file);
    command.env("LD_PRELOAD", preloaded).env("MLAB_TEST_NO_THREADS", file)
}
