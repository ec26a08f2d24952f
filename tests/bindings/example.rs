//! What each language shows is alike, and so is how it is tried.

use crate::server::{KEY, Servers};
use crate::support::{at_once, interrupted};
use std::process::Command;

/// Tries an example that waits for the id it is given: ready, failed, and stopped by an interrupt.
pub(crate) fn waits_and_stops(servers: &Servers, example: impl Fn() -> Command) {
    let wait = |id: &str| {
        let mut command = example();
        command.env("MLAB_ENDPOINT", servers.endpoint()).env("MODELSLAB_API_KEY", KEY).arg(id);
        command
    };
    let done = wait("12202888").output().expect("it runs");
    let links = String::from_utf8_lossy(&done.stdout);
    assert_eq!((done.status.code(), links.lines().count()), (Some(0), 4), "{done:?}");
    assert_eq!(wait("fail-1").output().expect("it runs").status.code(), Some(1));

    at_once(|| {
        let (took, done) = interrupted(&mut wait("never-1"));
        assert_eq!(done.status.code(), Some(130), "{done:?}");
        took
    });
}
