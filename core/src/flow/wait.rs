//! One job from the first poll to its end, as a value that is told what was heard and says when to poll next.
//!
//! A driver runs it so: at [`Wait::next_poll`] it makes one poll, and tells what came of it to [`Wait::handle_poll`], which
//! says whether that was the end. Where nothing is polled the driver sees the deadline come by itself. It keeps what was
//! last heard (message, links, error) and limits a poll to the deadline; a cancel is its affair too. The machine never knows
//! any of that, and is small enough to keep tens of thousands of them.

use super::eta_accuracy::{self, EtaOutcome};
use super::link_retry::LINK_GRACE;
use super::plan::Plan;
use super::schedule::Schedule;
use super::{Millis, millis, millis_up};
use std::time::Duration;

/// How long "request not found" may only mean "not yet known" (contract, section 4).
const NOT_FOUND_TOLERATED: Duration = Duration::from_secs(15);

/// What came of a poll, as far as it matters to the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollOutcome {
    /// The images are there.
    Ready,
    /// Not yet.
    Processing {
        /// How much longer the server expects, if it said so.
        eta: Option<Duration>,
        /// How long it asks to be left alone, if it did.
        retry_after: Option<Duration>,
    },
    /// Success that lists no link: "not yet" for as long as links may take, and a failure from then on.
    WithoutLinks {
        /// How long the server asks to be left alone, if it did.
        retry_after: Option<Duration>,
    },
    /// A failure that may pass.
    Transient {
        /// How long the server asks to be left alone, if it did.
        retry_after: Option<Duration>,
    },
    /// The server does not know the id.
    NotFound,
    /// A failure that repeating does not cure.
    Permanent,
}

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The last poll found the images.
    Ready,
    /// What the last poll heard is final: a permanent failure, an id still unknown when it should be known, a job still
    /// without links when it should list them, or anything where one answer was asked for.
    Failed,
    /// Time is up; a later wait for the same id can go on.
    Deadline,
}

/// The machine. Owned by whoever drives it; movable between threads, not shared.
#[derive(Debug, Clone)]
pub struct Wait {
    plan: Plan,
    schedule: Schedule,
    /// When the next poll is due; the first is due at once, even where an eta is known: the job may be done, the key
    /// wrong or the id unknown.
    due: Millis,
    /// When the last poll that heard "not yet" was due.
    missed: Option<Millis>,
    /// When a job that has succeeded without links is given up.
    links_by: Option<Millis>,
    polls: u32,
    end: Option<End>,
}

impl Wait {
    /// A wait that has not polled yet.
    pub fn new(plan: Plan) -> Wait {
        Wait {
            plan,
            schedule: Schedule::new(&plan),
            due: 0,
            missed: None,
            links_by: None,
            polls: 0,
            end: None,
        }
    }

    /// Takes in what a poll heard, at the time its reply was complete, counted from the start of the wait, and says how the
    /// wait ended, if it did. Good news counts even past the deadline; after the end nothing counts.
    pub fn handle_poll(&mut self, outcome: PollOutcome, now: Duration) -> Option<End> {
        if self.end.is_some() {
            return self.end;
        }
        self.polls = self.polls.saturating_add(1);
        let at = millis_up(now);
        match outcome {
            PollOutcome::Ready => self.end = Some(End::Ready),
            PollOutcome::Permanent => self.end = Some(End::Failed),
            PollOutcome::Processing { .. } | PollOutcome::WithoutLinks { .. } | PollOutcome::NotFound
                if self.plan.once =>
            {
                self.end = Some(End::Failed);
            }
            PollOutcome::NotFound if now >= NOT_FOUND_TOLERATED => self.end = Some(End::Failed),
            PollOutcome::NotFound => self.not_yet(None, None, at),
            PollOutcome::Processing { eta, retry_after } => {
                self.links_by = None;
                self.not_yet(eta.map(millis_up), retry_after.map(millis_up), at);
            }
            PollOutcome::WithoutLinks { retry_after } => self.without_links(retry_after.map(millis_up), at),
            PollOutcome::Transient { retry_after } => {
                self.due = self.schedule.after_failure(retry_after.map(millis_up), at, &self.plan);
                if self.plan.once
                    && (self.schedule.retries_are_over(&self.plan) || self.due >= self.plan.end())
                {
                    self.end = Some(End::Failed);
                }
            }
        }
        if self.end.is_none() && millis(now) >= self.plan.end() {
            self.end = Some(End::Deadline);
        }
        self.end
    }

    fn not_yet(&mut self, eta: Option<Millis>, retry_after: Option<Millis>, at: Millis) {
        self.missed = Some(self.due);
        self.due = self.schedule.after_answer(eta, retry_after, at, &self.plan);
    }

    /// The job has succeeded, so that its eta is over: polls go on by backoff, the last one when the time is up. They say
    /// nothing about the eta.
    fn without_links(&mut self, retry_after: Option<Millis>, at: Millis) {
        let by = *self.links_by.get_or_insert(at.saturating_add(millis(LINK_GRACE)));
        if at >= by {
            self.end = Some(End::Failed);
            return;
        }
        self.schedule.forget_eta();
        self.due = self.schedule.after_answer(None, retry_after, at, &self.plan);
        if retry_after.is_none() {
            self.due = self.due.min(by.max(at.saturating_add(self.plan.least_gap(at))));
        }
    }

    /// When the first poll may be left out, since the one at the eta takes its place; none once it was made, or where no
    /// eta was given with the plan.
    pub fn eta_of_first_poll(&self) -> Option<Duration> {
        let target = self.schedule.eta_target().filter(|_| self.polls == 0 && self.due == 0)?;
        Some(Duration::from_millis(target.min(self.plan.end()).into()))
    }

    /// Leaves the first poll out: nothing was free for it until its eta came.
    pub fn skip_first_poll(&mut self) {
        if let Some(target) = self.schedule.eta_target().filter(|_| self.polls == 0) {
            self.due = self.due.max(target);
        }
    }

    /// The client's etas have proved right since this wait began: polls before an eta that is still to come are spared.
    pub fn believe_eta(&mut self) {
        if self.polls > 0 && self.end.is_none() {
            self.due = self.schedule.believe(self.due, &self.plan);
        }
    }

    /// How many polls were made and heard of.
    pub fn polls(&self) -> u32 {
        self.polls
    }

    /// When there is something to do next: a poll, or the end of the wait. For the heap, and for a progress callback.
    pub fn next_poll(&self) -> Duration {
        Duration::from_millis(self.due.min(self.plan.end()).into())
    }

    /// What a finished wait says about the eta that its plan started with, for [`eta_accuracy::EtaAccuracy::record`].
    pub fn eta_outcome(&self) -> Option<EtaOutcome> {
        let eta = self.plan.eta?;
        (self.end == Some(End::Ready)).then(|| eta_accuracy::outcome_of(eta, self.missed, self.due))?
    }
}
