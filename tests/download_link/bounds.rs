//! Slow servers, and the cancel in every phase.

use crate::call::{
    Folder, OLD, client, download, link, local, patient, reply, test_image, trusting, trying, whole,
};
use mlab_core::download::Destination;
use mlab_core::engine::{ImageRequest, Settings};
use mlab_core::error::Status;
use mlab_core::net::{CancelToken, Names};
use mlab_standin::{Authority, BlackHole, RawServer, Step};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// Within this a cancel must end a call; the design's own number.
const SEEN: Duration = Duration::from_millis(250);

#[test]
fn a_server_that_falls_silent_is_a_timeout_and_one_that_drips_ends_at_the_deadline() {
    let image = test_image("slow");
    let head = reply(&format!("200 OK\r\nContent-Length: {}", image.len()), &image[..50]);
    let silent = RawServer::plain(vec![Step::ReadRequest, head.clone(), Step::Stall]).expect("a server");
    let mut settings = local();
    settings.set_request_timeout_ms(400).expect("a timeout");
    let folder = Folder::new();
    let destination = Destination::File(folder.path("x.png"));
    let report = download(settings.clone(), &silent.url("/x.png"), destination.clone());
    assert_eq!(report.status, Status::Timeout, "{}", report.message);
    assert!(report.message.contains("400 ms"), "{}", report.message);

    // Never silent for 400 ms, and never done.
    let drip = Step::Drip { bytes: image[50..].to_vec(), every: Duration::from_millis(50) };
    let dripping = RawServer::plain(vec![Step::ReadRequest, head, drip]).expect("a server");
    let order =
        ImageRequest { deadline: Duration::from_millis(900), ..link(&dripping.url("/x.png"), destination) };
    let start = Instant::now();
    let report = client(settings).download(&order, &CancelToken::new());
    assert_eq!(report.status, Status::Deadline, "{}", report.message);
    assert!((900..5_000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
    assert!(folder.names().is_empty());
}

#[test]
fn a_slow_server_that_goes_on_is_borne_longer_than_the_request_timeout() {
    let image = test_image("slow");
    let (first, last) = image.split_at(image.len() - 8);
    let head = reply(&format!("200 OK\r\nContent-Length: {}", image.len()), first);
    let drip = Step::Drip { bytes: last.to_vec(), every: Duration::from_millis(100) };
    let server = RawServer::plain(vec![Step::ReadRequest, head, drip]).expect("a server");
    let mut settings = local();
    settings.set_request_timeout_ms(400).expect("a timeout");
    let report = download(settings, &server.url("/x.png"), Destination::Memory { most: 1 << 20 });
    assert_eq!(report.status, Status::Ok, "{}", report.message);
}

/// A phase of a download: the settings and the link that lead into it, and what must live meanwhile.
struct Phase {
    name: &'static str,
    settings: Settings,
    url: String,
    _alive: Vec<Box<dyn std::any::Any>>,
}

fn phases() -> Vec<Phase> {
    let phase = |name, settings, url: String, alive: Vec<Box<dyn std::any::Any>>| Phase {
        name,
        settings,
        url,
        _alive: alive,
    };
    let image = test_image("cancelled");
    let script =
        |steps: Vec<Step>| RawServer::plain([vec![Step::ReadRequest], steps].concat()).expect("a server");
    let hole = BlackHole::open().expect("a black hole");
    let stalled = RawServer::tls_stall().expect("a server");
    let silent = script(vec![Step::Stall]);
    let half = script(vec![
        reply(&format!("200 OK\r\nContent-Length: {}", image.len()), &image[..100]),
        Step::Stall,
    ]);
    let missing = script(vec![reply("404 Not Found\r\nContent-Length: 0", b"")]);
    let broken = script(vec![reply("503 Service Unavailable\r\nRetry-After: 30\r\nContent-Length: 0", b"")]);
    let lookup = {
        let mut settings = local();
        settings.net.names = Names::with(|_| {
            thread::sleep(Duration::from_secs(3));
            Ok(Vec::new())
        });
        settings
    };
    let patient = trying(patient(local(), Duration::from_secs(60)), 5);
    let authority = Authority::new().expect("a root");
    vec![
        phase("lookup", lookup, "https://slow.example.com/x.png".into(), vec![]),
        phase("connect", local(), format!("http://{}/x.png", hole.addr()), vec![Box::new(hole)]),
        phase("TLS", trusting(local(), authority.ca_pem()), stalled.url("/x.png"), vec![Box::new(stalled)]),
        phase("head", local(), silent.url("/x.png"), vec![Box::new(silent)]),
        phase("body", local(), half.url("/x.png"), vec![Box::new(half)]),
        phase(
            "a link that is not there yet",
            patient.clone(),
            missing.url("/x.png"),
            vec![Box::new(missing)],
        ),
        phase("a pause before a retry", patient, broken.url("/x.png"), vec![Box::new(broken)]),
    ]
}

#[test]
fn a_cancel_ends_a_download_in_each_phase_and_leaves_nothing() {
    for Phase { name, settings, url, _alive } in phases() {
        let folder = Folder::new();
        let target = folder.old("x.png");
        let (client, token) = (client(settings), CancelToken::new());
        let order = link(&url, Destination::File(target.clone()));
        let (report, took) = thread::scope(|scope| {
            let call = scope.spawn(|| {
                let report = client.download(&order, &token);
                (report, Instant::now())
            });
            // Far longer than it takes to get into the phase, which lasts.
            thread::sleep(Duration::from_millis(300));
            assert!(!call.is_finished(), "{name} ended by itself");
            let triggered = Instant::now();
            token.trigger();
            let (report, returned) = call.join().expect("no panic");
            (report, returned - triggered)
        });
        assert_eq!(report.status, Status::Cancelled, "{name}: {}", report.message);
        assert!(took <= SEEN, "{name}: {took:?}");
        assert_eq!(folder.names(), ["x.png"], "{name}");
        assert_eq!(fs::read(&target).expect("a file"), OLD, "{name}");
    }
}

#[test]
fn the_end_of_a_client_ends_its_downloads() {
    let server = RawServer::plain(vec![Step::ReadRequest, Step::Stall]).expect("a server");
    let folder = Folder::new();
    let client = client(local());
    let order = link(&server.url("/x.png"), Destination::File(folder.path("x.png")));
    thread::scope(|scope| {
        let call = scope.spawn(|| client.download(&order, &CancelToken::new()));
        assert!(server.wait_until(|counts| counts.requests == 1, Duration::from_secs(20)));
        assert!(client.shut_down(Duration::from_secs(5)).is_ok());
        assert_eq!(call.join().expect("no panic").status, Status::Closed);
    });
    assert!(folder.names().is_empty());
    assert_eq!(client.download(&order, &CancelToken::new()).status, Status::Closed);
}

#[test]
fn a_cancel_that_came_before_sends_nothing() {
    let server = RawServer::plain(vec![Step::ReadRequest, whole(&test_image("never"))]).expect("a server");
    let token = CancelToken::new();
    token.trigger();
    let order = link(&server.url("/x.png"), Destination::Memory { most: 1 << 20 });
    let report = client(local()).download(&order, &token);
    assert_eq!(report.status, Status::Cancelled);
    assert_eq!(server.counts().requests, 0);
}

#[test]
fn a_download_that_was_cancelled_before_makes_no_try() {
    let server = RawServer::plain(vec![vec![Step::ReadRequest, Step::Stall]]).expect("a server");
    let token = CancelToken::new();
    token.trigger();
    let report =
        client(local()).download(&link(&server.url("/x.png"), Destination::Memory { most: 1 << 20 }), &token);
    assert_eq!((report.status, report.attempts), (Status::Cancelled, 0), "{}", report.message);
    assert_eq!(server.counts().requests, 0);
}
