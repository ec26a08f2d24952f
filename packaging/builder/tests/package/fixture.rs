//! The package under test, unpacked; and what runs commands.

use mlab_packaging::{Project, Target, make_archive};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// An unpacked archive.
pub(crate) struct Package {
    pub(crate) project: Project,
    pub(crate) target: Target,
    /// The archive, and that of the debug files.
    pub(crate) archives: Vec<PathBuf>,
    /// Where the first was unpacked.
    pub(crate) prefix: PathBuf,
    /// Where the second was, if there is one: a Mac keeps debug information in another way.
    pub(crate) debug: Option<PathBuf>,
}

/// Made once a test run; the build itself only when something has changed.
pub(crate) fn package() -> &'static Package {
    static PACKAGE: OnceLock<Package> = OnceLock::new();
    PACKAGE.get_or_init(|| {
        let project = Project::read().expect("the manifests can be read");
        let name = env::var("MLAB_PACKAGE_TARGET").unwrap_or_else(|_| "host".to_owned());
        let target = Target::parse(&name).expect("MLAB_PACKAGE_TARGET names a target");
        let folder = project.root().join("target/archives");
        let archives = make_archive(&project, &target, &folder).unwrap_or_else(|why| panic!("{why}"));
        let elsewhere = scratch("un packed");
        let prefix = unpacked(&archives[0], &elsewhere.join("package"));
        let debug = archives.get(1).map(|archive| unpacked(archive, &elsewhere.join("debug")));
        Package { project, target, archives, prefix, debug }
    })
}

/// Unpacks an archive, and gives the one folder in it.
fn unpacked(archive: &Path, folder: &Path) -> PathBuf {
    fs::create_dir_all(folder).expect("a folder");
    let mut tool = if archive.extension().is_some_and(|end| end == "zip") {
        let mut tool = Command::new("unzip");
        tool.arg("-q").arg(archive).arg("-d").arg(folder);
        tool
    } else {
        let mut tool = Command::new("tar");
        tool.arg("-xzf").arg(archive).arg("-C").arg(folder);
        tool
    };
    run(&mut tool);
    let mut entries = fs::read_dir(folder).expect("unpacked");
    let top = entries.next().expect("not empty").expect("readable").path();
    assert!(entries.next().is_none(), "{} holds more than one folder", archive.display());
    top
}

/// An empty folder of this test run for one purpose.
pub(crate) fn scratch(purpose: &str) -> PathBuf {
    let name = env::var("MLAB_PACKAGE_TARGET").unwrap_or_else(|_| "host".to_owned());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).join(purpose);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an old folder can be removed");
    }
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Runs a command that must succeed; gives what it printed.
pub(crate) fn run(command: &mut Command) -> String {
    let (done, said) = outcome(command);
    assert!(done.status.success(), "{command:?} ({}):\n{said}", done.status);
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// Runs a command; gives how it ended, and everything it printed.
pub(crate) fn outcome(command: &mut Command) -> (Output, String) {
    let done = command.stdin(Stdio::null()).output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let said = [&done.stdout[..], &done.stderr[..]].concat();
    (done, String::from_utf8_lossy(&said).into_owned())
}
