//! What polls and attempts at images brought, told to the scheduler and the log: by workers, or by whoever takes in what a
//! host has answered.

use super::engine_loop::{Engine, State};
use super::log::Level;
use super::report::Report;
use super::scheduler::{Attempt, PollTask, TaskId};
use std::time::Duration;

impl Engine {
    /// Tells the scheduler what a poll of jobs brought, and the log.
    pub(super) fn take_in_poll(&self, state: &mut State, poll: &PollTask, report: Report, now: Duration) {
        let log = &self.settings.log;
        log.say_later(Level::Info, "poll", || report.poll_line(poll.end <= now));
        let failed = (report.status.code() < 0).then(|| report.message.clone());
        let goes_on = state.scheduler.polled(poll.task, report, now);
        if let Some(reason) = failed.filter(|_| goes_on) {
            log.say_later(Level::Warning, "job", || {
                format!("{}: polling again after: {reason}", poll.id.as_str())
            });
        }
    }

    /// The same for an attempt at an image.
    pub(super) fn take_in_attempt(&self, state: &mut State, task: TaskId, attempt: Attempt, now: Duration) {
        let reason = attempt.outcome.as_ref().err().map(ToString::to_string);
        if let (Some(at), Some(reason)) = (state.scheduler.attempted(task, attempt, now), reason) {
            self.settings.log.say_later(Level::Warning, "download", || {
                format!("trying again in {} ms: {reason}", at.saturating_sub(now).as_millis())
            });
        }
    }
}
