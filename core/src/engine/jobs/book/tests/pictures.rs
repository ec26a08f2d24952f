//! Jobs whose pictures are fetched: what is taken when, and when such a job is over.

use super::desk::*;
use crate::download::image::Kind;
use crate::download::{Destination, Image};
use crate::engine::jobs::book::*;
use crate::engine::jobs::fetching::Fetch;
use crate::engine::pictures::Fetched;

const MEMORY: Destination = Destination::Memory { most: 1000 };

fn two_links() -> Report {
    reply(r#"{"status":"success","output":["https://images.example/0","https://images.example/1"]}"#)
}

fn got() -> Fetched {
    let image = Image { kind: Kind::Png, width: 1, height: 1, path: None, bytes: Some(vec![1].into()) };
    Fetched { outcome: Ok(image), tries: 1, http_status: 200 }
}

fn stopped() -> Fetched {
    Fetched { outcome: Err(Error::Cancelled), tries: 1, http_status: 200 }
}

/// A desk with a job that is ready, and its two pictures, both taken.
fn fetching(seconds: u64) -> (Desk, u64, [Fetch; 2]) {
    let mut desk = Desk::new();
    let job = desk.book.submit(&id("1"), 0, until(seconds), Some(MEMORY), desk.now).expect("room");
    let poll = desk.poll();
    desk.hear(&poll, two_links());
    assert_eq!(desk.book.fetches(), 2);
    let fetches = [0, 1].map(|_| desk.book.take_fetch().expect("a picture"));
    assert!(desk.book.take_fetch().is_none());
    (desk, job, fetches)
}

fn done(desk: &mut Desk, fetch: &Fetch, fetched: Fetched) {
    desk.book.fetched(fetch.job, fetch.index, fetched, desk.now);
}

#[test]
fn a_job_is_over_when_all_its_pictures_are_and_is_not_polled_meanwhile() {
    let (mut desk, job, [first, second]) = fetching(600);
    assert_eq!((first.stem.as_str(), second.stem.as_str()), ("1-0", "1-1"));
    desk.pass(SECOND * 60);
    assert!(desk.take().is_none());
    done(&mut desk, &second, got());
    assert!(desk.ends().is_empty());
    done(&mut desk, &first, got());
    let end = desk.event().expect("an end");
    let report = end.done.expect("a report");
    assert_eq!((end.job, report.status, report.images.len()), (job, Status::Ok, 2));
}

#[test]
fn a_cancelled_job_is_over_when_what_ran_of_it_has_ended_and_keeps_what_it_had() {
    let (mut desk, job, [first, second]) = fetching(600);
    done(&mut desk, &first, got());
    desk.cancel(job).expect("it is open");
    assert!(second.token.is_triggered());
    assert!(desk.ends().is_empty(), "one of them still writes");
    done(&mut desk, &second, stopped());
    let report = desk.event().and_then(|event| event.done).expect("an end");
    assert_eq!(report.status, Status::Cancelled);
    assert_eq!(report.images.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
    assert_eq!(report.urls.len(), 2);
}

#[test]
fn pictures_that_nobody_has_taken_end_at_once() {
    let mut desk = Desk::new();
    let job = desk.book.submit(&id("1"), 0, until(600), Some(MEMORY), desk.now).expect("room");
    let poll = desk.poll();
    desk.hear(&poll, two_links());
    desk.cancel(job).expect("it is open");
    assert_eq!(desk.ends(), [(job, Status::Cancelled)]);
    assert!(desk.book.take_fetch().is_none());
}

#[test]
fn the_deadline_and_the_end_of_the_client_say_what_they_are() {
    let (mut desk, job, fetches) = fetching(60);
    desk.pass(SECOND * 60);
    for fetch in &fetches {
        done(&mut desk, fetch, stopped());
    }
    assert_eq!(desk.ends(), [(job, Status::Deadline)]);

    let (mut desk, job, fetches) = fetching(60);
    desk.book.close(desk.now);
    for fetch in &fetches {
        done(&mut desk, fetch, stopped());
    }
    assert_eq!(desk.ends(), [(job, Status::Closed)]);
}

#[test]
fn bytes_are_told_for_all_pictures_together_and_their_sum_once_all_is_known() {
    let (mut desk, _, [first, second]) = fetching(600);
    desk.book.told_bytes(first.job, first.index, 10, Some(100));
    let event = desk.event().expect("progress");
    assert_eq!((event.bytes_done, event.bytes_total, event.next_poll), (10, None, None));
    desk.book.told_bytes(second.job, second.index, 5, Some(50));
    desk.book.told_bytes(first.job, first.index, 20, Some(100));
    let event = desk.event().expect("progress");
    assert_eq!((event.bytes_done, event.bytes_total), (25, Some(150)));
    assert!(desk.event().is_none(), "at most one undelivered");
}

#[test]
fn a_job_without_pictures_to_keep_on_the_same_id_ends_when_it_is_ready() {
    let mut desk = Desk::new();
    let keeps = desk.book.submit(&id("1"), 0, until(600), Some(MEMORY), desk.now).expect("room");
    let bare = desk.submit("1");
    let poll = desk.poll();
    desk.hear(&poll, two_links());
    assert_eq!(desk.ends(), [(bare, Status::Ok)]);
    for _ in 0..2 {
        let fetch = desk.book.take_fetch().expect("a picture");
        assert_eq!(fetch.job, keeps);
        done(&mut desk, &fetch, got());
    }
    assert_eq!(desk.ends(), [(keeps, Status::Ok)]);
}
