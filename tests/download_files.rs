//! Files on the disk: replaced whole or not at all, whatever the disk, the folder or a SIGKILL does.
#![cfg(unix)] // Full disks, links and kills are made the Unix way here.

#[path = "download_files/abandoned.rs"]
mod abandoned;
#[path = "download_call/mod.rs"]
mod call;
#[path = "download_files/forked.rs"]
mod forked;
#[path = "download_files/full.rs"]
mod full;
#[path = "download_files/killed.rs"]
mod killed;
#[path = "download_files/places.rs"]
mod places;
#[path = "support/tool.rs"]
#[allow(dead_code, reason = "this binary looks for no program")]
mod tool;

use call::{client, link, local};
use mlab_core::download::Destination;
use mlab_core::net::CancelToken;
use std::env;
use std::process::Command;

/// Where a child is told what to download, and into which file.
const URL: &str = "MLAB_TEST_CHILD_URL";
const TARGET: &str = "MLAB_TEST_CHILD_TARGET";

/// Not a test of its own: what [`child`] runs in a process that may be limited or killed.
#[test]
#[ignore = "runs in a child of other tests"]
fn downloads_what_its_environment_says() {
    let (Ok(url), Ok(target)) = (env::var(URL), env::var(TARGET)) else { return };
    let report = client(local()).download(&link(&url, Destination::File(target)), &CancelToken::new());
    println!("\n[{:?}] {}", report.status, report.message);
}

/// This program again, downloading; behind `shell`, a line of sh that ends with its start.
fn child(url: &str, target: &str, shell: &str) -> Command {
    let mut command = Command::new("sh");
    let program = env::current_exe().expect("the running test");
    command.arg("-c").arg(format!("{shell} exec \"$0\" \"$@\"")).arg(program);
    command.args(["--exact", "downloads_what_its_environment_says", "--ignored", "--nocapture"]);
    command.env(URL, url).env(TARGET, target);
    command
}
