//! Threads that sleep until somebody has something for them, and the one among them that sleeps until the next due time.
//!
//! A value beside the scheduler, under the same lock. Whoever wakes takes a thread out of here and wakes it after letting
//! the lock go, so that nobody wakes only to wait for the lock.

use super::parker::Parker;
use std::sync::Arc;
use std::time::Duration;

/// See the module's text.
#[derive(Debug, Default)]
pub(super) struct Sleepers {
    /// The one that lay down last stands last, and is woken first: its memory is still warm, and the others get old enough
    /// to leave.
    parked: Vec<(u64, Arc<Parker>)>,
    last_ticket: u64,
    /// Who sleeps until the next due time, and until when.
    watch: Option<(u64, Duration)>,
    /// Woken, and not back yet.
    pub(super) waking: usize,
}

impl Sleepers {
    /// How many sleep.
    pub(super) fn len(&self) -> usize {
        self.parked.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parked.is_empty()
    }

    /// Lies down. With a due time, and nobody who watches for an earlier one, this thread is the one that does.
    pub(super) fn enter(&mut self, parker: &Arc<Parker>, due: Option<Duration>) -> (u64, bool) {
        self.last_ticket += 1;
        let ticket = self.last_ticket;
        self.parked.push((ticket, Arc::clone(parker)));
        let watches = due.is_some_and(|due| self.needs_watch(due));
        if let Some(due) = due.filter(|_| watches) {
            self.watch = Some((ticket, due));
        }
        (ticket, watches)
    }

    /// Gets up; whether somebody woke it, and it did not get up by itself.
    pub(super) fn leave(&mut self, ticket: u64) -> bool {
        self.watch.take_if(|(watcher, _)| *watcher == ticket);
        match self.parked.iter().rposition(|(other, _)| *other == ticket) {
            Some(at) => {
                self.parked.remove(at);
                false
            }
            None => {
                self.waking = self.waking.saturating_sub(1);
                true
            }
        }
    }

    /// Whether nobody is awake in time for this.
    pub(super) fn needs_watch(&self, due: Duration) -> bool {
        self.watch.is_none_or(|(_, until)| due < until)
    }

    /// One to be woken for something to do; the watcher only if there is no other.
    pub(super) fn wake_one(&mut self) -> Option<Arc<Parker>> {
        let watcher = self.watch.map(|(ticket, _)| ticket);
        let at = self.parked.iter().rposition(|(ticket, _)| Some(*ticket) != watcher);
        self.take(at.or_else(|| self.parked.len().checked_sub(1))?)
    }

    /// One to be woken to watch for an earlier time: the watcher, if there is one.
    pub(super) fn wake_watcher(&mut self) -> Option<Arc<Parker>> {
        let watcher = self.watch.map(|(ticket, _)| ticket);
        let at = self.parked.iter().position(|(ticket, _)| Some(*ticket) == watcher);
        self.take(at.or_else(|| self.parked.len().checked_sub(1))?)
    }

    /// All of them.
    pub(super) fn wake_all(&mut self) -> Vec<Arc<Parker>> {
        self.watch = None;
        self.waking += self.parked.len();
        self.parked.drain(..).map(|(_, parker)| parker).collect()
    }

    fn take(&mut self, at: usize) -> Option<Arc<Parker>> {
        let (ticket, parker) = self.parked.remove(at);
        self.watch.take_if(|(watcher, _)| *watcher == ticket);
        self.waking += 1;
        Some(parker)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn one_watches_for_the_earliest_time_and_is_woken_last() {
        let mut sleepers = Sleepers::default();
        let (watcher, watches) = sleepers.enter(&Arc::default(), Some(SECOND * 5));
        assert!(watches);
        let (other, watches) = sleepers.enter(&Arc::default(), Some(SECOND * 9));
        assert!(!watches, "one is enough");
        assert!(sleepers.needs_watch(SECOND) && !sleepers.needs_watch(SECOND * 5));
        assert!(sleepers.wake_one().is_some());
        assert!(sleepers.leave(other), "it was not the watcher");
        assert!(!sleepers.needs_watch(SECOND * 5));
        assert!(sleepers.wake_watcher().is_some() && sleepers.needs_watch(SECOND * 9));
        assert!(sleepers.leave(watcher) && sleepers.is_empty() && sleepers.waking == 0);
    }

    #[test]
    fn who_gets_up_by_itself_was_woken_by_nobody() {
        let mut sleepers = Sleepers::default();
        let (one, _) = sleepers.enter(&Arc::default(), None);
        let (two, _) = sleepers.enter(&Arc::default(), Some(SECOND));
        assert!(!sleepers.leave(one));
        assert_eq!(sleepers.wake_all().len(), 1);
        assert!(sleepers.leave(two) && sleepers.is_empty());
    }
}
