//! [`Standin`]: the whole service on two loopback ports, HTTP and HTTPS.
//!
//! Knows nothing of what a request means; it carries requests to the routes and answers back.

use crate::accept::{Acceptor, Stop, lock};
use crate::authority::{Authority, Leaf};
use crate::ca_file::CaFile;
use crate::faults::{Answer, Delivery, Fault};
use crate::http::{Channel, Reply, Request};
use crate::link::Link;
use crate::queue::Job;
use crate::record::{Counts, Record};
use crate::routes::{Manners, Routes};
use crate::tls::{Versions, server_config};
use rustls::ServerConfig;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The vendor's path, with the id left open.
pub(crate) const ENDPOINT: &str = "/api/v1/enterprise/flux/fetch/{id}";

/// Takes one line of the log, which never holds a key.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// How a [`Standin`] behaves. The default is a service on free ports that knows no job.
#[derive(Clone)]
pub struct Options {
    /// Must be a loopback address. The certificate is for `127.0.0.1` and `::1`.
    pub address: IpAddr,
    /// 0: any free port.
    pub http_port: u16,
    /// 0: any free port.
    pub https_port: u16,
    /// The keys that are accepted. Empty: any key that is not empty.
    pub keys: Vec<String>,
    /// Answer "not ready" with eta, id and future links; otherwise in the commonest form, which has none.
    pub rich_processing: bool,
    /// An id never seen becomes a job at its first poll, made from the template; some ids ask for faults.
    pub auto: bool,
    /// What a generation call queues, and `auto` makes. Its id is not used.
    pub template: Job,
    /// Every reply waits so long.
    pub reply_delay: Duration,
    /// The share of replies that go wrong, 0 to 1: HTTP 500, a page with 502, a reset, a cut body.
    pub fail_rate: f64,
    /// The same seed spoils the same requests, counted from the start of the server.
    pub seed: u64,
    /// The TLS versions of the HTTPS port.
    pub tls: Versions,
    /// One line a request.
    pub log: Option<Log>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            address: Ipv4Addr::LOCALHOST.into(),
            http_port: 0,
            https_port: 0,
            keys: Vec::new(),
            rich_processing: false,
            auto: false,
            template: Job::new(""),
            reply_delay: Duration::ZERO,
            fail_rate: 0.0,
            seed: 0,
            tls: Versions::Both,
            log: None,
        }
    }
}

/// A running service. Dropped, it closes all its sockets, ends all its threads and removes its CA file.
pub struct Standin {
    http: Acceptor,
    https: Acceptor,
    shared: Arc<Shared>,
    authority: Authority,
    ca_file: CaFile,
}

impl Standin {
    /// Starts the service; when this returns, both ports accept.
    pub fn start(options: Options) -> io::Result<Standin> {
        let authority = Authority::new()?;
        let config = server_config(authority.issue(Leaf::Valid)?, options.tls, false)?;
        let ca_file = CaFile::write(authority.ca_pem())?;
        let (http_address, https_address) = (
            SocketAddr::new(options.address, options.http_port),
            SocketAddr::new(options.address, options.https_port),
        );
        let shared = Arc::new(Shared::new(options));
        let (plain, secure) = (shared.clone(), shared.clone());
        Ok(Standin {
            http: Acceptor::start(http_address, shared.stop.clone(), move |socket| {
                plain.serve(socket, None)
            })?,
            https: Acceptor::start(https_address, shared.stop.clone(), move |socket| {
                secure.serve(socket, Some(config.clone()));
            })?,
            shared,
            authority,
            ca_file,
        })
    }

    /// The URL template of the vendor's fetch call, over HTTP: `http://127.0.0.1:…/fetch/{id}`.
    pub fn http_endpoint(&self) -> String {
        self.http_url(ENDPOINT)
    }

    /// The same over HTTPS, at `localhost`.
    pub fn https_endpoint(&self) -> String {
        self.https_url(ENDPOINT)
    }

    /// Any path of this server over HTTP.
    pub fn http_url(&self, path: &str) -> String {
        origin(false, self.http_address()) + path
    }

    /// Any path of this server over HTTPS.
    pub fn https_url(&self, path: &str) -> String {
        origin(true, self.https_address()) + path
    }

    /// Where HTTP is served.
    pub fn http_address(&self) -> SocketAddr {
        self.http.address()
    }

    /// Where HTTPS is served.
    pub fn https_address(&self) -> SocketAddr {
        self.https.address()
    }

    /// The root that a client must trust, PEM.
    pub fn ca_pem(&self) -> &str {
        self.authority.ca_pem()
    }

    /// The same as a file, which lasts as long as this value.
    pub fn ca_file(&self) -> &Path {
        self.ca_file.path()
    }

    /// The authority itself, for the certificates of a [`RawServer`](crate::raw::RawServer).
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Adds a job; one of the same id is replaced.
    pub fn add_job(&self, job: Job) {
        lock(&self.shared.routes.queue).add(job, Instant::now());
    }

    /// Makes a job, its links and its images ready now, so that a test need not wait. False: no such job.
    pub fn finish_job(&self, id: &str) -> bool {
        lock(&self.shared.routes.queue).finish(id)
    }

    /// How often a job was asked for with a right key.
    pub fn polls(&self, id: &str) -> u64 {
        lock(&self.shared.routes.queue).polls(id)
    }

    /// What happened so far.
    pub fn counts(&self) -> Counts {
        self.shared.record.counts()
    }

    /// Waits until the counts please the caller; false when they do not in time.
    pub fn wait_until(&self, pleased: impl Fn(&Counts) -> bool, within: Duration) -> bool {
        self.shared.record.wait_until(pleased, within)
    }

    /// The last 10 000 requests, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.record.requests()
    }

    /// How many requests there were for a path.
    pub fn requests_to(&self, path: &str) -> u64 {
        self.shared.record.requests_to(path)
    }
}

/// What URLs of a server begin with. TLS goes by name where the name leads to the address, as it does in real life.
pub(crate) fn origin(secure: bool, address: SocketAddr) -> String {
    match (secure, address.ip() == IpAddr::V4(Ipv4Addr::LOCALHOST)) {
        (false, _) => format!("http://{address}"),
        (true, true) => format!("https://localhost:{}", address.port()),
        (true, false) => format!("https://{address}"),
    }
}

/// What all threads of one service share.
struct Shared {
    routes: Routes,
    record: Record,
    stop: Arc<Stop>,
    reply_delay: Duration,
    fail_rate: f64,
    seed: u64,
    log: Option<Log>,
    started: Instant,
}

impl Shared {
    fn new(options: Options) -> Shared {
        let Options { keys, rich_processing, auto, template, reply_delay, fail_rate, seed, log, .. } =
            options;
        Shared {
            routes: Routes::new(Manners { keys, rich_processing, auto, template }),
            record: Record::default(),
            stop: Arc::default(),
            reply_delay,
            fail_rate,
            seed,
            log,
            started: Instant::now(),
        }
    }

    fn serve(&self, socket: Arc<TcpStream>, tls: Option<Arc<ServerConfig>>) {
        let number = self.record.count(|counts| counts.connections += 1).connections;
        let secure = tls.is_some();
        // The socket's own address, not the client's Host header: a link must lead back here.
        let Ok(address) = socket.local_addr() else { return };
        let base = origin(secure, address);
        let Some(link) = Link::open(socket, tls, &self.record) else { return };
        let mut channel = Channel::new(link, |bytes: &[u8]| {
            self.record.count(|counts| counts.bytes += bytes.len() as u64);
        });
        loop {
            let request = match channel.read_request(number, secure) {
                Ok(Some(request)) => request,
                Ok(None) => return channel.close(),
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    let reply = Reply::html(400, &error.to_string()).to_bytes(true, false);
                    let _ = channel.link.write_all(&reply);
                    return channel.close();
                }
                Err(_) => return,
            };
            let Some(kept) = self.exchange(&base, request, channel) else { return };
            channel = kept;
        }
    }

    /// Answers one request; gives the connection back if it may carry another.
    fn exchange<Seen>(&self, base: &str, request: Request, channel: Channel<Seen>) -> Option<Channel<Seen>>
    where
        Seen: FnMut(&[u8]),
    {
        let number = self.record.request(request.clone());
        let mut answer = self.routes.answer(base, &request);
        if let Some(fault) = Fault::by_chance(self.fail_rate, self.seed, number) {
            self.record.count(|counts| counts.chance_faults += 1);
            answer = fault.spoil(answer);
        }
        self.log(&request, &answer);
        let delay = self.reply_delay.saturating_add(answer.delay);
        if !delay.is_zero() && !self.stop.pause(delay) {
            return None;
        }
        deliver(&request, &answer, channel)
    }

    fn log(&self, request: &Request, answer: &Answer) {
        let Some(log) = &self.log else { return };
        let scheme = if request.secure { "https" } else { "http" };
        log(&format!(
            "{:9.3}s  #{:<4} {scheme:<5} {} {} -> {} {}",
            self.started.elapsed().as_secs_f64(),
            request.connection,
            request.method.escape_debug(),
            without_key(request),
            answer.reply.status,
            answer.note,
        ));
    }
}

/// The path for the log. A client that puts its key there by mistake must not find it in the log as well; the query
/// is left out for the same reason.
fn without_key(request: &Request) -> String {
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let path = match body["key"].as_str() {
        // A shorter one guards nothing, and would make the path unreadable.
        Some(key) if key.len() >= 4 => request.path.replace(key, "***"),
        _ => request.path.clone(),
    };
    path.escape_debug().to_string()
}

fn deliver<Seen>(request: &Request, answer: &Answer, mut channel: Channel<Seen>) -> Option<Channel<Seen>>
where
    Seen: FnMut(&[u8]),
{
    let closes = request.closes();
    let bytes = answer.reply.to_bytes(closes, request.method == "HEAD");
    match answer.delivery {
        Delivery::Whole => {
            channel.link.write_all(&bytes).and_then(|()| channel.link.flush()).ok()?;
            if closes {
                channel.close();
                return None;
            }
            Some(channel)
        }
        Delivery::Cut => {
            let kept = bytes.len() - (answer.reply.body.len() / 2).clamp(1, bytes.len() / 2);
            if channel.link.write_all(&bytes[..kept]).and_then(|()| channel.link.flush()).is_ok() {
                channel.hang_up();
            }
            None
        }
        Delivery::Reset => {
            channel.link.reset();
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn an_origin_leads_to_the_address() {
        let cases = [
            (false, "127.0.0.1:80", "http://127.0.0.1:80"),
            (true, "127.0.0.1:80", "https://localhost:80"),
            (false, "[::1]:80", "http://[::1]:80"),
            (true, "[::1]:80", "https://[::1]:80"),
        ];
        for (secure, address, expected) in cases {
            assert_eq!(origin(secure, address.parse().unwrap()), expected);
        }
    }
}
