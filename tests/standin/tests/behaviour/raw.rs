//! Scripts and the black hole: what arrives is what was written, when it was written.

use crate::client::{Client, KEY, LINK_GRACE, connect};
use mlab_standin::{BlackHole, RawServer, Scripts, Step};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

#[test]
fn a_reset_is_a_reset_even_in_the_middle_of_a_reply() {
    let half = Step::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345".to_vec());
    let server = RawServer::plain(vec![Step::ReadRequest, half, Step::ReadRequest, Step::Reset]).unwrap();
    let mut client = Client::plain(server.address());
    client.send(b"GET /1 HTTP/1.1\r\n\r\n");
    assert_eq!(client.request("GET", "/2", "", "").unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(server.counts().requests, 2);
}

#[test]
fn a_drip_comes_byte_by_byte() {
    let every = Duration::from_millis(20);
    let server = RawServer::plain(vec![Step::Drip { bytes: b"drip".to_vec(), every }]).unwrap();
    let started = Instant::now();
    let mut socket = connect(server.address());
    let mut arrivals = Vec::new();
    let mut byte = [0];
    while socket.read_exact(&mut byte).is_ok() {
        arrivals.push((byte[0], Instant::now()));
    }
    assert_eq!(arrivals.iter().map(|(byte, _)| *byte).collect::<Vec<u8>>(), b"drip");
    // From the first to the last are three waits.
    assert!(arrivals[3].1 - started >= every * 3);
}

#[test]
fn a_close_without_reading_does_not_destroy_what_was_sent() {
    let server =
        RawServer::plain(vec![Step::Send(b"HTTP/1.1 200 OK\r\n\r\nno length".to_vec()), Step::Close])
            .unwrap();
    let mut client = Client::plain(server.address());
    client.send(format!("POST / HTTP/1.1\r\nContent-Length: 27\r\n\r\n{KEY}").as_bytes());
    let (bytes, end) = client.rest();
    assert!(end.is_ok() && bytes.ends_with(b"no length"), "{end:?}");
    drop(client);
    assert!(server.wait_until(|counts| counts.bytes > 27, LINK_GRACE));
    assert!(server.saw(b"test-key-not-real"), "what came after the close is recorded too");
}

#[test]
fn each_connection_has_its_script_and_the_last_one_repeats() {
    let script = |body: &str| vec![Step::ReadRequest, Step::json(200, body)];
    let server = RawServer::plain(vec![script("1"), script("2")]).unwrap();
    let bodies: Vec<String> =
        (0..3).map(|_| Client::plain(server.address()).get("/", "").text().to_string()).collect();
    assert_eq!(bodies, ["1", "2", "2"]);
    assert_eq!(server.counts().connections, 3);

    let chosen = RawServer::plain(Scripts::choose(move |number| script(&number.to_string()))).unwrap();
    let bodies: Vec<String> =
        (0..2).map(|_| Client::plain(chosen.address()).get("/", "").text().to_string()).collect();
    assert_eq!(bodies, ["1", "2"]);
}

#[test]
fn every_byte_is_seen_whether_or_not_a_request_is_read() {
    let server = RawServer::plain(vec![Step::Stall]).unwrap();
    assert_eq!(server.bytes_seen(), 0);
    let mut socket = connect(server.address());
    socket.write_all(b"half a requ").unwrap();
    assert!(server.wait_until(|counts| counts.bytes == 11, LINK_GRACE));
    assert_eq!(server.received(), [b"half a requ"]);
    assert_eq!(server.counts().requests, 0);
}

#[test]
fn a_repeat_goes_on_until_the_client_ends_it() {
    let server = RawServer::plain(vec![Step::Repeat(vec![Step::Send(vec![b'x'; 64 * 1024])])]).unwrap();
    let mut socket = connect(server.address());
    let mut buffer = vec![0; 1024 * 1024];
    socket.read_exact(&mut buffer).unwrap();
    assert!(buffer.iter().all(|byte| *byte == b'x'));
    drop(socket);
    // Joins the thread of the connection: it would hang here if the script went on.
    drop(server);
}

#[test]
fn a_stall_lasts_until_the_server_is_stopped() {
    let server = RawServer::plain(vec![Step::ReadRequest, Step::Stall]).unwrap();
    let mut client = Client::plain(server.address());
    client.send(b"GET / HTTP/1.1\r\n\r\n");
    assert!(server.wait_until(|counts| counts.requests == 1, LINK_GRACE));
    drop(server);
    let (bytes, _) = client.rest();
    assert!(bytes.is_empty());
}

#[test]
fn stopping_interrupts_a_pause_and_a_blocked_send() {
    let long = Duration::from_secs(3600);
    let scripts = vec![vec![Step::Pause(long)], vec![Step::Send(vec![0; 64 * 1024 * 1024])]];
    let server = RawServer::plain(scripts).unwrap();
    let _clients = [connect(server.address()), connect(server.address())];
    assert!(server.wait_until(|counts| counts.connections == 2, LINK_GRACE));
    let started = Instant::now();
    drop(server);
    assert!(started.elapsed() < LINK_GRACE);
}

#[test]
fn a_black_hole_neither_accepts_nor_refuses() {
    let hole = BlackHole::open().unwrap();
    for _ in 0..3 {
        let error = TcpStream::connect_timeout(&hole.addr(), Duration::from_millis(150)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
    }
}
