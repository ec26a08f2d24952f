//! Replies over real sockets, where framing matters: whole, cut, malformed, without end; plain and over TLS.

#[path = "net_call/mod.rs"]
mod call;
#[path = "net_framing/mod.rs"]
mod table;

use call::{READY, fetch, links, settings, settings_trusting};
use mlab_core::engine::Report;
use mlab_core::error::Status;
use mlab_standin::{Authority, Leaf, RawServer, Step};
use std::sync::Mutex;
use std::thread;
use table::{Carrier, Row, rows};

/// A request timeout that is meant to run out, but not in the handshake, even with all the other rows beside it.
const HURRY_MS: u32 = 1_000;

/// Most rows wait for a peer or a timeout, so more of them run at once than there are processors.
const AT_ONCE: usize = 8;

/// What is wrong with the outcome of a row; empty if nothing.
fn play(row: &Row, carrier: Carrier, authority: &Authority) -> Vec<String> {
    let script: Vec<Step> = [vec![Step::ReadRequest], row.script.clone()].concat();
    let server = match carrier {
        Carrier::Plain => RawServer::plain(script),
        Carrier::Tls => RawServer::tls(authority.issue(Leaf::Valid).expect("a certificate"), script),
    }
    .expect("a server");
    let mut settings = settings_trusting(&server.endpoint(), authority.ca_pem());
    if row.hurried {
        settings.set_request_timeout_ms(HURRY_MS).expect("a valid timeout");
    }
    if let Some(limit) = row.body_limit {
        settings.set_body_limit(limit).expect("a valid limit");
    }
    let report = fetch(&settings);
    assert_eq!(server.counts().requests, 1, "{}: the request is sent once", row.name);
    differences(row, &report, server.address().port())
}

fn differences(row: &Row, report: &Report, port: u16) -> Vec<String> {
    let says = |part: &str| report.message.contains(part);
    let ready = row.status == Status::Ok;
    let heard = (report.http_status, report.retry_after_ms.map(|ms| ms / 1000));
    [
        ("status", report.status == row.status, format!("{:?}: {}", report.status, report.message)),
        ("retryable", report.retryable == row.retryable, report.retryable.to_string()),
        ("message", says(row.says), report.message.clone()),
        ("server", report.status != Status::Network || says(&format!(":{port} ")), report.message.clone()),
        ("links", links(report).is_empty() != ready, format!("{:?}", links(report))),
        ("a failure without a message", ready || !report.message.is_empty(), String::new()),
        ("head", row.heard.is_none_or(|wanted| heard == wanted), format!("{heard:?}")),
        ("attempts", report.attempts == 1, report.attempts.to_string()),
    ]
    .into_iter()
    .filter(|(_, right, _)| !right)
    .map(|(what, _, got)| format!("{what}: {got}"))
    .collect()
}

#[test]
fn every_reply_over_a_socket_gets_the_outcome_of_its_row() {
    let authority = Authority::new().expect("a root");
    let rows = rows();
    let cases: Vec<(&Row, Carrier)> =
        rows.iter().flat_map(|row| row.carriers.iter().map(move |carrier| (row, *carrier))).collect();
    let queue = Mutex::new(cases.iter());
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some((row, carrier)) = queue.lock().expect("no panic").next() else { break };
                    let wrong = play(row, *carrier, &authority);
                    if !wrong.is_empty() {
                        let text = format!("{} ({carrier:?})\n    {}", row.name, wrong.join("\n    "));
                        failed.lock().expect("no panic").push(text);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("no panic");
    assert!(failed.is_empty(), "{} of {} cases:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

/// The connection ends after each byte in turn. Whatever is missing, the outcome is never success, unless only
/// framing is missing: the answer itself is whole then.
#[test]
fn a_reply_cut_at_any_byte_is_a_retryable_failure() {
    for reply in table::framings_of(READY) {
        let whole = reply.find(READY).expect("the body in one piece") + READY.len();
        for end in 0..reply.len() {
            let sent = reply.as_bytes()[..end].to_vec();
            let server = RawServer::plain(vec![Step::ReadRequest, Step::Send(sent)]).expect("a server");
            let report = fetch(&settings(&server.endpoint()));
            let at = || format!("cut at {end} of {reply:?}: {:?} {}", report.status, report.message);
            match report.status {
                Status::Ok => assert!(end >= whole, "{}", at()),
                Status::Network | Status::Protocol => {
                    assert!(report.urls.is_empty() && report.message.len() > 10, "{}", at());
                    assert!(report.retryable, "{}", at());
                }
                _ => panic!("{}", at()),
            }
        }
    }
}
