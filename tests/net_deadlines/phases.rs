//! One scene a phase of a call: the phase begins and never ends.
//!
//! Not here: a request that the server does not read. With the longest key it is some 9 KB, which the buffers of any
//! system take in at once, so that phase is held up by a send() of the host's (tests/c_client/sending.c).

use super::HURRY_MS;
use super::gate::{self, Closed};
use crate::call::{READY, authority, settings, settings_trusting};
use mlab_core::engine::Settings;
use mlab_core::net::{Names, ProxySetting};
use mlab_standin::{BlackHole, RawServer, Step};
use std::thread;
use std::time::{Duration, Instant};

/// How long a call may take to come to where it hangs, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// A call that hangs in one phase.
pub(crate) struct Phase {
    /// What hangs.
    pub(crate) name: &'static str,
    /// How a timeout's message names the phase.
    pub(crate) says: &'static str,
    /// Whether the connect timeout covers it.
    pub(crate) connecting: bool,
    /// The timeout that is meant to run out in it, after enough time to come to it on a busy machine.
    pub(crate) hurry_ms: u32,
    /// Sets it up.
    pub(crate) stage: fn() -> Scene,
}

/// Settings of a call, and what it hangs at for as long as this lives.
pub(crate) struct Scene {
    pub(crate) settings: Settings,
    hang: Hang,
}

enum Hang {
    Lookup(Closed),
    Connect { _hole: BlackHole },
    Server { server: RawServer, reached: fn(&RawServer) -> bool },
}

impl Scene {
    /// Waits until the call hangs where it should.
    pub(crate) fn wait_until_reached(&self) {
        match &self.hang {
            Hang::Lookup(gate) => gate.wait_for(1),
            // A connect to a full queue shows nowhere on our side. Any moment of it will do.
            Hang::Connect { .. } => thread::sleep(Duration::from_millis(100)),
            Hang::Server { server, reached } => {
                let start = Instant::now();
                while !reached(server) {
                    assert!(start.elapsed() < PATIENCE, "the call never came to where it should hang");
                    thread::sleep(Duration::from_millis(2));
                }
            }
        }
    }

    /// Whether no call did anything yet.
    pub(crate) fn is_untouched(&self) -> bool {
        match &self.hang {
            Hang::Lookup(gate) => gate.begun() == 0,
            Hang::Connect { .. } => true,
            Hang::Server { server, .. } => server.counts().connections == 0,
        }
    }
}

/// [`HURRY_MS`] for a phase that a handshake of TLS comes before, or is.
const SECURE_HURRY_MS: u32 = 1_000;

const RESOLVE: &str = "(looking the host up)";
const CONNECT: &str = "(connecting)";
const PROXY: &str = "(talking to the proxy)";
const TLS: &str = "(in the TLS handshake)";
const RECEIVE: &str = "(waiting for the reply)";

/// Every phase that can hang.
pub(crate) const PHASES: &[Phase] = &[
    connecting("a lookup that never answers", RESOLVE, || lookup(|_| {})),
    connecting("an address that never accepts", CONNECT, || {
        let hole = BlackHole::open().expect("an address that never accepts");
        let settings = settings(&format!("http://{}/{{id}}", hole.addr()));
        Scene { settings, hang: Hang::Connect { _hole: hole } }
    }),
    handshaking("a TLS handshake that stalls", || {
        let server = RawServer::tls_stall().expect("a server");
        scene(settings(&server.endpoint()), server, |server| server.bytes_seen() > 0)
    }),
    connecting("a proxy's name that is never found", PROXY, || {
        lookup(|settings| {
            settings.net.proxy = ProxySetting::parse("http://proxy.invalid:1").expect("a proxy")
        })
    }),
    connecting("a proxy that never accepts", PROXY, || {
        let hole = BlackHole::open().expect("an address that never accepts");
        let settings = through(&hole.addr().to_string());
        Scene { settings, hang: Hang::Connect { _hole: hole } }
    }),
    connecting("a proxy that never answers", PROXY, || {
        proxy(vec![Step::Stall], |server| server.saw(b"\r\n\r\n"))
    }),
    connecting("a proxy that drips its answer", PROXY, || {
        let script = vec![Step::Send(b"HTTP/1.1 200 OK\r\n".into()), for_ever(b"X: y\r\n")];
        proxy(script, |server| server.counts().connections > 0)
    }),
    handshaking("a TLS handshake that stalls in a tunnel", || {
        let script = vec![Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".into()), Step::Stall];
        // A TLS record of a handshake (RFC 8446, section 5.1) behind the request for the tunnel.
        proxy(script, |server| server.saw(b"\r\n\r\n\x16\x03"))
    }),
    receiving("a server that never answers", || plain(vec![Step::Stall])),
    receiving("headers that drip", || {
        plain(vec![Step::Send(b"HTTP/1.1 200 OK\r\n".into()), for_ever(b"X: y\r\n")])
    }),
    receiving("early hints that drip", || plain(vec![for_ever(b"HTTP/1.1 103 Early Hints\r\n\r\n")])),
    receiving("a body that drips", || {
        plain(vec![Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".into()), for_ever(b" ")])
    }),
    receiving("a body that stalls", || {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", READY.len());
        plain(vec![Step::Send((head + &READY[..20]).into()), Step::Stall])
    }),
    receiving("redirects whose last never answers", || {
        let moved = b"HTTP/1.1 307 Moved\r\nLocation: /v2\r\nContent-Length: 0\r\n\r\n";
        let last = vec![Step::ReadRequest, Step::Stall];
        let server = RawServer::plain(vec![vec![Step::ReadRequest, Step::Send(moved.into())], last])
            .expect("a server");
        scene(settings(&server.endpoint()), server, |server| server.counts().requests == 2)
    }),
    receiving_securely("a server that never answers over TLS", || secure(vec![Step::Stall])),
    receiving_securely("a body that drips over TLS", || {
        secure(vec![Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".into()), for_ever(b" ")])
    }),
];

const fn connecting(name: &'static str, says: &'static str, stage: fn() -> Scene) -> Phase {
    Phase { name, says, connecting: true, hurry_ms: HURRY_MS, stage }
}

const fn handshaking(name: &'static str, stage: fn() -> Scene) -> Phase {
    Phase { hurry_ms: SECURE_HURRY_MS, ..connecting(name, TLS, stage) }
}

const fn receiving(name: &'static str, stage: fn() -> Scene) -> Phase {
    Phase { name, says: RECEIVE, connecting: false, hurry_ms: HURRY_MS, stage }
}

const fn receiving_securely(name: &'static str, stage: fn() -> Scene) -> Phase {
    Phase { hurry_ms: SECURE_HURRY_MS, ..receiving(name, stage) }
}

fn for_ever(bytes: &[u8]) -> Step {
    Step::Repeat(vec![Step::Drip { bytes: bytes.into(), every: Duration::from_millis(5) }])
}

fn scene(settings: Settings, server: RawServer, reached: fn(&RawServer) -> bool) -> Scene {
    Scene { settings, hang: Hang::Server { server, reached } }
}

fn lookup(set: fn(&mut Settings)) -> Scene {
    let mut settings = settings("https://nowhere.invalid/{id}");
    settings.net.proxy = ProxySetting::None;
    settings.net.names = Names::with(gate::lookup);
    set(&mut settings);
    Scene { settings, hang: Hang::Lookup(gate::close()) }
}

fn through(proxy: &str) -> Settings {
    let mut settings = settings("https://nowhere.invalid/{id}");
    settings.net.proxy = ProxySetting::parse(&format!("http://{proxy}")).expect("a proxy");
    settings
}

/// A proxy that does not wait for what it is asked.
fn proxy(script: Vec<Step>, reached: fn(&RawServer) -> bool) -> Scene {
    let server = RawServer::plain(script).expect("a server");
    scene(through(&server.address().to_string()), server, reached)
}

fn asked(script: Vec<Step>) -> Vec<Step> {
    [vec![Step::ReadRequest], script].concat()
}

fn plain(script: Vec<Step>) -> Scene {
    let server = RawServer::plain(asked(script)).expect("a server");
    scene(settings(&server.endpoint()), server, |server| server.counts().requests == 1)
}

fn secure(script: Vec<Step>) -> Scene {
    let (authority, identity) = authority();
    let server = RawServer::tls(identity, asked(script)).expect("a server");
    scene(settings_trusting(&server.endpoint(), authority.ca_pem()), server, |server| {
        server.counts().requests == 1
    })
}
