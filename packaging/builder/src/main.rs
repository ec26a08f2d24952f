//! The command line over [`mlab_packaging`]; packaging/install.sh and packaging/archive.sh call it.

use mlab_packaging::{Project, Result, Target, install, make_archive};
use std::path::{Path, PathBuf};
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
    let mut root = PathBuf::from(prefix);
    if let Some(staging) = std::env::var_os("DESTDIR").filter(|staging| !staging.is_empty()) {
        root = PathBuf::from(staging).join(root.strip_prefix("/").unwrap_or(&root));
    }
    install(&Project::read()?, &Target::parse(target)?, &root)?;
    println!("installed below {}", root.display());
    Ok(())
}

fn archive_into(folder: &str, target: &str) -> Result<()> {
    for path in make_archive(&Project::read()?, &Target::parse(target)?, Path::new(folder))? {
        println!("{}", path.display());
    }
    Ok(())
}
