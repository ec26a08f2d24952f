//! What each language shows is alike, and so is how it is tried.

use crate::server::{KEY, Servers};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

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

    let mut waiting = wait("never-1").stderr(Stdio::piped()).spawn().expect("it runs");
    let mut said = BufReader::new(waiting.stderr.take().expect("piped"));
    said.read_line(&mut String::new()).expect("a line after the first poll");
    let at = Instant::now();
    let killed = Command::new("kill").args(["-INT", &waiting.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    assert_eq!(waiting.wait().expect("it ends").code(), Some(130));
    assert!(at.elapsed() < Duration::from_millis(300), "{:?}", at.elapsed());
}
