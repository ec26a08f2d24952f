//! A client that hides nothing: one connection, whole replies, and what came when the reply was not whole.

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// Long enough for a busy machine; a test that needs it has failed.
pub(crate) const LINK_GRACE: Duration = Duration::from_secs(5);

pub(crate) const KEY: &str = r#"{"key":"test-key-not-real"}"#;
pub(crate) const FETCH: &str = "/api/v1/enterprise/flux/fetch/";

trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

pub(crate) struct Client {
    wire: Box<dyn Wire>,
    pending: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct Response {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(LINK_GRACE)).unwrap();
    socket
}

/// Trusts this root alone, and remembers sessions as long as it lives.
pub(crate) fn trusting(ca_pem: &str) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap();
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}

impl Client {
    pub(crate) fn plain(address: SocketAddr) -> Client {
        Client { wire: Box::new(connect(address)), pending: Vec::new() }
    }

    /// With the handshake done, since it otherwise begins with the first byte only.
    pub(crate) fn tls(address: SocketAddr, config: &Arc<ClientConfig>) -> io::Result<Client> {
        let name = ServerName::try_from("localhost").unwrap();
        let mut socket = connect(address);
        let mut connection = ClientConnection::new(config.clone(), name).unwrap();
        while connection.is_handshaking() {
            connection.complete_io(&mut socket)?;
        }
        Ok(Client { wire: Box::new(StreamOwned::new(connection, socket)), pending: Vec::new() })
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.wire.write_all(bytes).unwrap();
        self.wire.flush().unwrap();
    }

    pub(crate) fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> io::Result<Response> {
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}");
        self.send(format!("{head}Content-Length: {length}\r\n\r\n{body}").as_bytes());
        self.response(method != "HEAD")
    }

    /// A poll an id, as the library does it.
    pub(crate) fn fetch(&mut self, id: &str) -> Response {
        self.post(&format!("{FETCH}{id}"), KEY)
    }

    pub(crate) fn post(&mut self, path: &str, body: &str) -> Response {
        self.request("POST", path, "Content-Type: application/json\r\n", body).unwrap()
    }

    pub(crate) fn get(&mut self, path: &str, headers: &str) -> Response {
        self.request("GET", path, headers, "").unwrap()
    }

    /// Reads one reply; an end before its time is an error.
    pub(crate) fn response(&mut self, with_body: bool) -> io::Result<Response> {
        let end = loop {
            if let Some(end) = self.pending.windows(4).position(|window| window == b"\r\n\r\n") {
                break end;
            }
            self.more()?;
        };
        let head = String::from_utf8(self.pending.drain(..end + 4).collect()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut response = Response { status, head, body: Vec::new() };
        let length = response.header("Content-Length").map_or(0, |length| length.parse().unwrap());
        if with_body {
            while self.pending.len() < length {
                self.more()?;
            }
            response.body = self.pending.drain(..length).collect();
        }
        Ok(response)
    }

    /// Everything until the server ends the connection, and how it did.
    pub(crate) fn rest(&mut self) -> (Vec<u8>, io::Result<()>) {
        let mut bytes = std::mem::take(&mut self.pending);
        let end = self.wire.read_to_end(&mut bytes).map(|_| ());
        (bytes, end)
    }

    fn more(&mut self) -> io::Result<()> {
        let mut buffer = [0; 4096];
        match self.wire.read(&mut buffer) {
            // With a read timeout Linux does not restart the call (signal(7)); a child's end is signal enough.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(error),
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                self.pending.extend_from_slice(&buffer[..count]);
                Ok(())
            }
        }
    }
}
