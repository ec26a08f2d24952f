//! A book with a clock of the test's, and the reports that polls bring.

use super::super::*;
use crate::wire::RawReply;

/// A book, and what the time is.
pub(super) struct Desk {
    pub(super) book: Book,
    pub(super) now: Duration,
}

pub(super) const SECOND: Duration = Duration::from_secs(1);

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

pub(super) fn leave_me_alone(seconds: u32) -> Report {
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

/// A plan that ends so many seconds after its job's start.
pub(super) fn until(seconds: u64) -> Plan {
    Plan::default().with_deadline(Duration::from_secs(seconds)).expect("a valid deadline")
}

impl Desk {
    pub(super) fn new() -> Desk {
        Desk::with(Book::new(100_000))
    }

    pub(super) fn with(book: Book) -> Desk {
        Desk { book, now: Duration::ZERO }
    }

    pub(super) fn submit(&mut self, on: &str) -> u64 {
        self.submit_until(on, 600)
    }

    pub(super) fn submit_until(&mut self, on: &str, seconds: u64) -> u64 {
        self.book.submit(&id(on), 0, until(seconds), None, self.now).expect("room for a job")
    }

    /// Lets time pass, and ends what is overdue, as a worker does.
    pub(super) fn pass(&mut self, time: Duration) {
        self.now += time;
        self.book.end_overdue(self.now);
    }

    pub(super) fn pass_until(&mut self, now: Duration) {
        self.pass(now.checked_sub(self.now).expect("time goes on"));
    }

    pub(super) fn take(&mut self) -> Option<Due> {
        self.book.take_due(self.now)
    }

    /// The poll that must be due now.
    pub(super) fn poll(&mut self) -> Due {
        self.take().expect("a poll is due")
    }

    pub(super) fn hear(&mut self, due: &Due, report: Report) {
        self.book.heard(&due.id, report, self.now);
    }

    pub(super) fn cancel(&mut self, job: u64) -> Result<(), Error> {
        self.book.cancel(job, self.now)
    }

    pub(super) fn event(&mut self) -> Option<Event> {
        self.book.pop_event(self.now)
    }

    /// Pulls everything; gives the ends, by job.
    pub(super) fn ends(&mut self) -> Vec<(u64, Status)> {
        let mut ends = Vec::new();
        while let Some(event) = self.event() {
            ends.extend(event.done.map(|done| (event.job, done.status)));
        }
        ends
    }

    /// When a poll is due next, if every poll may be made at once.
    pub(super) fn next_due(&self) -> Option<Duration> {
        self.book.next_due(Duration::ZERO)
    }
}
