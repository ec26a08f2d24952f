//! Jobs, and what each looks like at a given moment.
//!
//! Knows no clock: every question brings its own `now`, so the tests of an hour's wait take no time.

use crate::images::ImageKind;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Where the numbers of new jobs begin: long enough to be mistaken for a float by a careless client.
const FIRST_ID: u64 = 65_919_758;

/// How a job ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Outcome {
    /// Success; the links come with it and work at once.
    #[default]
    Success,
    /// `Failed, Try Again`.
    Failed,
    /// Success at first without links; they come this much later.
    LinksLate(Duration),
    /// Success with links that answer 404 for this long.
    ImagesLate(Duration),
}

/// When the time of a job begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Clock {
    /// When it is added.
    #[default]
    AtAdd,
    /// When somebody first asks for it.
    AtFirstLook,
}

/// One job of the queue.
#[derive(Debug, Clone)]
pub struct Job {
    /// What clients ask for. All digits: answered as a number, as the service does.
    pub id: String,
    /// From the clock's beginning to the end of the work. `Duration::MAX`: never.
    pub ready_after: Duration,
    /// Seconds, as the richer answer gives them. `None`: what is really left.
    pub eta: Option<f64>,
    /// One entry an image.
    pub images: Vec<ImageKind>,
    /// Width and height of the images.
    pub size: (u16, u16),
    /// How it ends.
    pub outcome: Outcome,
    /// When its time begins.
    pub clock: Clock,
}

impl Job {
    /// A job that is ready at once, with one PNG.
    pub fn new(id: impl Into<String>) -> Job {
        Job {
            id: id.into(),
            ready_after: Duration::ZERO,
            eta: None,
            images: vec![ImageKind::Png],
            size: (64, 48),
            outcome: Outcome::Success,
            clock: Clock::AtAdd,
        }
    }
}

/// What a job is at the moment of a poll.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum State {
    /// Not ready; the seconds are what the richer answer says.
    Processing {
        /// Seconds.
        eta: f64,
    },
    /// It failed.
    Failed,
    /// Success without links.
    WithoutLinks,
    /// Success with links.
    Ready,
}

/// All jobs of one server.
#[derive(Debug)]
pub(crate) struct Queue {
    jobs: HashMap<String, Entry>,
    next_id: u64,
}

#[derive(Debug)]
struct Entry {
    job: Job,
    started: Option<Instant>,
    polls: u64,
    finished: bool,
}

impl Entry {
    /// How long ago the work ended; `None` while it goes on.
    fn ready_for(&self, now: Instant) -> Option<Duration> {
        if self.finished {
            return Some(Duration::MAX);
        }
        now.saturating_duration_since(self.started?).checked_sub(self.job.ready_after)
    }

    fn state(&self, now: Instant) -> State {
        let Some(ready_for) = self.ready_for(now) else {
            let elapsed =
                self.started.map_or(Duration::ZERO, |started| now.saturating_duration_since(started));
            let left = self.job.ready_after.saturating_sub(elapsed).as_secs_f64();
            return State::Processing { eta: self.job.eta.unwrap_or((left * 100.0).ceil() / 100.0) };
        };
        match self.job.outcome {
            Outcome::Failed => State::Failed,
            Outcome::LinksLate(late) if ready_for < late => State::WithoutLinks,
            _ => State::Ready,
        }
    }
}

impl Default for Queue {
    fn default() -> Queue {
        Queue { jobs: HashMap::new(), next_id: FIRST_ID }
    }
}

impl Queue {
    /// Adds a job; one of the same id is replaced and its time begins anew.
    pub(crate) fn add(&mut self, job: Job, now: Instant) {
        let started = (job.clock == Clock::AtAdd).then_some(now);
        self.jobs.insert(job.id.clone(), Entry { job, started, polls: 0, finished: false });
    }

    /// Adds a job under the next free number, which it returns.
    pub(crate) fn add_numbered(&mut self, template: &Job, now: Instant) -> u64 {
        while self.jobs.contains_key(&self.next_id.to_string()) {
            self.next_id += 1;
        }
        let id = self.next_id;
        self.add(Job { id: id.to_string(), clock: Clock::AtAdd, ..template.clone() }, now);
        id
    }

    /// Whether there is such a job.
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.jobs.contains_key(id)
    }

    /// Asks for a job, which counts as a poll and may begin its time. `None`: there is no such job.
    pub(crate) fn poll(&mut self, id: &str, now: Instant) -> Option<(State, &Job)> {
        let entry = self.jobs.get_mut(id)?;
        entry.polls += 1;
        entry.started.get_or_insert(now);
        Some((entry.state(now), &entry.job))
    }

    /// How often a job was asked for.
    pub(crate) fn polls(&self, id: &str) -> u64 {
        self.jobs.get(id).map_or(0, |entry| entry.polls)
    }

    /// Ends a job's work, and whatever of it was to come late, now. False: there is no such job.
    pub(crate) fn finish(&mut self, id: &str) -> bool {
        self.jobs.get_mut(id).map(|entry| entry.finished = true).is_some()
    }

    /// The kind and size of an image that can be had now.
    pub(crate) fn image(&self, id: &str, index: usize, now: Instant) -> Option<(ImageKind, (u16, u16))> {
        let entry = self.jobs.get(id)?;
        let ready_for = entry.ready_for(now)?;
        let late = match entry.job.outcome {
            Outcome::Failed => return None,
            Outcome::Success => Duration::ZERO,
            Outcome::LinksLate(late) | Outcome::ImagesLate(late) => late,
        };
        let kind = entry.job.images.get(index).filter(|_| ready_for >= late)?;
        Some((*kind, entry.job.size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn state(queue: &mut Queue, id: &str, now: Instant) -> State {
        queue.poll(id, now).unwrap().0
    }

    #[test]
    fn a_job_is_ready_at_its_moment_and_not_before() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        queue.add(Job { ready_after: HOUR, ..Job::new("1") }, start);
        assert_eq!(state(&mut queue, "1", start), State::Processing { eta: 3600.0 });
        let almost = start + HOUR - Duration::from_millis(250);
        assert_eq!(state(&mut queue, "1", almost), State::Processing { eta: 0.25 });
        assert_eq!(queue.image("1", 0, almost), None);
        assert_eq!(state(&mut queue, "1", start + HOUR), State::Ready);
        assert_eq!(queue.image("1", 0, start + HOUR), Some((ImageKind::Png, (64, 48))));
        assert_eq!(queue.polls("1"), 3);
    }

    #[test]
    fn a_clock_can_begin_at_the_first_poll() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        queue.add(Job { ready_after: HOUR, clock: Clock::AtFirstLook, ..Job::new("1") }, start);
        assert_eq!(state(&mut queue, "1", start + HOUR), State::Processing { eta: 3600.0 });
        assert_eq!(state(&mut queue, "1", start + HOUR * 2), State::Ready);
    }

    #[test]
    fn what_comes_late_comes_after_the_success() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        queue.add(Job { outcome: Outcome::LinksLate(HOUR), ..Job::new("links") }, start);
        queue.add(Job { outcome: Outcome::ImagesLate(HOUR), ..Job::new("images") }, start);
        assert_eq!(state(&mut queue, "links", start), State::WithoutLinks);
        assert_eq!(state(&mut queue, "images", start), State::Ready);
        assert_eq!(queue.image("images", 0, start), None);
        assert_eq!(state(&mut queue, "links", start + HOUR), State::Ready);
        assert!(queue.image("images", 0, start + HOUR).is_some());
    }

    #[test]
    fn a_job_that_never_ends_can_be_finished() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        queue.add(Job { ready_after: Duration::MAX, eta: Some(7.5), ..Job::new("1") }, start);
        assert_eq!(state(&mut queue, "1", start + HOUR), State::Processing { eta: 7.5 });
        assert!(queue.finish("1"));
        assert_eq!(state(&mut queue, "1", start), State::Ready);
        assert!(!queue.finish("2"));
    }

    #[test]
    fn numbered_jobs_leave_taken_numbers_alone() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        queue.add(Job { ready_after: HOUR, ..Job::new(FIRST_ID.to_string()) }, start);
        assert_eq!(queue.add_numbered(&Job::new(""), start), FIRST_ID + 1);
        assert_eq!(queue.add_numbered(&Job::new(""), start), FIRST_ID + 2);
    }
}
