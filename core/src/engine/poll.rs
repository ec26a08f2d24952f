//! One poll on the thread that makes it: the exchange, and the redirects that stay at the origin.

use super::engine_loop::Engine;
use super::host;
use super::log::Level;
use super::permits::PermitWait;
use super::report::Report;
use super::scheduler::PollTask;
use super::settings::Settings;
use crate::error::Error;
use crate::flow::poll::{Poll, Step};
use crate::net::{CancelToken, Deadline};
use crate::planted;
use crate::wire::{JobId, Key, RawReply, Request};
use std::time::Instant;

/// Polls a job; whatever comes of it is in the report. `redirect` is asked before one is followed, and gives the bounds
/// from there on.
pub(super) fn poll(
    request: Request,
    key: &Key,
    deadline: &Deadline,
    mut redirect: impl FnMut(&Deadline) -> Result<Deadline, Error>,
    mut exchange: impl FnMut(&Request, &Deadline) -> Result<RawReply<'static>, Error>,
) -> Report {
    let mut poll = Poll::new(request);
    // The first one's stay where they are: a redirect is rare.
    let mut later: Option<Deadline> = None;
    loop {
        let bounds = later.as_ref().unwrap_or(deadline);
        let reply = match exchange(poll.request(), bounds) {
            Ok(reply) => reply,
            Err(error) => return Report::of_error(&error, Some(key)),
        };
        match poll.reply(&reply) {
            Step::Rule => return Report::of_reply(reply, Some(key)),
            Step::Send => match redirect(bounds) {
                Ok(bounds) => later = Some(bounds),
                Err(error) => return Report::of_error(&error, Some(key)),
            },
            Step::Refuse(error) => return Report::of_refused_reply(&error, reply, Some(key)),
        }
    }
}

/// Where it leads is the server's text, and not quoted.
pub(super) fn say_redirect(id: &JobId, settings: &Settings) {
    settings.log.say_later(Level::Debug, "poll", || format!("{}: following a redirect", id.as_str()));
}

/// A timeout at the end of everything is that of what bounds the whole.
fn bounded_by((end, which): (Instant, &'static str), error: Error) -> Error {
    match error {
        Error::Timeout { phase, after, .. } if Instant::now() >= end => {
            Error::Timeout { phase, which, after }
        }
        other => other,
    }
}

impl Engine {
    /// One poll of a wait or of jobs.
    pub(super) fn poll_task(&self, poll: &PollTask, token: &CancelToken) -> Report {
        self.poll(&poll.id, token, (self.instant(poll.end), poll.bound), poll.nth)
    }

    /// One poll, now, as the `nth` of its job, that ends with the request timeout, or at the end of what bounds the whole,
    /// which has a name in messages. Over a connection of ours, or by the host, for whose answer this thread then waits.
    pub(super) fn poll(
        &self,
        id: &JobId,
        token: &CancelToken,
        bound: (Instant, &'static str),
        nth: u32,
    ) -> Report {
        let end = bound.0;
        planted::in_poll(id);
        let start = Instant::now();
        let settings = &self.settings;
        let deadline =
            Deadline::until(settings.net.timeouts, token, end.min(start + settings.net.timeouts.request));
        let request = Request::fetch(&settings.endpoint, id, &self.key);
        let redirect = |deadline: &Deadline| {
            say_redirect(id, settings);
            self.redirect_turn(deadline, token, end)
        };
        let mut report = match &self.transport {
            Some(transport) => poll(request, &self.key, &deadline, redirect, |request, deadline| {
                host::exchange(
                    transport,
                    |exchange| self.start(exchange),
                    request,
                    &settings.net,
                    (deadline, token),
                )
                .map_err(|error| bounded_by(bound, error))
            }),
            None => match self.connections.lend(&settings.net, settings.endpoint.origin()) {
                Ok(mut connection) => poll(request, &self.key, &deadline, redirect, |request, deadline| {
                    connection.get_mut().exchange(request, deadline).map_err(|error| bounded_by(bound, error))
                }),
                Err(error) => Report::of_error(&error, Some(&self.key)),
            },
        };
        report.finish(id, nth, start.elapsed());
        report
    }

    /// The turn of a redirect. What it waits is not the server's time, and goes on top of the request timeout.
    fn redirect_turn(
        &self,
        deadline: &Deadline,
        token: &CancelToken,
        end: Instant,
    ) -> Result<Deadline, Error> {
        let began = Instant::now();
        let waits = self.limits_requests && self.lock().scheduler.is_busy(self.now());
        if waits {
            self.settings.log.say_later(Level::Debug, "turn", || "a redirect waits for a turn".into());
        }
        match self.wait_for_permit(None, token, end) {
            PermitWait::Granted if !waits => Ok(deadline.clone()),
            PermitWait::Granted => {
                let end = end.min(deadline.end() + began.elapsed());
                Ok(Deadline::until(self.settings.net.timeouts, token, end))
            }
            PermitWait::Cancelled => Err(Error::Cancelled),
            PermitWait::Late => Err(Error::PermitTimeout { after: began.elapsed() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_redirect_that_gets_no_turn_says_why_and_leaves_the_queue() {
        let settings = Settings { requests_per_second: 0.001, ..Settings::default() };
        let engine = Engine::new(Key::new("test-key-not-real").expect("a key"), settings);
        let (far, none) = (Instant::now() + Duration::from_secs(20), CancelToken::new());
        assert_eq!(engine.wait_for_permit(None, &none, far), PermitWait::Granted);
        let turn = |token: &CancelToken, end| {
            let deadline = Deadline::start(engine.settings.net.timeouts, token);
            engine.redirect_turn(&deadline, token, end).expect_err("the next turn is in 1000 s")
        };
        let late = turn(&none, Instant::now());
        assert!(matches!(late, Error::PermitTimeout { .. }), "{late}");
        none.trigger();
        assert_eq!(turn(&none, far), Error::Cancelled);
        let state = engine.lock();
        assert!(state.permits.is_empty() && !state.scheduler.is_busy(Duration::from_secs(10_000)));
    }
}
