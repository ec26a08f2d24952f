//! `requests_per_second`: a client's requests keep their distance, and ids are served in turn.

use crate::call::{ID, READY, client, fetch, job, order_within, settings};
use mlab_core::engine::Client;
use mlab_core::error::Status;
use mlab_core::net::CancelToken;
use mlab_standin::{Job, Options, RawServer, Reply, Standin, Step};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

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

/// No request comes before its turn, the first of which is not before `start`. How long after it is the machine's affair,
/// so that two of them may come closer together.
fn check_spacing(arrivals: &[(String, Instant)], start: Instant, wanted: Duration) {
    let mut at: Vec<Duration> = arrivals.iter().map(|(_, at)| at.duration_since(start)).collect();
    at.sort();
    let turns = (0..).map(|turn| wanted * turn);
    assert!(at.iter().zip(turns).all(|(at, turn)| *at >= turn), "every {wanted:?}: {at:?}");
}

#[test]
fn requests_keep_their_distance_and_two_ids_are_served_in_turn() {
    let (server, client) = budgeted(10.0);
    let (start, asking) = (Instant::now(), AtomicBool::new(true));
    // One id is asked for by three threads as fast as they can, the other by one: each thread has one request waiting.
    thread::scope(|scope| {
        for id in ["1", "1", "1", "2"] {
            let (client, asking) = (&client, &asking);
            scope.spawn(move || {
                while asking.load(Ordering::Acquire) {
                    let report = client.fetch(&job(id), &CancelToken::new());
                    assert_eq!((report.status, report.attempts), (Status::Ok, 1), "{}", report.message);
                }
            });
        }
        assert!(server.wait_until(|counts| counts.requests >= 16, Duration::from_secs(20)), "too slow");
        asking.store(false, Ordering::Release);
    });
    let arrivals = arrivals(&server);
    check_spacing(&arrivals, start, Duration::from_millis(100));
    // Every second turn is the one's, but for a thread that is slow to come back.
    let asked = arrivals.iter().filter(|(id, _)| id == "2").count();
    assert!(asked * 3 >= arrivals.len(), "{asked} of {}", arrivals.len());
}

#[test]
fn a_crowd_that_asks_for_one_id_leaves_another_its_share() {
    let (server, client) = budgeted(10.0);
    let asking = AtomicBool::new(true);
    thread::scope(|scope| {
        for at in 0..10 {
            let (client, asking, id) = (&client, &asking, if at == 0 { "2" } else { "1" });
            scope.spawn(move || {
                while asking.load(Ordering::Acquire) {
                    client.fetch(&job(id), &CancelToken::new());
                }
            });
        }
        assert!(server.wait_until(|counts| counts.requests >= 40, Duration::from_secs(20)), "too slow");
        asking.store(false, Ordering::Release);
    });
    let alone = arrivals(&server).iter().take(40).filter(|(id, _)| id == "2").count();
    assert!(alone >= 13, "{alone} of 40 requests were for the one of two ids");
}

#[test]
fn a_wait_keeps_its_turn_although_the_row_is_longer_than_one_poll_may_take() {
    let server = Standin::start(Options::default()).expect("free ports");
    let ids: Vec<String> = (0..12).map(|i| i.to_string()).collect();
    ids.iter().for_each(|id| server.add_job(Job { ready_after: Duration::MAX, ..Job::new(id) }));
    let mut settings = settings(&server.http_endpoint());
    // A round takes 2.4 s, one poll 1 s at most; the deadline has room for two rounds.
    settings.set_requests_per_second(5.0).expect("a valid rate");
    settings.set_request_timeout_ms(1_000).expect("a valid timeout");
    let client = client(settings);
    let untold = AtomicU32::new(0);
    thread::scope(|scope| {
        for id in &ids {
            let (client, untold) = (&client, &untold);
            scope.spawn(move || {
                let mut last = 0;
                let report = client.wait(
                    &order_within(id, Duration::from_millis(5_500)),
                    &CancelToken::new(),
                    |progress| {
                        untold.fetch_add(u32::from(progress.polls == last), Ordering::Relaxed);
                        last = progress.polls;
                        true
                    },
                );
                assert_eq!(report.status, Status::Deadline, "{}", report.message);
                // The last poll may be one that the deadline ends.
                assert!((last..=last + 1).contains(&report.attempts), "{last} of {}", report.attempts);
                assert!(report.message.contains("try again later."), "{}", report.message);
                assert!(!report.message.contains("timeout"), "{}", report.message);
            });
        }
    });
    assert_eq!(untold.into_inner(), 0, "progress was told without a poll");
    let mut polls: HashMap<String, u32> = ids.iter().map(|id| (id.clone(), 0)).collect();
    for (id, _) in arrivals(&server) {
        *polls.get_mut(&id).expect("one of them") += 1;
    }
    let (least, most) = (polls.values().min().copied(), polls.values().max().copied());
    assert!(most <= least.map(|least| least + 1), "not in turn: {polls:?}");
}

#[test]
fn redirects_keep_to_the_budget_too() {
    let moved = |to: &str| Step::reply(&Reply::json(307, "{}").with("Location", to));
    let mut script = Vec::new();
    for to in ["/1", "/2", "/3"] {
        script.extend([Step::ReadRequest, moved(to)]);
    }
    script.extend([Step::ReadRequest, Step::json(200, READY)]);
    let server = RawServer::plain(vec![script]).expect("a server");
    let mut settings = settings(&server.endpoint());
    settings.set_requests_per_second(10.0).expect("a valid rate");
    let start = Instant::now();
    let report = fetch(&client(settings), ID);
    assert_eq!((report.status, report.attempts), (Status::Ok, 1), "{}", report.message);
    assert!(start.elapsed() >= Duration::from_millis(290), "four requests in {:?}", start.elapsed());
}

/// What a redirect waits for its turn is not the server's time.
#[test]
fn a_redirect_may_wait_for_its_turn_longer_than_the_request_timeout() {
    let moved = Step::reply(&Reply::json(307, "{}").with("Location", "/1"));
    let script = vec![Step::ReadRequest, moved, Step::ReadRequest, Step::json(200, READY)];
    let server = RawServer::plain(vec![script]).expect("a server");
    let mut settings = settings(&server.endpoint());
    settings.set_requests_per_second(0.5).expect("a valid rate");
    settings.set_request_timeout_ms(1_500).expect("a valid timeout");
    let client = client(settings);
    let report = client.wait(&order_within(ID, Duration::from_secs(10)), &CancelToken::new(), |_| true);
    assert_eq!((report.status, report.attempts), (Status::Ok, 1), "{}", report.message);
}

/// Calls and jobs share the budget: neither keeps the other waiting for good.
#[test]
fn jobs_and_calls_leave_each_other_their_share() {
    let server = Standin::start(Options::default()).expect("free ports");
    ["1", "2"].into_iter().for_each(|id| server.add_job(Job::new(id)));
    (10..16).for_each(|id| server.add_job(Job { ready_after: Duration::MAX, ..Job::new(id.to_string()) }));
    let mut settings = settings(&server.http_endpoint());
    settings.set_requests_per_second(4.0).expect("a valid rate");
    let client = client(settings);
    let start = Instant::now();
    // Each wants a poll a second, so that there is always one due.
    for id in 10..16 {
        client.submit(&order_within(&id.to_string(), Duration::from_secs(60)), 0).expect("room");
    }
    let asking = AtomicBool::new(true);
    thread::scope(|scope| {
        for id in ["1", "2"] {
            let (client, asking) = (&client, &asking);
            scope.spawn(move || {
                while asking.load(Ordering::Acquire) {
                    client.fetch(&job(id), &CancelToken::new());
                }
            });
        }
        assert!(server.wait_until(|counts| counts.requests >= 32, Duration::from_secs(30)), "too slow");
        asking.store(false, Ordering::Release);
    });
    let arrivals = arrivals(&server);
    check_spacing(&arrivals, start, Duration::from_millis(250));
    // Eight ids in four rounds; what a busy machine lets through after them is not counted.
    let arrivals = &arrivals[..32];
    for id in ["1", "2", "10", "11", "12", "13", "14", "15"] {
        let polls = arrivals.iter().filter(|(of, _)| of == id).count();
        assert!((3..=6).contains(&polls), "{polls} polls {id}: {arrivals:?}");
    }
}

#[test]
fn cancelled_turns_are_free_again() {
    let gap = Duration::from_secs(2);
    let (server, client) = budgeted(0.5);
    let start = Instant::now();
    client.fetch(&job("1"), &CancelToken::new());
    let token = CancelToken::new();
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
    let report = client.fetch(&job("1"), &CancelToken::new());
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert!(report.elapsed < gap + gap / 2, "it waited for turns of others: {:?}", report.elapsed);
    check_spacing(&arrivals(&server), start, gap);
}

#[test]
fn a_turn_that_comes_too_late_is_a_timeout_and_nothing_is_sent() {
    let server = Standin::start(Options::default()).expect("free ports");
    server.add_job(Job::new("1"));
    let mut settings = settings(&server.http_endpoint());
    settings.set_requests_per_second(0.1).expect("a valid rate");
    settings.set_request_timeout_ms(1_000).expect("a valid timeout");
    let client = client(settings);
    assert_eq!(client.fetch(&job("1"), &CancelToken::new()).status, Status::Ok);
    let report = client.fetch(&job("1"), &CancelToken::new());
    assert_eq!((report.status, report.attempts), (Status::Timeout, 0), "{}", report.message);
    assert!(report.message.contains("requests_per_second"), "{}", report.message);
    assert!(report.elapsed < Duration::from_secs(5), "the turn is in ten: {:?}", report.elapsed);
    assert_eq!(server.counts().requests, 1);
}

#[test]
fn without_a_budget_nothing_waits() {
    let server = Standin::start(Options::default()).expect("free ports");
    server.add_job(Job::new("1"));
    let client = client(settings(&server.http_endpoint()));
    let start = Instant::now();
    for _ in 0..50 {
        assert_eq!(client.fetch(&job("1"), &CancelToken::new()).status, Status::Ok);
    }
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

#[test]
fn a_fetch_that_gets_no_second_turn_tells_of_the_failure_before() {
    let busy = Step::reply(&Reply::json(503, r#"{"message":"Server Error"}"#));
    let server = RawServer::plain(vec![Step::Repeat(vec![Step::ReadRequest, busy])]).expect("a free port");
    let mut settings = settings(&server.endpoint());
    settings.set_requests_per_second(0.1).expect("a valid rate");
    settings.set_request_timeout_ms(3_000).expect("a valid timeout");
    let report = fetch(&client(settings), ID);
    assert_eq!(
        (report.status, report.http_status, report.attempts),
        (Status::Server, 503, 1),
        "{}",
        report.message
    );
    assert!(report.message.contains("no turn under requests_per_second"), "{}", report.message);
    assert!(report.retryable);
}
