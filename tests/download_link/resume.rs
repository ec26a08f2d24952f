//! Downloads that broke off: gone on with where it is certain to be the same, begun anew where not.

use crate::call::{Folder, download, local, reply, test_image, trying};
use mlab_core::download::Destination;
use mlab_core::engine::Report;
use mlab_core::error::Status;
use mlab_standin::{Job, Options, RawServer, Standin, Step};
use std::{fs, thread};

const TAG: &str = "\"abc123\"";

/// Half of the image, then a reset.
fn broken_off(image: &[u8], headers: &str) -> Vec<Step> {
    let head = format!("200 OK\r\nContent-Length: {}{headers}", image.len());
    vec![Step::ReadRequest, reply(&head, &image[..half(image)]), Step::Reset]
}

fn half(image: &[u8]) -> usize {
    image.len() / 2
}

/// The rest of it, with this `Content-Range` and more headers.
fn rest(image: &[u8], range: &str, headers: &str) -> Vec<Step> {
    let rest = &image[half(image)..];
    let head =
        format!("206 Partial Content\r\nContent-Range: {range}\r\nContent-Length: {}{headers}", rest.len());
    vec![Step::ReadRequest, reply(&head, rest)]
}

/// Runs a check for each row, all at once: each waits for its retries.
fn side_by_side<R: Sync>(rows: &[R], check: impl Fn(&R) + Sync) {
    thread::scope(|scope| {
        for row in rows {
            scope.spawn(|| check(row));
        }
    });
}

fn all(image: &[u8]) -> Vec<Step> {
    vec![Step::ReadRequest, reply(&format!("200 OK\r\nContent-Length: {}", image.len()), image)]
}

/// What was downloaded, and the requests that it took.
fn run(scripts: Vec<Vec<Step>>, wanted: &[u8]) -> (Report, Vec<String>) {
    let server = RawServer::plain(scripts).expect("a server");
    let folder = Folder::new();
    let target = folder.path("x.png");
    let report = download(trying(local(), 2), &server.url("/x.png"), Destination::File(target.clone()));
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert!(fs::read(&target).expect("the image") == wanted, "other bytes than were sent");
    assert_eq!(folder.names(), ["x.png"]);
    let requests =
        server.received().iter().map(|sent| String::from_utf8_lossy(sent).to_ascii_lowercase()).collect();
    (report, requests)
}

#[test]
fn what_broke_off_goes_on_where_a_strong_tag_is_the_same() {
    let image = test_image("resumed");
    let (from, size) = (half(&image), image.len());
    let range = format!("bytes {from}-{}/{size}", size - 1);
    let unknown_size = format!("bytes {from}-{}/*", size - 1);
    let rows =
        [(&range, format!("\r\nETag: {TAG}")), (&range, String::new()), (&unknown_size, String::new())];
    side_by_side(&rows, |(range, headers)| {
        let first = broken_off(&image, &format!("\r\nETag: {TAG}"));
        let (report, requests) = run(vec![first, rest(&image, range, headers)], &image);
        assert_eq!(report.attempts, 2);
        assert!(!requests[0].contains("range"), "{}", requests[0]);
        let asked = requests[1].contains(&format!("\r\nrange: bytes={from}-\r\n"))
            && requests[1].contains(&format!("\r\nif-range: {TAG}\r\n"));
        assert!(asked, "{}", requests[1]);
    });
}

#[test]
fn without_a_strong_tag_it_begins_anew() {
    let image = test_image("begun anew");
    let rows =
        ["", "\r\nETag: W/\"abc123\"", "\r\nETag: abc123", "\r\nETag: \"a\"b\"", "\r\nETag: \"\u{e9}\""];
    side_by_side(&rows, |headers| {
        let (report, requests) = run(vec![broken_off(&image, headers), all(&image)], &image);
        assert_eq!(report.attempts, 2, "{headers}");
        assert!(!requests[1].contains("range"), "{headers}: {}", requests[1]);
    });
}

#[test]
fn another_version_at_the_server_takes_the_place_of_the_first() {
    let (old, new) = (test_image("old version"), test_image("new version"));
    let first = broken_off(&old, &format!("\r\nETag: {TAG}"));
    let (report, requests) = run(vec![first, all(&new)], &new);
    assert_eq!(report.attempts, 2);
    assert!(requests[1].contains("if-range"), "{}", requests[1]);
}

#[test]
fn a_part_that_does_not_fit_is_not_put_behind_the_first() {
    let image = test_image("fits");
    let (from, size) = (half(&image), image.len());
    let fits = format!("bytes {from}-{}/{size}", size - 1);
    let rows = [
        (format!("bytes 0-{}/{size}", size - from - 1), String::new()),
        (format!("bytes {}-{}/{size}", from + 1, size), String::new()),
        (format!("bytes {from}-{}/{}", size - 1, size + 1), String::new()),
        ("bytes */5".into(), String::new()),
        ("rubbish".into(), String::new()),
        (fits.clone(), "\r\nETag: \"other\"".into()),
        (fits, format!("\r\nETag: W/{TAG}")),
    ];
    side_by_side(&rows, |(range, headers)| {
        let first = broken_off(&image, &format!("\r\nETag: {TAG}"));
        let scripts = vec![first, rest(&image, range, headers), all(&image)];
        let (report, requests) = run(scripts, &image);
        assert_eq!(report.attempts, 3, "{range}{headers}");
        assert!(!requests[2].contains("range"), "{range}: {}", requests[2]);
    });
}

#[test]
fn a_range_that_the_server_cannot_satisfy_begins_anew() {
    let image = test_image("416");
    let first = broken_off(&image, &format!("\r\nETag: {TAG}"));
    let none = vec![Step::ReadRequest, reply("416 Range Not Satisfiable\r\nContent-Length: 0", b"")];
    let (report, requests) = run(vec![first, none, all(&image)], &image);
    assert_eq!(report.attempts, 3);
    assert!(!requests[2].contains("range"), "{}", requests[2]);
}

#[test]
fn an_object_store_sends_the_rest_after_a_cut_by_chance() {
    let server =
        Standin::start(Options { fail_rate: 0.5, seed: 3, ..Options::default() }).expect("free ports");
    server.add_job(Job { size: (400, 300), ..Job::new("7") });
    let folder = Folder::new();
    let settings = trying(local(), 30);
    let keep = Destination::File(folder.path("x.png"));
    let report = download(settings, &server.http_url("/generations/7-0.png"), keep);
    assert_eq!(report.status, Status::Ok, "{}", report.message);
}
