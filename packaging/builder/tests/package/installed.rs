//! packaging/install.sh, as packagers call it: with a DESTDIR, a folder of libraries of their system's, and a umask of their
//! own.

use crate::build_systems::check_config;
use crate::by_hand::pkg_config_in;
use crate::fixture::{package, run, scratch};
use crate::machine::{command, is_windows, machine, runnable};
use crate::programs::{check_readme, put_sources};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// As Debian has it: two folders deep.
const LIBDIR: &str = "lib/of-this-machine";

/// Installs from a working folder that is not the sources', with relative paths; gives where that is.
fn installed(name: &str) -> PathBuf {
    let folder = scratch(name);
    let script = package().project.root().join("packaging/install.sh");
    let mut install = command(&["sh", "-c", "umask 077; exec \"$0\" \"$@\""]);
    install.arg(script).args(["opt/../usr", &package().target.name()]).current_dir(&folder);
    // The prefix is one of the machine that it is made for: no link of this one has a say.
    std::os::unix::fs::symlink("/nowhere", folder.join("opt")).expect("a link");
    run(install.env("DESTDIR", "staged").env("LIBDIR", LIBDIR));
    let below = folder.strip_prefix("/").expect("a whole path");
    folder.join("staged").join(below).join("usr")
}

/// Everything below a folder.
fn all_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path());
    entries
        .flat_map(|path| if path.is_dir() { [all_of(&path), vec![path]].concat() } else { vec![path] })
        .collect()
}

/// Whether it is for everybody, whoever installed it.
pub(crate) fn check_modes(prefix: &Path) {
    for path in all_of(prefix) {
        let mode = fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        let name = path.display();
        assert!(mode == 0o755 || mode == 0o644 && path.is_file(), "{name}: {mode:o}");
    }
}

#[test]
fn what_is_installed_works_from_any_folder_of_libraries_and_is_for_everybody() {
    let prefix = installed("installed");
    check_modes(&prefix);
    let libraries = prefix.join(LIBDIR);
    let pkg_config = |arguments: &[&str]| pkg_config_in(&libraries.join("pkgconfig"), arguments);
    for name in ["mlab", "mlab-static"] {
        let folder = scratch(&format!("installed-{name}"));
        put_sources(&folder);
        let program = folder.join(format!("readme{}", machine().exe));
        let mut compiler = command(machine().c);
        compiler.arg(folder.join("readme.c")).args(pkg_config(&["--cflags", "--libs", name]));
        if name == "mlab-static" {
            compiler.args(machine().fully_static);
        } else if !is_windows() {
            compiler.arg(format!("-Wl,-rpath,{}", pkg_config(&["--variable=libdir", name])[0]));
        }
        run(compiler.arg("-o").arg(&program));
        check_readme(&program);
    }
    if machine().runs && !is_windows() {
        let said = run(runnable(&prefix.join("bin/mlab")).arg("--version"));
        assert!(said.contains(package().project.version()), "{said}");
    }
    check_config("installed-cmake", &libraries.join("cmake/mlab"));
}
