//! When a connection serves again, and how many are kept.

use crate::call::{AT_ONCE, ID, NOT_YET, READY, client, fetch, settings, settings_trusting, standin};
use crate::quickest::one_of_three_within;
use mlab_core::engine::Client;
use mlab_core::error::Status;
use mlab_standin::{Clock, Counts, Job, Options, RawServer, Reply, Standin, Step};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

fn secure() -> (Standin, Client) {
    let standin = Standin::start(Options::default()).expect("free ports");
    standin.add_job(Job::new("1"));
    let client = client(settings_trusting(&standin.https_endpoint(), standin.ca_pem()));
    (standin, client)
}

#[test]
fn fifty_fetches_need_one_connection_and_one_handshake() {
    let (server, client) = secure();
    for _ in 0..50 {
        let report = fetch(&client, "1");
        assert_eq!((report.status, report.attempts), (Status::Ok, 1), "{}", report.message);
    }
    let wanted = Counts { connections: 1, handshakes: 1, requests: 50, ..server.counts() };
    assert_eq!(server.counts(), wanted);
}

#[test]
fn it_serves_again_after_every_kind_of_whole_reply() {
    let (server, client) = standin(
        Options { auto: true, rich_processing: true, ..Options::default() },
        vec![Job::new("1"), Job { ready_after: Duration::MAX, ..Job::new("2") }],
    );
    let asked = ["1", "2", "auth-1", "missing-1", "credit-1", "garbled-1", "fail-1", "1"];
    for id in asked {
        fetch(&client, id);
    }
    assert_eq!(server.counts().connections, 1, "{:?}", server.counts());
}

/// Each script is one connection's; the second one, if it comes to that, answers READY.
#[test]
fn it_serves_again_only_if_its_reply_was_read_to_the_end() {
    let moved = Reply::json(307, "{\"moved\": true}").with("Location", "/v2");
    let chunked = format!("{:x}\r\n{READY}\r\n0\r\n\r\n", READY.len());
    let chunked = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunked}");
    let beyond = |head: &str| Step::Send(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{READY}").into());
    let length = READY.len();
    // In one piece: what comes later than the next request could only be taken for its reply.
    let more = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{READY} and more");
    let broken = "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\nno\r\n";
    let cut = "HTTP/1.1 401 No\r\nContent-Length: 99\r\n\r\n{}";
    let table = [
        ("a length", vec![Step::json(200, READY)], 1),
        ("chunks", vec![Step::Send(chunked.into())], 1),
        ("a redirect with a body", vec![Step::reply(&moved), Step::ReadRequest, Step::json(200, READY)], 1),
        ("an error with a body", vec![Step::json(401, "{}")], 1),
        ("Connection: close", vec![beyond(&format!("Connection: close\r\nContent-Length: {length}"))], 2),
        ("more than the length", vec![Step::Send(more.into())], 2),
        ("too large a length", vec![beyond("Content-Length: 99999999")], 2),
        ("an error with broken chunks", vec![Step::Send(broken.into())], 2),
        ("an error that is cut", vec![Step::Send(cut.into()), Step::Close], 2),
        ("no length", vec![beyond("X: y"), Step::Close], 2),
    ];
    for (name, reply, connections) in table {
        let again = vec![Step::ReadRequest, Step::json(200, READY)];
        let first = [vec![Step::ReadRequest], reply, again.clone()].concat();
        let server = RawServer::plain(vec![first, again]).expect("a server");
        let client = client(settings(&server.endpoint()));
        fetch(&client, ID);
        let report = fetch(&client, ID);
        assert_eq!((report.status, report.attempts), (Status::Ok, 1), "{name}: {}", report.message);
        assert_eq!(server.counts().connections, connections, "{name}");
    }
}

#[test]
fn a_wait_and_a_fetch_share_it() {
    let (server, client) = secure();
    let later = Duration::from_millis(500);
    server.add_job(Job { ready_after: later, clock: Clock::AtFirstLook, ..Job::new("2") });
    assert_eq!(crate::call::wait(&client, &crate::call::order("2")).status, Status::Ok);
    assert_eq!(fetch(&client, "1").status, Status::Ok);
    assert_eq!((server.counts().connections, server.counts().requests), (1, 3));
}

#[test]
fn a_call_that_was_stopped_gives_its_connection_up() {
    // What the server still sends would be taken for the next reply.
    let late = vec![Step::ReadRequest, Step::Pause(Duration::from_secs(20)), Step::json(200, NOT_YET)];
    let again = vec![Step::ReadRequest, Step::json(200, READY)];
    let server = RawServer::plain(vec![late, again]).expect("a server");
    let mut settings = settings(&server.endpoint());
    settings.set_request_timeout_ms(1_000).expect("a valid timeout");
    settings.set_retries(0).expect("valid");
    let client = client(settings);
    assert_eq!(fetch(&client, ID).status, Status::Timeout);
    let report = fetch(&client, ID);
    assert_eq!((report.status, server.counts().connections), (Status::Ok, 2), "{}", report.message);
}

#[test]
fn many_calls_at_once_leave_their_connections_to_the_next() {
    let calls = 12;
    let options = Options { reply_delay: Duration::from_secs(1), ..Options::default() };
    let (server, client) = standin(options, vec![Job::new("1")]);
    let at_once = || {
        let start = Barrier::new(calls);
        thread::scope(|scope| {
            for _ in 0..calls {
                scope.spawn(|| {
                    start.wait();
                    let report = fetch(&client, "1");
                    assert_eq!(report.status, Status::Ok, "{}", report.message);
                    // Twelve seconds, if they waited for each other.
                    assert!(report.elapsed < Duration::from_secs(6), "{:?}", report.elapsed);
                });
            }
        });
    };
    at_once();
    assert_eq!(server.counts().connections, 12);
    at_once();
    assert_eq!(server.counts().connections, 12, "no more than workers, so all were kept");
}

#[test]
fn a_client_that_ended_holds_none() {
    one_of_three_within(AT_ONCE, || {
        let ended = vec![Step::ReadRequest, Step::json(200, READY), Step::Stall];
        let server = RawServer::plain(ended).expect("a server");
        let client = client(settings(&server.endpoint()));
        fetch(&client, ID);
        drop(client);
        // The script ends when its client hangs up; the server's own end waits for it.
        let start = Instant::now();
        drop(server);
        start.elapsed()
    });
}
