//! What a call comes back with, whether it went well or not: owned, complete, never changed again.

use super::log::{Level, Log};
use crate::download::Image;
use crate::error::{Error, Status};
use crate::wire::{JobId, Key, MAX_TEXT, Outcome, RawReply, Strings, clean, rule};
use std::borrow::Cow;
use std::time::Duration;

/// The outcome of a call with everything known about it.
#[derive(Debug, Clone)]
pub struct Report {
    /// The status that the call returns.
    pub status: Status,
    /// The links; empty unless the job was ready.
    pub urls: Strings,
    /// The images that were asked for, in the order of the links; none for one that could not be had.
    pub images: Vec<Option<Image>>,
    /// One line for people, at most [`MAX_TEXT`] bytes.
    pub message: String,
    /// The id: the reply's, else the one asked for, else empty.
    pub id: String,
    /// 0: there was no reply.
    pub http_status: u16,
    /// How much longer the server expects the job to take.
    pub eta_ms: Option<u64>,
    /// How long the server wants to be left alone.
    pub retry_after_ms: Option<u64>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// The job has succeeded and lists no link: what that is once links have had their time.
    pub(super) without_links: Option<Box<Error>>,
    /// Tries at an exchange with the server, redirects not counted.
    pub attempts: u32,
    /// From the call's start to its end.
    pub elapsed: Duration,
    /// The reply as received, without the key.
    pub body: Vec<u8>,
}

impl Report {
    /// Whether the images are there.
    pub fn is_ready(&self) -> bool {
        self.status == Status::Ok
    }

    /// The same as [`Report::urls`], under the name that the server's replies have for it: `output`.
    pub fn output(&self) -> &Strings {
        &self.urls
    }

    /// Rules on a reply and keeps it, but for a body that is borrowed: its owner has it.
    pub fn of_reply(reply: RawReply<'_>, key: Option<&Key>) -> Report {
        let ruling = rule(&reply, key);
        let status = ruling.status();
        let (retryable, without_links) = match ruling.outcome {
            Outcome::Failed(error) => (error.is_retryable(), None),
            Outcome::WithoutLinks(error) => (false, Some(Box::new(error))),
            Outcome::Ready | Outcome::Processing => (false, None),
        };
        let mut report = Report {
            status,
            retryable,
            without_links,
            urls: ruling.urls,
            images: Vec::new(),
            message: ruling.message,
            id: ruling.id,
            http_status: reply.http_status,
            eta_ms: ruling.eta_ms,
            retry_after_ms: ruling.retry_after_ms,
            attempts: 0,
            elapsed: Duration::ZERO,
            body: Vec::new(),
        };
        report.keep_body(reply.body, key);
        report
    }

    /// Keeps a reply's bytes, without the key.
    fn keep_body(&mut self, body: Cow<'_, [u8]>, key: Option<&Key>) {
        let redacted = match key.map(|key| key.redact_bytes(&body)) {
            Some(Cow::Owned(redacted)) => Some(redacted),
            Some(Cow::Borrowed(_)) | None => None,
        };
        self.body = match (redacted, body) {
            (Some(redacted), _) => redacted,
            (None, Cow::Owned(body)) => body,
            (None, Cow::Borrowed(_)) => return,
        };
    }

    /// The report of a call that ended badly, with the reply that led there, if one did.
    pub(crate) fn of_refused_reply(error: &Error, reply: RawReply<'_>, key: Option<&Key>) -> Report {
        let mut report = Report::of_error(error, key);
        report.http_status = reply.http_status;
        report.keep_body(reply.body, key);
        report
    }

    /// The report of a call that got no reply.
    pub fn of_error(error: &Error, key: Option<&Key>) -> Report {
        let message = clean(&error.to_string(), key);
        debug_assert!(message.len() <= MAX_TEXT);
        Report {
            status: error.status(),
            urls: Strings::default(),
            images: Vec::new(),
            message,
            id: String::new(),
            http_status: 0,
            eta_ms: None,
            retry_after_ms: None,
            retryable: error.is_retryable(),
            without_links: None,
            attempts: 0,
            elapsed: Duration::ZERO,
            body: Vec::new(),
        }
    }

    /// A poll that had no turn in time, after a failure perhaps: then that is what the caller should know of.
    pub(super) fn of_no_turn(failed: Option<Report>, late: &Error) -> Report {
        match failed {
            None => Report::of_error(late, None),
            Some(mut failed) => {
                failed.message = clean(&format!("{}; then: {late}", failed.message), None);
                failed
            }
        }
    }

    /// The end of a wait by this reply, which found links or failed: links that have not come by now never will.
    pub(super) fn end_wait(self) -> Report {
        match self.without_links {
            Some(error) => Report {
                status: error.status(),
                message: error.to_string(),
                retryable: false,
                without_links: None,
                ..self
            },
            None => self,
        }
    }

    /// Whether the job has succeeded and lists no link yet.
    pub(super) fn says_ready_without_links(&self) -> bool {
        self.without_links.is_some()
    }

    /// What is known only at the end of a call.
    pub(super) fn finish<'a>(&mut self, id: impl Into<Option<&'a JobId>>, attempts: u32, elapsed: Duration) {
        if let Some(id) = id.into().filter(|_| self.id.is_empty()) {
            self.id = id.as_str().to_owned();
        }
        self.attempts = attempts;
        self.elapsed = elapsed;
    }

    /// A copy without the links and the body, which may be large.
    pub(super) fn outline(&self) -> Report {
        let (message, id) = (self.message.clone(), self.id.clone());
        let (urls, images, body) = (Strings::default(), Vec::new(), Vec::new());
        Report { urls, images, body, message, id, without_links: None, ..*self }
    }

    /// Says that a call or a job ended badly. What the host ended itself is no news to it, and a deadline is no defect.
    pub(super) fn log_end(&self, log: &Log, area: &'static str) {
        let level = match self.status {
            Status::Cancelled | Status::Closed => return,
            Status::Deadline => Level::Warning,
            status if status.code() < 0 => Level::Error,
            _ => return,
        };
        log.say(level, area, || self.line());
    }

    /// One line for the log.
    pub(super) fn line(&self) -> String {
        let name = self.status.c_name().to_string_lossy();
        let eta = self.eta_ms.map(|ms| format!(", eta {ms} ms")).unwrap_or_default();
        let gap = if self.id.is_empty() { "" } else { " " };
        format!("{}{gap}{name}{eta}, {} ms: {}", self.id, self.elapsed.as_millis(), self.message)
    }

    /// The same for a poll. One that was given up once nobody had time left for it was ended by the deadline, and by nobody's
    /// cancel.
    pub(super) fn poll_line(&self, is_late: bool) -> String {
        if is_late && self.status == Status::Cancelled {
            let message = "the deadline came before the reply".to_owned();
            return Report { status: Status::Deadline, message, ..self.outline() }.line();
        }
        self.line()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(http_status: u16, body: &[u8]) -> RawReply<'static> {
        RawReply { http_status, body: body.to_vec().into(), ..RawReply::default() }
    }

    #[test]
    fn success_without_links_is_a_failed_job_with_the_server_s_words_once_a_wait_ends_by_it() {
        for (body, says) in [
            (
                r#"{"status":"success","id":7,"output":[],"message":"NSFW content"}"#,
                "The server said: NSFW content",
            ),
            (r#"{"status":"success","id":7,"output":""}"#, "without listing any image"),
        ] {
            let report = Report::of_reply(reply(200, body.as_bytes()), None);
            assert_eq!((report.status, report.id.as_str()), (Status::Processing, "7"));
            let ended = report.end_wait();
            let (status, id) = (ended.status, ended.id.as_str());
            assert_eq!((status, id, ended.retryable), (Status::JobFailed, "7", false));
            assert!(ended.message.contains(says), "{}", ended.message);
            assert_eq!(ended.body, body.as_bytes());
        }
        let ready = reply(200, br#"{"status":"success","output":["https://a/b.png"]}"#);
        let ready = Report::of_reply(ready, None).end_wait();
        assert_eq!(ready.status, Status::Ok);
        assert_eq!(ready.output().texts().collect::<Vec<_>>(), ["https://a/b.png"]);
    }

    #[test]
    fn a_reply_that_breaks_off_within_the_key_lends_none_of_it() {
        let key = Key::new("test-key-not-real").expect("a valid key");
        let body = br#"{"message":"no such key: test-key-not-real"}"#;
        let begins = body.len() - 2 - "test-key-not-real".len();
        for end in begins + 1..=body.len() - 2 {
            let report = Report::of_reply(reply(401, &body[..end]), Some(&key));
            assert_eq!(report.body, [&body[..begins], b"***"].concat(), "cut at {end}");
        }
    }
}
