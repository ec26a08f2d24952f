//! A proxy that tunnels every CONNECT to one server, whatever host it is asked for.
//!
//! So a name that nobody can look up has a server, and the proxy is seen to be what looked it up.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Runs as long as its process: each test that needs one is short.
pub(crate) struct Tunnel {
    pub(crate) address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Tunnel {
    /// Tunnels to `server`.
    pub(crate) fn to(server: SocketAddr) -> Tunnel {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&heads);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let heard = Arc::clone(&heard);
                thread::spawn(move || carry(client, server, &heard));
            }
        });
        Tunnel { address, heads }
    }

    /// What clients said before their tunnels.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn carry(mut client: TcpStream, server: SocketAddr, heads: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    heads.lock().unwrap_or_else(PoisonError::into_inner).push(String::from_utf8_lossy(&head).into_owned());
    let server = TcpStream::connect(server)?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (up, down) = ((client.try_clone()?, server.try_clone()?), (server, client));
    let upwards = thread::spawn(move || pour(up.0, up.1));
    pour(down.0, down.1);
    drop(upwards.join());
    Ok(())
}

/// Copies until one side ends, and says so to the other.
fn pour(mut from: TcpStream, mut to: TcpStream) {
    // Either end may be gone first; there is nobody to tell.
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}
