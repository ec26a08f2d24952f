//! One poll on the caller's thread, over a connection of its own that is closed before the call returns.

use super::host::{HostTransport, exchange};
use super::log::Level;
use super::poll::{poll, say_redirect};
use super::report::Report;
use super::settings::Settings;
use crate::error::Error;
use crate::net::{CancelToken, Connection, Deadline};
use crate::wire::{JobId, Key, RawReply, Request};
use std::sync::Arc;
use std::time::Instant;

/// Polls a job once.
pub fn fetch_once(key: &Key, id: &JobId, settings: &Settings, token: &CancelToken) -> Report {
    let start = Instant::now();
    if token.is_triggered() {
        let mut report = Report::of_error(&Error::Cancelled, None);
        report.finish(id, 0, start.elapsed());
        return report;
    }
    let deadline = Deadline::start(settings.net.timeouts, token);
    let request = Request::fetch(&settings.endpoint, id, key);
    let redirect = |deadline: &Deadline| {
        say_redirect(id, settings);
        Ok(deadline.clone())
    };
    let mut report = match &settings.transport {
        Some(HostTransport::Called(host)) => poll(request, key, &deadline, redirect, |request, deadline| {
            let transport = HostTransport::Called(Arc::clone(host));
            exchange(&transport, |exchange| host.start(exchange), request, &settings.net, (deadline, token))
        }),
        // Refused where settings are made the default: there is nothing that exchanges could be pulled from.
        Some(HostTransport::Pulled) => Report::of_error(&pulled(), None),
        None => match Connection::new(&settings.net, settings.endpoint.origin(), false) {
            Ok(mut connection) => poll(request, key, &deadline, redirect, |request, deadline| {
                connection.exchange(request, deadline)
            }),
            Err(error) => Report::of_error(&error, Some(key)),
        },
    };
    report.finish(id, 1, start.elapsed());
    settings.log.say(Level::Info, "poll", || report.line());
    report.log_end(&settings.log, "fetch");
    report
}

fn pulled() -> Error {
    Error::argument("transport", "is pulled, which needs a client; set another transport, or none")
}

/// Rules on bytes that came some other way: a saved reply, a webhook's body, an exchange of the host's own. They are not
/// in the report.
pub fn parse(body: &[u8], http_status: u16, body_limit: usize) -> Report {
    if body.len() > body_limit {
        return Report::of_error(&Error::over_body_limit("body", body_limit as u64), None);
    }
    Report::of_reply(RawReply { http_status, body: body.into(), ..RawReply::default() }, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn one_call_has_no_client_that_exchanges_could_be_pulled_from() {
        let settings = Settings { transport: Some(HostTransport::Pulled), ..Settings::default() };
        let (key, id) = (Key::new("test-key-not-real").expect("a key"), JobId::new("1").expect("an id"));
        let report = fetch_once(&key, &id, &settings, &CancelToken::new());
        assert_eq!((report.status, report.retryable), (Status::InvalidArgument, false));
        assert!(report.message.starts_with("transport is pulled"), "{}", report.message);
    }
}
