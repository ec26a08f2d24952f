//! What a program has to ship: the file itself, and every library that the loader brings in for it.

use crate::Outcome;
use crate::program::{Programs, Which};
use crate::tools::output;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The largest stripped shared library, in bytes.
pub(crate) const BAR: u64 = 2_900_000;

/// What every C program has already: the C library, its loader, and the compiler's own support library.
const SYSTEM: &[&str] =
    &["linux-vdso", "ld-linux", "libc.so", "libm.so", "libpthread.so", "libdl.so", "librt.so", "libgcc_s.so"];

pub(crate) struct Sizes {
    /// The stripped shared library, in bytes.
    pub(crate) library: u64,
    /// Libraries that it needs beside the system's.
    pub(crate) beside: Vec<String>,
    pub(crate) libcurl: Closure,
}

/// libcurl and all libraries that it needs beside the system's.
pub(crate) struct Closure {
    pub(crate) libraries: usize,
    pub(crate) bytes: u64,
}

impl Sizes {
    pub(crate) fn broken_bars(&self) -> Vec<String> {
        let large = (self.library >= BAR).then(|| "size of the library".to_owned());
        let beside = (!self.beside.is_empty()).then(|| "nothing beside the C library".to_owned());
        large.into_iter().chain(beside).collect()
    }
}

pub(crate) fn measure(programs: &Programs) -> Outcome<Sizes> {
    let beside = needed(&programs.library)?;
    // The very libcurl that the benchmark's program was run with.
    let theirs = needed(&programs.path(Which::Theirs))?;
    let is_curl = |path: &&PathBuf| name(path).starts_with("libcurl");
    let curl = theirs.iter().find(is_curl).ok_or("the peer does not load libcurl")?;
    let mut libcurl = needed(curl)?;
    libcurl.push(curl.clone());
    let bytes = libcurl.iter().map(|path| Ok(fs::metadata(path)?.len())).sum::<Outcome<u64>>()?;
    Ok(Sizes {
        library: fs::metadata(&programs.library)?.len(),
        beside: beside.iter().map(|path| name(path)).collect(),
        libcurl: Closure { libraries: libcurl.len(), bytes },
    })
}

/// Every library that the loader brings in for a file, the system's left out.
fn needed(file: &Path) -> Outcome<Vec<PathBuf>> {
    let listed = output(Command::new("ldd").arg(file))?;
    let paths = listed.lines().filter_map(|line| {
        let path = line.split_once("=>").map_or(line, |(_, path)| path);
        Some(PathBuf::from(path.split_whitespace().next()?))
    });
    Ok(paths.filter(|path| !SYSTEM.iter().any(|known| name(path).starts_with(known))).collect())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
