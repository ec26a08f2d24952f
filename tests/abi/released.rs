//! What tests/abi/released keeps of the last release, and what writes it: tests/abi/release.sh.

use crate::described::description;
use crate::support::library;
use mlab_bindings::declarations::{constants_of, text};
use std::fs;
use std::path::{Path, PathBuf};

/// The header of the last release.
pub(crate) const RELEASED_HEADER: &str = include_str!("released/mlab.h");

/// What to do about what is new.
pub(crate) const HOW_TO_ADD: &str =
    "run tests/abi/release.sh if that version is not out yet, else raise the version of the library";

/// Whether a header is of the same version as that of the last release. Nothing may be new in it then.
pub(crate) fn has_the_last_releases_version(header: &str) -> bool {
    let version = |header: &str| {
        let constants = constants_of(header);
        constants.into_iter().find(|c| c.name == "MLAB_VERSION").expect("the version").value
    };
    version(header) == version(RELEASED_HEADER)
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/abi/released")
}

/// A folder of this purpose alone, with such a header in it.
pub(crate) fn header_in(purpose: &str, header: &str) -> PathBuf {
    let folder = library().programs.join(purpose);
    fs::create_dir_all(&folder).expect("a folder in the target folder");
    fs::write(folder.join("mlab.h"), header).expect("a file in the target folder");
    folder
}

/// Makes this version the one that later ones are compared with.
#[test]
#[ignore = "it writes: tests/abi/release.sh"]
fn this_version_becomes_the_last_release() {
    let description = description("release", &text()).expect("abidw is there");
    fs::write(folder().join("mlab.abi"), description).expect("written");
    fs::write(folder().join("mlab.h"), text()).expect("written");
}
