//! What is known of an id so far: what the server last said about it, and how a later poll failed. A value.

use super::report::Report;
use crate::error::Error;
use crate::wire::cut;
use std::time::Duration;

/// Bytes of what the server said that stay before a failure: the failure must fit behind them.
const ANSWER_MAX: usize = 400;

/// See the module's text.
#[derive(Debug, Clone, Default)]
pub(super) struct LastReply {
    said: Option<Box<Report>>,
    /// The last poll, if it failed.
    failed: Option<Box<Report>>,
    /// Whether a poll is waiting for its turn under the budget.
    waits: bool,
}

impl LastReply {
    /// Takes in what came of a poll that did not end the wait.
    pub(super) fn record(&mut self, report: Report) {
        if report.status.code() < 0 {
            self.failed = Some(Box::new(report));
        } else {
            *self = LastReply { said: Some(Box::new(report)), ..LastReply::default() };
        }
        self.waits = false;
    }

    /// The last poll, if it failed.
    pub(super) fn failure(&self) -> Option<&Report> {
        self.failed.as_deref()
    }

    /// The next poll has no turn yet.
    pub(super) fn wait_for_permit(&mut self) {
        self.waits = true;
    }

    /// The report of a wait whose deadline came, with the last thing known, so that a later wait can go on.
    pub(super) fn at_deadline(self, deadline: Duration) -> Report {
        let LastReply { said, failed, waits } = self;
        let heard = match (&said, &failed) {
            (None, None) => "nothing was heard".into(),
            (Some(said), None) => format!("last heard: {}", said.message),
            (None, Some(failed)) => format!("the last poll failed: {}", failed.message),
            (Some(said), Some(failed)) => {
                let said = cut(&said.message, ANSWER_MAX);
                format!("last heard: {said}; then a poll failed: {}", failed.message)
            }
        };
        let turn = if waits { "; the next poll had no turn yet under requests_per_second" } else { "" };
        let error = Error::Deadline(format!(
            "the deadline of {} ms came first; wait again with the same id to go on{turn}; {heard}",
            deadline.as_millis()
        ));
        // The messages are clean already.
        let ended = Report::of_error(&error, None);
        let (eta, id) = said.as_ref().map_or((None, None), |said| (said.eta_ms, Some(said.id.clone())));
        match failed.or(said).map(|last| *last) {
            Some(last) => Report {
                status: ended.status,
                message: ended.message,
                urls: ended.urls,
                retryable: false,
                eta_ms: last.eta_ms.or(eta),
                id: id.unwrap_or_else(|| last.id.clone()),
                ..last
            },
            None => ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;
    use crate::wire::RawReply;

    const DEADLINE: Duration = Duration::from_millis(1500);

    fn reply(http_status: u16, body: &str) -> Report {
        Report::of_reply(RawReply { http_status, body: body.as_bytes().into(), ..RawReply::default() }, None)
    }

    fn said() -> Report {
        reply(200, r#"{"status":"processing","eta":60,"id":1,"output":[],"message":"Almost there"}"#)
    }

    fn last(heard: Vec<Report>) -> LastReply {
        let mut last = LastReply::default();
        heard.into_iter().for_each(|report| last.record(report));
        last
    }

    #[test]
    fn what_the_server_said_outlives_later_failures_and_the_last_of_them_is_named() {
        let broken =
            Report::of_error(&Error::Resolve { host: "a.example".into(), reason: "gone".into() }, None);
        let ended = last(vec![said(), reply(503, "{}"), broken]).at_deadline(DEADLINE);
        let known = (ended.status, ended.eta_ms, ended.id.as_str(), ended.http_status);
        assert_eq!(known, (Status::Deadline, Some(60_000), "1", 0));
        assert!(ended.message.contains("last heard: Almost there; then a poll failed: cannot look up"));
    }

    #[test]
    fn a_failure_behind_a_long_text_still_fits() {
        for character in ["a", "é", "画", "😀"] {
            let text = character.repeat(700);
            let long = format!(r#"{{"status":"processing","message":"{text}","output":""}}"#);
            let heard = vec![reply(200, &long), reply(503, r#"{"message":"Busy here"}"#)];
            let ended = last(heard).at_deadline(DEADLINE);
            assert!(ended.message.contains("Busy here"), "{}", ended.message);
        }
    }

    #[test]
    fn a_later_answer_replaces_the_failure_before_it() {
        let ended = last(vec![reply(503, "{}"), said()]).at_deadline(DEADLINE);
        assert!(ended.message.ends_with("; last heard: Almost there"), "{}", ended.message);
        assert_eq!(ended.http_status, 200);
    }

    #[test]
    fn a_poll_that_had_no_turn_is_no_failure() {
        let mut heard = last(vec![said()]);
        heard.wait_for_permit();
        let ended = heard.at_deadline(DEADLINE);
        assert!(ended.message.contains("no turn yet under requests_per_second; last heard: Almost there"));
        assert_eq!((ended.http_status, ended.eta_ms), (200, Some(60_000)));
        let ended = LastReply::default().at_deadline(DEADLINE);
        assert!(ended.message.ends_with("; nothing was heard"), "{}", ended.message);
    }
}
