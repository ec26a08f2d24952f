//! What a call left behind in the process: threads of the library, and descriptors. Reads /proc, so Linux only.
//!
//! Knows nothing of calls. A test that counts holds [`alone`] from its first line to its last.

use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a thread that has nothing left to do may take to be gone, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// Keeps the tests of this binary apart: they share descriptors and threads.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The threads of the library that run now.
pub(crate) fn threads() -> usize {
    let tasks = fs::read_dir("/proc/self/task").expect("the process's threads");
    // A thread that ends between the listing and the reading is none.
    tasks
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok())
        .filter(|name| name.starts_with("mlab-"))
        .count()
}

/// The open descriptors, what each leads to. That of the listing itself is among them.
pub(crate) fn descriptors() -> Vec<String> {
    let open = fs::read_dir("/proc/self/fd").expect("the process's descriptors");
    let name = |fd: fs::DirEntry| fs::read_link(fd.path()).map(|p| p.display().to_string()).ok();
    let mut names: Vec<String> = open.filter_map(|fd| name(fd.ok()?)).collect();
    names.sort();
    names
}

/// Waits until that many threads of the library are there; whether they came to be.
pub(crate) fn wait_for_threads(wanted: usize) -> bool {
    let start = Instant::now();
    while threads() != wanted {
        if start.elapsed() > PATIENCE {
            return false;
        }
        thread::sleep(Duration::from_millis(2));
    }
    true
}
