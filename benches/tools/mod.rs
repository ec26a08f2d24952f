//! What the benchmarks that need C have in common: the library as it is shipped, and programs that print numbers.
//!
//! Must never know what is measured.

use crate::Outcome;
use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The library as it is shipped, in a folder where programs find it.
pub(crate) struct Built {
    /// Where everything that these benchmarks make is put.
    pub(crate) folder: PathBuf,
    pub(crate) library: PathBuf,
}

impl Built {
    pub(crate) fn new() -> Outcome<Built> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peer");
        fs::create_dir_all(&folder)?;
        let library = folder.join("libmlab.so.0");
        fs::copy(build_library(&folder)?, &library)?;
        Ok(Built { folder, library })
    }

    /// What a program that uses it is compiled with.
    pub(crate) fn flags(&self) -> [String; 3] {
        let rpath = format!("-Wl,-rpath,{}", self.folder.display());
        [format!("-I{}", source("include").display()), self.library.display().to_string(), rpath]
    }
}

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The shared library as it is shipped.
///
/// In a folder of its own: no other build replaces it meanwhile, and none of theirs is measured.
fn build_library(folder: &Path) -> Outcome<PathBuf> {
    let target = folder.join("target");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command.args(["build", "--quiet", "--release", "--lib", "--target-dir"]);
    output(command.arg(&target))?;
    Ok(target.join("release/libmlab.so"))
}

/// Compiles a C99 program.
pub(crate) fn compile(file: &str, program: &Path, flags: &[String]) -> Outcome<()> {
    let mut command = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()));
    command.args(["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-O2", "-Wall", "-Wextra", "-o"]).arg(program);
    output(command.arg(source(file)).args(flags)).map(drop)
}

/// What pkg-config says of libraries that are compared.
#[allow(dead_code, reason = "the benchmark of the bindings compares with none")]
pub(crate) fn installed(libraries: &[&str]) -> Outcome<Vec<String>> {
    let mut command = Command::new("pkg-config");
    let flags = output(command.args(["--cflags", "--libs"]).args(libraries)).map_err(|error| {
        format!(
            "{error}\nThis benchmark needs libcurl, cJSON, OpenSSL, pkg-config and a C compiler; on Debian and Ubuntu:\n    \
             apt install gcc pkg-config libcurl4-openssl-dev libcjson-dev libssl-dev"
        )
    })?;
    Ok(flags.split_whitespace().map(str::to_owned).collect())
}

/// Runs a program to its end; gives what it printed, by name.
pub(crate) fn numbers(command: &mut Command) -> Outcome<HashMap<String, f64>> {
    // libcurl would take a proxy for this machine itself as well; ours would not.
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    let printed = output(command)?;
    let number = |word: &str| -> Option<(String, f64)> {
        let (name, number) = word.split_once('=')?;
        Some((name.to_owned(), number.parse().ok()?))
    };
    let numbers = printed.split_whitespace().map(number).collect::<Option<_>>();
    numbers.ok_or_else(|| format!("{command:?} printed {printed:?}").into())
}

/// Runs a command that must succeed; gives what it printed.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if !output.status.success() {
        let printed = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{command:?}: {}\n{}", output.status, printed.trim()).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
