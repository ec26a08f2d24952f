//! Where a call can be when it is stopped: one scene a moment, which the call reaches and does not leave by itself.

use crate::call::{self, ID, NOT_YET, client, in_turn, job, json, order, settings, settings_trusting};
use crate::gate;
use mlab_core::engine::{Client, JobRequest, Level, Log, Report, Settings, Sink};
use mlab_core::flow::plan::Plan;
use mlab_core::net::{CancelToken, Names};
use mlab_standin::{Authority, BlackHole, Leaf, RawServer, Reply, Step};
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// A moment of a call.
pub(crate) struct Moment {
    pub(crate) name: &'static str,
    pub(crate) stage: fn() -> Scene,
}

/// A client, what it is asked to do, and the world in which it comes to the moment.
pub(crate) struct Scene {
    pub(crate) client: Client,
    kind: Kind,
    /// ServerText by the scene itself, where the server cannot know.
    told: Arc<AtomicBool>,
    world: World,
}

#[derive(Clone, Copy)]
enum Kind {
    Fetch,
    Wait,
}

enum World {
    Server {
        server: RawServer,
        reached: fn(&RawServer) -> bool,
    },
    Told {
        _server: RawServer,
    },
    Lookup(gate::Closed),
    /// Nothing shows on our side; what causes it is kept.
    Silence {
        _cause: Box<dyn Any + Send + Sync>,
    },
}

impl Scene {
    /// Makes the call.
    pub(crate) fn run(&self, token: &CancelToken) -> Report {
        match self.kind {
            Kind::Fetch => self.client.fetch(&job(ID), token),
            Kind::Wait => self.client.wait(&slow_order(), token, |_| {
                self.told.store(true, Ordering::Release);
                true
            }),
        }
    }

    /// Waits until the call is there.
    pub(crate) fn reach(&self) {
        match &self.world {
            // Any moment of it will do.
            World::Silence { .. } => thread::sleep(Duration::from_millis(60)),
            world => {
                while !self.is_reached(world) {
                    thread::sleep(Duration::from_millis(2));
                }
            }
        }
    }

    fn is_reached(&self, world: &World) -> bool {
        match world {
            World::Server { server, reached } => reached(server),
            World::Told { .. } => self.told.load(Ordering::Acquire),
            World::Lookup(gate) => gate.begun() > 0,
            World::Silence { .. } => true,
        }
    }

    /// Whether nobody has heard of the call.
    pub(crate) fn is_untouched(&self) -> bool {
        match &self.world {
            World::Server { server, .. } | World::Told { _server: server } => {
                server.counts().connections == 0
            }
            World::Lookup(gate) => gate.begun() == 0,
            World::Silence { .. } => true,
        }
    }
}

/// Ten minutes, first polls a second apart.
fn slow_order() -> JobRequest {
    let (min, max) = (Duration::from_secs(1), Duration::from_secs(1));
    JobRequest { plan: Plan::default().with_poll(min, max).expect("a valid plan"), ..order(ID) }
}

/// Every moment.
pub(crate) const MOMENTS: &[Moment] = &[
    Moment { name: "a fetch's reply is awaited", stage: || replies(Kind::Fetch, vec![Step::Stall], 1) },
    Moment { name: "a wait's first reply is awaited", stage: || replies(Kind::Wait, vec![Step::Stall], 1) },
    Moment { name: "a wait is between two polls", stage: || told(Kind::Wait, json(200, NOT_YET)) },
    Moment {
        name: "a wait's second reply is awaited",
        stage: || replies(Kind::Wait, vec![json(200, NOT_YET), Step::Stall], 2),
    },
    Moment { name: "a wait backs off after a failure", stage: || told(Kind::Wait, json(500, "{}")) },
    Moment { name: "a wait obeys a Retry-After", stage: || told(Kind::Wait, told_to_wait()) },
    Moment { name: "a fetch backs off after a failure", stage: || told(Kind::Fetch, json(500, "{}")) },
    Moment { name: "a fetch obeys a Retry-After", stage: || told(Kind::Fetch, told_to_wait()) },
    Moment {
        name: "a wait waits for its turn",
        stage: || {
            let server = in_turn(vec![json(200, NOT_YET)]);
            let mut settings = settings(&server.endpoint());
            settings.set_requests_per_second(0.01).expect("a valid rate");
            let scene = of(Kind::Wait, settings, World::Silence { _cause: Box::new(server) });
            assert_eq!(call::fetch(&scene.client, ID).attempts, 1, "the first has its turn at once");
            scene
        },
    },
    Moment {
        name: "a name is looked up",
        stage: || {
            let mut settings = settings("https://nowhere.invalid/{id}");
            settings.net.names = Names::with(gate::lookup);
            of(Kind::Wait, settings, World::Lookup(gate::close()))
        },
    },
    Moment {
        name: "a connect is not answered",
        stage: || {
            let hole = BlackHole::open().expect("an address that never accepts");
            let settings = settings(&format!("http://{}/{{id}}", hole.addr()));
            of(Kind::Wait, settings, World::Silence { _cause: Box::new(hole) })
        },
    },
    Moment {
        name: "a TLS handshake stalls",
        stage: || {
            let server = RawServer::tls_stall().expect("a server");
            let settings = settings(&server.endpoint());
            of(Kind::Wait, settings, World::Server { server, reached: |server| server.bytes_seen() > 0 })
        },
    },
    Moment {
        name: "a head drips",
        stage: || {
            let start = Step::Send(b"HTTP/1.1 200 OK\r\n".into());
            plain(Kind::Wait, vec![Step::ReadRequest, start, for_ever(b"X: y\r\n")])
        },
    },
    Moment { name: "a body drips", stage: || plain(Kind::Wait, dripping_body()) },
    Moment {
        name: "a body drips over TLS",
        stage: || {
            let authority = Authority::new().expect("a root");
            let identity = authority.issue(Leaf::Valid).expect("a certificate");
            let server = RawServer::tls(identity, dripping_body()).expect("a server");
            let settings = settings_trusting(&server.endpoint(), authority.ca_pem());
            of(
                Kind::Fetch,
                settings,
                World::Server { server, reached: |server| server.counts().requests == 1 },
            )
        },
    },
];

fn told_to_wait() -> Step {
    call::reply(&Reply::json(429, "{}").with("Retry-After", "15"))
}

fn dripping_body() -> Vec<Step> {
    vec![Step::ReadRequest, Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".into()), for_ever(b" ")]
}

fn for_ever(bytes: &[u8]) -> Step {
    Step::Repeat(vec![Step::Drip { bytes: bytes.into(), every: Duration::from_millis(5) }])
}

fn of(kind: Kind, mut settings: Settings, world: World) -> Scene {
    let told = Arc::new(AtomicBool::new(false));
    if matches!(kind, Kind::Fetch) {
        settings.log = Log::to(Arc::new(Backoff(Arc::clone(&told))), Level::Debug);
    }
    Scene { client: client(settings), kind, told, world }
}

fn replies(kind: Kind, replies: Vec<Step>, reached: u64) -> Scene {
    let server = in_turn(replies);
    let reached = match reached {
        1 => |server: &RawServer| server.counts().requests == 1,
        _ => |server: &RawServer| server.counts().requests == 2,
    };
    of(kind, settings(&server.endpoint()), World::Server { server, reached })
}

/// One reply for ever, after which the call itself tells that it goes on.
fn told(kind: Kind, reply: Step) -> Scene {
    let server = in_turn(vec![reply]);
    let mut settings = settings(&server.endpoint());
    settings.set_retries(100).expect("valid");
    settings.set_request_timeout_ms(300_000).expect("a valid timeout");
    of(kind, settings, World::Told { _server: server })
}

fn plain(kind: Kind, script: Vec<Step>) -> Scene {
    let server = RawServer::plain(script).expect("a server");
    of(
        kind,
        settings(&server.endpoint()),
        World::Server { server, reached: |server| server.counts().requests == 1 },
    )
}

/// Hears when a fetch begins to back off, which is the one warning that it gives.
struct Backoff(Arc<AtomicBool>);

impl Sink for Backoff {
    fn take(&self, level: Level, _: &str, _: &str) {
        if level == Level::Warning {
            self.0.store(true, Ordering::Release);
        }
    }
}
