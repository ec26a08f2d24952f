//! Java: where its runtimes are.

use std::fs;
use std::path::PathBuf;

/// Debian's, where libjna-java is installed.
pub(crate) const JNA: &str = "/usr/share/java/jna.jar";

/// The first release with the foreign-function API.
pub(crate) const FOREIGN: u32 = 22;

/// The folders of all Java runtimes, with their releases.
pub(crate) fn homes() -> Vec<(u32, PathBuf)> {
    let of_system = fs::read_dir("/usr/lib/jvm").into_iter().flatten().flatten().map(|entry| entry.path());
    let of_user = std::env::var_os("JAVA_HOME").map(PathBuf::from);
    let release = |home: PathBuf| {
        let text = fs::read_to_string(home.join("release")).ok()?;
        let version = text.lines().find_map(|line| line.strip_prefix("JAVA_VERSION=\""))?;
        Some((version.split(['.', '"', '-', '+']).next()?.parse().ok()?, home))
    };
    of_user.into_iter().chain(of_system).filter_map(release).collect()
}

/// One that compiles for old releases and for the foreign-function API.
pub(crate) fn new_jdk() -> Option<PathBuf> {
    let is_one = |home: &PathBuf| home.join("bin/javac").is_file();
    homes().into_iter().find(|(release, home)| *release >= FOREIGN && is_one(home)).map(|(_, home)| home)
}
