//! What each language shows is alike, and so is how it is tried.

use crate::place::{fresh, run};
use crate::server::{KEY, Servers};
use crate::support::{at_once, interrupted};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An example with these arguments, told where the jobs are.
pub(crate) fn command(servers: &Servers, example: impl Fn() -> Command, arguments: &[&str]) -> Command {
    let mut command = example();
    command.env_remove("MLAB_IMAGES").env_remove("MLAB_CA_FILE");
    command.env("MLAB_ENDPOINT", servers.endpoint()).env("MODELSLAB_API_KEY", KEY).args(arguments);
    command
}

/// Tries an example that waits for the id it is given: ready, failed, and used in the ways that all have in common.
pub(crate) fn waits(servers: &Servers, example: impl Fn() -> Command) {
    let wait = |arguments: &[&str]| command(servers, &example, arguments);
    let ends = |mut command: Command, code: i32, lines: usize| {
        let done = command.output().expect("it runs");
        let said = String::from_utf8_lossy(&done.stdout);
        assert_eq!((done.status.code(), said.lines().count()), (Some(code), lines), "{command:?}: {done:?}");
        said.into_owned()
    };
    assert!(ends(wait(&["12202888"]), 0, 4).lines().all(|line| line.starts_with("http://")));
    ends(wait(&["12202888", "0.5"]), 0, 4);
    ends(wait(&["fail-1"]), 1, 0);
    for misused in [&[][..], &["1", "soon"], &["1", "-1"], &["1", "nan"], &["1", "2", "3"]] {
        ends(wait(misused), 2, 0);
    }

    let mut elsewhere = wait(&["12202888"]);
    elsewhere.env("MLAB_ENDPOINT", servers.https_endpoint()).env("MLAB_CA_FILE", servers.ca_file());
    ends(elsewhere, 0, 4);

    static FOLDERS: AtomicUsize = AtomicUsize::new(0); // Tests run at once.
    let folder = fresh(&format!("example-images-{}", FOLDERS.fetch_add(1, Ordering::Relaxed)));
    let mut saving = wait(&["12202888"]);
    saving.env("MLAB_IMAGES", &folder);
    ends(saving, 0, 4);
    assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 4);
}

/// The same, and that it stops by an interrupt.
pub(crate) fn waits_and_stops(servers: &Servers, example: impl Fn() -> Command) {
    waits(servers, &example);
    at_once(|| {
        let (took, done) = interrupted(&mut command(servers, &example, &["never-1"]));
        assert_eq!(done.status.code(), Some(130), "{done:?}");
        took
    });
}

/// Runs what a page shows of many at once, with the ids 12202888 and fail-1: it tells of both ends, and the images of one are
/// in its folder, which is made below `here` before.
pub(crate) fn saves(command: &mut Command, here: &Path) {
    let images = here.join("images");
    let _ = fs::remove_dir_all(&images);
    fs::create_dir(&images).expect("a folder");
    let said = String::from_utf8_lossy(&run(command).stdout).into_owned();
    let is_told = |id: &str, is_saved: bool| {
        said.lines().any(|line| line.starts_with(id) && line.ends_with("saved") == is_saved)
    };
    assert!(said.lines().count() == 2 && is_told("12202888", true) && is_told("fail-1", false), "{said}");
    assert_eq!(fs::read_dir(images).expect("the images").count(), 4);
}
