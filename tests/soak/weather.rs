//! The way to the service, which is another every two seconds: the service moves from one address of `localhost` to the
//! other, connections are cut, reset or never answered, or lead to somebody with another's certificate.
//!
//! Knows nothing of what is carried.

use crate::support::skip;
use mlab_standin::{Leaf, RawServer, Standin, Step};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weather {
    /// It leads to the service.
    Fair,
    /// Only by the other address does it.
    NotByV4,
    NotByV6,
    /// One in so many leads to a server whose certificate is for another name, which ends what asked.
    BadTls,
    /// It is accepted, and nothing more.
    Silent,
    /// It is reset when the client has said something.
    Reset,
}

/// Of the connections of bad weather, the one that meets the liar: each ends a job for good.
const LIES_EVERY: usize = 10;

/// In this order, over and over. At each change all connections are cut.
const WEATHERS: [Weather; 10] = [
    Weather::Fair,
    Weather::Fair,
    Weather::NotByV4,
    Weather::Fair,
    Weather::BadTls,
    Weather::Fair,
    Weather::NotByV6,
    Weather::Reset,
    Weather::Fair,
    Weather::Silent,
];

/// Stands before a service. Its threads end with the test process.
pub(crate) struct Front {
    port: u16,
    shared: Arc<Shared>,
    /// Where the bad weather leads to.
    _liar: RawServer,
}

struct Shared {
    service: SocketAddr,
    liar: SocketAddr,
    weathers: AtomicUsize,
    /// Connections in each of [`WEATHERS`].
    met: [AtomicUsize; WEATHERS.len()],
    /// Connections in bad weather.
    accepted: AtomicUsize,
    /// Both ends of what is carried now.
    open: Mutex<Vec<TcpStream>>,
}

impl Front {
    /// Listens on the same port of 127.0.0.1 and, where there is one, of ::1.
    pub(crate) fn before(server: &Standin, each: Duration) -> io::Result<Front> {
        let identity = server.authority().issue(Leaf::WrongName)?;
        let liar = RawServer::tls(identity, vec![Step::Close])?;
        let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = v4.local_addr()?.port();
        let v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, port));
        if let Err(why) = &v6 {
            skip(&format!("the service does not move from one address to the other: ::1: {why}"));
        }
        let shared = Arc::new(Shared {
            service: server.https_address(),
            liar: liar.address(),
            weathers: AtomicUsize::new(0),
            met: Default::default(),
            accepted: AtomicUsize::new(0),
            open: Mutex::default(),
        });
        for (listener, shunned) in [(Some(v4), Weather::NotByV4), (v6.ok(), Weather::NotByV6)] {
            let Some(listener) = listener else { continue };
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                listener.incoming().flatten().for_each(|client| shared.accept(client, shunned))
            });
        }
        let changing = Arc::clone(&shared);
        thread::spawn(move || {
            loop {
                thread::sleep(each);
                changing.weathers.fetch_add(1, Ordering::Relaxed);
                changing.cut_all();
            }
        });
        Ok(Front { port, shared, _liar: liar })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// How many there were.
    pub(crate) fn weathers(&self) -> usize {
        self.shared.weathers.load(Ordering::Relaxed) + 1
    }

    /// Those in which nobody came.
    pub(crate) fn unmet(&self) -> Vec<String> {
        let nobody_came = |at: &usize| self.shared.met[*at].load(Ordering::Relaxed) == 0;
        (0..WEATHERS.len()).filter(nobody_came).map(|at| format!("{:?}", WEATHERS[at])).collect()
    }
}

impl Shared {
    fn open(&self) -> std::sync::MutexGuard<'_, Vec<TcpStream>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cut_all(&self) {
        for stream in self.open().drain(..) {
            // Some have ended by themselves.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn accept(self: &Arc<Shared>, client: TcpStream, shunned: Weather) {
        let at = self.weathers.load(Ordering::Relaxed) % WEATHERS.len();
        self.met[at].fetch_add(1, Ordering::Relaxed);
        match WEATHERS[at] {
            weather if weather == shunned => {}
            Weather::Silent => self.open().push(client),
            Weather::BadTls if self.accepted.fetch_add(1, Ordering::Relaxed).is_multiple_of(LIES_EVERY) => {
                self.carry(client, self.liar);
            }
            Weather::Reset => drop(thread::spawn(move || {
                // What was not read when it closes makes a reset of the close.
                let _ = client.peek(&mut [0]);
            })),
            _ => self.carry(client, self.service),
        }
    }

    fn carry(self: &Arc<Shared>, client: TcpStream, to: SocketAddr) {
        let Ok(server) = TcpStream::connect(to) else { return };
        let (Ok(from_client), Ok(from_server)) = (client.try_clone(), server.try_clone()) else { return };
        let mut open = self.open();
        open.extend([client.try_clone(), server.try_clone()].into_iter().flatten());
        // Each connection of its own would be kept until the weather changes.
        open.retain(|stream| stream.peer_addr().is_ok());
        drop(open);
        thread::spawn(move || pump(from_client, server));
        thread::spawn(move || pump(from_server, client));
    }
}

/// Copies until one side ends, and ends the other.
fn pump(mut from: TcpStream, mut to: TcpStream) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(len @ 1..) = from.read(&mut bytes) {
        if to.write_all(&bytes[..len]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
