//! How jobs end: by the clock, by the host, with the client; and what is cleared away then.

use super::job::{Job, JobPhase};
use super::job_update::JobEnd;
use super::poll_group::PollGroup;
use super::{Map, SPARE, Scheduler};
use crate::engine::report::Report;
use crate::error::{Error, Phase, Status};
use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

impl Scheduler {
    /// Ends what is over by the clock.
    pub(in crate::engine) fn advance(&mut self, now: Duration) {
        while let Some(&Reverse((end, number))) = self.ends.peek()
            && end <= now
        {
            self.ends.pop();
            self.end_at_deadline(number, now);
        }
        // Those of jobs that have ended otherwise would wake somebody for nothing.
        while let Some(Reverse((_, number))) = self.ends.peek()
            && self.jobs.get(number).is_none_or(|job| job.is_over())
        {
            self.ends.pop();
        }
        self.forget(now);
    }

    /// When the next deadline comes; perhaps that of a job that has ended otherwise.
    pub(in crate::engine) fn next_end(&self) -> Option<Duration> {
        self.ends.peek().map(|&Reverse((end, _))| end)
    }

    pub(super) fn end_at_deadline(&mut self, number: u64, now: Duration) {
        let Some(job) = self.jobs.get(&number).filter(|job| !job.is_over()) else { return };
        let deadline = job.plan.deadline();
        if job.downloading().is_some_and(|downloading| downloading.is_stopped()) {
            return self.give_up_downloading(number, now);
        }
        if !job.is_polling() {
            let before = match job.phase {
                JobPhase::Checking => "it was known whether files can be put there",
                _ => "all images were whole",
            };
            let reason = format!("the deadline of {} ms came before {before}", deadline.as_millis());
            return self.stop(number, &Error::Deadline(reason), now);
        }
        let group = self.groups.get(&job.group);
        if job.plan.once() {
            let is_in_flight = group.is_some_and(|group| group.task.is_some());
            let failed = group.and_then(|group| group.last.failure()).filter(|_| job.wait.polls() > 0);
            let in_flight = is_in_flight.then(|| job.plan.bound());
            let report = self.too_late(in_flight, failed, deadline, now);
            return self.finish(number, Arc::new(report), now);
        }
        let mut last = group.map(|group| group.last.clone()).unwrap_or_default();
        if self.limiter.has_limit() && group.is_some_and(|group| group.task.is_none() && group.is_due(now)) {
            last.wait_for_permit();
        }
        self.finish(number, Arc::new(last.at_deadline(deadline)), now);
    }

    /// Why a single poll has brought nothing within its time, after a failure perhaps. One that is in flight has a name for
    /// what bounds it.
    fn too_late(
        &self,
        in_flight: Option<&'static str>,
        failed: Option<&Report>,
        after: Duration,
        now: Duration,
    ) -> Report {
        let pause = self.pause.next_start(0).unwrap_or_default().saturating_sub(now);
        let error = if let Some(which) = in_flight {
            Error::Timeout { phase: Phase::Receive, which, after }
        } else if !pause.is_zero() {
            let text = "the server's rate limit holds all polls of this client back; try again later".into();
            let report = Report::of_error(&Error::Refused { kind: Status::RateLimited, text }, None);
            return Report { retry_after_ms: u64::try_from(pause.as_millis()).ok(), ..report };
        } else if self.limiter.has_limit() {
            return Report::of_no_turn(failed.cloned(), &Error::PermitTimeout { after });
        } else {
            return Report::of_no_turn(failed.cloned(), &Error::NoWorker { after });
        };
        Report::of_error(&error, None)
    }

    /// Stops one job that the host submitted; an end that has come already stays.
    pub(in crate::engine) fn cancel(&mut self, number: u64, now: Duration) -> Result<(), Error> {
        let unknown =
            || Error::argument("job", "is not open: it was never submitted, or its end was delivered");
        self.jobs.get(&number).filter(|job| job.caller.is_none()).ok_or_else(unknown)?;
        self.stop(number, &Error::Cancelled, now);
        Ok(())
    }

    /// Whether a job is a member of its id's group still.
    pub(in crate::engine) fn is_polling(&self, number: u64) -> bool {
        self.jobs.get(&number).is_some_and(|job| job.is_polling())
    }

    /// When a job ends by the clock; that of one that was stopped comes sooner than its deadline.
    pub(in crate::engine) fn end_of(&self, number: u64) -> Option<Duration> {
        let job = self.jobs.get(&number)?;
        let stopped = job.downloading().is_some_and(|downloading| downloading.is_stopped());
        if stopped { self.next_end() } else { Some(job.deadline()) }
    }

    /// Ends a job with an error. Images that are there stay with it.
    pub(in crate::engine) fn stop(&mut self, number: u64, error: &Error, now: Duration) {
        let Some(job) = self.jobs.get(&number).filter(|job| !job.is_over()) else { return };
        match job.phase {
            JobPhase::Downloading(_) => self.stop_downloading(number, error, now),
            _ => self.finish(number, Arc::new(Report::of_error(error, None)), now),
        }
    }

    /// A blocking call leaves, perhaps by a panic of the host's: nobody takes its end any more, nor waits until its images
    /// have let go.
    pub(in crate::engine) fn drop_call(&mut self, number: u64, now: Duration) {
        self.stop(number, &Error::Cancelled, now);
        if self.jobs.get(&number).is_some_and(|job| !job.is_over()) {
            self.give_up_downloading(number, now);
        }
        self.take_end(number, now);
    }

    /// Stops every job that was submitted.
    pub(in crate::engine) fn cancel_all(&mut self, now: Duration) {
        self.stop_all(&Error::Cancelled, now, |job| job.caller.is_none());
    }

    /// Ends everything, and nothing is opened any more.
    pub(in crate::engine) fn close(&mut self, now: Duration) {
        self.closed = true;
        self.stop_all(&Error::Closed, now, |_| true);
    }

    pub(super) fn stop_all(&mut self, error: &Error, now: Duration, which: impl Fn(&Job) -> bool) {
        let open = self.jobs.iter().filter(|(_, job)| !job.is_over() && which(job));
        let mut open: Vec<u64> = open.map(|(number, _)| *number).collect();
        open.sort_unstable();
        for number in open {
            self.stop(number, error, now);
        }
    }

    pub(in crate::engine) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Submitted jobs whose end was not delivered yet.
    pub(in crate::engine) fn pending(&self) -> usize {
        self.submitted
    }

    /// Ends a job with this report, which it may share with others.
    pub(super) fn finish(&mut self, number: u64, report: Arc<Report>, now: Duration) {
        let Some(job) = self.jobs.get_mut(&number).filter(|job| !job.is_over()) else { return };
        let was_polling = job.is_polling();
        // One that is in flight has been sent, and is not counted yet.
        let in_flight = was_polling && self.groups.get(&job.group).is_some_and(|group| group.task.is_some());
        let polls = job.wait.polls() + u32::from(in_flight);
        let attempts = if job.id.is_some() { polls } else { report.attempts };
        let elapsed = now.saturating_sub(job.start);
        job.end =
            Some(Box::new(JobEnd { report, images: Vec::new(), id: job.id.clone(), attempts, elapsed }));
        job.phase = JobPhase::Over;
        self.tell_end(number);
        if was_polling {
            self.leave_group(number, now);
        }
    }

    /// Clears the heaps once most of their entries are stale.
    pub(super) fn tidy(&mut self) {
        if self.due.len() + self.first.len() > 2 * self.groups.len() + SPARE {
            let current = |groups: &Map<u64, Box<PollGroup>>, entry: u64, key: u64| {
                groups.get(&key).is_some_and(|group| group.entry == entry)
            };
            self.due.retain(|&Reverse((_, entry, key))| current(&self.groups, entry, key));
            self.first.retain(|&Reverse((_, entry, key))| current(&self.groups, entry, key));
        }
        if self.ends.len() > 2 * self.jobs.len() + SPARE {
            self.ends.retain(|Reverse((_, number))| self.jobs.get(number).is_some_and(|job| !job.is_over()));
        }
        if self.attempts.len() > 2 * self.jobs.len() * self.limits.images_of_a_job.min(4) + SPARE {
            let downloads =
                |number: &u64| self.jobs.get(number).is_some_and(|job| job.downloading().is_some());
            self.attempts.retain(|Reverse((_, _, number, _))| downloads(number));
        }
    }

    /// Gives memory back after a rush.
    pub(super) fn shrink(&mut self) {
        self.tidy();
        self.ends.clear();
        self.attempts.clear();
        self.checks.clear();
        self.jobs.shrink_to_fit();
        self.groups.shrink_to_fit();
        self.by_id.shrink_to_fit();
        self.due.shrink_to_fit();
        self.first.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.events.shrink_to_fit();
        self.attempts.shrink_to_fit();
        self.checks.shrink_to_fit();
        self.discards.shrink_to_fit();
        self.held.shrink();
    }
}
