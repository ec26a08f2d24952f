//! A CONNECT proxy (RFC 9110, section 9.3.6) that works: one fixed target, whatever name it is asked for.
//!
//! Knows nothing of HTTP behind the tunnel's head. Its threads end with the test process.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A running proxy.
pub(crate) struct Tunnel {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Tunnel {
    /// Tunnels every connection to `target`.
    pub(crate) fn to(target: SocketAddr) -> Tunnel {
        Tunnel::answering(target, "HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n")
    }

    /// The same, with this answer in place of the usual one.
    pub(crate) fn answering(target: SocketAddr, answer: &'static str) -> Tunnel {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                // A peer that is gone ends the tunnel; the call under test says so itself.
                thread::spawn(move || drop(serve(client, target, answer, &seen)));
            }
        });
        Tunnel { address, heads }
    }

    /// Its URL, with a user and password or without.
    pub(crate) fn url(&self, credentials: &str) -> String {
        format!("http://{credentials}{}", self.address)
    }

    /// What it was asked, head by head.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn serve(
    mut client: TcpStream,
    target: SocketAddr,
    answer: &str,
    seen: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(String::from_utf8_lossy(&head).into_owned());
    let mut server = TcpStream::connect(target)?;
    client.write_all(answer.as_bytes())?;
    let (mut from_server, mut to_client) = (server.try_clone()?, client.try_clone()?);
    let back = thread::spawn(move || {
        let copied = io::copy(&mut from_server, &mut to_client);
        copied.and(to_client.shutdown(Shutdown::Write))
    });
    io::copy(&mut client, &mut server)?;
    server.shutdown(Shutdown::Write)?;
    drop(back.join());
    Ok(())
}
