//! Jobs whose reply listed images, and jobs that are one image by its link: each image is fetched in attempts.

use super::Scheduler;
use super::downloading::{AfterAttempt, Downloading};
use super::job::JobPhase;
use super::job_update::{JobEnd, Queued};
use super::task::{Attempt, DiscardTask, ImageTask, InFlight, Subject, TaskId};
use crate::download::{Destination, ImageDownload, stem};
use crate::engine::report::Report;
use crate::error::Error;
use crate::flow::link_retry::LinkRetry;
use std::cmp::Reverse;
use std::mem::replace;
use std::sync::Arc;
use std::time::Duration;

/// How long a job that is stopped waits for its attempts to let go of their files: well within the 250 ms that a cancel
/// may take. What is stuck longer than that is thrown away whenever it comes.
const LET_GO: Duration = Duration::from_millis(100);

impl Scheduler {
    /// Lists the images of a job; it takes no part in polls any more.
    pub(super) fn download(&mut self, number: u64, report: Arc<Report>, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number) else { return };
        let left = job.deadline().saturating_sub(now);
        let retry = LinkRetry::new(self.limits.link_grace, job.plan.retries(), left, job.plan.seed());
        let one = match job.destination {
            Some(Destination::Memory { most }) => most,
            _ => self.limits.image_bytes,
        };
        let (downloading, begin) = Downloading::new(report, now, (self.limits.images_of_a_job, one), retry);
        let was_polling = job.is_polling();
        job.phase = JobPhase::Downloading(Box::new(downloading));
        if was_polling {
            self.leave_group(number, now);
        }
        for index in begin {
            self.attempt_at(number, index, now);
        }
        self.end_downloading(number, now);
    }

    fn attempt_at(&mut self, number: u64, index: usize, at: Duration) {
        self.last_entry += 1;
        self.attempts.push(Reverse((at, self.last_entry, number, index)));
    }

    /// When the earliest attempt is due; perhaps one at an image that nobody wants any more.
    pub(super) fn next_attempt(&self) -> Option<Duration> {
        self.attempts.peek().map(|entry| entry.0.0)
    }

    /// The attempt that is due longest, now in flight.
    pub(super) fn take_attempt(&mut self, now: Duration) -> Option<Box<ImageTask>> {
        while self.next_attempt().is_some_and(|due| due <= now) {
            let Reverse((.., number, index)) = self.attempts.pop()?;
            let Some(job) = self.jobs.get_mut(&number) else { continue };
            let (end, deadline, id) = (job.deadline(), job.plan.deadline(), job.id.clone());
            let Some(destination) = job.destination.clone() else { continue };
            let task = self.last_task + 1;
            let Some(downloading) = job.downloading_mut().filter(|downloading| !downloading.is_stopped())
            else {
                continue;
            };
            let Some(received) = downloading.take(index, task) else { continue };
            self.last_task = task;
            let (report, bounds) = (Arc::clone(&downloading.report), downloading.bounds(index));
            self.take_off(task, InFlight { subject: Subject::Image(number, index), caller: None });
            let stem = id.map_or_else(|| "image".into(), |id| stem(&id, index));
            let image = ImageTask { task, report, index, destination, stem, bounds, end, deadline, received };
            return Some(Box::new(image));
        }
        None
    }

    /// Bytes of an image came.
    pub(in crate::engine) fn received(&mut self, task: TaskId, done: u64, total: Option<u64>) {
        let flight = self.in_flight.get(&task).copied();
        let Some((number, index, downloading)) = self.image_of(flight) else { return };
        downloading.progress(index, done, total);
        self.queue_progress(number);
    }

    /// Takes in what came of an attempt. Gives when the next one is due, if there is one.
    pub(in crate::engine) fn attempted(
        &mut self,
        task: TaskId,
        attempt: Attempt,
        now: Duration,
    ) -> Option<Duration> {
        let flight = self.land(task);
        let Some((number, index, downloading)) = self.image_of(flight) else {
            // Whoever brought it may wait for a disk.
            self.effects.discarded.extend(attempt.received.map(|received| *received));
            return None;
        };
        match downloading.attempted(index, attempt, now) {
            AfterAttempt::RetryAt(at) => {
                self.attempt_at(number, index, at);
                return Some(at);
            }
            AfterAttempt::There => self.tell_of_image(number, index),
            AfterAttempt::Lost(received) => self.discard(number, index, received),
        }
        self.end_downloading(number, now);
        None
    }

    /// What came of an image that is given up is of no use any more. A file is removed by a worker.
    fn discard(&mut self, number: u64, index: usize, received: Option<Box<ImageDownload>>) {
        match received {
            Some(received) if received.is_in_a_file() => self.discards.push_back((number, index, received)),
            received => self.effects.discarded.extend(received.map(|received| *received)),
        }
    }

    /// The next file to be removed, now in flight.
    pub(in crate::engine) fn take_discard(&mut self) -> Option<DiscardTask> {
        let (number, index, received) = self.discards.pop_front()?;
        self.last_task += 1;
        let task = self.last_task;
        self.take_off(task, InFlight { subject: Subject::Image(number, index), caller: None });
        Some(DiscardTask { task, received })
    }

    /// A file is removed, and its image is over.
    pub(in crate::engine) fn discarded(&mut self, task: TaskId, now: Duration) {
        let flight = self.land(task);
        let Some((number, index, downloading)) = self.image_of(flight) else { return };
        downloading.let_go(index);
        self.end_downloading(number, now);
    }

    /// The image that a task is about, and its job's others; none once its job is over.
    fn image_of(&mut self, flight: Option<InFlight>) -> Option<(u64, usize, &mut Downloading)> {
        let Subject::Image(number, index) = flight?.subject else { return None };
        Some((number, index, self.jobs.get_mut(&number)?.downloading_mut()?))
    }

    fn tell_of_image(&mut self, number: u64, index: usize) {
        let Some(job) = self.jobs.get(&number).filter(|job| job.wants_image_events && job.caller.is_none())
        else {
            return;
        };
        let Some(downloading) = job.downloading() else { return };
        let Some(image) = downloading.image(index).cloned() else { return };
        for index in std::iter::once(index).chain(downloading.copies_of(index)) {
            self.queue(Queued::Image(number, index, Box::new(image.clone())));
        }
    }

    /// Fetches nothing more for a job, which ends when its attempts have let go, or a moment later.
    pub(super) fn stop_downloading(&mut self, number: u64, error: &Error, now: Duration) {
        let job = self.jobs.get_mut(&number);
        let Some(downloading) = job.and_then(|job| job.downloading_mut()) else { return };
        let (running, received) = downloading.stop(error);
        if !downloading.is_over() {
            self.ends.push(Reverse((now + LET_GO, number)));
        }
        self.effects.cancelled.extend(running);
        for (index, received) in received {
            self.discard(number, index, Some(received));
        }
        self.end_downloading(number, now);
    }

    /// Ends a job that was stopped, whatever its attempts are still about.
    pub(super) fn give_up_downloading(&mut self, number: u64, now: Duration) {
        let flying: Vec<TaskId> = self
            .in_flight
            .iter()
            .filter(|(_, flight)| matches!(flight.subject, Subject::Image(of, _) if of == number))
            .map(|(task, _)| *task)
            .collect();
        flying.into_iter().for_each(|task| self.orphan(task));
        if let Some(downloading) = self.jobs.get(&number).and_then(|job| job.downloading()) {
            downloading.abandon_files();
        }
        self.end_with_images(number, now);
    }

    pub(super) fn end_downloading(&mut self, number: u64, now: Duration) {
        let job = self.jobs.get(&number);
        if job.and_then(|job| job.downloading()).is_some_and(Downloading::is_over) {
            self.end_with_images(number, now);
        }
    }

    fn end_with_images(&mut self, number: u64, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number) else { return };
        let JobPhase::Downloading(downloading) = replace(&mut job.phase, JobPhase::Over) else { return };
        job.bytes = downloading.bytes();
        let (report, fetched) = downloading.into_parts();
        let attempts = if job.id.is_some() { job.wait.polls() } else { 0 };
        let elapsed = now.saturating_sub(job.start);
        job.end = Some(Box::new(JobEnd { report, images: fetched, id: job.id.clone(), attempts, elapsed }));
        self.tell_end(number);
    }
}
