//! The book's heaps: when each id is due, and how stale entries leave.

use super::{Book, Job};
use crate::wire::JobId;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

/// So many entries more than needed may be in a heap, or among the jobs of a target, before it is cleared of those that
/// are no use any more: one by one they could not be found there.
const SPARE: usize = 64;

impl Book {
    /// A job needs no polls any more.
    pub(super) fn leave(&mut self, number: u64, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number) else { return };
        if !std::mem::replace(&mut job.waiting, false) {
            return;
        }
        let Some(id) = job.id.clone() else { return };
        let Some(target) = self.targets.get_mut(&id) else { return };
        target.open -= 1;
        match &target.polling {
            Some(token) if target.open == 0 => token.trigger(),
            None if target.open == 0 => self.schedule(&id, now),
            // The others' next poll is found when this one's is due: with a crowd on one id the search is long.
            _ => {}
        }
        if let Some(target) = self.targets.get_mut(&id).filter(|t| t.jobs.len() > 2 * t.open + SPARE) {
            target.sweep(|number| is_waiting(&self.jobs, number));
        }
    }

    /// When a target is to be polled next; where nobody waits, when it may be forgotten.
    pub(super) fn wanted(&mut self, id: &JobId) -> Option<Duration> {
        let target = self.targets.get_mut(id)?;
        target.sweep(|number| is_waiting(&self.jobs, number));
        let next = |number: &u64| self.jobs.get(number).map(|job| job.start + job.wait.next_poll());
        let next = target.jobs.iter().filter_map(next).min().unwrap_or_default();
        Some(next.max(target.floor()))
    }

    /// Puts a target's next look into the heap. One that nobody waits for stays until its floor is over, lest a job that
    /// is submitted again and again be polled as often.
    pub(super) fn schedule(&mut self, id: &JobId, now: Duration) {
        let Some(due) = self.wanted(id) else { return };
        let Some(target) = self.targets.get_mut(id).filter(|target| target.polling.is_none()) else { return };
        if target.open == 0 && due <= now {
            self.targets.remove(id);
            if self.targets.is_empty() && self.jobs.is_empty() {
                self.shrink();
            }
        } else if target.due.is_none_or(|(set, _)| set != due) {
            self.set_due(id, due);
        }
        self.tidy();
    }

    pub(super) fn set_due(&mut self, id: &JobId, due: Duration) {
        let Some(target) = self.targets.get_mut(id) else { return };
        self.last_entry += 1;
        target.due = Some((due, self.last_entry));
        self.polls.push(Reverse((due, self.last_entry, id.clone())));
    }

    /// Clears the heaps once most of their entries are stale.
    pub(super) fn tidy(&mut self) {
        if self.polls.len() > 2 * self.targets.len() + SPARE {
            self.polls.retain(|Reverse((due, entry, id))| {
                self.targets.get(id).is_some_and(|target| target.due == Some((*due, *entry)))
            });
        }
        if self.ends.len() > 2 * self.jobs.len() + SPARE {
            self.ends.retain(|Reverse((_, number))| is_open(&self.jobs, number));
        }
    }

    /// Gives memory back after a rush.
    pub(super) fn shrink(&mut self) {
        self.tidy();
        self.jobs.shrink_to_fit();
        self.targets.shrink_to_fit();
        self.polls.shrink_to_fit();
        self.ends.clear();
        self.ends.shrink_to_fit();
        self.events.shrink_to_fit();
        self.fetches.clear();
        self.fetches.shrink_to_fit();
    }
}

pub(super) fn is_waiting(jobs: &HashMap<u64, Job>, number: &u64) -> bool {
    jobs.get(number).is_some_and(|job| job.waiting)
}

fn is_open(jobs: &HashMap<u64, Job>, number: &u64) -> bool {
    jobs.get(number).is_some_and(|job| !job.over)
}
