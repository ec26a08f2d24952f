//! The command line over [`mlab_packaging`]; packaging/install.sh and packaging/archive.sh call it.

use mlab_packaging::{Project, Result, Target, install, make_archive};
use std::path::{Component, Path, PathBuf, absolute};
use std::process::ExitCode;

const USAGE: &str = "\
usage: mlab-packaging install PREFIX [TARGET]     installs below PREFIX (and below $DESTDIR, where that is set), with
                                                  libraries in $LIBDIR below PREFIX (lib, where that is not set)
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
    let libraries = libraries(&prefix, Path::new(&std::env::var_os("LIBDIR").unwrap_or_default()))?;
    let root = match std::env::var_os("DESTDIR").filter(|staging| !staging.is_empty()) {
        Some(staging) => whole(&staging)?.join(prefix.strip_prefix("/").unwrap_or(&prefix)),
        None => prefix,
    };
    install(&Project::read()?, &Target::parse(target)?, &root, &libraries)?;
    println!("installed below {}", root.display());
    Ok(())
}

/// A path from the root: what is run on the way has another working folder.
fn whole(path: impl AsRef<Path>) -> Result<PathBuf> {
    absolute(&path).map_err(|e| format!("{:?}: {e}", path.as_ref()))
}

/// The folder of the libraries below the prefix, from its path below it or its whole one.
fn libraries(prefix: &Path, wanted: &Path) -> Result<String> {
    let below = wanted.strip_prefix(prefix).unwrap_or(wanted);
    let names = below.components().map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    let names: Option<Vec<&str>> = names.collect();
    let names = names.ok_or_else(|| format!("LIBDIR: {wanted:?} is no folder below {prefix:?}"))?;
    Ok(if names.is_empty() { "lib".to_owned() } else { names.join("/") })
}

fn archive_into(folder: &str, target: &str) -> Result<()> {
    for path in make_archive(&Project::read()?, &Target::parse(target)?, &whole(folder)?)? {
        println!("{}", path.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_the_libraries_lies_below_the_prefix() {
        let rows = [
            ("", Some("lib")),
            ("lib64", Some("lib64")),
            ("lib/x86_64-linux-gnu/", Some("lib/x86_64-linux-gnu")),
            ("/usr/lib64", Some("lib64")),
            ("/usr", Some("lib")),
            ("/opt/lib", None),
            ("../lib", None),
            ("/usr/../lib", None),
        ];
        for (wanted, found) in rows {
            assert_eq!(libraries(Path::new("/usr"), Path::new(wanted)).ok().as_deref(), found, "{wanted}");
        }
    }
}
