//! When `next_event` returns, and that neither deadlines nor other jobs wait for a poll that takes long.

use crate::host::*;
use mlab_core::engine::NoEvent;
use mlab_core::error::Status;
use mlab_standin::{Options, RawServer, Standin, Step};
use std::time::{Duration, Instant};

/// A server that takes every request and answers none.
fn silent() -> RawServer {
    RawServer::plain(vec![Step::ReadRequest, Step::Stall]).expect("a free port")
}

fn ready(delay: Duration) -> Standin {
    let options = Options { auto: true, reply_delay: delay, ..Options::default() };
    Standin::start(options).expect("free ports")
}

const HALF: Duration = Duration::from_millis(500);

#[test]
fn a_wait_without_events_lasts_as_long_as_it_was_told() {
    let _beside = beside_others();
    let server = silent();
    let client = client(settings(&server.endpoint()));
    for submitted in [false, true] {
        if submitted {
            submit(&client, "1");
        }
        for timeout in [Duration::ZERO, HALF] {
            let began = Instant::now();
            assert!(client.next_event(timeout).is_err());
            assert!(began.elapsed() >= timeout);
            assert!(began.elapsed() < timeout + LINK_GRACE / 10);
        }
    }
}

#[test]
fn a_wait_ends_with_the_first_event() {
    let _beside = beside_others();
    let server = ready(Duration::ZERO);
    let client = client(settings(&server.http_endpoint()));
    let job = submit(&client, "1");
    assert_eq!(next_end(&client), (job, Status::Ok));
}

#[test]
fn a_wakeup_ends_a_wait_under_way() {
    let _beside = beside_others();
    let client = client(settings("http://127.0.0.1:9/{id}"));
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| client.next_event(LINK_GRACE * 2));
        let began = Instant::now();
        while !waiter.is_finished() {
            client.wake_up();
            assert!(began.elapsed() < LINK_GRACE);
            std::thread::yield_now();
        }
        assert!(waiter.join().expect("no panic").is_err());
    });
}

#[test]
fn a_wakeup_ends_every_wait_of_its_moment() {
    let _beside = beside_others();
    let client = client(settings("http://127.0.0.1:9/{id}"));
    std::thread::scope(|scope| {
        let waiters = [(); 3].map(|()| scope.spawn(|| client.next_event(LINK_GRACE * 2)));
        // Those who come after it are no concern of a wake-up: it is repeated until all have come.
        let began = Instant::now();
        while !waiters.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            client.wake_up();
            assert!(began.elapsed() < LINK_GRACE);
            std::thread::sleep(Duration::from_millis(1));
        }
    });
}

#[test]
fn a_client_that_was_closed_says_so_at_once_when_nothing_is_left() {
    let _beside = beside_others();
    let server = silent();
    let client = client(settings(&server.endpoint()));
    let job = submit(&client, "1");
    assert!(client.shut_down(SECOND * 10).is_ok());
    assert_eq!(next_end(&client), (job, Status::Closed));
    let began = Instant::now();
    for timeout in [Duration::ZERO, LINK_GRACE] {
        assert_eq!(client.next_event(timeout).map(drop), Err(NoEvent::Closed));
    }
    assert!(began.elapsed() < LINK_GRACE / 2);
}

#[test]
fn a_wakeup_that_comes_first_ends_the_next_wait_and_only_that() {
    let _beside = beside_others();
    let client = client(settings("http://127.0.0.1:9/{id}"));
    client.wake_up();
    client.wake_up();
    // A poll in passing is no wait.
    assert!(client.next_event(Duration::ZERO).is_err());
    let began = Instant::now();
    assert!(client.next_event(LINK_GRACE).is_err());
    assert!(began.elapsed() < LINK_GRACE);
    let began = Instant::now();
    assert!(client.next_event(HALF).is_err());
    assert!(began.elapsed() >= HALF);
}

#[test]
fn a_wakeup_does_not_hide_an_event_and_an_event_not_a_wakeup() {
    let _beside = beside_others();
    let server = silent();
    let client = client(settings(&server.endpoint()));
    let job = submit(&client, "1");
    client.cancel_job(job).expect("it is open");
    client.wake_up();
    assert_eq!(next_end(&client), (job, Status::Cancelled));
    let began = Instant::now();
    assert!(client.next_event(LINK_GRACE).is_err());
    assert!(began.elapsed() < LINK_GRACE);
}

#[test]
fn a_deadline_comes_in_time_while_all_workers_are_busy() {
    let _beside = beside_others();
    let server = silent();
    let client = client(with_workers(1, settings(&server.endpoint())));
    submit(&client, "1");
    wait_until("the only worker is inside a poll", || server.counts().requests == 1);
    let began = Instant::now();
    // Somebody waits for events already when the job comes that will end first.
    let (job, end) = std::thread::scope(|scope| {
        let waiter = scope.spawn(|| next_end(&client));
        let job = client.submit(&order_until("2", HALF), 0).expect("room");
        (job, waiter.join().expect("no panic"))
    });
    assert_eq!(end, (job, Status::Deadline));
    assert!((HALF..HALF + SECOND * 5).contains(&began.elapsed()), "{:?}", began.elapsed());

    // The same for a host that polls once a frame.
    let job = client.submit(&order_until("3", HALF), 0).expect("room");
    let began = Instant::now();
    let mut ends = Vec::new();
    while ends.is_empty() {
        ends = pull(&client);
        assert!(began.elapsed() < HALF + SECOND * 5);
        std::thread::sleep(Duration::from_millis(16));
    }
    assert_eq!(ends, [(job, Status::Deadline)]);
}

#[test]
fn a_deadline_does_not_wait_for_the_budget() {
    let _beside = beside_others();
    let server = ready(Duration::ZERO);
    let mut settings = settings(&server.http_endpoint());
    settings.set_requests_per_second(0.01).expect("a valid rate");
    let client = client(settings);
    let first = submit(&client, "1");
    assert_eq!(next_end(&client), (first, Status::Ok));
    let began = Instant::now();
    let second = client.submit(&order_until("2", HALF), 0).expect("room");
    assert_eq!(next_end(&client), (second, Status::Deadline));
    assert!(began.elapsed() < SECOND * 10, "{:?}", began.elapsed());
}

/// A worker that is idle now cannot make several polls once: more must be started for a burst.
#[test]
fn a_burst_after_a_rest_is_polled_by_as_many_workers_as_are_allowed() {
    let _beside = beside_others();
    let server =
        RawServer::plain(vec![vec![Step::ReadRequest, Step::Close], vec![Step::ReadRequest, Step::Stall]])
            .expect("a free port");
    let client = client(with_workers(4, settings(&server.endpoint())));
    let first = client.submit(&order_until("1", HALF), 0).expect("room");
    assert_eq!(next_end(&client), (first, Status::Deadline));
    let before = server.counts().requests;
    for id in ["2", "3", "4", "5"] {
        submit(&client, id);
    }
    wait_until("four polls are under way", || server.counts().requests >= before + 4);
}

#[cfg(target_os = "linux")]
#[test]
fn there_is_no_thread_before_the_first_job_and_never_more_than_allowed() {
    let _alone = alone();
    wait_until("threads are gone", || threads("mlab-") == 0);
    let server = silent();
    let client = client(with_workers(3, settings(&server.endpoint())));
    assert!(client.next_event(Duration::from_millis(1)).is_err());
    client.wake_up();
    assert_eq!((client.pending(), threads("mlab-")), (0, 0));
    for n in 0..50 {
        submit(&client, &n.to_string());
    }
    wait_until("three polls are under way", || server.counts().requests == 3);
    assert_eq!(threads("mlab-"), 3);
    assert!(client.shut_down(SECOND).is_ok());
    wait_until("threads are gone", || threads("mlab-") == 0);
}
