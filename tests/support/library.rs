//! The library's own files, built by cargo as a user builds them.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Where tests put what they make; cargo gives each test binary this folder of the target folder.
pub(crate) const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

/// The built library.
#[derive(Debug)]
pub(crate) struct Library {
    /// `libmlab.so`.
    pub(crate) shared: PathBuf,
    /// `libmlab.a`.
    pub(crate) archive: PathBuf,
    /// The folder of `mlab.h`.
    pub(crate) include: PathBuf,
    /// A folder with the shared library under the names that a linker (`libmlab.so`) and a loader (`libmlab.so.0`)
    /// look for, and nothing else. cargo makes no such names.
    pub(crate) links: PathBuf,
}

impl Library {
    /// The library in the profile of the running tests, in their target folder. Built at the first call.
    pub(crate) fn build() -> &'static Library {
        static BUILT: OnceLock<Library> = OnceLock::new();
        BUILT.get_or_init(|| {
            let profile = own_profile();
            Library::with(&profile, &["--profile", profile_name(&profile)])
        })
    }

    /// The library as it is shipped.
    pub(crate) fn release() -> &'static Library {
        static BUILT: OnceLock<Library> = OnceLock::new();
        BUILT.get_or_init(|| Library::with("release", &["--release"]))
    }

    /// The library with `mlab_test_plant_panic`. A folder of its own: in the other one the library without would be
    /// overwritten.
    pub(crate) fn with_faults() -> &'static Library {
        static BUILT: OnceLock<Library> = OnceLock::new();
        BUILT.get_or_init(|| {
            let folder = Path::new(SCRATCH).with_file_name("fault-injection");
            let folder = folder.to_str().expect("a UTF-8 path");
            // Without debug information, which nobody reads here, it is built in half the time.
            let lean = "profile.dev.debug=0";
            let arguments = ["--features", "fault-injection", "--target-dir", folder, "--config", lean];
            Library::with("fault-injection", &arguments)
        })
    }

    fn with(name: &str, arguments: &[&str]) -> Library {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = artifacts(root, arguments);
        let ending = |wanted: &str| {
            let fits = |file: &&PathBuf| file.extension().is_some_and(|ending| ending == wanted);
            files.iter().find(fits).unwrap_or_else(|| panic!("no .{wanted} among {files:?}")).clone()
        };
        let shared = ending("so");
        let links = Path::new(SCRATCH).join(format!("library-{name}"));
        fs::create_dir_all(&links).expect("a folder in the target folder");
        for name in ["libmlab.so", "libmlab.so.0"] {
            link(&shared, &links.join(name));
        }
        Library { shared, archive: ending("a"), include: root.join("include"), links }
    }
}

/// The folder of the target folder that the running test was built into: `debug`, `release` or a profile's name.
fn own_profile() -> String {
    let test = env::current_exe().expect("the running test");
    let folder = test.ancestors().nth(2).and_then(Path::file_name).and_then(|name| name.to_str());
    folder.expect("target/<profile>/deps/<test>").to_owned()
}

/// The one profile whose folder has another name.
fn profile_name(folder: &str) -> &str {
    if folder == "debug" { "dev" } else { folder }
}

/// Runs `cargo build` and returns the files that the library consists of.
fn artifacts(root: &Path, arguments: &[&str]) -> Vec<PathBuf> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["build", "--lib", "--message-format=json-render-diagnostics"]);
    if !arguments.contains(&"--target-dir") {
        cargo.arg("--target-dir").arg(Path::new(SCRATCH).parent().expect("target/tmp"));
    }
    cargo.args(arguments).stderr(Stdio::piped());
    // What cargo sets for a test, OUT_DIR above all, looks to build scripts like ring's as if settings had changed:
    // ring and all above it would be built anew, here and then again by the next cargo.
    for (name, _) in env::vars_os() {
        let set_for_tests = ["OUT_DIR", "CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_PRIMARY_PACKAGE"];
        if set_for_tests.iter().any(|start| name.to_string_lossy().starts_with(start)) {
            cargo.env_remove(name);
        }
    }
    let done = cargo.output().expect("cargo runs");
    assert!(done.status.success(), "{cargo:?}\n{}", String::from_utf8_lossy(&done.stderr));
    let messages = String::from_utf8(done.stdout).expect("JSON is UTF-8");
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let own = messages.filter(|m| m["reason"] == "compiler-artifact" && m["target"]["name"] == "mlab");
    let files = own.flat_map(|m| m["filenames"].as_array().cloned().unwrap_or_default());
    files.filter_map(|file| file.as_str().map(PathBuf::from)).collect()
}

/// Makes or replaces a link in one step: another test may be using the old one.
fn link(target: &Path, name: &Path) {
    let unfinished = name.with_extension(format!("{}", std::process::id()));
    let _ = fs::remove_file(&unfinished);
    symlink(target, &unfinished).expect("a link in the target folder");
    fs::rename(&unfinished, name).expect("the link in its place");
}
