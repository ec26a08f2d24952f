//! [`RawServer`]: replies that are exact to the byte and to the moment, for everything a real server would not do.
//!
//! Knows of HTTP only where a request ends.

use crate::accept::{Acceptor, Stop, lock};
use crate::authority::Identity;
use crate::http::{Channel, Reply, find};
use crate::link::Link;
use crate::record::{Counts, Record};
use crate::service::{ENDPOINT, origin};
use crate::tls::{Versions, server_config};
use rustls::ServerConfig;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Bytes kept of what one connection sent; more is counted only.
const KEPT: usize = 1024 * 1024;

/// One thing that a connection does. After the last one it closes.
#[derive(Debug, Clone)]
pub enum Step {
    /// Reads a head and the body it announces. If the client ends the connection instead, the script ends.
    ReadRequest,
    /// Sends bytes at once.
    Send(Vec<u8>),
    /// Sends bytes over and over: more than one would hold in memory.
    Flood {
        /// What is sent.
        bytes: Arc<[u8]>,
        /// How often.
        times: usize,
    },
    /// Sends one byte, waits, sends the next.
    Drip {
        /// What is sent.
        bytes: Vec<u8>,
        /// The wait after each byte.
        every: Duration,
    },
    /// Waits; reads nothing meanwhile.
    Pause(Duration),
    /// Ends the connection with a RST.
    Reset,
    /// Ends it as a server should: close_notify under TLS, then FIN.
    Close,
    /// Ends it with FIN alone, without close_notify: under TLS the reply is cut, not ended.
    HangUp,
    /// Sends nothing more and reads on until the client ends the connection or the server is stopped.
    Stall,
    /// These steps over and over, until the client ends the connection or the server is stopped.
    Repeat(Vec<Step>),
}

impl Step {
    /// Sends a whole, right reply that leaves the connection open.
    pub fn reply(reply: &Reply) -> Step {
        Step::Send(reply.to_bytes(false, false))
    }

    /// Sends a whole, right reply with a JSON text.
    pub fn json(status: u16, body: &str) -> Step {
        Step::reply(&Reply::json(status, body))
    }
}

/// Which script a connection gets.
pub struct Scripts(Box<dyn Fn(u64) -> Vec<Step> + Send + Sync>);

impl Scripts {
    /// A script chosen by the number of the connection, from 1.
    pub fn choose(choice: impl Fn(u64) -> Vec<Step> + Send + Sync + 'static) -> Scripts {
        Scripts(Box::new(choice))
    }
}

/// The same script for every connection.
impl From<Vec<Step>> for Scripts {
    fn from(script: Vec<Step>) -> Scripts {
        Scripts::choose(move |_| script.clone())
    }
}

/// A script a connection; the last one serves all further connections. None at all: every connection is closed.
impl From<Vec<Vec<Step>>> for Scripts {
    fn from(scripts: Vec<Vec<Step>>) -> Scripts {
        Scripts::choose(move |number| {
            let index = usize::try_from(number - 1).unwrap_or(usize::MAX);
            scripts.get(index).or(scripts.last()).cloned().unwrap_or_default()
        })
    }
}

/// Where and how a [`RawServer`] listens. The default is a free port of 127.0.0.1, without TLS.
#[derive(Debug)]
pub struct RawOptions {
    /// Must be a loopback address. Port 0: any free one.
    pub address: SocketAddr,
    /// With a certificate it speaks TLS.
    pub identity: Option<Identity>,
    /// Which TLS versions.
    pub tls: Versions,
    /// Whether it wants a certificate of the client, signed by its own root.
    pub wants_client_certificate: bool,
}

impl Default for RawOptions {
    fn default() -> RawOptions {
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        RawOptions { address, identity: None, tls: Versions::Both, wants_client_certificate: false }
    }
}

/// A server that plays scripts. Dropped, it closes all its sockets and ends all its threads.
pub struct RawServer {
    acceptor: Acceptor,
    stage: Arc<Stage>,
    secure: bool,
}

impl RawServer {
    /// Plays the scripts on plain connections.
    pub fn plain(scripts: impl Into<Scripts>) -> io::Result<RawServer> {
        RawServer::start(RawOptions::default(), scripts)
    }

    /// Plays the scripts after a TLS handshake with this certificate.
    pub fn tls(identity: Identity, scripts: impl Into<Scripts>) -> io::Result<RawServer> {
        RawServer::start(RawOptions { identity: Some(identity), ..RawOptions::default() }, scripts)
    }

    /// Accepts and never answers the handshake. What it has seen is the client's hello, not requests.
    pub fn tls_stall() -> io::Result<RawServer> {
        let server = RawServer::plain(vec![Step::Stall])?;
        Ok(RawServer { secure: true, ..server })
    }

    /// Plays the scripts as the options say.
    pub fn start(options: RawOptions, scripts: impl Into<Scripts>) -> io::Result<RawServer> {
        let RawOptions { address, identity, tls, wants_client_certificate } = options;
        let secure = identity.is_some();
        let stage = Arc::new(Stage {
            scripts: scripts.into(),
            tls: identity
                .map(|identity| server_config(identity, tls, wants_client_certificate))
                .transpose()?,
            record: Record::default(),
            received: Mutex::default(),
            stop: Arc::default(),
        });
        let actors = stage.clone();
        let acceptor = Acceptor::start(address, stage.stop.clone(), move |socket| actors.serve(socket))?;
        Ok(RawServer { acceptor, stage, secure })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.acceptor.address()
    }

    /// Any path of this server; with TLS at `localhost`.
    pub fn url(&self, path: &str) -> String {
        origin(self.secure, self.address()) + path
    }

    /// The URL template of the vendor's fetch call at this server.
    pub fn endpoint(&self) -> String {
        self.url(ENDPOINT)
    }

    /// What happened so far. Requests are those that a `ReadRequest` read whole.
    pub fn counts(&self) -> Counts {
        self.stage.record.counts()
    }

    /// Waits until the counts please the caller; false when they do not in time.
    pub fn wait_until(&self, pleased: impl Fn(&Counts) -> bool, within: Duration) -> bool {
        self.stage.record.wait_until(pleased, within)
    }

    /// How many bytes clients sent, after TLS.
    pub fn bytes_seen(&self) -> u64 {
        self.counts().bytes
    }

    /// The first MiB that each connection sent, after TLS, in the order of the connections.
    pub fn received(&self) -> Vec<Vec<u8>> {
        lock(&self.stage.received).clone()
    }

    /// Whether a connection sent these bytes, such as a key that should have gone nowhere.
    pub fn saw(&self, bytes: &[u8]) -> bool {
        lock(&self.stage.received).iter().any(|received| find(received, bytes).is_some())
    }
}

/// How a connection ends.
enum End {
    Close,
    HangUp,
    Reset,
    /// The client or the stop of the server was first.
    Gone,
}

struct Stage {
    scripts: Scripts,
    tls: Option<Arc<ServerConfig>>,
    record: Record,
    received: Mutex<Vec<Vec<u8>>>,
    stop: Arc<Stop>,
}

impl Stage {
    fn serve(&self, socket: Arc<TcpStream>) {
        // Room first, number second: a test that saw the count may ask for the bytes.
        let index = {
            let mut received = lock(&self.received);
            received.push(Vec::new());
            received.len() - 1
        };
        self.record.count(|counts| counts.connections += 1);
        let Some(link) = Link::open(socket, self.tls.clone(), &self.record) else { return };
        let mut channel = Channel::new(link, |bytes: &[u8]| {
            let kept = &mut lock(&self.received)[index];
            kept.extend_from_slice(&bytes[..bytes.len().min(KEPT - kept.len())]);
            self.record.count(|counts| counts.bytes += bytes.len() as u64);
        });
        let script = (self.scripts.0)(index as u64 + 1);
        match self.play(&script, &mut channel) {
            ControlFlow::Continue(()) | ControlFlow::Break(End::Close) => channel.close(),
            ControlFlow::Break(End::HangUp) => channel.hang_up(),
            ControlFlow::Break(End::Reset) => channel.link.reset(),
            ControlFlow::Break(End::Gone) => {}
        }
    }

    fn play<Seen: FnMut(&[u8])>(&self, script: &[Step], channel: &mut Channel<Seen>) -> ControlFlow<End> {
        for step in script {
            match step {
                Step::ReadRequest => match channel.read_request_silently() {
                    Ok(true) => drop(self.record.count(|counts| counts.requests += 1)),
                    Ok(false) => return ControlFlow::Break(End::Close),
                    Err(_) => return ControlFlow::Break(End::Gone),
                },
                Step::Send(bytes) => send(channel, bytes)?,
                Step::Flood { bytes, times } => {
                    for _ in 0..*times {
                        send(channel, bytes)?;
                    }
                }
                Step::Drip { bytes, every } => {
                    for byte in bytes {
                        send(channel, &[*byte])?;
                        self.pause(*every)?;
                    }
                }
                Step::Pause(duration) => self.pause(*duration)?,
                Step::Reset => return ControlFlow::Break(End::Reset),
                Step::Close => return ControlFlow::Break(End::Close),
                Step::HangUp => return ControlFlow::Break(End::HangUp),
                Step::Repeat(script) if !script.is_empty() => self.repeat(script, channel)?,
                Step::Stall | Step::Repeat(_) => {
                    channel.read_to_end();
                    return ControlFlow::Break(End::Close);
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn repeat<Seen: FnMut(&[u8])>(&self, script: &[Step], channel: &mut Channel<Seen>) -> ControlFlow<End> {
        while !self.stop.is_stopped() && !channel.link.is_closed_by_client() {
            self.play(script, channel)?;
        }
        ControlFlow::Break(End::Gone)
    }

    fn pause(&self, duration: Duration) -> ControlFlow<End> {
        if self.stop.pause(duration) { ControlFlow::Continue(()) } else { ControlFlow::Break(End::Gone) }
    }
}

fn send<Seen>(channel: &mut Channel<Seen>, bytes: &[u8]) -> ControlFlow<End> {
    match channel.link.write_all(bytes).and_then(|()| channel.link.flush()) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(End::Gone),
    }
}
