//! A scheduler with a clock of the test's, and the reports that polls bring.

use crate::download::{Destination, ImageDownload, ImageSink, SinkBounds};
use crate::engine::Report;
use crate::engine::scheduler::*;
use crate::flow::plan::Plan;
use crate::wire::RawReply;

/// A scheduler, and what the time is.
pub(super) struct Fixture {
    pub(super) scheduler: Scheduler,
    pub(super) now: Duration,
    /// Tasks whose answer nobody wants any more.
    cancelled: Vec<TaskId>,
    /// Blocking calls that were told to look, since this was last taken.
    pub(super) woken: Vec<u64>,
}

pub(super) const SECOND: Duration = Duration::from_secs(1);

pub(super) const LIMITS: Limits = Limits {
    workers: 1_000_000,
    images: 16,
    jobs: 100_000,
    images_of_a_job: 64,
    image_bytes: 1 << 20,
    request_gap: Duration::ZERO,
    link_grace: Duration::from_secs(60),
};

/// An event as a host sees it.
pub(super) struct Event {
    pub(super) job: u64,
    pub(super) tag: u64,
    pub(super) polls: u32,
    pub(super) elapsed: Duration,
    pub(super) eta_ms: Option<u64>,
    pub(super) next_poll: Option<Duration>,
    pub(super) bytes_done: u64,
    pub(super) bytes_total: Option<u64>,
    pub(super) image: Option<usize>,
    pub(super) done: Option<Report>,
}

pub(super) fn id(text: &str) -> JobId {
    JobId::new(text).expect("a valid id")
}

/// What a reply with this body is ruled to be.
pub(super) fn reply(body: &str) -> Report {
    let reply = RawReply { http_status: 200, body: body.as_bytes().into(), ..RawReply::default() };
    Report::of_reply(reply, None)
}

pub(super) fn ready() -> Report {
    reply(r#"{"status":"success","output":["https://images.example/0.png"]}"#)
}

pub(super) fn not_yet() -> Report {
    reply(r#"{"status":"processing","message":"try again later.","output":""}"#)
}

pub(super) fn eta(seconds: u32) -> Report {
    reply(&format!(r#"{{"status":"processing","eta":{seconds},"output":[]}}"#))
}

pub(super) fn busy(seconds: u32) -> Report {
    let reply = RawReply { http_status: 503, retry_after: Some(seconds.to_string()), ..RawReply::default() };
    Report::of_reply(reply, None)
}

pub(super) fn rate_limited(seconds: u32) -> Report {
    reply(&format!(r#"{{"status":"error","message":"Rate limit exceeded.","retry_after":{seconds}}}"#))
}

pub(super) fn failed() -> Report {
    reply(r#"{"status":"failed","id":"","message":"Failed, Try Again","output":""}"#)
}

pub(super) fn not_found() -> Report {
    reply(r#"{"status":"failed","id":"","message":"Request not found","output":""}"#)
}

pub(super) fn cancelled() -> Report {
    Report::of_error(&Error::Cancelled, None)
}

pub(super) fn timeout() -> Report {
    let error = Error::Timeout { phase: crate::error::Phase::Receive, which: "deadline", after: SECOND };
    Report::of_error(&error, None)
}

/// A plan that ends so many seconds after its job's start.
pub(super) fn until(seconds: u64) -> Plan {
    Plan::default().with_deadline(Duration::from_secs(seconds)).expect("a valid deadline")
}

/// A job that waits for an id.
pub(super) fn job(on: &str, plan: Plan) -> NewJob {
    NewJob::of(id(on), plan)
}

/// A blocking wait for an id.
pub(super) fn call(on: &str, plan: Plan) -> NewJob {
    NewJob { is_call: true, ..job(on, plan) }
}

/// A job whose images are kept.
pub(super) fn keeping(on: &str, plan: Plan, destination: Destination) -> NewJob {
    NewJob { destination: Some(destination), ..job(on, plan) }
}

/// What an attempt may leave of an image.
pub(super) fn left_in(destination: &Destination) -> Option<Box<ImageDownload>> {
    let sink = ImageSink::begin(destination, "x", &SinkBounds::new(1000)).expect("room for an image");
    Some(Box::new(ImageDownload::new(sink)))
}

/// The same, in a file, which is gone when it is dropped.
pub(super) fn left_in_a_file() -> Option<Box<ImageDownload>> {
    left_in(&Destination::Folder(std::env::temp_dir().to_str().expect("a UTF-8 path").into()))
}

impl Fixture {
    pub(super) fn new() -> Fixture {
        Fixture::with(LIMITS)
    }

    pub(super) fn with(limits: Limits) -> Fixture {
        let scheduler = Scheduler::new(limits, 1);
        Fixture { scheduler, now: Duration::ZERO, cancelled: Vec::new(), woken: Vec::new() }
    }

    /// Takes in what is to be done at once, as an engine does after each change.
    pub(super) fn collect_effects(&mut self) {
        let effects = self.scheduler.take_effects();
        self.cancelled.extend(effects.cancelled);
        self.woken.extend(effects.callers);
    }

    pub(super) fn open(&mut self, new: NewJob) -> u64 {
        self.scheduler.open(new, self.now).expect("room for a job")
    }

    pub(super) fn submit(&mut self, on: &str) -> u64 {
        self.submit_until(on, 600)
    }

    pub(super) fn submit_until(&mut self, on: &str, seconds: u64) -> u64 {
        self.open(job(on, until(seconds)))
    }

    /// Lets time pass, and ends what is overdue, as whoever runs the loop does.
    pub(super) fn pass(&mut self, time: Duration) {
        self.now += time;
        self.scheduler.advance(self.now);
    }

    pub(super) fn pass_until(&mut self, now: Duration) {
        self.pass(now.checked_sub(self.now).expect("time goes on"));
    }

    /// The next poll for a worker, if one is due.
    pub(super) fn take(&mut self) -> Option<PollTask> {
        match self.scheduler.take(self.now)? {
            Task::Poll(poll) => Some(poll),
            other => panic!("no poll: {other:?}"),
        }
    }

    /// The poll that must be due now.
    pub(super) fn poll(&mut self) -> PollTask {
        self.take().expect("a poll is due")
    }

    pub(super) fn handle_reply(&mut self, poll: &PollTask, report: Report) {
        self.scheduler.polled(poll.task, report, self.now);
    }

    pub(super) fn is_cancelled(&mut self, poll: &PollTask) -> bool {
        self.collect_effects();
        self.cancelled.contains(&poll.task)
    }

    /// As the host cancels a job, or a call's own thread the call.
    pub(super) fn cancel(&mut self, number: u64) -> Result<(), Error> {
        let is_call = self.scheduler.jobs.get(&number).is_some_and(|job| job.caller.is_some());
        if !is_call {
            return self.scheduler.cancel(number, self.now);
        }
        self.scheduler.stop(number, &Error::Cancelled, self.now);
        Ok(())
    }

    pub(super) fn event(&mut self) -> Option<Event> {
        let update = self.scheduler.pop_event(self.now)?;
        Some(Event {
            job: update.job,
            tag: update.tag,
            polls: update.polls,
            elapsed: update.elapsed,
            eta_ms: update.eta_ms,
            next_poll: update.next_poll,
            bytes_done: update.bytes_done,
            bytes_total: update.bytes_total,
            image: update.image.map(|(index, _)| index),
            done: update.end.map(|end| end.into_report()),
        })
    }

    /// Pulls everything; gives the ends, by job.
    pub(super) fn ends(&mut self) -> Vec<(u64, Status)> {
        let mut ends = Vec::new();
        while let Some(event) = self.event() {
            ends.extend(event.done.map(|done| (event.job, done.status)));
        }
        ends
    }

    /// When there is something to do next.
    pub(super) fn next_due(&mut self) -> Option<Duration> {
        let due = self.scheduler.next_due(self.now);
        due.into_iter().chain(self.scheduler.next_end()).min()
    }
}
