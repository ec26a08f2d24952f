//! One poll: the exchange, over a lane or by the host, and the redirects that stay at the origin.

use super::host;
use super::log::Level;
use super::report::Report;
use super::settings::Settings;
use crate::error::Error;
use crate::flow::poll::{Poll, Step};
use crate::net::{Connection, Deadline};
use crate::wire::{JobId, Key, RawReply, Request};
use std::ops::DerefMut;

/// Polls a job; whatever comes of it is in the report. `lend` gives a lane, if it is needed. `hop` is asked before a
/// redirect is followed, and gives the bounds from there on.
pub(super) fn poll<L: DerefMut<Target = Connection>>(
    lend: impl FnOnce() -> Result<L, Error>,
    key: &Key,
    id: &JobId,
    settings: &Settings,
    watch: &Deadline,
    mut hop: impl FnMut(&Deadline) -> Result<Deadline, Error>,
) -> Report {
    let request = Request::fetch(&settings.endpoint, id, key);
    let hop = |watch: &Deadline| {
        say_redirect(id, settings);
        hop(watch)
    };
    if let Some(transport) = &settings.transport {
        let exchange =
            |request: &Request, watch: &Deadline| host::exchange(transport, request, settings, watch);
        return follow(request, key, watch, hop, exchange);
    }
    match lend() {
        Ok(mut lane) => follow(request, key, watch, hop, |request, watch| lane.exchange(request, watch)),
        Err(error) => Report::of_error(&error, Some(key)),
    }
}

/// Where it leads is the server's text, and not quoted.
pub(super) fn say_redirect(id: &JobId, settings: &Settings) {
    settings.log.say_later(Level::Debug, "poll", || format!("{}: following a redirect", id.as_str()));
}

fn follow(
    request: Request,
    key: &Key,
    watch: &Deadline,
    mut hop: impl FnMut(&Deadline) -> Result<Deadline, Error>,
    mut exchange: impl FnMut(&Request, &Deadline) -> Result<RawReply<'static>, Error>,
) -> Report {
    let mut poll = Poll::new(request);
    let mut watch = watch.clone();
    loop {
        let reply = match exchange(poll.request(), &watch) {
            Ok(reply) => reply,
            Err(error) => return Report::of_error(&error, Some(key)),
        };
        match poll.reply(&reply) {
            Step::Rule => return Report::of_reply(reply, Some(key)),
            Step::Send => match hop(&watch) {
                Ok(bounds) => watch = bounds,
                Err(error) => return Report::of_error(&error, Some(key)),
            },
            Step::Refuse(error) => return Report::of_refused_reply(&error, reply, Some(key)),
        }
    }
}
