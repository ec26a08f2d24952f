//! `requests_per_second`: a client's requests keep their distance, and nobody's are served before the others'.

use crate::call::{client, job, settings};
use mlab::drive::Client;
use mlab::error::Status;
use mlab::net::Token;
use mlab_standin::{Job, Options, Standin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The turns are exact; a request arrives a little after its own, so that a gap between two arrivals may be shorter by
/// what a busy machine takes.
const UNEVEN: Duration = Duration::from_millis(60);

fn budgeted(rate: f64) -> (Standin, Client) {
    let standin = Standin::start(Options::default()).expect("free ports");
    ["1", "2"].into_iter().for_each(|id| standin.add_job(Job::new(id)));
    let mut settings = settings(&standin.http_endpoint());
    settings.set_requests_per_second(rate).expect("a valid rate");
    (standin, client(settings))
}

/// The arrivals at the server: which id, and when.
fn arrivals(server: &Standin) -> Vec<(String, Instant)> {
    let id = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    server.requests().into_iter().map(|request| (id(&request.path), request.arrived)).collect()
}

fn check_spacing(arrivals: &[(String, Instant)], wanted: Duration) {
    for pair in arrivals.windows(2) {
        let gap = pair[1].1 - pair[0].1;
        assert!(gap + UNEVEN >= wanted, "{gap:?} between two requests");
    }
    let (first, last) = (arrivals[0].1, arrivals[arrivals.len() - 1].1);
    let least = wanted * (arrivals.len() as u32 - 1);
    assert!(last - first + UNEVEN >= least, "{} requests in {:?}", arrivals.len(), last - first);
}

#[test]
fn requests_keep_their_distance_and_two_ids_are_served_in_turn() {
    let (server, client) = budgeted(10.0);
    let asking = AtomicBool::new(true);
    // One id is asked for by three threads as fast as they can, the other by one: each thread has one request waiting.
    thread::scope(|scope| {
        for id in ["1", "1", "1", "2"] {
            let (client, asking) = (&client, &asking);
            scope.spawn(move || {
                while asking.load(Ordering::Acquire) {
                    let report = client.fetch(&job(id), &Token::new());
                    assert_eq!((report.status, report.attempts), (Status::Ok, 1), "{}", report.message);
                }
            });
        }
        assert!(server.wait_until(|counts| counts.requests >= 16, Duration::from_secs(20)), "too slow");
        asking.store(false, Ordering::Release);
    });
    let arrivals = arrivals(&server);
    check_spacing(&arrivals, Duration::from_millis(100));
    // First come, first served: between two requests of one thread each other thread has at most two.
    let asked: Vec<usize> = (0..arrivals.len()).filter(|&at| arrivals[at].0 == "2").collect();
    assert!(asked.len() * 6 >= arrivals.len(), "{} of {}", asked.len(), arrivals.len());
    assert!(asked.windows(2).all(|pair| pair[1] - pair[0] <= 7), "{asked:?}");
}

#[test]
fn cancelled_turns_are_free_again() {
    let gap = Duration::from_millis(500);
    let (server, client) = budgeted(2.0);
    client.fetch(&job("1"), &Token::new());
    let token = Token::new();
    thread::scope(|scope| {
        let calls: Vec<_> = (0..6).map(|_| scope.spawn(|| client.fetch(&job("1"), &token))).collect();
        // Any moment before the first one's turn will do.
        thread::sleep(Duration::from_millis(100));
        token.trigger();
        for call in calls {
            let report = call.join().expect("the call");
            assert_eq!((report.status, report.attempts), (Status::Cancelled, 0), "{}", report.message);
        }
    });
    let report = client.fetch(&job("1"), &Token::new());
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert!(report.elapsed < gap + gap / 2, "it waited for turns of others: {:?}", report.elapsed);
    check_spacing(&arrivals(&server), gap);
}

#[test]
fn a_turn_that_comes_too_late_is_a_timeout_and_nothing_is_sent() {
    let server = Standin::start(Options::default()).expect("free ports");
    server.add_job(Job::new("1"));
    let mut settings = settings(&server.http_endpoint());
    settings.set_requests_per_second(0.1).expect("a valid rate");
    settings.set_request_timeout_ms(300).expect("a valid timeout");
    let client = client(settings);
    assert_eq!(client.fetch(&job("1"), &Token::new()).status, Status::Ok);
    let report = client.fetch(&job("1"), &Token::new());
    assert_eq!((report.status, report.attempts), (Status::Timeout, 0), "{}", report.message);
    assert!(report.message.contains("requests_per_second"), "{}", report.message);
    assert!(report.elapsed < Duration::from_millis(550), "{:?}", report.elapsed);
    assert_eq!(server.counts().requests, 1);
}

#[test]
fn without_a_budget_nothing_waits() {
    let server = Standin::start(Options::default()).expect("free ports");
    server.add_job(Job::new("1"));
    let client = client(settings(&server.http_endpoint()));
    let start = Instant::now();
    for _ in 0..50 {
        assert_eq!(client.fetch(&job("1"), &Token::new()).status, Status::Ok);
    }
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
