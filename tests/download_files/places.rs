//! Targets of every kind.

use crate::call::{Folder, OLD, download, local, test_image, whole};
use crate::tool::skip;
use mlab_core::download::Destination;
use mlab_core::engine::Report;
use mlab_core::error::Status;
use mlab_standin::{RawServer, Step};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::process::Command;

fn save(target: &str) -> (Report, RawServer) {
    let server = RawServer::plain(vec![Step::ReadRequest, whole(&test_image("places"))]).expect("a server");
    (download(local(), &server.url("/x.png"), Destination::File(target.to_owned())), server)
}

#[test]
fn a_file_gets_any_name_that_is_utf_8_and_the_permissions_of_any_new_file() {
    let folder = Folder::new();
    fs::write(folder.path("ordinary"), b"").expect("a file");
    let ordinary = fs::metadata(folder.path("ordinary")).expect("a file").permissions().mode();
    for name in ["x.png", "Bild mit Leerzeichen.png", "картинка-絵-🎨.png", "no-extension", ".hidden"]
    {
        let target = folder.path(name);
        let (report, _) = save(&target);
        assert_eq!(report.status, Status::Ok, "{name}: {}", report.message);
        assert_eq!(report.images[0].as_ref().and_then(|i| i.path.as_deref()), Some(target.as_str()));
        assert!(fs::read(&target).expect(name) == test_image("places"), "{name}");
        assert_eq!(fs::metadata(&target).expect(name).permissions().mode(), ordinary, "{name}");
    }
    assert_eq!(folder.names().len(), 6);
}

#[test]
fn an_old_file_is_replaced() {
    let folder = Folder::new();
    let target = folder.old("x.png");
    assert_eq!(save(&target).0.status, Status::Ok);
    assert!(fs::read(&target).expect("a file") == test_image("places"));
    assert_eq!(folder.names(), ["x.png"]);
}

#[test]
fn a_link_at_the_target_is_replaced_and_what_it_points_to_is_left_alone() {
    let folder = Folder::new();
    let precious = folder.old("precious");
    for (name, points_to) in [("a.png", precious.clone()), ("b.png", folder.path("nowhere"))] {
        let target = folder.path(name);
        symlink(&points_to, &target).expect("a link");
        assert_eq!(save(&target).0.status, Status::Ok);
        assert!(fs::symlink_metadata(&target).expect("a file").is_file(), "{name}");
    }
    assert_eq!(fs::read(&precious).expect("a file"), OLD);
    assert_eq!(folder.names(), ["a.png", "b.png", "precious"]);
}

#[test]
fn a_target_that_cannot_be_a_file_is_told_before_anything_is_sent() {
    let folder = Folder::new();
    let subfolder = folder.path("subfolder");
    fs::create_dir(&subfolder).expect("a folder");
    let file = folder.old("file");
    for (target, says) in [
        (subfolder.clone(), "folder"),
        (format!("{subfolder}/"), "folder"),
        (folder.path("missing/x.png"), "No such file or directory"),
        (format!("{file}/x.png"), "Not a directory"),
        ("/proc/x.png".into(), "/proc/x.png"),
        (folder.path(&"n".repeat(300)), ""),
    ] {
        let (report, server) = save(&target);
        assert_eq!(report.status, Status::File, "{target}: {}", report.message);
        assert!(report.message.contains(&target) && report.message.contains(says), "{}", report.message);
        // A name that is too long is only seen when it is used.
        assert_eq!(server.counts().connections, u64::from(says.is_empty()), "{target}");
    }
    assert_eq!(fs::read(&file).expect("a file"), OLD);
    assert_eq!(folder.names(), ["file", "subfolder"]);
    assert!(fs::read_dir(&subfolder).expect("a folder").next().is_none());
}

/// A rename takes the place of a device as readily as of a file: as root, /dev/null became one.
#[test]
fn what_is_no_file_is_never_replaced() {
    let folder = Folder::new();
    let run = |program: &str, arguments: &[&str]| {
        Command::new(program).args(arguments).output().is_ok_and(|done| done.status.success())
    };
    let (pipe, socket, device) = (folder.path("pipe"), folder.path("socket"), folder.path("device"));
    assert!(run("mkfifo", &[&pipe]), "mkfifo");
    let _listener = UnixListener::bind(&socket).expect("a socket");
    let mut rows = vec![("pipe", &pipe), ("socket", &socket)];
    if run("mknod", &[&device, "c", "1", "3"]) {
        rows.push(("device", &device));
    } else {
        skip("a device cannot be made here");
    }
    for (kind, target) in rows {
        let before = fs::metadata(target).expect(kind).file_type();
        let (report, server) = save(target);
        assert_eq!(report.status, Status::File, "{kind}: {}", report.message);
        let says = format!("it is a {kind}, which no file may replace; name another file: {target}");
        assert_eq!(report.message, says);
        assert_eq!(server.counts().connections, 0, "{kind}: it was fetched all the same");
        assert_eq!(fs::metadata(target).expect(kind).file_type(), before, "{kind}");
        assert!(Destination::File(target.clone()).check().is_err(), "{kind}");
    }
    // A folder's file has its name only when the image is there.
    let inside = Folder::new();
    assert!(run("mkfifo", &[&inside.path("image.png")]), "mkfifo");
    let server = RawServer::plain(vec![Step::ReadRequest, whole(&test_image("places"))]).expect("a server");
    let report = download(local(), &server.url("/x.png"), Destination::Folder(inside.path("")));
    assert_eq!(report.status, Status::File, "{}", report.message);
    assert!(report.message.starts_with("it is a pipe"), "{}", report.message);
    assert_eq!(inside.names(), ["image.png"]);
}

#[test]
fn a_folder_that_is_not_there_can_be_told_from_any_thread() {
    let folder = Folder::new();
    let (missing, file) = (folder.path("missing"), folder.old("file"));
    let told = |destination: Destination| {
        let check = std::thread::spawn(move || destination.check());
        check.join().expect("no panic").expect_err("no place").to_string()
    };
    for (destination, says) in [
        (Destination::Folder(missing.clone()), "No such file or directory; make the folder first"),
        (Destination::Folder(file.clone()), "it is no folder; name one"),
        (Destination::File(format!("{missing}/x.png")), "No such file or directory; make the folder first"),
        (Destination::File(format!("{file}/x.png")), "Not a directory"),
    ] {
        let (Destination::Folder(path) | Destination::File(path)) = &destination else { continue };
        let wanted = format!("{says}: {path}");
        assert_eq!(told(destination), wanted);
    }
    assert_eq!(folder.names(), ["file"]);
    // It is there, and takes no files in the same words.
    if cfg!(target_os = "linux") {
        assert_eq!(told(Destination::Folder("/proc".into())), "No such file or directory: /proc");
    }
}

#[test]
fn a_read_only_folder_is_told_with_its_path() {
    let folder = Folder::new();
    let read_only = folder.path("read-only");
    fs::create_dir(&read_only).expect("a folder");
    fs::set_permissions(&read_only, fs::Permissions::from_mode(0o555)).expect("its owner");
    let target = format!("{read_only}/x.png");
    // The superuser may write anywhere but into a file system that takes nothing.
    let is_superuser = fs::write(format!("{read_only}/probe"), b"").is_ok();
    let target = if is_superuser { "/sys/x.png".to_owned() } else { target };
    let (report, server) = save(&target);
    assert_eq!(report.status, Status::File, "{}", report.message);
    assert!(report.message.ends_with(&target), "{}", report.message);
    assert_eq!(server.counts().connections, 0);
}
