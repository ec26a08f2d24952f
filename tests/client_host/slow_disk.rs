//! A disk that is slower than every deadline: nobody waits for it, and files are the old one or the whole new one.
//!
//! What it takes to end in time is said in tests/c_client/slow_disk.c. The files fail here if give_up_downloading() of
//! the engine's scheduler does not abandon them: a late image then takes its place, and the caller was told otherwise.

use crate::hosts::{host, must_hold, standin};
use mlab_standin::{ImageKind, RawServer, Step};
use std::fs;
use std::path::Path;

/// What stands under each name before the program writes there.
const OLD: &[u8] = b"the old file";

/// Runs a topic, and looks whether the files were replaced by whole images, or not at all.
fn hold(topic: &str, replaced: &[(&str, bool)]) {
    hold_with(topic, replaced, &[]);
}

/// The same with more in the environment.
fn hold_with(topic: &str, replaced: &[(&str, bool)], variables: &[(&str, String)]) {
    let name = format!("{topic}-{}", std::process::id());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder in the target folder");
    for (name, _) in replaced {
        fs::write(folder.join(name), OLD).expect("a file");
    }
    let server = standin();
    let mut command = host(topic);
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    must_hold(command.env("MLAB_TEST_ENDPOINT", server.http_endpoint()).env("MLAB_TEST_FOLDER", &folder));
    let entries = fs::read_dir(&folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let wanted: Vec<&str> = replaced.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, wanted, "no temporary file is left");
    for (name, replaced) in replaced {
        let held = fs::read(folder.join(name)).expect("a file");
        let new = ImageKind::Png.encode(name, (64, 48)).expect("an image");
        assert!(held == if *replaced { new } else { OLD.to_vec() }, "{name}: {} bytes", held.len());
    }
    fs::remove_dir_all(&folder).expect("still there");
}

#[test]
fn a_wait_ends_at_its_deadline_while_the_disk_hangs() {
    // The second was renamed in time; only its folder was not on the disk.
    hold("slow-disk-wait", &[("101-0.png", false), ("102-0.png", true)]);
}

#[test]
fn a_job_is_done_at_its_deadline_or_cancel_while_the_disk_hangs() {
    hold("slow-disk-job", &[("104-0.png", false), ("105-0.png", false)]);
}

#[test]
fn a_download_ends_with_its_cancel_while_the_disk_hangs_and_with_the_file_if_there_is_time() {
    hold("slow-disk-call", &[("103-0.png", false), ("106-0.png", true)]);
}

#[test]
fn a_job_or_a_client_ends_while_the_disk_hangs_in_the_removal_of_half_an_image() {
    let image = ImageKind::Png.encode("half", (64, 48)).expect("an image");
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", image.len());
    let half = [head.as_bytes(), &image[..image.len() / 2]].concat();
    let server = RawServer::plain(vec![Step::ReadRequest, Step::Send(half), Step::Close]).expect("a server");
    let variables = [("MLAB_TEST_HALF", server.url("/half.png"))];
    hold_with("slow-disk-removal", &[("half.png", false)], &variables);
}

#[test]
fn what_a_host_has_brought_is_waited_for_no_longer_than_what_we_have() {
    let replaced = [("108-0.png", true), ("112-0.png", true)];
    let kept = ["107-0.png", "109-0.png", "110-0.png", "111-0.png"].map(|name| (name, false));
    let mut files = [&replaced[..], &kept[..]].concat();
    files.sort_unstable();
    hold("slow-disk-host", &files);
}
