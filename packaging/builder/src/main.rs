//! The command line over [`mlab_packaging`]; packaging/install.sh and packaging/archive.sh call it.

use mlab_packaging::{Project, Result, Target, install, make_archive};
use std::path::{Path, PathBuf, absolute};
use std::process::ExitCode;

const USAGE: &str = "\
usage: mlab-packaging install PREFIX [TARGET]     installs below PREFIX (and below $DESTDIR, where that is set)
       mlab-packaging archive TARGET [FOLDER]     makes FOLDER/mlab-<version>-<TARGET>.tar.gz (or .zip) and SHA256SUMS
TARGET is one of rustc's, with a glibc version behind it if wanted (x86_64-unknown-linux-gnu.2.17), or `host`.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["install", prefix] => install_below(prefix, "host"),
        ["install", prefix, target] => install_below(prefix, target),
        ["archive", target] => archive_into("target/archives", target),
        ["archive", target, folder] => archive_into(folder, target),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn install_below(prefix: &str, target: &str) -> Result<()> {
    // As they are, links and all: below DESTDIR those of this machine say nothing.
    let prefix = whole(prefix)?;
    let root = match std::env::var_os("DESTDIR").filter(|staging| !staging.is_empty()) {
        Some(staging) => whole(&staging)?.join(prefix.strip_prefix("/").unwrap_or(&prefix)),
        None => prefix,
    };
    install(&Project::read()?, &Target::parse(target)?, &root)?;
    println!("installed below {}", root.display());
    Ok(())
}

/// A path from the root: what is run on the way has another working folder.
fn whole(path: impl AsRef<Path>) -> Result<PathBuf> {
    absolute(&path).map_err(|e| format!("{:?}: {e}", path.as_ref()))
}

fn archive_into(folder: &str, target: &str) -> Result<()> {
    for path in make_archive(&Project::read()?, &Target::parse(target)?, &whole(folder)?)? {
        println!("{}", path.display());
    }
    Ok(())
}
