//! A server on loopback that answers as the input says: well, badly, late, in pieces, or not at all.

use super::clients::lock;
use super::replies::{self, Reply};
use super::script::Script;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;
use std::{env, thread};

/// What is answered next, of the input under way.
static ANSWERS: Mutex<(Vec<u8>, usize)> = Mutex::new((Vec::new(), 0));

/// Connections that are open on this side.
static OPEN: AtomicUsize = AtomicUsize::new(0);

pub(super) fn answer_with(script: &Script) {
    *lock(&ANSWERS) = (script.answers.clone(), 0);
}

/// The next answer; round and round.
pub(super) fn next_answer() -> u8 {
    let (answers, at) = &mut *lock(&ANSWERS);
    *at += 1;
    answers.get(*at % answers.len().max(1)).copied().unwrap_or_default()
}

/// Connections that have not ended.
pub(super) fn open() -> usize {
    OPEN.load(Ordering::SeqCst)
}

/// Where files go; of this process alone, and there during an input.
pub(super) fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| env::temp_dir().join(format!("mlab-fuzz-calls-{}", std::process::id())))
}

pub(super) fn endpoint(scheme: &str) -> String {
    format!("{scheme}://127.0.0.1:{}/fetch/{{id}}", port())
}

/// A link, which leads to one of the images or to none.
pub(super) fn url(number: u8) -> String {
    match number % 16 {
        13 => "https://127.0.0.1/0.png".to_owned(),
        14 => "http://[fe80::1]/".to_owned(),
        15 => "not a link".to_owned(),
        number => format!("http://127.0.0.1:{}/image/{number}", port()),
    }
}

fn port() -> u16 {
    static PORT: OnceLock<u16> = OnceLock::new();
    *PORT.get_or_init(|| {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let accept = move || {
            for socket in listener.incoming().flatten() {
                OPEN.fetch_add(1, Ordering::SeqCst);
                let serve = move || {
                    // However it ends is the client's affair.
                    let _ = serve(&socket);
                    drop(socket);
                    OPEN.fetch_sub(1, Ordering::SeqCst);
                };
                thread::Builder::new().name("server".into()).spawn(serve).expect("a thread");
            }
        };
        thread::Builder::new().name("server".into()).spawn(accept).expect("a thread");
        port
    })
}

/// Answers the requests of a connection until one side ends it.
fn serve(socket: &TcpStream) -> io::Result<()> {
    // Longer than any call here takes; a client that keeps a connection for ever shows as one.
    socket.set_read_timeout(Some(Duration::from_secs(30)))?;
    while let Some(path) = request(socket)? {
        let (what, how) = (next_answer(), next_answer());
        let reply = match path.strip_prefix("/image/").and_then(|number| number.parse().ok()) {
            Some(number) => replies::to_image(number, what),
            None => replies::to_poll(what),
        };
        if !send(socket, &reply, how)? {
            break;
        }
    }
    Ok(())
}

/// Reads one request and gives its path; `None` at the end.
fn request(mut socket: &TcpStream) -> io::Result<Option<String>> {
    let (mut read, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        if let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
            let length = head.split_once("content-length:").and_then(|(_, rest)| rest.lines().next());
            let length = length.and_then(|length| length.trim().parse::<usize>().ok()).unwrap_or_default();
            if read.len() >= end + 4 + length {
                return Ok(head.split_whitespace().nth(1).map(str::to_owned));
            }
        }
        match socket.read(&mut piece)? {
            0 => return Ok(None),
            count => read.extend(&piece[..count]),
        }
    }
}

/// Sends a reply in one of the ways that servers do; gives whether the connection may be used again.
fn send(mut socket: &TcpStream, reply: &Reply, how: u8) -> io::Result<bool> {
    let head = format!("HTTP/1.1 {} Any\r\n{}", reply.status, reply.headers);
    let framed =
        [format!("{head}Content-Length: {}\r\n\r\n", reply.body.len()).as_bytes(), &reply.body].concat();
    match how % 16 {
        0 => return Ok(false),
        1 => socket.write_all(&framed[..framed.len() / 2])?,
        2 => {
            let open = [format!("{head}Connection: close\r\n\r\n").as_bytes(), &reply.body].concat();
            socket.write_all(&open)?;
        }
        3 => {
            for piece in framed.chunks(framed.len() / 4 + 1) {
                socket.write_all(piece)?;
                thread::sleep(Duration::from_millis(2));
            }
            return Ok(true);
        }
        4 => {
            // About as long as a request may take.
            thread::sleep(Duration::from_millis(14));
            socket.write_all(&framed)?;
            return Ok(true);
        }
        5 => {
            let size = format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", reply.body.len());
            socket.write_all(&[size.as_bytes(), &reply.body, b"\r\n0\r\n\r\n"].concat())?;
            return Ok(true);
        }
        6 => socket.write_all(b"\x15\x03\x03\x00\x02\x02\x28")?,
        _ => {
            socket.write_all(&framed)?;
            return Ok(true);
        }
    }
    Ok(false)
}
