//! The library as it is shipped, and C programs that time one decoder each.
//!
//! Must never know what is compared with what.

use crate::Outcome;
use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A decoder that others wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Peer {
    Libpng,
    LibjpegTurbo,
    Libwebp,
    Stb,
}

impl Peer {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Peer::Libpng => "libpng",
            Peer::LibjpegTurbo => "libjpeg-turbo",
            Peer::Libwebp => "libwebp",
            Peer::Stb => "stb_image",
        }
    }

    /// Its source file, its name for pkg-config, its package on Debian and Ubuntu.
    fn parts(self) -> [&'static str; 3] {
        match self {
            Peer::Libpng => ["libpng.c", "libpng", "libpng-dev"],
            Peer::LibjpegTurbo => ["libjpeg.c", "libjpeg", "libjpeg-dev"],
            Peer::Libwebp => ["libwebp.c", "libwebp", "libwebp-dev"],
            Peer::Stb => ["stb.c", "stb", "libstb-dev"],
        }
    }
}

/// Where everything that this benchmark makes is put.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    pub(crate) ours: PathBuf,
}

impl Folder {
    pub(crate) fn new() -> Outcome<Folder> {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("decoders");
        fs::create_dir_all(&path)?;
        let library = path.join("libmlab_decode.so.0");
        fs::copy(build_library(&path)?, &library)?;
        let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
        let flags = [
            format!("-I{}", include.display()),
            library.display().to_string(),
            format!("-Wl,-rpath,{}", path.display()),
        ];
        let ours = path.join("ours");
        compile("ours.c", &ours, &flags)?;
        Ok(Folder { path, ours })
    }

    /// The program that times a peer; `None` if it is not installed.
    pub(crate) fn peer(&self, peer: Peer) -> Outcome<Option<PathBuf>> {
        self.program(peer, peer.parts()[0])
    }

    /// The program that writes lossy WebP.
    pub(crate) fn encoder(&self, peer: Peer) -> Outcome<Option<PathBuf>> {
        self.program(peer, "make_webp.c")
    }

    fn program(&self, peer: Peer, file: &str) -> Outcome<Option<PathBuf>> {
        let [_, package, _] = peer.parts();
        let Some(flags) = installed(package) else { return Ok(None) };
        let program = self.path.join(file.trim_end_matches(".c"));
        compile(file, &program, &flags)?;
        Ok(Some(program))
    }
}

/// Says aloud that a peer is left out.
pub(crate) fn skip(peer: Peer, what: &str) {
    println!(
        "  SKIPPED {what}: {} is not installed (Debian, Ubuntu: apt install {})",
        peer.name(),
        peer.parts()[2]
    );
}

/// What pkg-config says of a library, if it is there.
fn installed(package: &str) -> Option<Vec<String>> {
    let mut command = Command::new("pkg-config");
    let flags = output(command.args(["--cflags", "--libs", package])).ok()?;
    Some(flags.split_whitespace().map(str::to_owned).collect())
}

/// The shared library as it is shipped, in a folder of its own: that of `cargo bench` has the settings of benchmarks.
fn build_library(folder: &Path) -> Outcome<PathBuf> {
    let target = folder.join("target");
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    output(command.args(["build", "--quiet", "--release", "--lib", "--target-dir"]).arg(&target))?;
    Ok(target.join("release/libmlab_decode.so"))
}

/// Compiles a C99 program.
fn compile(file: &str, program: &Path, flags: &[String]) -> Outcome<()> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/decoders").join(file);
    let mut command = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()));
    command.args(["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-O2", "-o"]).arg(program);
    output(command.arg(source).args(flags).arg("-lm")).map(drop)
}

/// Runs a program to its end; gives the numbers that it printed, by name.
pub(crate) fn numbers(program: &Path, file: &Path, samples: usize) -> Outcome<HashMap<String, f64>> {
    let printed = output(Command::new(program).arg(file).arg(samples.to_string()))?;
    let number = |word: &str| {
        let (name, number) = word.split_once('=')?;
        Some((name.to_owned(), number.parse().ok()?))
    };
    let numbers = printed.split_whitespace().map(number).collect::<Option<_>>();
    numbers.ok_or_else(|| format!("{} printed {printed:?}", program.display()).into())
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
