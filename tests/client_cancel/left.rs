//! What calls left behind in the process: threads of the library, and descriptors.

use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a thread that has nothing left to do may take to be gone, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// The process as it was. Holding it keeps the other tests of this binary, which share descriptors and threads, out.
pub(crate) struct Before {
    descriptors: usize,
    _turn: MutexGuard<'static, ()>,
}

impl Before {
    /// Counts, when no other test runs.
    pub(crate) fn now() -> Before {
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        Before { descriptors: descriptors().len(), _turn: turn }
    }

    /// What there is now and was not then.
    pub(crate) fn left_behind(&self) -> Result<(), String> {
        let start = Instant::now();
        while threads() > 0 {
            if start.elapsed() > PATIENCE {
                return Err(format!("{} threads are left", threads()));
            }
            thread::sleep(Duration::from_millis(2));
        }
        let open = descriptors();
        if open.len() == self.descriptors { Ok(()) } else { Err(format!("descriptors are left: {open:?}")) }
    }
}

/// The threads of the library that run now.
fn threads() -> usize {
    let tasks = fs::read_dir("/proc/self/task").expect("the process's threads");
    // A thread that ends between the listing and the reading is none.
    tasks
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok())
        .filter(|name| name.starts_with("mlab-"))
        .count()
}

/// The open descriptors, what each leads to. That of the listing itself is among them.
fn descriptors() -> Vec<String> {
    let open = fs::read_dir("/proc/self/fd").expect("the process's descriptors");
    open.filter_map(|fd| Some(fs::read_link(fd.ok()?.path()).ok()?.display().to_string())).collect()
}
