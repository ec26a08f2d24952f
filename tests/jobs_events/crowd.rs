//! Ten thousand jobs, and clients that are freed while theirs are in every phase.

use crate::host::*;
use mlab_core::engine::Client;
use mlab_core::error::Status;
use mlab_core::flow::rng::Rng;
use mlab_standin::{Clock, Job, Options, Standin};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const JOBS: usize = 10_000;

fn below(chance: &mut Rng, end: u64) -> u64 {
    chance.bits() % end
}

/// What may come of a job on this id.
fn expected(id: &str, cancelled: bool) -> Vec<Status> {
    let ends = match id.split_once('-') {
        Some(("fail", _)) => vec![Status::JobFailed],
        _ => vec![Status::Ok],
    };
    // A cancel can come too late.
    if cancelled { ends.into_iter().chain([Status::Cancelled]).collect() } else { ends }
}

#[test]
fn each_of_ten_thousand_jobs_is_seen_done_once() {
    let _alone = alone();
    let server = Standin::start(Options { auto: true, ..Options::default() }).expect("free ports");
    // Some are not ready at the first poll.
    for n in 0..JOBS / 20 {
        let later = Job { ready_after: SECOND, clock: Clock::AtFirstLook, ..Job::new(format!("later-{n}")) };
        server.add_job(later);
    }
    let client = client(settings(&server.http_endpoint()));
    let mut chance = Rng::new(1);
    let mut submitted = HashMap::new();
    let mut cancelled = Vec::new();
    for n in 0..JOBS as u64 {
        let id = match below(&mut chance, 20) {
            0 => format!("fail-{}", n / 2),
            1 => format!("later-{}", below(&mut chance, JOBS as u64 / 20)),
            // Neighbours share an id now and then.
            _ => (n - below(&mut chance, 10).min(n) / 9).to_string(),
        };
        let job = client.submit(&order(&id), n).expect("room for a job");
        assert!(submitted.insert(job, (n, id)).is_none(), "the number {job} was used twice");
        if below(&mut chance, 7) == 0 {
            let victim = 1 + below(&mut chance, job);
            client.cancel_job(victim).expect("no end was pulled yet");
            cancelled.push(victim);
        }
    }
    assert_eq!((client.pending(), submitted.len()), (JOBS, JOBS));
    let mut ends = 0;
    while client.pending() > 0 {
        let event = client.next_event(LINK_GRACE).expect("jobs are open");
        let (tag, id) = submitted.get(&event.job).expect("told of after its end, or never submitted");
        assert_eq!(event.tag, *tag);
        let Some(done) = event.done else { continue };
        let wanted = expected(id, cancelled.contains(&event.job));
        assert!(wanted.contains(&done.status), "{id}: {:?}: {}", done.status, done.message);
        submitted.remove(&event.job);
        ends += 1;
    }
    assert_eq!((ends, submitted.len()), (JOBS, 0));
    assert!(client.next_event(Duration::ZERO).is_err());
    // Connections are kept, one a worker; a poll that is given up takes its own with it.
    assert!(server.counts().connections < 100, "{:?}", server.counts());
}

/// Jobs that are ready, never ready, answered slowly, cut, and refused.
fn begin_some(client: &Client, chance: &mut Rng, round: u64) {
    for n in 0..1 + below(chance, 40) {
        let kind = ["", "never-", "slow-1-", "cut-", "reset-", "busy-", "fail-"][below(chance, 7) as usize];
        submit(client, &format!("{kind}{round}x{n}"));
        if below(chance, 10) == 0 {
            // The pause is the point: it is where the other threads get on.
            std::thread::sleep(Duration::from_micros(below(chance, 3000)));
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn clients_freed_at_any_moment_leave_no_thread_and_no_descriptor() {
    let _alone = alone();
    let server = Standin::start(Options { auto: true, ..Options::default() }).expect("free ports");
    let mut chance = Rng::new(2);
    let before = descriptors();
    for round in 0..60 {
        let workers = 1 + below(&mut chance, 6) as u32;
        let client = client(with_workers(workers, settings(&server.http_endpoint())));
        begin_some(&client, &mut chance, round);
        if below(&mut chance, 3) == 0 {
            client.cancel_job(0).expect("any time");
        }
        for _ in 0..below(&mut chance, 5) {
            let _ = client.next_event(Duration::from_millis(below(&mut chance, 5)));
        }
        let began = Instant::now();
        assert!(client.shut_down(SECOND).is_ok() && began.elapsed() < SECOND, "{:?}", began.elapsed());
        wait_until("threads are gone", || threads("mlab-") == 0);
    }
    // The server's side of a connection ends a moment after ours.
    wait_until("descriptors are back", || descriptors() <= before);
}

#[test]
fn threads_that_submit_cancel_and_pull_at_once_lose_nothing() {
    let _beside = beside_others();
    let server = Standin::start(Options { auto: true, ..Options::default() }).expect("free ports");
    let client = client(settings(&server.http_endpoint()));
    const EACH: u64 = 300;
    let (ended, until) = (AtomicU64::new(0), Instant::now() + LINK_GRACE * 2);
    let ends = std::thread::scope(|scope| {
        for thread in 0..3 {
            let client = &client;
            scope.spawn(move || {
                let mut chance = Rng::new(thread);
                for n in 0..EACH {
                    let job = submit(client, &format!("{thread}x{n}"));
                    if below(&mut chance, 3) == 0 {
                        // Somebody may have pulled its end already.
                        let _ = client.cancel_job(job);
                    }
                }
            });
        }
        let pullers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut ends = Vec::new();
                    while ended.load(Ordering::Relaxed) < 3 * EACH && Instant::now() < until {
                        let event = client.next_event(SECOND / 10).ok();
                        let end = event.filter(|event| event.done.is_some());
                        ended.fetch_add(end.is_some().into(), Ordering::Relaxed);
                        ends.extend(end.map(|event| event.job));
                    }
                    ends
                })
            })
            .collect();
        pullers.into_iter().flat_map(|puller| puller.join().expect("no panic")).collect::<Vec<u64>>()
    });
    let mut each = ends.clone();
    each.sort_unstable();
    each.dedup();
    assert_eq!((ends.len() as u64, each.len() as u64, client.pending()), (3 * EACH, 3 * EACH, 0));
    assert!(client.next_event(Duration::ZERO).is_err());
}
