//! The process around the library: what it must not leave behind, and how long it may take.

use super::server;
use std::fs;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long threads and descriptors have to end, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(10);

/// An input that takes longer than this hangs: its calls take some milliseconds each.
const HANGS_AFTER: Duration = Duration::from_secs(60);

/// The number of the input under way; 0 between two.
static UNDER_WAY: AtomicU64 = AtomicU64::new(0);

/// One input.
pub(super) struct Watch {
    /// Descriptors before it; none in the first, since some are opened once in a process.
    descriptors: Option<usize>,
}

impl Watch {
    pub(super) fn begin() -> Watch {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst) + 1;
        UNDER_WAY.store(number, Ordering::SeqCst);
        static DOG: Once = Once::new();
        DOG.call_once(|| {
            thread::Builder::new().name("watchdog".into()).spawn(watch).expect("a thread");
        });
        Watch { descriptors: (number > 1).then(descriptors) }
    }

    /// Every object was freed.
    pub(super) fn end(self) {
        UNDER_WAY.store(0, Ordering::SeqCst);
        until("connections", || server::open() == 0, server::open);
        until("threads", || threads() == 0, threads);
        if let Some(before) = self.descriptors {
            until("descriptors", || descriptors() <= before, descriptors);
        }
    }
}

fn until(what: &str, is_so: impl Fn() -> bool, count: impl Fn() -> usize) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "{what} are left: {}", count());
        thread::sleep(Duration::from_micros(200));
    }
}

/// The library's.
fn threads() -> usize {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let names = tasks.filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
    names.filter(|name| name.starts_with("mlab-")).count()
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

/// Ends the process if an input hangs; libFuzzer and the tests then have it.
fn watch() {
    let (mut seen, mut since) = (0, Instant::now());
    loop {
        thread::sleep(Duration::from_millis(500));
        let now = UNDER_WAY.load(Ordering::SeqCst);
        if now != seen {
            (seen, since) = (now, Instant::now());
        } else if seen != 0 && since.elapsed() > HANGS_AFTER {
            eprintln!("an input has taken more than {} s", HANGS_AFTER.as_secs());
            std::process::abort();
        }
    }
}
