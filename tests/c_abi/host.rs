//! The host is left as it was (tests/c/host.c), with servers for every end that a call can have.

use crate::server;
use crate::support::{Link, Program, library, run};
use mlab_standin::{ClosedPort, RawServer, Step};
use std::net::TcpListener;
use std::process::Command;
use std::thread;

const SOURCES: [&str; 11] = [
    "tests/c/host.c",
    "tests/c/exported.c",
    "tests/c/exported_calls.c",
    "tests/c/exported_images.c",
    "tests/c/exported_jobs.c",
    "tests/c/host_http.c",
    "tests/c/harness.c",
    "tests/c/quiet.c",
    "tests/c/settings.c",
    "tests/c/slow_send.c",
    "tests/c/snapshot.c",
];

fn raw(script: Vec<Step>) -> RawServer {
    RawServer::plain(script).expect("a free port")
}

/// An endpoint that closes its one connection at once without reading, so that whatever is sent to it is answered with a
/// reset. A `RawServer` reads before it closes, as polite servers do.
fn closing_endpoint() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("a bound address").port();
    thread::spawn(move || listener.accept().map(drop));
    format!("http://127.0.0.1:{port}/fetch/{{id}}")
}

#[test]
fn the_host_is_left_as_it_was_by_the_shared_library() {
    watch_the_host("host-shared", Link::Shared);
}

#[test]
fn the_host_is_left_as_it_was_by_the_static_library() {
    watch_the_host("host-static", Link::Static);
}

fn watch_the_host(name: &str, link: Link) {
    let program = Program { link, ..Program::c99(name, &SOURCES) };
    let program = library().compile(&program).unwrap_or_else(|why| panic!("{why}"));
    let server = server::start();
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"status\"".to_vec();
    let no_reply = raw(vec![Step::ReadRequest, Step::Reset]);
    let cut = raw(vec![Step::ReadRequest, Step::Send(cut), Step::Close]);
    let closed = ClosedPort::open().expect("a free port");
    let mut command = Command::new(program);
    server::describe(&mut command, &server);
    command
        .env("MLAB_TEST_REFUSED", format!("http://{}/fetch/{{id}}", closed.addr()))
        .env("MLAB_TEST_NO_NAME", "https://nothing.invalid/fetch/{id}")
        .env("MLAB_TEST_CUT", cut.endpoint())
        .env("MLAB_TEST_NO_REPLY", no_reply.endpoint())
        .env("MLAB_TEST_HANG_UP", closing_endpoint());
    run(&mut command).unwrap_or_else(|why| panic!("{why}"));
}
