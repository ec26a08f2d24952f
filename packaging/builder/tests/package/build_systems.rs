//! CMake and meson find the package, from C and from C++.

use crate::fixture::{outcome, package, run, scratch};
use crate::machine::{is_apple, machine};
use crate::needs::needed;
use crate::programs::{check_fetch, check_readme, put_sources};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Copies a build file of tests/consumer and the sources into a folder of its own.
fn project(name: &str, build_file: &str) -> PathBuf {
    let folder = scratch(name);
    put_sources(&folder);
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/consumer").join(build_file);
    fs::copy(from, folder.join(build_file)).expect("copied");
    folder
}

/// The programs that both build files make.
fn check(built: &Path) {
    for name in ["readme_shared", "readme_static", "readme_cpp", "readme_cpp_static"] {
        check_readme(&built.join(format!("{name}{}", machine().exe)));
    }
    check_fetch(&built.join(format!("fetch_shared{}", machine().exe)));
    check_fetch(&built.join(format!("fetch_static{}", machine().exe)));
}

/// Whether each program has the library inside or outside, as its name says.
fn check_linkage(built: &Path) {
    for (name, is_shared) in [
        ("readme_shared", true),
        ("readme_cpp", true),
        ("fetch_shared", true),
        ("readme_static", false),
        ("readme_cpp_static", false),
        ("fetch_static", false),
    ] {
        let program = built.join(format!("{name}{}", machine().exe));
        let names = needed(&program);
        assert_eq!(names.iter().any(|name| name.contains("mlab")), is_shared, "{name}: {names:?}");
    }
}

fn configure(source: &Path, prefix: &Path, extra: &[String]) -> Command {
    let mut cmake = Command::new("cmake");
    cmake.arg("-S").arg(source).arg("-B").arg(source.join("build"));
    cmake.arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())).args(extra);
    if let Some(system) = machine().cmake_system {
        cmake.arg(format!("-DCMAKE_SYSTEM_NAME={system}"));
        cmake.arg(format!("-DCMAKE_C_COMPILER={}", machine().c.join(";")));
        cmake.arg(format!("-DCMAKE_CXX_COMPILER={}", machine().cpp.join(";")));
        cmake.arg(format!("-DCMAKE_FIND_ROOT_PATH={}", prefix.display()));
        if is_apple() {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let with = std::iter::once(mac_in_words()).chain(std::env::split_paths(&path));
            cmake.env("PATH", std::env::join_paths(with).expect("a path"));
        }
    }
    cmake
}

/// A folder with the program that CMake asks which macOS it is on: only where that is not too old does it take a library that
/// programs look for by @rpath.
fn mac_in_words() -> PathBuf {
    let folder = scratch("sw_vers");
    let program = folder.join("sw_vers");
    fs::write(&program, "#!/bin/sh\necho 11.0\n").expect("written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("made executable");
    folder
}

#[test]
fn cmake_finds_both_libraries_from_c_and_from_cpp() {
    check_prefix("cmake", &package().prefix);
}

/// Builds and runs the programs with what is installed below the prefix.
pub(crate) fn check_prefix(name: &str, prefix: &Path) {
    let folder = project(name, "CMakeLists.txt");
    let is_static = machine().fully_static.join(" ");
    run(&mut configure(&folder, prefix, &[format!("-DSTATIC_FLAGS={is_static}")]));
    run(Command::new("cmake").arg("--build").arg(folder.join("build")));
    check(&folder.join("build"));
    check_linkage(&folder.join("build"));
}

/// As /lib on many systems, whose headers are in /usr/include alone.
#[test]
fn cmake_finds_the_headers_from_a_link_to_the_folder_of_the_libraries() {
    let linked = scratch("linked").join("lib");
    symlink(package().prefix.join("lib"), &linked).expect("a link");
    check_config("cmake-link", &linked.join("cmake/mlab"));
}

/// CMake itself sees to it that the headers and libraries that a target names are there.
pub(crate) fn check_config(name: &str, config: &Path) {
    let folder = project(name, "CMakeLists.txt");
    run(&mut configure(&folder, &package().prefix, &[format!("-Dmlab_DIR={}", config.display())]));
}

#[test]
fn cmake_takes_this_series_and_no_other() {
    let version = package().project.version();
    let series = version.rsplit_once('.').expect("three numbers").0;
    for (wanted, is_taken) in [
        (String::new(), true),
        (series.to_owned(), true),
        (version.to_owned(), true),
        (format!("{version} EXACT"), true),
        (format!("{series}.999"), false),
        ("0.0".to_owned(), false),
        ("1".to_owned(), false),
    ] {
        let folder = scratch("cmake-version");
        let text = format!(
            "cmake_minimum_required(VERSION 3.16)\nproject(p C)\nfind_package(mlab {wanted} REQUIRED CONFIG)\n"
        );
        fs::write(folder.join("CMakeLists.txt"), text).expect("written");
        let (done, said) = outcome(&mut configure(&folder, &package().prefix, &[]));
        assert_eq!(done.status.success(), is_taken, "{wanted:?}: {said}");
    }
}

#[test]
fn meson_finds_both_libraries() {
    if !machine().is_native {
        return; // A cross build adds a file that describes the compilers, and nothing of ours.
    }
    let folder = project("meson", "meson.build");
    let mut meson = Command::new("meson");
    meson.env("PKG_CONFIG_PATH", package().prefix.join("lib/pkgconfig"));
    run(meson.arg("setup").arg(folder.join("build")).arg(&folder));
    run(Command::new("meson").arg("compile").arg("-C").arg(folder.join("build")));
    check(&folder.join("build"));
    check_linkage(&folder.join("build"));
}
