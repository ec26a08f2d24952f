//! Nothing holds up anything else: slow replies, links that do not work yet, and who waits for events.

use crate::host::*;
use mlab_core::download::Destination;
use mlab_core::engine::{Client, JobRequest};
use mlab_core::error::Status;
use mlab_core::flow::plan::Plan;
use mlab_standin::{Job, Options, Outcome, Standin};
use std::thread;
use std::time::{Duration, Instant};

fn server() -> Standin {
    Standin::start(Options { auto: true, ..Options::default() }).expect("free ports")
}

/// A job that is polled once a second.
fn often(id: &str) -> JobRequest {
    JobRequest { plan: Plan::default().with_poll(SECOND, SECOND).expect("a plan"), ..order(id) }
}

fn end_of(client: &Client, job: u64) -> Status {
    loop {
        let (ended, status) = next_end(client);
        if ended == job {
            return status;
        }
    }
}

#[test]
fn slow_replies_do_not_delay_the_poll_of_another_job() {
    let _beside = beside_others();
    let server = server();
    server.add_job(Job { ready_after: Duration::from_millis(1_500), ..Job::new("quick") });
    let client = client(with_workers(4, settings(&server.http_endpoint())));
    let began = Instant::now();
    submit(&client, "slow-6-a");
    let quick = client.submit(&often("quick"), 0).expect("room");
    assert!(server.wait_until(|counts| counts.requests >= 2, LINK_GRACE));
    // It comes while the worker that polled the quick one rests.
    submit(&client, "slow-6-b");
    assert_eq!(end_of(&client, quick), Status::Ok);
    assert!(began.elapsed() < SECOND * 4, "{:?}", began.elapsed());
}

#[test]
fn links_that_do_not_work_yet_hold_no_worker() {
    let _beside = beside_others();
    let server = server();
    for n in 0..4 {
        let late = Outcome::ImagesLate(SECOND * 20);
        server.add_job(Job { outcome: late, ..Job::new(format!("late-{n}")) });
    }
    let client = client(with_workers(4, settings(&server.http_endpoint())));
    for n in 0..4 {
        let destination = Some(Destination::Memory { most: 1 << 20 });
        client.submit(&JobRequest { destination, ..order(&format!("late-{n}")) }, 0).expect("room");
    }
    assert!(server.wait_until(|counts| counts.requests >= 8, LINK_GRACE), "four polls and four links");
    let began = Instant::now();
    let quick = submit(&client, "quick");
    assert_eq!(end_of(&client, quick), Status::Ok);
    assert!(began.elapsed() < SECOND * 10, "{:?}", began.elapsed());
}

#[test]
fn a_closed_client_ends_a_wait_for_events_at_once_and_says_so() {
    let _beside = beside_others();
    let client = client(settings("http://127.0.0.1:9/{id}"));
    thread::scope(|scope| {
        let waits = [(); 2].map(|()| scope.spawn(|| client.next_event(LINK_GRACE * 2).err()));
        let began = Instant::now();
        assert!(client.shut_down(LINK_GRACE).is_ok(), "it waits for those who wait");
        for wait in waits {
            assert_eq!(wait.join().expect("no panic"), Some(mlab_core::engine::NoEvent::Closed));
        }
        assert!(began.elapsed() < SECOND * 5, "{:?}", began.elapsed());
    });
    assert_eq!(client.next_event(LINK_GRACE).err(), Some(mlab_core::engine::NoEvent::Closed));
}

#[cfg(target_os = "linux")]
#[test]
fn a_client_with_one_job_has_one_worker_which_leaves_when_it_was_idle_for_long() {
    let _alone = alone();
    wait_until("threads are gone", || threads("mlab-") == 0);
    let server = server();
    server.add_job(Job { ready_after: Duration::from_millis(2_500), ..Job::new("1") });
    let client = client(settings(&server.http_endpoint()));
    let job = client.submit(&often("1"), 0).expect("room");
    let mut most = 0;
    while pull(&client).is_empty() {
        most = most.max(threads("mlab-"));
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(most, 1);
    let again = submit(&client, "2");
    assert_eq!(next_end(&client), (again, Status::Ok));
    assert!(again > job);
    wait_until("the idle worker is gone", || threads("mlab-") == 0);
}
