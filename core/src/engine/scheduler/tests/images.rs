//! Jobs whose images are fetched: what is attempted when, and when such a job is over.

use super::fixture::*;
use crate::download::image::Kind;
use crate::download::{Destination, Image};
use crate::engine::scheduler::task::DiscardTask;
use crate::engine::scheduler::*;
use crate::flow::link_retry::Failed;

const MEMORY: Destination = Destination::Memory { most: 1000 };

fn listing(links: &[&str]) -> Report {
    let links: Vec<String> = links.iter().map(|link| format!(r#""https://images.example/{link}""#)).collect();
    reply(&format!(r#"{{"status":"success","output":[{}]}}"#, links.join(",")))
}

fn there() -> Attempt {
    let image = Image { kind: Kind::Png, width: 1, height: 1, path: None, bytes: Some(vec![1].into()) };
    Attempt { outcome: Ok(image), was_sent: true, http_status: 200, ..Attempt::refused(Error::Cancelled) }
}

fn not_there() -> Attempt {
    let error = Error::Refused { kind: Status::NotFound, text: "not there".into() };
    Attempt { failed: Some(Failed::NotThere), http_status: 404, was_sent: true, ..Attempt::refused(error) }
}

fn given_up() -> Attempt {
    Attempt { was_sent: true, ..Attempt::refused(Error::Cancelled) }
}

impl Fixture {
    fn image(&mut self) -> Option<Box<ImageTask>> {
        match self.scheduler.take(self.now)? {
            Task::Image(image) => Some(image),
            other => panic!("no image: {other:?}"),
        }
    }

    fn attempted(&mut self, image: &ImageTask, attempt: Attempt) -> Option<Duration> {
        self.scheduler.attempted(image.task, attempt, self.now)
    }

    fn discard(&mut self) -> Option<DiscardTask> {
        match self.scheduler.take(self.now)? {
            Task::Discard(discard) => Some(discard),
            other => panic!("no file to be removed: {other:?}"),
        }
    }

    fn end(&mut self) -> (u64, Report) {
        let event = std::iter::from_fn(|| self.event()).find(|event| event.done.is_some()).expect("an end");
        (event.job, event.done.expect("a report"))
    }
}

/// A fixture with a job that is ready, and its images, all in flight.
#[allow(clippy::vec_box, reason = "as they are handed out")]
fn downloading(links: &[&str], seconds: u64) -> (Fixture, u64, Vec<Box<ImageTask>>) {
    let mut fixture = Fixture::new();
    let job = fixture.open(keeping("1", until(seconds), MEMORY));
    let poll = fixture.poll();
    fixture.handle_reply(&poll, listing(links));
    let images: Vec<_> = std::iter::from_fn(|| fixture.image()).collect();
    (fixture, job, images)
}

#[test]
fn a_job_is_over_when_all_its_images_are_and_is_not_polled_meanwhile() {
    let (mut fixture, job, images) = downloading(&["0", "1"], 600);
    assert_eq!(images.iter().map(|image| image.stem.as_str()).collect::<Vec<_>>(), ["1-0", "1-1"]);
    fixture.pass(SECOND * 60);
    assert!(fixture.scheduler.take(fixture.now).is_none());
    fixture.attempted(&images[1], there());
    assert!(fixture.ends().is_empty());
    fixture.attempted(&images[0], there());
    let (ended, report) = fixture.end();
    assert_eq!((ended, report.status, report.images.len()), (job, Status::Ok, 2));
}

#[test]
fn an_image_that_is_not_there_yet_waits_in_the_heap_and_holds_nothing_up() {
    let (mut fixture, job, images) = downloading(&["0"], 600);
    let again = fixture.attempted(&images[0], not_there()).expect("another attempt");
    assert_eq!(fixture.scheduler.working(), 0, "it sleeps on no thread");
    assert_eq!(fixture.next_due(), Some(again));
    fixture.submit("2");
    assert_eq!(fixture.poll().id, id("2"));
    fixture.pass_until(again);
    let image = fixture.image().expect("the next attempt");
    fixture.attempted(&image, there());
    let (ended, report) = fixture.end();
    assert_eq!((ended, report.status), (job, Status::Ok));
}

#[test]
fn images_leave_workers_for_polls() {
    let mut fixture = Fixture::with(Limits { workers: 4, images: 3, ..LIMITS });
    fixture.open(keeping("1", until(600), MEMORY));
    let poll = fixture.poll();
    fixture.handle_reply(&poll, listing(&["0", "1", "2", "3"]));
    let images: Vec<_> = std::iter::from_fn(|| fixture.image()).collect();
    assert_eq!(images.len(), 3);
    fixture.submit("2");
    assert_eq!(fixture.poll().id, id("2"));
}

#[test]
fn a_link_that_is_listed_often_is_fetched_once_and_no_more_are_than_allowed() {
    let (mut fixture, _, images) = downloading(&["0", "1", "0", "0"], 600);
    assert_eq!(images.len(), 2);
    images.iter().for_each(|image| {
        fixture.attempted(image, there());
    });
    let (_, report) = fixture.end();
    assert_eq!((report.status, report.images.iter().flatten().count()), (Status::Ok, 4));

    let many: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let mut fixture = Fixture::with(Limits { images_of_a_job: 3, ..LIMITS });
    fixture.open(keeping("1", until(600), MEMORY));
    let poll = fixture.poll();
    fixture.handle_reply(&poll, listing(&many));
    let images: Vec<_> = std::iter::from_fn(|| fixture.image()).collect();
    assert_eq!(images.len(), 3);
    images.iter().for_each(|image| {
        fixture.attempted(image, there());
    });
    let (_, report) = fixture.end();
    assert_eq!((report.status, report.images.iter().flatten().count()), (Status::TooLarge, 3));
    assert!(report.message.contains("max_images"), "{}", report.message);
}

#[test]
fn a_cancelled_job_waits_a_moment_for_what_runs_of_it_and_keeps_what_it_had() {
    for lets_go in [true, false] {
        let (mut fixture, job, images) = downloading(&["0", "1"], 600);
        fixture.attempted(&images[0], there());
        fixture.cancel(job).expect("it is open");
        assert!(fixture.ends().is_empty(), "one of them still writes");
        if lets_go {
            fixture.attempted(&images[1], given_up());
        } else {
            fixture.pass(Duration::from_millis(250));
        }
        let (_, report) = fixture.end();
        assert_eq!(report.status, Status::Cancelled);
        assert_eq!(report.images.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
        assert_eq!(report.urls.len(), 2);
        fixture.attempted(&images[1], there());
        assert!(fixture.ends().is_empty(), "what comes late is thrown away");
        assert_eq!(fixture.scheduler.working(), 0);
    }
}

#[test]
fn images_that_nobody_has_begun_end_at_once() {
    let mut fixture = Fixture::new();
    let job = fixture.open(keeping("1", until(600), MEMORY));
    let poll = fixture.poll();
    fixture.handle_reply(&poll, listing(&["0", "1"]));
    fixture.cancel(job).expect("it is open");
    assert_eq!(fixture.ends(), [(job, Status::Cancelled)]);
    assert!(fixture.image().is_none());
}

#[test]
fn a_stuck_image_does_not_keep_its_job_past_its_deadline() {
    let (mut fixture, job, _images) = downloading(&["0"], 60);
    fixture.pass(SECOND * 60);
    fixture.pass(Duration::from_millis(250));
    assert_eq!(fixture.ends(), [(job, Status::Deadline)]);
}

/// Dropped, it would be removed under the lock; handed to whoever ends the job, on the host's thread.
#[test]
fn a_file_that_is_of_no_use_any_more_is_removed_by_a_worker_before_its_job_ends() {
    let lost = || Attempt { failed: None, ..not_there() };
    for (attempt, status) in [(not_there(), Status::Cancelled), (lost(), Status::NotFound)] {
        let (mut fixture, job, images) = downloading(&["0"], 600);
        fixture.attempted(&images[0], Attempt { received: left_in_a_file(), ..attempt });
        fixture.cancel(job).expect("it is open");
        assert!(fixture.scheduler.take_effects().discarded.is_empty(), "for whoever cancels to remove");
        assert!(fixture.ends().is_empty(), "the file is there still");
        assert_eq!(fixture.next_due(), Some(fixture.now));
        let discard = fixture.discard().expect("a file to be removed");
        assert_eq!(fixture.scheduler.working(), 1);
        fixture.scheduler.discarded(discard.task, fixture.now);
        let (ended, report) = fixture.end();
        assert_eq!((ended, report.status), (job, status));
        assert_eq!(fixture.scheduler.working(), 0);
    }
}

#[test]
fn a_file_that_is_not_removed_keeps_no_job_past_its_cancel() {
    let (mut fixture, job, images) = downloading(&["0"], 600);
    fixture.attempted(&images[0], Attempt { received: left_in_a_file(), ..not_there() });
    fixture.cancel(job).expect("it is open");
    let discard = fixture.discard().expect("a file to be removed");
    fixture.pass(Duration::from_millis(250));
    assert_eq!(fixture.ends(), [(job, Status::Cancelled)]);
    fixture.scheduler.discarded(discard.task, fixture.now);
    assert!(fixture.ends().is_empty() && fixture.scheduler.working() == 0);
}

#[test]
fn files_are_removed_also_when_the_client_has_ended() {
    let (mut fixture, job, images) = downloading(&["0"], 600);
    fixture.attempted(&images[0], Attempt { received: left_in_a_file(), ..not_there() });
    fixture.scheduler.close(fixture.now);
    let discard = fixture.discard().expect("a file to be removed");
    assert!(fixture.scheduler.take(fixture.now).is_none());
    fixture.scheduler.discarded(discard.task, fixture.now);
    assert_eq!(fixture.ends(), [(job, Status::Closed)]);
}

#[test]
fn memory_that_is_of_no_use_any_more_is_let_go_of_at_once_but_not_under_the_lock() {
    let (mut fixture, job, images) = downloading(&["0", "1"], 600);
    fixture.attempted(&images[0], Attempt { received: left_in(&MEMORY), failed: None, ..not_there() });
    assert_eq!(fixture.scheduler.take_effects().discarded.len(), 1);
    fixture.attempted(&images[1], Attempt { received: left_in(&MEMORY), ..not_there() });
    fixture.cancel(job).expect("it is open");
    assert_eq!(fixture.scheduler.take_effects().discarded.len(), 1);
    assert_eq!(fixture.ends(), [(job, Status::NotFound)]);
}

#[test]
fn the_end_of_the_client_says_what_it_is() {
    let (mut fixture, job, images) = downloading(&["0", "1"], 60);
    fixture.scheduler.close(fixture.now);
    images.iter().for_each(|image| {
        fixture.attempted(image, given_up());
    });
    assert_eq!(fixture.ends(), [(job, Status::Closed)]);
}

#[test]
fn bytes_are_told_for_all_images_together_and_their_sum_once_all_is_known() {
    let (mut fixture, _, images) = downloading(&["0", "1"], 600);
    fixture.scheduler.received(images[0].task, 10, Some(100));
    let event = fixture.event().expect("progress");
    assert_eq!((event.bytes_done, event.bytes_total, event.next_poll), (10, None, None));
    fixture.scheduler.received(images[1].task, 5, Some(50));
    fixture.scheduler.received(images[0].task, 20, Some(100));
    let event = fixture.event().expect("progress");
    assert_eq!((event.bytes_done, event.bytes_total), (25, Some(150)));
    assert!(fixture.event().is_none(), "at most one undelivered");
}

#[test]
fn each_image_has_an_event_where_that_is_asked_for() {
    let mut fixture = Fixture::new();
    let wants = NewJob { wants_image_events: true, ..keeping("1", until(600), MEMORY) };
    fixture.open(wants);
    let poll = fixture.poll();
    fixture.handle_reply(&poll, listing(&["0", "1", "0"]));
    let images: Vec<_> = std::iter::from_fn(|| fixture.image()).collect();
    images.iter().rev().for_each(|image| {
        fixture.attempted(image, there());
    });
    let told: Vec<Option<usize>> = std::iter::from_fn(|| fixture.event()).map(|event| event.image).collect();
    assert_eq!(told, [Some(1), Some(0), Some(2), None]);
}

#[test]
fn a_place_for_files_is_looked_at_before_anything_is_sent() {
    for good in [true, false] {
        let mut fixture = Fixture::new();
        let job = fixture.open(keeping("1", until(600), Destination::Folder("/images".into())));
        let Some(Task::Check(check)) = fixture.scheduler.take(fixture.now) else { panic!("a check") };
        assert!(fixture.take().is_none());
        let reason = Error::File { path: "/images".into(), reason: "it is not there".into() };
        fixture.scheduler.checked(check.task, if good { Ok(()) } else { Err(reason) }, fixture.now);
        if good {
            fixture.poll();
        } else {
            assert_eq!(fixture.ends(), [(job, Status::File)]);
        }
    }
}

#[test]
fn a_job_without_images_to_keep_on_the_same_id_ends_when_it_is_ready() {
    let mut fixture = Fixture::new();
    let keeps = fixture.open(keeping("1", until(600), MEMORY));
    let bare = fixture.submit("1");
    let poll = fixture.poll();
    fixture.handle_reply(&poll, listing(&["0", "1"]));
    assert_eq!(fixture.ends(), [(bare, Status::Ok)]);
    for _ in 0..2 {
        let image = fixture.image().expect("an image");
        fixture.attempted(&image, there());
    }
    assert_eq!(fixture.ends(), [(keeps, Status::Ok)]);
}
