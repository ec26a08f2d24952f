//! The bytes of an HTTP reply over a real connection: in one piece and byte by byte, the same comes out.

use super::Cuts;
use mlab_core::engine::Settings;
use mlab_core::error::Error;
use mlab_core::net::{CancelToken, Connection, Deadline, NetSettings, ProxySetting};
use mlab_core::wire::{Endpoint, JobId, Key, RawReply, Request};
use std::cell::RefCell;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// So long that only a call that hangs gets there.
const PATIENCE_MS: u32 = 10_000;

const BODY_LIMIT: usize = 16 * 1024;

thread_local! {
    static PEER: RefCell<Peer> = RefCell::new(Peer::start());
}

/// The input is all that a server sends before it closes the connection.
pub fn run(data: &[u8]) {
    PEER.with_borrow_mut(|peer| {
        let whole = peer.reply(vec![data.to_vec()]);
        if let Ok(reply) = &whole {
            assert!(reply.body.len() <= BODY_LIMIT, "{} bytes", reply.body.len());
        }
        assert!(!matches!(whole, Err(Error::Internal(_) | Error::Timeout { .. })), "{whole:?}");
        let mut cuts = Cuts::of(data);
        for pieces in [data.chunks(1).map(<[u8]>::to_vec).collect(), in_pieces(data, &mut cuts)] {
            let again = peer.reply(pieces);
            assert_eq!(told(&again), told(&whole), "{:?}", String::from_utf8_lossy(data));
        }
    });
}

fn in_pieces(mut rest: &[u8], cuts: &mut Cuts) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(cuts.next(rest.len()).min(rest.len()));
        pieces.push(piece.to_vec());
        rest = behind;
    }
    pieces
}

/// What must not depend on the pieces; the time of receipt does.
fn told(reply: &Result<RawReply<'static>, Error>) -> String {
    match reply {
        Ok(reply) => {
            let headers = [&reply.content_type, &reply.retry_after, &reply.date, &reply.location];
            format!("{} {headers:?} {:?}", reply.http_status, reply.body)
        }
        Err(error) => format!("{error:?}"),
    }
}

/// A server of one connection at a time, and a client beside it.
struct Peer {
    replies: Sender<Vec<Vec<u8>>>,
    sent: Receiver<()>,
    settings: NetSettings,
    request: Request,
}

impl Peer {
    fn start() -> Peer {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port of this machine");
        let port = listener.local_addr().expect("an address").port();
        let (replies, to_send) = channel::<Vec<Vec<u8>>>();
        let (done, sent) = channel();
        thread::spawn(move || {
            for pieces in to_send {
                let (stream, _) = listener.accept().expect("a connection");
                // Whoever has read enough closes first; what is left to send does not matter then.
                let _ = serve(stream, &pieces);
                if done.send(()).is_err() {
                    return;
                }
            }
        });
        let mut settings = Settings::default();
        settings.set_connect_timeout_ms(PATIENCE_MS).expect("in range");
        settings.set_request_timeout_ms(PATIENCE_MS).expect("in range");
        settings.set_body_limit(BODY_LIMIT).expect("in range");
        settings.net.proxy = ProxySetting::None;
        let settings = settings.net;
        let endpoint = Endpoint::new(&format!("http://127.0.0.1:{port}/{{id}}")).expect("a valid endpoint");
        let id = JobId::new("1").expect("a valid id");
        let key = Key::new("test-key-not-real").expect("a valid key");
        Peer { replies, sent, settings, request: Request::fetch(&endpoint, &id, &key) }
    }

    fn reply(&mut self, pieces: Vec<Vec<u8>>) -> Result<RawReply<'static>, Error> {
        self.replies.send(pieces).expect("the server runs");
        let mut connection =
            Connection::new(&self.settings, self.request.url.origin(), false).expect("settings that fit");
        let reply =
            connection.exchange(&self.request, &Deadline::start(self.settings.limits(), &CancelToken::new()));
        drop(connection);
        self.sent.recv().expect("the server runs");
        reply
    }
}

fn serve(mut stream: TcpStream, pieces: &[Vec<u8>]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut request = Vec::new();
    let mut buffer = [0; 1024];
    // All of it: closing with bytes unread would reset the connection.
    while !request.ends_with(b"}") {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        request.extend_from_slice(&buffer[..count]);
    }
    pieces.iter().try_for_each(|piece| stream.write_all(piece))
}
