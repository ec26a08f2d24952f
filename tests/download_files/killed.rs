//! SIGKILL while the bytes of a download come: the target is the old file. What a kill leaves past the last byte, between
//! writing, putting on the disk and renaming, tests/c_torture/killed.c looks at.

use crate::call::{Folder, OLD, reply, test_image};
use crate::child;
use mlab_standin::{RawServer, Step};
use std::fs;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(20);

fn start(server: &RawServer, target: &str) -> Child {
    let mut command = child(&server.url("/x.png"), target, "");
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("sh runs")
}

fn kill(mut child: Child) {
    // SIGKILL on Unix; one that has ended already does not matter.
    let _ = child.kill();
    child.wait().expect("a child");
}

#[test]
fn a_kill_while_bytes_come_leaves_the_old_file() {
    let image = test_image("killed");
    let head = format!("200 OK\r\nContent-Length: {}", image.len());
    let steps: [(&str, Vec<Step>); 4] = [
        ("before the head", vec![Step::Stall]),
        ("after the head", vec![reply(&head, b""), Step::Stall]),
        ("in the middle", vec![reply(&head, &image[..image.len() / 2]), Step::Stall]),
        ("before the last byte", vec![reply(&head, &image[..image.len() - 1]), Step::Stall]),
    ];
    for (step, answer) in steps {
        let server = RawServer::plain([vec![Step::ReadRequest], answer].concat()).expect("a server");
        let folder = Folder::new();
        let target = folder.old("x.png");
        let child = start(&server, &target);
        assert!(server.wait_until(|counts| counts.requests == 1, LONG), "{step}: no request");
        // Time for the bytes to arrive; the rest never comes.
        thread::sleep(Duration::from_millis(50));
        kill(child);
        assert_eq!(fs::read(&target).expect("a file"), OLD, "{step}");
        let others: Vec<String> = folder.names().into_iter().filter(|name| name != "x.png").collect();
        assert!(others.iter().all(|n| n.starts_with(".mlab-") && n.ends_with(".part")), "{step}: {others:?}");
    }
}
