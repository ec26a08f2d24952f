//! The servers that the C programs call, and the environment that tells them where these are.

use mlab_standin::{Clock, ImageKind, Job, Options, Standin};
use std::process::Command;
use std::time::Duration;

/// The only key that the stand-in takes; tests/c/settings.h has it too.
const KEY: &str = "test-key-not-real";

/// From the first poll a slow job to its images. The first poll itself always comes too early.
const SLOW: Duration = Duration::from_millis(500);

/// A service with the jobs that tests/c/fetch.c and tests/c/jobs.c ask for.
pub(crate) fn start() -> Standin {
    let server =
        Standin::start(Options { keys: vec![KEY.into()], ..Options::default() }).expect("free ports");
    for id in ["12202888", "abc123-def456"] {
        server.add_job(Job { images: ImageKind::ALL.to_vec(), ..Job::new(id) });
    }
    for id in ["65919758", "65919759", "65919761"] {
        let slow = Job { ready_after: SLOW, clock: Clock::AtFirstLook, ..Job::new(id) };
        server.add_job(Job { images: ImageKind::ALL.to_vec(), ..slow });
    }
    server.add_job(Job { ready_after: Duration::MAX, ..Job::new("65919762") });
    server
}

/// Tells a C program where the server is, and where files may be made.
pub(crate) fn describe(command: &mut Command, server: &Standin) {
    // A proxy of the machine at hand has no part in a test.
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(name);
    }
    command
        .env("MLAB_TEST_HTTP", server.http_endpoint())
        .env("MLAB_TEST_HTTPS", server.https_endpoint())
        .env("MLAB_TEST_CA_FILE", server.ca_file())
        // A program that hangs is ended and removes nothing: what is left belongs to the build.
        .env("MLAB_TEST_FOLDER", env!("CARGO_TARGET_TMPDIR"));
}
