//! Jobs, blocking waits and fetches on one id: they share its polls, and what one learns all learn.

use crate::host::*;
use mlab_core::engine::{Client, JobRequest, Report};
use mlab_core::error::Status;
use mlab_core::flow::plan::Plan;
use mlab_core::net::CancelToken;
use mlab_standin::{Job, Options, RawServer, Standin, Step};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A server whose replies take a while, so that others can come meanwhile.
fn slow(delay: Duration) -> Standin {
    Standin::start(Options { auto: true, reply_delay: delay, ..Options::default() }).expect("free ports")
}

/// A job that is polled so seldom that what ends it sooner is not its own next poll.
fn seldom(id: &str) -> JobRequest {
    JobRequest { plan: Plan::default().with_poll(SECOND * 15, SECOND * 15).expect("a plan"), ..order(id) }
}

/// "At once" on a busy machine: well below the distance of two polls.
const AT_ONCE: Duration = Duration::from_secs(5);

fn wait(client: &Client, id: &str, token: &CancelToken) -> Report {
    client.wait(&seldom(id), token, |_| true)
}

#[test]
fn four_threads_that_wait_for_one_id_and_a_job_on_it_poll_it_once() {
    let _beside = beside_others();
    let server = slow(Duration::from_millis(400));
    let client = client(settings(&server.http_endpoint()));
    thread::scope(|scope| {
        let waits = [(); 4].map(|()| scope.spawn(|| wait(&client, "1", &CancelToken::new())));
        assert!(server.wait_until(|counts| counts.requests == 1, LINK_GRACE));
        let job = submit(&client, "1");
        for wait in waits {
            let report = wait.join().expect("no panic");
            assert_eq!((report.status, report.attempts), (Status::Ok, 1), "{}", report.message);
        }
        assert_eq!(next_end(&client), (job, Status::Ok));
    });
    assert_eq!(server.counts().requests, 1);
}

#[test]
fn a_wait_whose_thread_is_cancelled_leaves_its_exchange_to_another_at_once() {
    let _beside = beside_others();
    let ready = r#"{"status":"success","id":1,"output":["https://images.example/0.png"]}"#;
    // The first exchange hangs; the second is answered.
    let scripts = vec![
        vec![Step::ReadRequest, Step::Stall],
        vec![Step::ReadRequest, Step::json(200, ready), Step::Stall],
    ];
    let server = RawServer::plain(scripts).expect("a free port");
    let client = client(settings(&server.endpoint()));
    let token = CancelToken::new();
    thread::scope(|scope| {
        let first = scope.spawn(|| wait(&client, "1", &token));
        assert!(server.wait_until(|counts| counts.requests == 1, LINK_GRACE));
        let second = scope.spawn(|| wait(&client, "1", &CancelToken::new()));
        // The second has joined once it waits for the first one's exchange; nothing shows that from outside.
        thread::sleep(Duration::from_millis(100));
        let cancelled = Instant::now();
        token.trigger();
        assert_eq!(first.join().expect("no panic").status, Status::Cancelled);
        assert_eq!(second.join().expect("no panic").status, Status::Ok);
        assert!(cancelled.elapsed() < AT_ONCE, "{:?}", cancelled.elapsed());
    });
}

#[test]
fn what_a_fetch_finds_ends_the_wait_and_the_job_on_its_id() {
    let _beside = beside_others();
    let server = slow(Duration::from_millis(400));
    server.add_job(Job { ready_after: Duration::MAX, ..Job::new("1") });
    let client = client(settings(&server.http_endpoint()));
    let job = client.submit(&seldom("1"), 0).expect("room");
    let told = AtomicBool::new(false);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            client.wait(&seldom("1"), &CancelToken::new(), |_| {
                told.store(true, Ordering::Release);
                true
            })
        });
        // Both have heard that it is not ready.
        assert!(client.next_event(LINK_GRACE).is_ok_and(|event| event.done.is_none()));
        wait_until("the wait is told of a poll", || told.load(Ordering::Acquire));
        assert!(server.finish_job("1"));
        let id = mlab_core::wire::JobId::new("1").expect("an id");
        let fetched = Instant::now();
        assert_eq!(client.fetch(&id, &CancelToken::new()).status, Status::Ok);
        assert_eq!(waiting.join().expect("no panic").status, Status::Ok);
        assert_eq!(next_end(&client), (job, Status::Ok));
        assert!(fetched.elapsed() < AT_ONCE, "{:?}", fetched.elapsed());
    });
}
