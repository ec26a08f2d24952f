//! A kept connection that died meanwhile: replaced at once, and not counted as an attempt.

use crate::call::{ID, READY, client, fetch, settings, settings_trusting};
use mlab_core::engine::{Report, Settings};
use mlab_core::error::Status;
use mlab_standin::{Authority, Leaf, RawOptions, RawServer, Step, Versions};
use std::time::Duration;

/// A good reply, and then this, on the first connection; good replies on all others.
fn scripts(then: &[Step]) -> Vec<Vec<Step>> {
    let good = vec![Step::ReadRequest, Step::json(200, READY)];
    let for_ever = vec![Step::Repeat(good.clone())];
    vec![[&good[..], then].concat(), for_ever]
}

/// Two fetches, the second of which meets what became of the connection of the first.
fn second_fetch(server: &RawServer, settings: Settings, ended: bool) -> Report {
    let client = client(settings);
    assert_eq!(fetch(&client, ID).status, Status::Ok);
    if ended {
        // The end is under way: it has reached us when our own system says so, which is soon on loopback.
        std::thread::sleep(Duration::from_millis(50));
    }
    let report = fetch(&client, ID);
    assert_eq!(server.counts().connections, 2, "{}", report.message);
    report
}

/// What the server does after its first reply, and whether it has done so before the second request.
const ENDS: &[(&str, &[Step], bool)] = &[
    ("closed while it was idle", &[Step::Close], true),
    ("hung up while it was idle", &[Step::HangUp], true),
    ("reset while it was idle", &[Step::Reset], true),
    ("closed as the request came", &[Step::ReadRequest, Step::Close], false),
    ("hung up as the request came", &[Step::ReadRequest, Step::HangUp], false),
    ("reset as the request came", &[Step::ReadRequest, Step::Reset], false),
];

fn judge(report: &Report, name: &str) {
    assert_eq!((report.status, report.attempts), (Status::Ok, 1), "{name}: {}", report.message);
}

#[test]
fn a_dead_connection_is_replaced_without_being_counted() {
    for (name, then, ended) in ENDS {
        let server = RawServer::plain(scripts(then)).expect("a server");
        judge(&second_fetch(&server, settings(&server.endpoint()), *ended), name);
    }
}

#[test]
fn a_dead_connection_is_replaced_under_tls_as_well() {
    let authority = Authority::new().expect("a root");
    for tls in [Versions::Only12, Versions::Only13] {
        for (name, then, ended) in ENDS {
            let identity = Some(authority.issue(Leaf::Valid).expect("a certificate"));
            let options = RawOptions { identity, tls, ..RawOptions::default() };
            let server = RawServer::start(options, scripts(then)).expect("a server");
            let settings = settings_trusting(&server.endpoint(), authority.ca_pem());
            judge(&second_fetch(&server, settings, *ended), &format!("{name}, {tls:?}"));
        }
    }
}

#[test]
fn one_that_broke_after_the_first_byte_is_a_failure_and_counts() {
    let broken = [Step::ReadRequest, Step::Send(b"HTTP/1.1 200 OK\r\n".into()), Step::Reset];
    let server = RawServer::plain(scripts(&broken)).expect("a server");
    let report = second_fetch(&server, settings(&server.endpoint()), false);
    assert_eq!((report.status, report.attempts), (Status::Ok, 2), "{}", report.message);
}

#[test]
fn a_new_connection_that_dies_is_a_failure_and_counts() {
    let server =
        RawServer::plain(vec![vec![Step::ReadRequest, Step::Reset], vec![Step::Close]]).expect("a server");
    let mut settings = settings(&server.endpoint());
    settings.set_retries(1).expect("valid");
    let report = fetch(&client(settings), ID);
    assert_eq!((report.status, report.attempts), (Status::Network, 2), "{}", report.message);
    assert_eq!(server.counts().connections, 2);
}
