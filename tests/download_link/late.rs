//! Links that do not work yet, or no longer, and servers that are in trouble.

use crate::call::{KEY, into_memory, local, patient, reply, settings, test_image, trying, whole};
use mlab_core::error::Status;
use mlab_standin::{Job, Options, Outcome, RawServer, Standin, Step};
use std::time::{Duration, Instant};

#[test]
fn a_link_that_answers_404_at_first_turns_into_an_image() {
    let options = Options { keys: vec![KEY.into()], ..Options::default() };
    let server = Standin::start(options).expect("free ports");
    let late = Outcome::ImagesLate(Duration::from_millis(1_500));
    server.add_job(Job { outcome: late, ..Job::new("7") });
    let settings = patient(settings(&server.http_endpoint()), Duration::from_secs(20));
    let report = into_memory(settings, &server.http_url("/generations/7-0.png"));
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert!((2..=4).contains(&report.attempts), "{} tries", report.attempts);
}

#[test]
fn a_link_that_answers_202_or_nothing_at_first_turns_into_an_image() {
    let image = test_image("accepted");
    for (status, body) in [("202 Accepted", "{}"), ("202 Accepted", ""), ("200 OK", ""), ("203 OK", "")] {
        let early = reply(&format!("{status}\r\nContent-Length: {}", body.len()), body.as_bytes());
        let scripts = vec![vec![Step::ReadRequest, early, Step::ReadRequest, whole(&image)]];
        let server = RawServer::plain(scripts).expect("a server");
        let patient = patient(local(), Duration::from_secs(20));
        let report = into_memory(patient, &server.url("/x.png"));
        assert_eq!((report.status, report.attempts), (Status::Ok, 2), "{status}: {}", report.message);
    }
}

#[test]
fn an_encoding_that_was_not_asked_for_is_named() {
    let answer = reply(
        "200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20",
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xeb\x0c\xf0\x73\xe7\xe5\x92\xe2\x62\x60",
    );
    let server = RawServer::plain(vec![Step::ReadRequest, answer]).expect("a server");
    let report = into_memory(local(), &server.url("/x.png"));
    assert_eq!(report.status, Status::BadImage, "{}", report.message);
    assert!(report.message.contains("Content-Encoding gzip, which was not asked for"), "{}", report.message);
}

#[test]
fn a_link_that_stays_dead_is_given_up_after_its_time_and_named() {
    for (code, wanted) in [(403, Status::Forbidden), (404, Status::NotFound)] {
        let answer = reply(&format!("{code} No\r\nContent-Type: application/xml\r\nContent-Length: 0"), b"");
        let server = RawServer::plain(vec![Step::Repeat(vec![Step::ReadRequest, answer])]).expect("a server");
        let patient = patient(local(), Duration::from_millis(1_500));
        let start = Instant::now();
        let report = into_memory(patient, &server.url("/x.png"));
        assert_eq!((report.status, report.http_status), (wanted, code), "{}", report.message);
        assert!(report.message.contains("24 hours"), "{}", report.message);
        assert!(!report.retryable, "{code}");
        assert!(start.elapsed() >= Duration::from_millis(1_500), "given up after {:?}", start.elapsed());
        // The second try comes after 1 to 1.25 s, and is the last one where it takes the rest of the time.
        assert!((2..=3).contains(&report.attempts), "{code}: {} tries", report.attempts);
        assert_eq!(server.counts().connections, 1, "{code}: the connection was not kept");
    }
}

#[test]
fn other_refusals_are_final_at_once() {
    for (code, wanted) in [
        (400, Status::Api),
        (401, Status::Forbidden),
        (410, Status::NotFound),
        (451, Status::Forbidden),
        (304, Status::Redirect),
        (204, Status::Protocol),
        (600, Status::Protocol),
    ] {
        let answer = reply(&format!("{code} No\r\nContent-Length: 0"), b"");
        let server = RawServer::plain(vec![Step::ReadRequest, answer]).expect("a server");
        let patient = trying(patient(local(), Duration::from_secs(60)), 5);
        let report = into_memory(patient, &server.url("/x.png"));
        assert_eq!((report.status, report.attempts), (wanted, 1), "{code}: {}", report.message);
        assert_eq!(report.http_status, if code < 600 { code } else { 0 }, "{}", report.message);
        assert!(
            !report.retryable && report.message.contains(&code.to_string()),
            "{code}: {}",
            report.message
        );
    }
}

/// Each of these was final with `retries` at 0, although the job had been made.
#[test]
fn trouble_is_tried_again_within_the_minute_however_few_retries_are_set() {
    let image = test_image("trouble");
    let scripts = [
        reply("500 Internal Server Error\r\nContent-Length: 0", b""),
        Step::Reset,
        reply("200 OK\r\nContent-Length: 9", b"<html></h"),
    ]
    .map(|answer| vec![Step::ReadRequest, answer]);
    let scripts = [&scripts[..], &[vec![Step::ReadRequest, whole(&image)]]].concat();
    let server = RawServer::plain(scripts).expect("a server");
    let patient = patient(local(), Duration::from_secs(20));
    let report = into_memory(patient, &server.url("/x.png"));
    assert_eq!((report.status, report.attempts), (Status::Ok, 4), "{}", report.message);
}

#[test]
fn trouble_is_tried_again_as_often_as_is_set() {
    let image = test_image("trouble");
    for answer in [
        reply("500 Internal Server Error\r\nContent-Length: 0", b""),
        reply("429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0", b""),
        reply("200 OK\r\nContent-Length: 9", b"<html></h"),
        Step::Reset,
    ] {
        let scripts = vec![vec![Step::ReadRequest, answer], vec![Step::ReadRequest, whole(&image)]];
        let server = RawServer::plain(scripts.clone()).expect("a server");
        let once = into_memory(local(), &server.url("/x.png"));
        assert!(once.status != Status::Ok && once.retryable, "{scripts:?}: {once:?}");
        let server = RawServer::plain(scripts.clone()).expect("a server");
        let report = into_memory(trying(local(), 1), &server.url("/x.png"));
        assert_eq!((report.status, report.attempts), (Status::Ok, 2), "{}", report.message);
    }
}
