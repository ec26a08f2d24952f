use super::*;
use crate::download::{Destination, ImageDownload, ImageSink, SinkBounds};
use crate::engine::scheduler::NewJob;
use crate::engine::settings::Settings;
use crate::error::Status;
use crate::flow::link_retry::Failed;
use crate::flow::plan::Plan;
use crate::process::fresh_seed;
use crate::wire::{JobId, Key};
use std::path::PathBuf;

fn engine_of(workers: usize) -> Arc<Engine> {
    let key = Key::new("test-key-not-real").expect("a key");
    Engine::new(key, Settings { workers, ..Settings::default() })
}

fn engine() -> Arc<Engine> {
    engine_of(1)
}

#[test]
fn a_worker_that_was_idle_for_long_is_gone_as_soon_as_it_does_not_sleep_any_more() {
    let engine = engine();
    engine.lock().workers = 1;
    let idle_since = Instant::now().checked_sub(2 * IDLE).expect("this machine runs longer");
    let state = engine.lock();
    assert!(!engine.park_idle(&Arc::default(), state, Duration::ZERO, idle_since));
    let state = engine.lock();
    assert_eq!((state.workers, state.idle.len()), (0, 0), "else no other is started for the next job");
}

fn new_job(on: &str) -> NewJob {
    NewJob::of(JobId::new(on).expect("an id"), Plan::default())
}

#[test]
fn a_panic_in_a_workers_poll_ends_the_job_and_not_the_worker() {
    let engine = engine();
    engine.change(|state, now| state.scheduler.open(new_job("panic-1"), now)).expect("room for a job");
    let ended = engine.next_event(Duration::from_secs(20)).expect("its end").done.map(|report| report.status);
    assert_eq!(ended, Some(Status::Internal));
    let state = engine.lock();
    assert_eq!((state.scheduler.left(), state.tokens.len(), state.workers), ((0, 0), 0, 1));
}

#[test]
fn a_panic_in_the_loop_takes_its_worker_and_another_goes_on() {
    // The task that was lost holds the place of one.
    let engine = engine_of(2);
    let open = |id: &str, seconds| {
        let plan = Plan::default().with_deadline(Duration::from_secs(seconds)).expect("a plan");
        let new = NewJob::of(JobId::new(id).expect("an id"), plan);
        engine.change(|state, now| state.scheduler.open(new, now)).expect("room for a job")
    };
    let end = || {
        let event = engine.next_event(Duration::from_secs(20)).expect("its end");
        (event.job, event.done.map(|report| report.status))
    };
    let first = open("panic-1", 60);
    assert_eq!(end(), (first, Some(Status::Internal)));
    let lost = open("panic-loop-1", 1);
    let next = open("panic-2", 60);
    assert_eq!(end(), (next, Some(Status::Internal)), "by a worker that was begun after it");
    assert_eq!(end(), (lost, Some(Status::Deadline)), "its poll was lost: it ends by its deadline");
    assert_eq!(engine.lock().workers, 1);
}

/// What is left in a folder of an image whose job waits for its next attempt, with no worker there.
struct Left {
    folder: PathBuf,
    engine: Arc<Engine>,
    job: u64,
}

impl Left {
    fn new() -> Left {
        let folder = std::env::temp_dir().join(format!("mlab-left-{:016x}", fresh_seed()));
        std::fs::create_dir(&folder).expect("a folder");
        let destination = Destination::Folder(folder.to_str().expect("UTF-8").into());
        let link = Some("https://images.modelslab.com/0.png".into());
        let engine = engine();
        // Nothing is collected of it, so that no worker is begun and nothing is sent.
        let mut state = engine.lock();
        let scheduler = &mut state.scheduler;
        let new = NewJob { id: None, link, destination: Some(destination.clone()), ..new_job("1") };
        let job = scheduler.open(new, Duration::ZERO).expect("room for a job");
        let Some(Task::Check(check)) = scheduler.take(Duration::ZERO) else { panic!("no check") };
        scheduler.checked(check.task, Ok(()), Duration::ZERO);
        let Some(Task::Image(image)) = scheduler.take(Duration::ZERO) else { panic!("no image") };
        let sink = ImageSink::begin(&destination, "x", &SinkBounds::new(1_000)).expect("a file");
        let refused = Attempt::refused(Error::UnsafeUrl("elsewhere".into()));
        let received = Some(Box::new(ImageDownload::new(sink)));
        let attempt = Attempt { failed: Some(Failed::NotThere), received, ..refused };
        assert!(scheduler.attempted(image.task, attempt, Duration::ZERO).is_some(), "it is tried again");
        drop(state);
        let left = Left { folder, engine, job };
        assert_eq!(left.files(), 1);
        left
    }

    fn files(&self) -> usize {
        std::fs::read_dir(&self.folder).expect("a folder").count()
    }
}

impl Drop for Left {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn what_is_left_of_an_image_in_a_file_is_removed_although_no_worker_is_there_at_the_end() {
    let left = Left::new();
    assert!(left.engine.close(Duration::from_secs(20)));
    assert_eq!(left.files(), 0);
    assert_eq!(left.engine.lock().scheduler.left(), (0, 1), "its end is still to be pulled");
}

#[test]
fn what_is_left_of_an_image_in_a_file_is_removed_by_who_cancels_it_where_no_thread_is_to_be_had() {
    let left = Left::new();
    planted::refuse_threads();
    let error = Error::UnsafeUrl("cancelled by a test".into());
    left.engine.change(|state, now| state.scheduler.stop(left.job, &error, now));
    assert_eq!(left.files(), 0);
    let event = left.engine.next_event(Duration::ZERO).expect("its end, at once");
    assert_eq!((event.job, event.done.map(|report| report.status)), (left.job, Some(Status::UnsafeUrl)));
    assert_eq!(left.engine.lock().scheduler.left(), (0, 0));
}
