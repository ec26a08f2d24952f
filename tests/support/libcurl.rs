//! libcurl, which some programs perform HTTP by.

use super::skip;
use std::process::Command;

/// Whether programs can be linked with it; says aloud what is left out where they cannot.
pub(crate) fn has_libcurl() -> bool {
    let found = Command::new("pkg-config").args(["--exists", "libcurl"]).status();
    let is_here = found.is_ok_and(|status| status.success());
    if !is_here {
        skip("libcurl's development files are not installed");
    }
    is_here
}
