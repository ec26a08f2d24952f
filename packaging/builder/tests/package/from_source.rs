//! Ways that begin at the sources, on this machine alone: cargo-c, and CMake, by itself and by FetchContent.

use crate::build_systems::check_prefix;
use crate::contents::files;
use crate::fixture::{package, run, scratch};
use crate::installed::check_modes;
use crate::machine::command;
use crate::programs::{check_fetch, check_readme, put_sources};
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Without debug information, and with a target folder of its own: another command's settings would build all anew.
fn unoptimised(command: &mut Command) -> &mut Command {
    command.env("CARGO_PROFILE_DEV_DEBUG", "0")
}

fn own_target_folder() -> PathBuf {
    package().project.root().join("target/package/from-source")
}

/// Whether the package under test is this machine's own: what begins at the sources has nothing of the package, and is tried
/// with one of them.
fn is_own() -> bool {
    package().target.is_host() && package().target.glibc().is_none()
}

/// Whether a program is there; under CI everything is.
fn is_installed(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).any(|folder| folder.join(program).is_file());
    assert!(found || env::var_os("CI").is_none_or(|ci| ci != "true"), "{program} is not installed");
    if !found {
        eprintln!("SKIPPED: {program} is not installed");
    }
    found
}

#[test]
fn what_cargo_c_installs_is_usable() {
    if !is_own() || !is_installed("cargo-cinstall") {
        return;
    }
    let prefix = scratch("cargo-c").join("prefix");
    let root = package().project.root();
    let mut install = Command::new("cargo-cinstall");
    install
        .args(["cinstall", "--debug", "--locked", "--package=mlab", "--libdir=lib", "--prefix"])
        .arg(&prefix);
    run(unoptimised(&mut install).arg("--target-dir").arg(own_target_folder()).current_dir(root));

    for name in ["mlab.h", "mlab.ffi.h"] {
        let read = |folder: &Path| fs::read(folder.join("include").join(name)).expect("a header");
        assert!(read(&prefix) == read(root), "{name} is the committed one");
    }
    let library = prefix.join("lib/libmlab.so");
    let tags = run(Command::new("readelf").args(["--dynamic", "--wide"]).arg(&library));
    let soname = format!("Library soname: [libmlab.so.{}]", package().project.abi_number());
    assert!(tags.contains(&soname) && tags.contains("NODELETE"), "{tags}");
    let file = library.canonicalize().expect("the links lead to the file");
    assert!(
        file.ends_with(format!("libmlab.so.{}", package().project.library_version())),
        "{}",
        file.display()
    );

    let folder = scratch("cargo-c-program");
    put_sources(&folder);
    let pkg_config = |arguments: &[&str]| {
        let mut tool = Command::new("pkg-config");
        let said = run(tool.env("PKG_CONFIG_LIBDIR", prefix.join("lib/pkgconfig")).args(arguments));
        said.trim().to_owned()
    };
    assert_eq!(pkg_config(&["--modversion", "mlab"]), package().project.version());
    // A shell splits the words, as it does for a person.
    let line = format!(
        "cc -std=c99 readme.c {} -Wl,-rpath,{} -o readme",
        pkg_config(&["--cflags", "--libs", "mlab"]),
        prefix.join("lib").display()
    );
    run(command(&["sh", "-c", &line]).current_dir(&folder));
    check_readme(&folder.join("readme"));
}

#[test]
fn a_cmake_project_fetches_and_builds_it() {
    if !is_own() {
        return;
    }
    let folder = scratch("fetch-content");
    put_sources(&folder);
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/consumer/FetchContent.cmake");
    fs::copy(from, folder.join("CMakeLists.txt")).expect("copied");
    let built = folder.join("build");
    run(Command::new("cmake")
        .arg("-S")
        .arg(&folder)
        .arg("-B")
        .arg(&built)
        .arg("-DCMAKE_BUILD_TYPE=Debug")
        .arg(format!("-DMLAB_SOURCES={}", package().project.root().display()))
        .arg(format!("-DMLAB_TARGET_DIR={}", own_target_folder().display())));
    run(unoptimised(Command::new("cmake").arg("--build").arg(&built)));
    for name in ["readme_shared", "readme_static", "readme_cpp"] {
        check_readme(&built.join(name));
    }
    check_fetch(&built.join("fetch_shared"));
    check_fetch(&built.join("fetch_static"));

    let nothing = folder.join("nothing");
    run(Command::new("cmake").arg("--install").arg(&built).arg("--prefix").arg(&nothing));
    assert!(!nothing.exists(), "what the project installs is its own affair");
}

/// Every file below a folder, with where it leads if it is a link, whether it is a program, and what it holds.
fn contents(folder: &Path) -> BTreeMap<PathBuf, (Option<PathBuf>, bool, Vec<u8>)> {
    let named = |path: PathBuf| {
        let runs = fs::metadata(&path).expect("there").permissions().mode() & 0o100 != 0;
        let what = (fs::read_link(&path).ok(), runs, fs::read(&path).expect("readable"));
        (path.strip_prefix(folder).expect("below").to_owned(), what)
    };
    files(folder).into_iter().map(named).collect()
}

/// As a packager does: the prefix is chosen when it is installed, and staged, and the umask is his own.
#[test]
fn cmake_alone_installs_what_an_archive_holds() {
    if !is_own() {
        return;
    }
    let folder = scratch("cmake-alone");
    let cmake = |arguments: &[&str]| {
        let mut cmake = command(&["sh", "-c", "umask 077; exec cmake \"$@\"", "cmake"]);
        cmake.args(arguments).current_dir(&folder);
        cmake
    };
    let root = package().project.root().display();
    let target = format!("-DMLAB_TARGET_DIR={}", package().project.target_folder().display());
    run(&mut cmake(&["-S", &root.to_string(), "-B", "build", "-DCMAKE_INSTALL_PREFIX=/usr/local", &target]));
    run(cmake(&["--build", "build"]).env("DESTDIR", folder.join("nowhere")));
    run(cmake(&["--install", "build", "--prefix", "/opt/mlab"]).env("DESTDIR", folder.join("staged")));

    let prefix = folder.join("staged/opt/mlab");
    check_modes(&prefix);
    let (installed, unpacked) = (contents(&prefix), contents(&package().prefix));
    assert!(installed.keys().eq(unpacked.keys()), "{:?}", installed.keys());
    for (name, what) in installed {
        assert!(what == unpacked[&name], "{}", name.display());
    }
    check_prefix("cmake-alone-program", &prefix);
}

/// Three places state it, each in its own language.
#[test]
fn the_number_in_the_soname_is_the_number_of_the_abi() {
    let header = fs::read_to_string(package().project.root().join("include/mlab.h")).expect("the header");
    let number = header.lines().find_map(|line| line.strip_prefix("#define MLAB_ABI_VERSION "));
    assert_eq!(number, Some(package().project.abi_number()));
}

#[test]
fn the_system_libraries_are_those_that_rustc_names() {
    if !is_own() {
        return; // Other targets' lists are tried by linking with them.
    }
    let folder = scratch("system-libraries");
    fs::write(folder.join("empty.rs"), "").expect("written");
    let mut rustc = Command::new("rustc");
    rustc.args(["--crate-type=staticlib", "--print=native-static-libs", "empty.rs"]).current_dir(&folder);
    let (_, said) = crate::fixture::outcome(&mut rustc);
    let wanted = said.lines().find_map(|line| line.split_once("native-static-libs: ")).expect("a list").1;
    let lists = fs::read_to_string(package().project.root().join("packaging/system-libraries.txt"));
    let lists = lists.expect("the lists");
    let ours = lists.lines().find_map(|line| line.strip_prefix("linux-gnu "));
    assert_eq!(ours, Some(wanted));
}
