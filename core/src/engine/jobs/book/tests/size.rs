//! What a long life and a large crowd cost.

use super::desk::*;
use crate::download::Destination;
use crate::engine::jobs::book::*;
use crate::engine::pictures::Link;
use std::time::Instant;

/// Entries of a heap that are no use any more; see [`Book`].
const SPARE: usize = 100;

#[test]
fn jobs_that_come_and_go_leave_nothing_behind_in_a_book_that_is_never_empty() {
    let mut desk = Desk::new();
    desk.submit_until("stays", 86_400);
    let poll = desk.poll();
    desk.hear(&poll, leave_me_alone(3600));
    for n in 0..10_000 {
        // Some on ids of their own, some on the one that stays: their entries in the heaps differ.
        let on = if n % 2 == 0 { "stays" } else { "goes" };
        let job = desk.submit_until(on, 86_400);
        if n % 3 == 0 {
            desk.pass(Duration::from_millis(10));
            if let Some(poll) = desk.take() {
                desk.hear(&poll, leave_me_alone(3600));
            }
        }
        desk.cancel(job).expect("it is open");
        desk.ends();
        let book = &desk.book;
        assert!(book.polls.len() <= SPARE, "{} polls after {n} jobs", book.polls.len());
        assert!(book.ends.len() <= SPARE, "{} ends after {n} jobs", book.ends.len());
        assert!(book.targets.len() <= 2);
        assert!(book.targets.values().all(|target| target.jobs.len() <= SPARE));
    }
}

#[test]
fn links_that_come_and_go_leave_nothing_behind_in_a_book_that_is_never_empty() {
    let mut desk = Desk::new();
    desk.submit_until("stays", 86_400);
    let url = "https://images.example/0.png".to_owned();
    let link = Link { url, keep: Destination::Memory { most: 1000 }, deadline: SECOND * 86_400 };
    for n in 0..1_000 {
        let job = desk.book.submit_link(&link, 0, until(86_400), desk.now).expect("room");
        desk.cancel(job).expect("it is open");
        assert_eq!(desk.ends(), [(job, Status::Cancelled)]);
        let book = &desk.book;
        assert!(book.ends.len() <= SPARE, "{} ends after {n} links", book.ends.len());
    }
}

#[test]
fn an_emptied_book_gives_its_memory_back() {
    let mut desk = Desk::new();
    let jobs: Vec<u64> = (0..10_000).map(|n| desk.submit(&n.to_string())).collect();
    for job in jobs {
        desk.cancel(job).expect("it is open");
    }
    desk.ends();
    let Book { jobs, targets, polls, ends, events, .. } = &desk.book;
    let rooms = [jobs.capacity(), targets.capacity(), polls.capacity(), ends.capacity(), events.capacity()];
    assert!(rooms.iter().all(|room| *room <= SPARE), "{rooms:?}");
}

/// A minute would mean that each job was compared with each other; a second is plenty on a slow machine.
#[test]
fn a_crowd_on_one_id_is_submitted_told_and_ended_in_time_that_grows_with_its_size_alone() {
    const CROWD: u64 = 20_000;
    let began = Instant::now();
    for end in [
        |desk: &mut Desk| desk.pass(SECOND * 600),
        |desk: &mut Desk| {
            desk.book.cancel_all(&Error::Cancelled, desk.now);
        },
    ] {
        let mut desk = Desk::new();
        let jobs: Vec<u64> = (0..CROWD).map(|_| desk.submit("1")).collect();
        let poll = desk.poll();
        desk.hear(&poll, not_yet());
        for job in jobs.iter().take(jobs.len() / 2) {
            desk.cancel(*job).expect("it is open");
        }
        end(&mut desk);
        assert_eq!(desk.ends().len() as u64, CROWD);
    }
    assert!(began.elapsed() < SECOND * 15, "{:?}", began.elapsed());
}
