//! Jobs that download on workers, and the bytes in their events.

use crate::call::{Folder, KEY, client, link, reply, settings, test_image, trusting, trying, whole};
use crate::quickest::one_of_three_within;
use crate::{NAMES, made, order, server};
use mlab_core::download::Destination;
use mlab_core::engine::{Client, Event, ImageRequest, Report};
use mlab_core::error::Status;
use mlab_standin::{RawServer, Step};
use std::time::{Duration, Instant};

const LONG: Duration = Duration::from_secs(20);

/// All events of the client's one job, up to its end.
fn events(client: &Client) -> (Vec<Event>, Report) {
    let mut told = Vec::new();
    loop {
        let mut event = client.next_event(LONG).expect("an event in time");
        if let Some(report) = event.done.take() {
            told.push(event);
            return (told, report);
        }
        told.push(event);
    }
}

#[test]
fn the_images_of_a_job_are_fetched_by_workers_side_by_side() {
    let delay = Duration::from_secs(1);
    let server = server(delay);
    let client = client(settings(&server.http_endpoint()));
    let folder = Folder::new();
    let start = Instant::now();
    let destination = Destination::Folder(folder.path("").trim_end_matches('/').to_owned());
    let job = client.submit(&order(destination), 7).expect("a job");
    let (told, report) = events(&client);
    assert!(start.elapsed() < delay * 4, "{:?}", start.elapsed());
    assert_eq!((report.status, report.id.as_str()), (Status::Ok, "12202888"), "{}", report.message);
    assert_eq!(folder.names(), NAMES);
    let all: usize = (0..4).map(|index| made(index).len()).sum();
    let last = told.last().expect("an event");
    assert_eq!((last.job, last.tag), (job, 7));
    assert_eq!((last.bytes_done, last.bytes_total), (all as u64, Some(all as u64)));
    assert_eq!(client.pending(), 0);
    assert!(client.shut_down(LONG).is_ok());
}

#[test]
fn a_link_is_a_job_too_and_tells_its_bytes_as_they_come() {
    let image = test_image("told");
    let (first, last) = image.split_at(image.len() - 10);
    let head = reply(&format!("200 OK\r\nContent-Length: {}", image.len()), first);
    let drip = Step::Drip { bytes: last.to_vec(), every: Duration::from_millis(250) };
    let server = RawServer::plain(vec![Step::ReadRequest, head, drip]).expect("a server");
    let client = client(crate::call::local());
    let order = link(&server.url("/x.png"), Destination::Memory { most: 1 << 20 });
    let job = client.submit_link(&order, 9).expect("a job");
    let (told, report) = events(&client);
    assert_eq!(
        (report.status, report.id.as_str(), report.attempts),
        (Status::Ok, "", 1),
        "{}",
        report.message
    );
    assert_eq!(report.images[0].as_ref().and_then(|i| i.bytes.as_deref()), Some(&image[..]));
    assert!(told.len() >= 3, "{} events", told.len());
    assert!(told.iter().all(|e| (e.job, e.tag, e.polls, e.next_poll) == (job, 9, told[0].polls, None)));
    let bytes: Vec<u64> = told.iter().map(|event| event.bytes_done).collect();
    assert!(bytes.is_sorted() && bytes[0] > 0, "{bytes:?}");
    assert!(told.iter().all(|event| event.bytes_total == Some(image.len() as u64)));
    assert!(!server.saw(KEY.as_bytes()));
}

#[test]
fn a_cancelled_download_ends_within_a_quarter_second_and_leaves_nothing() {
    let half = reply("200 OK\r\nContent-Length: 9999", &test_image("half")[..50]);
    let server = RawServer::plain(vec![Step::ReadRequest, half, Step::Stall]).expect("a server");
    one_of_three_within(Duration::from_millis(250), || {
        let client = client(crate::call::local());
        let folder = Folder::new();
        let order = link(&server.url("/x.png"), Destination::File(folder.path("x.png")));
        let job = client.submit_link(&order, 0).expect("a job");
        assert!(client.next_event(LONG).is_ok_and(|event| event.bytes_done == 50));
        assert_eq!(folder.names().len(), 1, "the temporary file");
        let cancelled = Instant::now();
        client.cancel_job(job).expect("an open job");
        let (_, report) = events(&client);
        let took = cancelled.elapsed();
        assert_eq!(report.status, Status::Cancelled, "{}", report.message);
        assert!(folder.names().is_empty(), "at its end a job has let go of its files");
        took
    });
}

#[test]
fn the_end_of_a_client_ends_its_downloads_running_and_waiting() {
    let server = RawServer::plain(vec![Step::ReadRequest, Step::Stall]).expect("a server");
    let mut settings = crate::call::local();
    settings.set_workers(1).expect("workers");
    let client = client(settings);
    let folder = Folder::new();
    for name in ["a.png", "b.png", "c.png"] {
        client
            .submit_link(&link(&server.url("/x.png"), Destination::File(folder.path(name))), 0)
            .expect("a job");
    }
    assert!(server.wait_until(|counts| counts.requests == 1, LONG));
    assert!(client.shut_down(LONG).is_ok());
    for _ in 0..3 {
        let event = client.next_event(Duration::ZERO).expect("an event");
        assert_eq!(event.done.expect("an end").status, Status::Closed);
    }
    assert!(client.next_event(Duration::ZERO).is_err());
    assert!(folder.names().is_empty());
}

#[test]
fn a_download_ends_at_its_deadline_also_while_it_waits_for_a_worker() {
    let server = RawServer::plain(vec![Step::ReadRequest, Step::Stall]).expect("a server");
    let mut settings = crate::call::local();
    settings.set_workers(1).expect("workers");
    let client = client(settings);
    let order = ImageRequest {
        deadline: Duration::from_millis(500),
        ..link(&server.url("/x.png"), Destination::Memory { most: 1 << 20 })
    };
    for _ in 0..2 {
        client.submit_link(&order, 0).expect("a job");
    }
    let start = Instant::now();
    for _ in 0..2 {
        let (_, report) = events(&client);
        assert_eq!(report.status, Status::Deadline, "{}", report.message);
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn a_place_that_cannot_be_written_to_ends_its_job_at_once_and_is_named() {
    let client = client(crate::call::local());
    let destination = Destination::File("/nowhere/at/all.png".into());
    client.submit_link(&link("https://a.example/x.png", destination), 0).expect("a job");
    client.submit(&order(Destination::Folder("/nowhere".into())), 0).expect("a job");
    // Each place is looked at by a thread that may be slow: which job ends first is chance.
    let mut messages: Vec<String> = (0..2)
        .map(|_| client.next_event(LONG).ok().and_then(|event| event.done).expect("its end"))
        .inspect(|done| assert_eq!(done.status, Status::File, "{}", done.message))
        .map(|done| done.message)
        .collect();
    messages.sort_by_key(|message| !message.contains("/nowhere/at/all.png"));
    assert!(messages[0].contains("/nowhere/at/all.png"), "{messages:?}");
    assert!(messages[1].contains("/nowhere") && !messages[1].contains("all.png"), "{messages:?}");
    assert_eq!(client.pending(), 0);
}

#[test]
fn jobs_on_one_id_share_their_polls_and_have_images_of_their_own() {
    let server = server(Duration::ZERO);
    let client = client(trusting(settings(&server.https_endpoint()), server.ca_pem()));
    let folder = Folder::new();
    let destination = Destination::Folder(folder.path("").trim_end_matches('/').to_owned());
    let saved = client.submit(&order(destination), 0).expect("a job");
    let held = client.submit(&order(Destination::Memory { most: 1 << 20 }), 0).expect("a job");
    let mut without = order(Destination::Memory { most: 1 });
    without.destination = None;
    let bare = client.submit(&without, 0).expect("a job");
    let mut done = std::collections::HashMap::new();
    while done.len() < 3 {
        let event = client.next_event(LONG).expect("an event in time");
        if let Some(report) = event.done {
            assert_eq!(report.status, Status::Ok, "{}", report.message);
            done.insert(event.job, report);
        }
    }
    let kept =
        |job, file| done[&job].images.iter().flatten().filter(|image| image.path.is_some() == file).count();
    assert_eq!((kept(saved, true), kept(held, false), done[&bare].images.len()), (4, 4, 0));
    assert_eq!(folder.names(), NAMES);
}

#[test]
fn a_page_in_place_of_an_image_is_an_event_with_its_status() {
    let server =
        RawServer::plain(vec![Step::ReadRequest, whole(b"<!DOCTYPE html><html></html>")]).expect("a server");
    let client = client(trying(crate::call::local(), 0));
    client
        .submit_link(&link(&server.url("/x.png"), Destination::Memory { most: 1 << 20 }), 0)
        .expect("a job");
    let (_, report) = events(&client);
    assert_eq!((report.status, report.http_status), (Status::BadImage, 200), "{}", report.message);
}
