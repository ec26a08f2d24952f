use super::*;
use crate::download::{Destination, ImageDownload, ImageSink, SinkBounds};
use crate::engine::scheduler::NewJob;
use crate::engine::settings::Settings;
use crate::error::Status;
use crate::flow::link_retry::Failed;
use crate::flow::plan::Plan;
use crate::process::fresh_seed;
use crate::wire::{JobId, Key};

fn engine() -> Arc<Engine> {
    let key = Key::new("test-key-not-real").expect("a key");
    Engine::new(key, Settings { workers: 1, ..Settings::default() })
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

/// It waited for its next attempt until after the workers had gone.
#[test]
fn what_is_left_of_an_image_in_a_file_is_removed_although_no_worker_is_there_at_the_end() {
    let folder = std::env::temp_dir().join(format!("mlab-left-{:016x}", fresh_seed()));
    std::fs::create_dir(&folder).expect("a folder");
    let files = || std::fs::read_dir(&folder).expect("a folder").count();
    let destination = Destination::Folder(folder.to_str().expect("UTF-8").into());
    let link = Some("https://images.modelslab.com/0.png".into());
    let engine = engine();
    {
        // Nothing is collected of it, so that no worker is begun and nothing is sent.
        let mut state = engine.lock();
        let scheduler = &mut state.scheduler;
        let new = NewJob { id: None, link, destination: Some(destination.clone()), ..new_job("1") };
        scheduler.open(new, Duration::ZERO).expect("room for a job");
        let Some(Task::Check(check)) = scheduler.take(Duration::ZERO) else { panic!("no check") };
        scheduler.checked(check.task, Ok(()), Duration::ZERO);
        let Some(Task::Image(image)) = scheduler.take(Duration::ZERO) else { panic!("no image") };
        let sink = ImageSink::begin(&destination, "x", &SinkBounds::new(1_000)).expect("a file");
        let refused = Attempt::refused(Error::UnsafeUrl("elsewhere".into()));
        let received = Some(Box::new(ImageDownload::new(sink)));
        let attempt = Attempt { failed: Some(Failed::NotThere), received, ..refused };
        assert!(scheduler.attempted(image.task, attempt, Duration::ZERO).is_some(), "it is tried again");
    }
    assert_eq!(files(), 1);
    assert!(engine.close(Duration::from_secs(20)));
    assert_eq!(files(), 0);
    assert_eq!(engine.lock().scheduler.left(), (0, 1), "its end is still to be pulled");
    std::fs::remove_dir(&folder).expect("an empty folder");
}
