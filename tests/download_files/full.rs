//! A disk that is full, by a limit of the process and by a file system of its own.

use crate::call::{Folder, OLD, download, local, whole};
use crate::child;
use crate::tool::skip;
use mlab_core::download::Destination;
use mlab_core::error::Status;
use mlab_standin::{ImageKind, RawServer, Step};
use std::fs;
use std::process::Command;

/// An image of some 200 KiB.
fn large() -> Vec<u8> {
    let image = ImageKind::Png.encode("large", (600, 600)).expect("an image");
    let chunk = 256 * 1024_u32;
    // A private chunk that nothing compresses, before the last one.
    let (first, last) = image.split_at(image.len() - 12);
    [first, &chunk.to_be_bytes(), b"prVt", &vec![7; chunk as usize], &[0; 4], last].concat()
}

#[test]
fn a_limit_of_the_process_on_files_leaves_the_old_one() {
    let server = RawServer::plain(vec![Step::ReadRequest, whole(&large())]).expect("a server");
    let folder = Folder::new();
    let target = folder.old("x.png");
    // Ignored, as a program does that wants an error instead of a signal. In blocks of 512 bytes: 50 KiB.
    let done =
        child(&server.url("/x.png"), &target, "trap '' XFSZ; ulimit -f 100;").output().expect("sh runs");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(said.contains("[File]") && said.contains(&target) && said.contains("File too large"), "{said}");
    assert_eq!(folder.names(), ["x.png"]);
    assert_eq!(fs::read(&target).expect("a file"), OLD);
}

#[test]
fn a_full_file_system_leaves_the_old_file() {
    let folder = Folder::new();
    let disk = Disk::mount(&folder);
    let Some(disk) = disk else {
        // The limit above is the same error from the same call, for whoever may not mount.
        return skip("a file system of its own cannot be mounted here");
    };
    let target = format!("{}/x.png", disk.0);
    fs::write(&target, OLD).expect("room for a small file");
    let server = RawServer::plain(vec![Step::ReadRequest, whole(&large())]).expect("a server");
    let report = download(local(), &server.url("/x.png"), Destination::File(target.clone()));
    assert_eq!(report.status, Status::File, "{}", report.message);
    assert!(
        report.message.ends_with(&target) && report.message.contains("No space left"),
        "{}",
        report.message
    );
    assert_eq!(fs::read(&target).expect("a file"), OLD);
    assert_eq!(fs::read_dir(&disk.0).expect("a folder").count(), 1);
}

/// A file system of 64 KiB.
struct Disk(String);

impl Disk {
    fn mount(folder: &Folder) -> Option<Disk> {
        let place = folder.path("disk");
        fs::create_dir(&place).expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=64k", "mlab-test"]).arg(&place);
        let done = mount.output().ok()?;
        done.status.success().then_some(Disk(place))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).output();
    }
}
