//! What the library has to say to its host, said only where the host made a call, on that call's thread.
//!
//! Texts come here without the key: they are built from reports, which have none.

use crate::process::PerProcess;
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Entries of other threads kept for the next call; the oldest go first.
const MAX_QUEUED: usize = 256;

/// How much an entry matters; the number crosses the ABI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i32)]
pub enum Level {
    /// A call failed for good.
    Error = 1,
    /// Something failed and will be tried again.
    Warning = 2,
    /// What was done: one entry a poll.
    Info = 3,
    /// How: sleeps, redirects.
    Debug = 4,
}

/// The host's side of a log.
pub trait Sink: Send + Sync {
    /// Takes one entry. Called with no lock of ours held.
    fn take(&self, level: Level, area: &str, text: &str);
}

/// A log; without a sink it costs nothing.
#[derive(Clone, Default)]
pub struct Log(Option<Arc<Shared>>);

struct Shared {
    sink: Arc<dyn Sink>,
    /// Entries that matter less are dropped.
    most: Level,
    muted: AtomicBool,
    queue: PerProcess<Mutex<Queue>>,
}

#[derive(Default)]
struct Queue {
    entries: VecDeque<(Level, &'static str, String)>,
    lost: u64,
}

impl Log {
    /// A log that hands entries up to the level `most` over to `sink`.
    pub fn to(sink: Arc<dyn Sink>, most: Level) -> Log {
        Log(Some(Arc::new(Shared {
            sink,
            most,
            muted: AtomicBool::new(false),
            queue: PerProcess::default(),
        })))
    }

    /// The log of one client: what its threads say comes out of its calls, and nobody else's.
    pub(super) fn of_client(&self) -> Log {
        self.0.as_ref().map_or_else(Log::default, |shared| Log::to(Arc::clone(&shared.sink), shared.most))
    }

    /// Ends it: the sink is not called any more, whatever is said.
    pub(super) fn mute(&self) {
        if let Some(shared) = &self.0 {
            shared.muted.store(true, Ordering::Release);
        }
    }

    /// Where an entry of this level goes.
    fn open(&self, level: Level) -> Option<&Shared> {
        self.0.as_deref().filter(|shared| level <= shared.most && !shared.is_muted())
    }

    /// Says something on a thread that is inside a call of the host.
    pub(crate) fn say(&self, level: Level, area: &'static str, text: impl FnOnce() -> String) {
        if let Some(shared) = self.open(level) {
            self.hand_over();
            shared.sink.take(level, area, &text());
        }
    }

    /// Keeps something said on a thread of ours for the next call of the host.
    pub(crate) fn say_later(&self, level: Level, area: &'static str, text: impl FnOnce() -> String) {
        if let Some(shared) = self.open(level) {
            let entry = (level, area, text());
            let mut queue = shared.queue();
            if queue.entries.len() == MAX_QUEUED {
                queue.entries.pop_front();
                queue.lost += 1;
            }
            queue.entries.push_back(entry);
        }
    }

    /// Hands over what was kept. To be called inside a call of the host, with no lock of ours held.
    pub(crate) fn hand_over(&self) {
        let Some(shared) = &self.0 else { return };
        let queue = std::mem::take(&mut *shared.queue());
        if queue.lost > 0 && !shared.is_muted() {
            let text = format!("{} older entries were dropped", queue.lost);
            shared.sink.take(Level::Warning, "log", &text);
        }
        for (level, area, text) in queue.entries {
            if shared.is_muted() {
                return;
            }
            shared.sink.take(level, area, &text);
        }
    }
}

impl Shared {
    fn is_muted(&self) -> bool {
        self.muted.load(Ordering::Acquire)
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.queue.get().lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Log(on)" } else { "Log(off)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Kept(Arc<Mutex<Vec<String>>>);

    impl Sink for Kept {
        fn take(&self, level: Level, area: &str, text: &str) {
            self.0.lock().expect("not poisoned").push(format!("{} {area}: {text}", level as i32));
        }
    }

    fn log(most: Level) -> (Log, Arc<Mutex<Vec<String>>>) {
        let kept = Arc::new(Mutex::new(Vec::new()));
        (Log::to(Arc::new(Kept(Arc::clone(&kept))), most), kept)
    }

    #[test]
    fn what_other_threads_say_is_kept_bounded_and_handed_over_first() {
        let (log, kept) = log(Level::Debug);
        for i in 0..MAX_QUEUED + 2 {
            log.say_later(Level::Debug, "worker", || i.to_string());
        }
        assert!(kept.lock().expect("not poisoned").is_empty());
        log.say(Level::Info, "poll", || "now".into());
        let kept = kept.lock().expect("not poisoned");
        assert_eq!(kept[0], "2 log: 2 older entries were dropped");
        assert_eq!(kept[1], "4 worker: 2");
        assert_eq!(kept.last().map(String::as_str), Some("3 poll: now"));
        assert_eq!(kept.len(), MAX_QUEUED + 2);
    }

    #[test]
    fn entries_above_the_level_are_not_even_worded() {
        let (log, kept) = log(Level::Warning);
        log.say(Level::Info, "poll", || unreachable!("worded for nobody"));
        log.say_later(Level::Debug, "turn", || unreachable!("worded for nobody"));
        log.say_later(Level::Warning, "job", || "kept".into());
        log.say(Level::Error, "call", || "said".into());
        assert_eq!(*kept.lock().expect("not poisoned"), ["2 job: kept", "1 call: said"]);
    }

    #[test]
    fn a_clients_log_has_a_queue_of_its_own_and_ends_alone() {
        let (all, kept) = log(Level::Debug);
        let (one, other) = (all.of_client(), all.of_client());
        one.say_later(Level::Info, "one", || "queued".into());
        other.say(Level::Info, "other", || "said".into());
        one.mute();
        one.hand_over();
        one.say(Level::Error, "one", || unreachable!("worded for nobody"));
        other.say(Level::Info, "other", || "again".into());
        assert_eq!(*kept.lock().expect("not poisoned"), ["3 other: said", "3 other: again"]);
    }
}
