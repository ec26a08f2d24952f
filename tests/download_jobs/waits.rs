//! A wait that ends when the images are there.

use crate::call::{Folder, client, patient, reply, settings, test_image, whole};
use crate::{NAMES, made, order, server};
use mlab_core::download::Destination;
use mlab_core::engine::{Report, Settings};
use mlab_core::error::Status;
use mlab_core::flow::plan::Plan;
use mlab_core::net::CancelToken;
use mlab_standin::{Job, Outcome, RawServer, Scripts, Step};
use std::fs;
use std::time::{Duration, Instant};

fn wait(settings: Settings, order: &mlab_core::engine::JobRequest) -> Report {
    client(settings).wait(order, &CancelToken::new(), |_| true)
}

#[test]
fn all_images_of_a_job_are_saved_under_names_of_ours() {
    let server = server(Duration::ZERO);
    let folder = Folder::new();
    let destination = Destination::Folder(folder.path("").trim_end_matches('/').to_owned());
    let report = wait(settings(&server.http_endpoint()), &order(destination));
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert_eq!(folder.names(), NAMES);
    for (index, (name, image)) in NAMES.iter().zip(&report.images).enumerate() {
        let image = image.as_ref().expect("an image");
        assert_eq!(image.path.as_deref(), Some(folder.path(name).as_str()));
        assert_eq!((image.width, image.height, image.bytes.is_none()), (64, 48, true));
        assert!(fs::read(folder.path(name)).expect("a file") == made(index), "{name}");
    }
    assert_eq!(report.urls.len(), 4);
}

#[test]
fn images_come_side_by_side() {
    let delay = Duration::from_secs(1);
    let server = server(delay);
    let start = Instant::now();
    let report = wait(settings(&server.http_endpoint()), &order(Destination::Memory { most: 1 << 20 }));
    let took = start.elapsed();
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    for (index, image) in report.images.iter().enumerate() {
        assert_eq!(image.as_ref().and_then(|i| i.bytes.clone()), Some(made(index).into()));
    }
    // The poll and four images one after the other would be five delays.
    assert!(took < delay * 4, "{took:?}");
}

#[test]
fn links_that_come_alive_late_are_waited_for() {
    let server = server(Duration::ZERO);
    let late = Outcome::ImagesLate(Duration::from_millis(1_200));
    server.add_job(Job { outcome: late, ..Job::new("12202888") });
    let settings = patient(settings(&server.http_endpoint()), Duration::from_secs(30));
    let report = wait(settings, &order(Destination::Memory { most: 1 << 20 }));
    assert_eq!((report.status, report.images.len()), (Status::Ok, 1), "{}", report.message);
}

/// A server whose job lists these entries; `{origin}` in them is its own. Every GET of `/good` gives an image.
fn listing(entries: &[&str]) -> RawServer {
    let list = entries.join(",");
    let origin = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let own = std::sync::Arc::clone(&origin);
    let image = test_image("listed");
    let scripts = Scripts::choose(move |number| {
        let own = own.get().expect("set before the first call");
        // The poll comes first, and alone.
        let body =
            format!(r#"{{"status":"success","id":12202888,"output":[{}]}}"#, list.replace("{origin}", own));
        if number == 1 {
            return vec![Step::ReadRequest, Step::json(200, &body), Step::Stall];
        }
        vec![Step::ReadRequest, whole(&image)]
    });
    let server = RawServer::plain(scripts).expect("a server");
    origin.set(server.url("")).expect("set once");
    server
}

#[test]
fn an_image_that_cannot_be_had_says_why_and_the_others_stay() {
    let server = listing(&[r#""{origin}/good/0""#, r#""https://10.0.0.1/x.png""#, r#""{origin}/good/2""#]);
    let folder = Folder::new();
    let destination = Destination::Folder(folder.path("").trim_end_matches('/').to_owned());
    let report = wait(settings(&server.endpoint()), &order(destination));
    assert_eq!(report.status, Status::UnsafeUrl, "{}", report.message);
    assert!(report.message.starts_with("image 2 of 3: "), "{}", report.message);
    assert_eq!(report.images.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(folder.names(), ["12202888-0.png", "12202888-2.png"]);
    assert_eq!(report.urls.len(), 3);
}

#[test]
fn images_in_the_reply_itself_are_decoded() {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(test_image("inline"));
    let data = format!(r#""data:image/png;base64,{text}""#);
    let server = listing(&[&data, &format!(r#""{text}""#)]);
    let report = wait(settings(&server.endpoint()), &order(Destination::Memory { most: 1 << 20 }));
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    for image in &report.images {
        assert_eq!(image.as_ref().and_then(|i| i.bytes.clone()), Some(test_image("inline").into()));
    }
    assert_eq!(server.counts().connections, 1);
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_before_the_wait() {
    let server = server(Duration::ZERO);
    for (folder, says) in [("/nowhere/at/all", "No such file"), ("/etc/passwd", "no folder")] {
        let report = wait(settings(&server.http_endpoint()), &order(Destination::Folder(folder.into())));
        assert_eq!(report.status, Status::File, "{}", report.message);
        assert!(report.message.contains(folder) && report.message.contains(says), "{}", report.message);
    }
    assert_eq!(server.counts().requests, 0);
}

#[test]
fn the_deadline_of_the_request_bounds_its_downloads() {
    let server = server(Duration::ZERO);
    server.add_job(Job { outcome: Outcome::ImagesLate(Duration::from_secs(3600)), ..Job::new("12202888") });
    let settings = patient(settings(&server.http_endpoint()), Duration::from_secs(60));
    let mut order = order(Destination::Memory { most: 1 << 20 });
    // Time for the second try, which comes after 1 to 1.25 s, and none for a third, 1.5 s later.
    order.plan = Plan::default().with_deadline(Duration::from_millis(2_400)).expect("a plan");
    let start = Instant::now();
    let report = wait(settings, &order);
    assert_eq!(report.status, Status::NotFound, "{}", report.message);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());

    let hole = RawServer::plain(vec![
        Step::ReadRequest,
        reply("200 OK\r\nContent-Length: 9999", b"\x89PNG"),
        Step::Stall,
    ]);
    let hole = hole.expect("a server");
    let listed = listing(&[&format!("{:?}", hole.url("/x.png"))]);
    let report = wait(crate::call::settings(&listed.endpoint()), &order);
    assert_eq!(report.status, Status::Deadline, "{}", report.message);
    assert_eq!(report.urls.len(), 1);
}
