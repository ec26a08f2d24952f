//! Slow servers, and the cancel in every phase.

use crate::call::{Folder, OLD, client, download, link, local, reply, test_image, trusting, trying};
use crate::gate;
use crate::quickest::one_of_three_within;
use mlab_core::download::Destination;
use mlab_core::engine::{Client, ImageRequest, Level, Log, Settings, Sink};
use mlab_core::error::Status;
use mlab_core::net::{CancelToken, Names};
use mlab_standin::{Authority, BlackHole, RawServer, Step};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// Within this a cancel must end a call; the design's own number.
const SEEN: Duration = Duration::from_millis(250);

/// How long a download may take to come into a phase, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn a_server_that_falls_silent_is_a_timeout_and_one_that_drips_ends_at_the_deadline() {
    let image = test_image("slow");
    let head = reply(&format!("200 OK\r\nContent-Length: {}", image.len()), &image[..50]);
    let silent = RawServer::plain(vec![Step::ReadRequest, head, Step::Stall]).expect("a server");
    let mut settings = local();
    settings.set_request_timeout_ms(400).expect("a timeout");
    let folder = Folder::new();
    let destination = Destination::File(folder.path("x.png"));
    let report = download(settings.clone(), &silent.url("/x.png"), destination.clone());
    assert_eq!(report.status, Status::Timeout, "{}", report.message);
    assert!(report.message.contains("400 ms"), "{}", report.message);

    // Never silent for the timeout, and never done.
    let drip = Step::Repeat(vec![Step::Drip { bytes: vec![0], every: Duration::from_millis(50) }]);
    let endless = reply("200 OK\r\nContent-Length: 99999", &image[..50]);
    let dripping = RawServer::plain(vec![Step::ReadRequest, endless, drip]).expect("a server");
    settings.set_request_timeout_ms(2_000).expect("a timeout");
    let order =
        ImageRequest { deadline: Duration::from_millis(3_000), ..link(&dripping.url("/x.png"), destination) };
    let start = Instant::now();
    let report = client(settings).download(&order, &CancelToken::new());
    assert_eq!(report.status, Status::Deadline, "{}", report.message);
    assert!((3_000..8_000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
    assert!(folder.names().is_empty());
}

#[test]
fn a_slow_server_that_goes_on_is_borne_longer_than_the_request_timeout() {
    let image = test_image("slow");
    let (first, last) = image.split_at(image.len() - 20);
    let head = reply(&format!("200 OK\r\nContent-Length: {}", image.len()), first);
    let drip = Step::Drip { bytes: last.to_vec(), every: Duration::from_millis(100) };
    let server = RawServer::plain(vec![Step::ReadRequest, head, drip]).expect("a server");
    let mut settings = local();
    settings.set_request_timeout_ms(1_500).expect("a timeout");
    let report = download(settings, &server.url("/x.png"), Destination::Memory { most: 1 << 20 });
    assert_eq!(report.status, Status::Ok, "{}", report.message);
}

/// A phase of a download.
struct Phase {
    name: &'static str,
    stage: fn() -> Scene,
}

/// What leads a download into its phase, which it does not leave by itself.
struct Scene {
    settings: Settings,
    url: String,
    world: World,
}

enum World {
    Server(RawServer, fn(&RawServer) -> bool),
    /// The download tells that it tries again later, which its server cannot see.
    Retrying {
        told: Arc<AtomicBool>,
        _server: RawServer,
    },
    Lookup(gate::Closed),
    /// Nothing shows on our side; what causes it is kept.
    Silence {
        _cause: BlackHole,
    },
}

impl Scene {
    fn with_server(steps: Vec<Step>) -> Scene {
        let server = RawServer::plain([vec![Step::ReadRequest], steps].concat()).expect("a server");
        let url = server.url("/x.png");
        let world = World::Server(server, |server| server.counts().requests > 0);
        Scene { settings: local(), url, world }
    }

    /// A reply after which a patient client tries again.
    fn with_retries(reply: Step) -> Scene {
        let server = RawServer::plain(vec![Step::ReadRequest, reply]).expect("a server");
        let told = Arc::new(AtomicBool::new(false));
        let log = Log::to(Arc::new(Retries(Arc::clone(&told))), Level::Warning);
        let mut settings = trying(local(), 5);
        (settings.link_grace, settings.log) = (Duration::from_secs(60), log);
        let url = server.url("/x.png");
        Scene { settings, url, world: World::Retrying { told, _server: server } }
    }

    /// Waits until the download of this client is there.
    fn reach(&self, client: &Client) {
        let is_reached = || match &self.world {
            World::Server(server, is_reached) => is_reached(server),
            World::Retrying { told, .. } => told.load(Ordering::Acquire),
            World::Lookup(gate) => gate.begun() > 0,
            // Any moment of it will do.
            World::Silence { .. } => true,
        };
        let start = Instant::now();
        while !is_reached() {
            assert!(start.elapsed() < PATIENCE, "it never came there");
            // What a worker says is handed over in a call.
            let _ = client.next_event(Duration::from_millis(2));
        }
    }
}

struct Retries(Arc<AtomicBool>);

impl Sink for Retries {
    fn take(&self, _: Level, area: &str, _: &str) {
        if area == "download" {
            self.0.store(true, Ordering::Release);
        }
    }
}

const PHASES: &[Phase] = &[
    Phase {
        name: "lookup",
        stage: || {
            let mut settings = local();
            settings.net.names = Names::with(gate::lookup);
            let url = "https://slow.example.com/x.png".into();
            Scene { settings, url, world: World::Lookup(gate::close()) }
        },
    },
    Phase {
        name: "connect",
        stage: || {
            let hole = BlackHole::open().expect("a black hole");
            let url = format!("http://{}/x.png", hole.addr());
            Scene { settings: local(), url, world: World::Silence { _cause: hole } }
        },
    },
    Phase {
        name: "TLS",
        stage: || {
            let settings = trusting(local(), Authority::new().expect("a root").ca_pem());
            let server = RawServer::tls_stall().expect("a server");
            let url = server.url("/x.png");
            Scene { settings, url, world: World::Server(server, |server| server.bytes_seen() > 0) }
        },
    },
    Phase { name: "head", stage: || Scene::with_server(vec![Step::Stall]) },
    Phase {
        name: "body",
        stage: || {
            let image = test_image("cancelled");
            let half = reply(&format!("200 OK\r\nContent-Length: {}", image.len()), &image[..100]);
            Scene::with_server(vec![half, Step::Stall])
        },
    },
    Phase {
        name: "a link that is not there yet",
        stage: || Scene::with_retries(reply("404 Not Found\r\nContent-Length: 0", b"")),
    },
    Phase {
        name: "a pause before a retry",
        stage: || {
            let head = "503 Service Unavailable\r\nRetry-After: 30\r\nContent-Length: 0";
            Scene::with_retries(reply(head, b""))
        },
    },
];

#[test]
fn a_cancel_ends_a_download_in_each_phase_and_leaves_nothing() {
    for Phase { name, stage } in PHASES {
        one_of_three_within(SEEN, || {
            let scene = stage();
            let folder = Folder::new();
            let target = folder.old("x.png");
            let (client, token) = (client(scene.settings.clone()), CancelToken::new());
            let order = link(&scene.url, Destination::File(target.clone()));
            let (report, took) = thread::scope(|scope| {
                let call = scope.spawn(|| (client.download(&order, &token), Instant::now()));
                scene.reach(&client);
                assert!(!call.is_finished(), "{name} ended by itself");
                let triggered = Instant::now();
                token.trigger();
                let (report, returned) = call.join().expect("no panic");
                (report, returned - triggered)
            });
            assert_eq!(report.status, Status::Cancelled, "{name}: {}", report.message);
            assert_eq!(folder.names(), ["x.png"], "{name}");
            assert_eq!(fs::read(&target).expect("a file"), OLD, "{name}");
            took
        });
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
fn a_download_that_was_cancelled_before_makes_no_try() {
    let server = RawServer::plain(vec![vec![Step::ReadRequest, Step::Stall]]).expect("a server");
    let token = CancelToken::new();
    token.trigger();
    let report =
        client(local()).download(&link(&server.url("/x.png"), Destination::Memory { most: 1 << 20 }), &token);
    assert_eq!((report.status, report.attempts), (Status::Cancelled, 0), "{}", report.message);
    assert_eq!(server.counts().requests, 0);
}
