//! SIGKILL at each step of a download: the target is the old file or the whole new one.

use crate::call::{Folder, OLD, reply, test_image, whole};
use crate::child;
use mlab_standin::{RawServer, Scripts, Step};
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

/// Old or new, never half.
fn assert_whole(target: &str, step: &str) -> bool {
    let held = fs::read(target).expect("a file");
    assert!(held == OLD || held == test_image("killed"), "{step}: {} bytes", held.len());
    held == OLD
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
        assert!(assert_whole(&target, step), "{step}");
        let others: Vec<String> = folder.names().into_iter().filter(|name| name != "x.png").collect();
        assert!(others.iter().all(|n| n.starts_with(".mlab-") && n.ends_with(".part")), "{step}: {others:?}");
    }
}

/// Past the last byte there are only moments between writing, putting on the disk and renaming: many are tried.
#[test]
fn a_kill_around_the_last_byte_leaves_the_old_file_or_the_new_one() {
    let bytes = test_image("killed");
    let server =
        RawServer::plain(Scripts::choose(move |_| vec![Step::ReadRequest, whole(&bytes)])).expect("a server");
    let mut old = 0;
    for moment in 0..24 {
        let folder = Folder::new();
        let target = folder.old("x.png");
        let before = server.counts().requests;
        let child = start(&server, &target);
        assert!(server.wait_until(|counts| counts.requests > before, LONG), "no request");
        thread::sleep(Duration::from_micros(moment * 150));
        kill(child);
        old += u32::from(assert_whole(&target, "around the end"));
    }
    eprintln!("{old} of 24 kills left the old file");
}
