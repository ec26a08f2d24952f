//! The build that is shipped: the release profile with debug information, which is split off afterwards, and with no path
//! of this machine inside.

use crate::archive::TIME;
use crate::platform::Linker;
use crate::tools::Tool;
use crate::{Project, Result, Target, files};
use std::env;
use std::fs::File;
use std::path::{Path, PathBuf};

/// What a build left.
#[derive(Debug)]
pub(crate) struct Built {
    /// Where rustc put the libraries.
    pub(crate) folder: PathBuf,
    /// For everything that is made on the way, a target its own.
    pub(crate) scratch: PathBuf,
    /// As long as it is held, nobody else makes anything there.
    _lock: File,
}

/// Builds both libraries for a target; at once if nothing has changed.
pub(crate) fn build(project: &Project, target: &Target) -> Result<Built> {
    let toolchain = Toolchain::of(target)?;
    let linker = target.platform().linker(target);
    let scratch = target.scratch(project);
    let lock = files::locked(&scratch)?;
    // The names of its folders are known only once the sources are there.
    toolchain.tool("cargo").args(["fetch", "--quiet", "--locked"]).run(project.root())?;

    let remapped = remapped(project, &toolchain)?;
    let flag = |start: &str| -> Vec<String> {
        remapped.iter().map(|(from, to)| format!("{start}={from}={to}")).collect()
    };
    let mut rust = flag("--remap-path-prefix");
    rust.extend(target.platform().rust_flags().iter().map(|&flag| flag.to_owned()));
    let zig = matches!(linker, Linker::Zig);
    let mut cargo = if zig {
        toolchain.tool("cargo-zigbuild").args(["zigbuild"])
    } else {
        toolchain.tool("cargo").args(["build"])
    };
    cargo = cargo
        .args(["--package=mlab", "--lib", "--release", "--locked", "--quiet", "--target"])
        .args([if zig { target.name() } else { target.triple().to_owned() }])
        .args(["--target-dir".as_ref(), scratch.as_os_str()])
        .env("CARGO_ENCODED_RUSTFLAGS", rust.join("\u{1f}"))
        .env(
            &format!("CFLAGS_{}", target.triple().replace('-', "_")),
            in_shell_words(&flag("-ffile-prefix-map")),
        )
        .env("CC_SHELL_ESCAPED_FLAGS", "1")
        .env("SOURCE_DATE_EPOCH", TIME.to_string())
        .env("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only")
        .env("CARGO_PROFILE_RELEASE_STRIP", "none")
        .env("CARGO_PROFILE_RELEASE_SPLIT_DEBUGINFO", "off");
    if toolchain.builds_std {
        cargo = cargo.args(["-Zbuild-std=std,panic_unwind"]).env("RUSTC_BOOTSTRAP", "1");
    }
    if let Linker::Program(program) = &linker {
        cargo = cargo.env(&linker_variable(target), program);
    }
    for (name, value) in target.platform().environment(project, target, &scratch)? {
        cargo = cargo.env(&name, value);
    }
    eprintln!("building libmlab {} for {}", project.version(), target.name());
    cargo.run_aloud(project.root())?;
    Ok(Built { folder: target.built(project), scratch, _lock: lock })
}

/// Flags as a shell would read them, and as the crate `cc` does with CC_SHELL_ESCAPED_FLAGS: a folder may have a space.
fn in_shell_words(flags: &[String]) -> String {
    let words: Vec<String> = flags.iter().map(|flag| format!("'{}'", flag.replace('\'', r"'\''"))).collect();
    words.join(" ")
}

/// The variable that names cargo's linker for a target.
pub(crate) fn linker_variable(target: &Target) -> String {
    format!("CARGO_TARGET_{}_LINKER", target.triple().to_uppercase().replace('-', "_"))
}

/// Folders whose names would end up in panic messages and debug information, and what stands there instead. Where two
/// match, the later counts.
fn remapped(project: &Project, toolchain: &Toolchain) -> Result<Vec<(String, String)>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let sources = home.unwrap_or_default().join("registry/src");
    let mut pairs = vec![
        (project.root().to_owned(), "/mlab"),
        (project.target_folder().to_owned(), "/mlab/target"),
        (toolchain.std_sources()?, "/rust"),
    ];
    // One folder a registry, its name a hash of the registry's address. None with vendored crates.
    let registries = if sources.is_dir() { files::names(&sources)? } else { Vec::new() };
    pairs.extend(registries.into_iter().map(|name| (sources.join(name), "/crates")));
    Ok(pairs.into_iter().map(|(from, to)| (from.display().to_string(), to.to_owned())).collect())
}

/// The compiler to use: the one in PATH if it has a standard library for the target, else one that brings the sources of
/// its own, which is then compiled too.
#[derive(Debug)]
pub(crate) struct Toolchain {
    /// Its programs' folder, where PATH does not lead to it.
    folder: Option<PathBuf>,
    builds_std: bool,
}

/// Where a distribution puts its own compiler, hidden behind one of rustup's.
const OTHERS: [&str; 2] = ["/usr/bin", "/usr/local/bin"];

/// Where cargo-zigbuild looks for the python3 that has zig as a module.
const PYTHON_OF_ZIG: &str = "CARGO_ZIGBUILD_PYTHON_PATH";

impl Toolchain {
    pub(crate) fn of(target: &Target) -> Result<Toolchain> {
        let usual = Toolchain { folder: None, builds_std: false };
        let ask = usual.tool("rustc").args(["--print=target-libdir", "--target", target.triple()]);
        if ask.output(Path::new(".")).is_ok_and(|folder| Path::new(folder.trim()).is_dir()) {
            return Ok(usual);
        }
        let others = OTHERS.iter().map(|folder| Some(PathBuf::from(folder)));
        for folder in std::iter::once(None).chain(others) {
            let toolchain = Toolchain { folder, builds_std: true };
            if toolchain.std_sources().is_ok_and(|sources| sources.join("library/std").is_dir()) {
                return Ok(toolchain);
            }
        }
        Err(format!(
            "no standard library for {0}: add it (`rustup target add {0}`), or install a compiler with its sources \
             (Debian: rustc-web, cargo-web, rust-web-src)",
            target.triple()
        ))
    }

    /// Its compiler.
    pub(crate) fn rustc(&self) -> PathBuf {
        self.folder.as_deref().unwrap_or(Path::new("")).join("rustc")
    }

    /// `1.95.0`.
    pub(crate) fn version(&self) -> Result<String> {
        let said = self.tool("rustc").args(["--version"]).output(Path::new("."))?;
        said.split_whitespace().nth(1).map(str::to_owned).ok_or_else(|| format!("rustc --version: {said}"))
    }

    /// Where the sources of its standard library are, or would be.
    fn std_sources(&self) -> Result<PathBuf> {
        let sysroot = self.tool("rustc").args(["--print=sysroot"]).output(Path::new("."))?;
        Ok(Path::new(sysroot.trim()).join("lib/rustlib/src/rust"))
    }

    /// Where those sources lie behind any link. The compiler works there, and says so in debug information although it was told
    /// to write another folder for the one that it was given.
    pub(crate) fn std_folder(&self) -> Result<PathBuf> {
        let sources = self.std_sources()?;
        Ok(sources.canonicalize().unwrap_or(sources))
    }

    /// A program that finds this toolchain's others, and nothing that a cargo around us has set for itself: to a build
    /// script that would look like changed settings.
    fn tool(&self, name: &str) -> Tool {
        let mut tool = match &self.folder {
            Some(folder) if name != "cargo-zigbuild" => Tool::new(folder.join(name).display().to_string()),
            _ => Tool::new(name),
        };
        const SET: [&str; 7] = [
            "OUT_DIR",
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_PRIMARY_PACKAGE",
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_TARGET_DIR",
        ];
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name == "CARGO" || name == "RUSTC" || SET.iter().any(|start| name.starts_with(start)) {
                tool = tool.without_env(&name);
            }
        }
        if let Some(folder) = &self.folder {
            let path = env::var_os("PATH").unwrap_or_default();
            // cargo-zigbuild finds zig as a module of python3: of the caller's, and not of one beside this compiler.
            let python =
                env::split_paths(&path).map(|folder| folder.join("python3")).find(|file| file.is_file());
            if let Some(python) = python.filter(|_| env::var_os(PYTHON_OF_ZIG).is_none()) {
                tool = tool.env(PYTHON_OF_ZIG, python);
            }
            let all = std::iter::once(folder.clone()).chain(env::split_paths(&path));
            tool = tool.env("PATH", env::join_paths(all).unwrap_or(path));
        }
        tool
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_a_space_is_one_word_of_the_flags() {
        let flags = ["-a=/my work=/mlab", "-b=/it's=/rust"].map(str::to_owned);
        assert_eq!(in_shell_words(&flags), r"'-a=/my work=/mlab' '-b=/it'\''s=/rust'");
    }
}
