//! What these tests have in common: clients, orders, and what the process holds.
//!
//! Knows no case.

use mlab_core::engine::{Client, Event, JobRequest, Settings};
use mlab_core::error::Status;
use mlab_core::flow::plan::Plan;
use mlab_core::wire::{Endpoint, JobId, Key};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// How long anything may take that is not about time; a busy machine stays far below it.
pub(crate) const LINK_GRACE: Duration = Duration::from_secs(30);

/// Threads and descriptors are counted for the whole process: who counts must be alone.
static HOUSE: RwLock<()> = RwLock::new(());

pub(crate) fn beside_others() -> RwLockReadGuard<'static, ()> {
    HOUSE.read().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn alone() -> RwLockWriteGuard<'static, ()> {
    HOUSE.write().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn settings(endpoint: &str) -> Settings {
    Settings::with_endpoint(Endpoint::new(endpoint).expect(endpoint))
}

/// The same with at most so many workers.
pub(crate) fn with_workers(workers: u32, mut settings: Settings) -> Settings {
    settings.set_workers(workers).expect("in range");
    settings
}

/// A client that is ended as C programs end it.
pub(crate) struct Owned(Client);

impl std::ops::Deref for Owned {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        let _ = self.0.shut_down(SECOND);
    }
}

pub(crate) fn client(settings: Settings) -> Owned {
    Owned(Client::new(Key::new("test-key-not-real").expect("a key"), settings))
}

pub(crate) fn order(id: &str) -> JobRequest {
    JobRequest {
        id: JobId::new(id).expect("a valid id"),
        plan: Plan::default(),
        destination: None,
        image_events: false,
    }
}

pub(crate) fn order_until(id: &str, deadline: Duration) -> JobRequest {
    let order = order(id);
    JobRequest { plan: order.plan.with_deadline(deadline).expect("a valid deadline"), ..order }
}

pub(crate) fn submit(client: &Client, id: &str) -> u64 {
    client.submit(&order(id), 0).expect("room for a job")
}

/// The next end, past any progress.
pub(crate) fn next_end(client: &Client) -> (u64, Status) {
    let until = Instant::now() + LINK_GRACE;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let event: Event = client.next_event(left).expect("an event");
        if let Some(done) = event.done {
            return (event.job, done.status);
        }
    }
}

/// What is queued now.
pub(crate) fn pull(client: &Client) -> Vec<(u64, Status)> {
    let events = std::iter::from_fn(|| client.next_event(Duration::ZERO).ok());
    events.filter_map(|event| Some((event.job, event.done?.status))).collect()
}

/// Waits for what another thread is about to do.
pub(crate) fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + LINK_GRACE;
    while !holds() {
        assert!(Instant::now() < until, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Threads of the process whose name begins so. One that was joined is listed for a moment longer.
#[cfg(target_os = "linux")]
pub(crate) fn threads(name: &str) -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").expect("/proc").flatten();
    let names = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok());
    names.filter(|comm| comm.starts_with(name)).count()
}

/// Open descriptors of the process.
#[cfg(target_os = "linux")]
pub(crate) fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("/proc").count()
}
