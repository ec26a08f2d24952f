//! One look: the exchange, over a lane or by the host, and the redirects that stay at the origin.

use super::host;
use super::log::Level;
use super::report::Report;
use super::settings::Settings;
use crate::error::Error;
use crate::flow::look::{Look, Step};
use crate::net::{Lane, Watch};
use crate::wire::{JobId, Key, RawReply, Request};
use std::ops::DerefMut;

/// Looks at a job; whatever comes of it is in the report. `lend` gives a lane, if it is needed. `hop` is asked before a
/// redirect is followed, and gives the bounds from there on.
pub(super) fn look<L: DerefMut<Target = Lane>>(
    lend: impl FnOnce() -> Result<L, Error>,
    key: &Key,
    id: &JobId,
    settings: &Settings,
    watch: &Watch,
    mut hop: impl FnMut(&Watch) -> Result<Watch, Error>,
) -> Report {
    let request = Request::fetch(&settings.endpoint, id, key);
    let hop = |watch: &Watch| {
        say_redirect(id, settings);
        hop(watch)
    };
    if let Some(transport) = &settings.transport {
        let exchange = |request: &Request, watch: &Watch| host::exchange(transport, request, settings, watch);
        return follow(request, key, watch, hop, exchange);
    }
    match lend() {
        Ok(mut lane) => follow(request, key, watch, hop, |request, watch| lane.exchange(request, watch)),
        Err(error) => Report::of_error(&error, Some(key)),
    }
}

/// Where it leads is the server's text, and not quoted.
pub(super) fn say_redirect(id: &JobId, settings: &Settings) {
    settings.log.say_later(Level::Debug, "look", || format!("{}: following a redirect", id.as_str()));
}

fn follow(
    request: Request,
    key: &Key,
    watch: &Watch,
    mut hop: impl FnMut(&Watch) -> Result<Watch, Error>,
    mut exchange: impl FnMut(&Request, &Watch) -> Result<RawReply<'static>, Error>,
) -> Report {
    let mut look = Look::new(request);
    let mut watch = watch.clone();
    loop {
        let reply = match exchange(look.request(), &watch) {
            Ok(reply) => reply,
            Err(error) => return Report::of_error(&error, Some(key)),
        };
        match look.reply(&reply) {
            Step::Rule => return Report::of_reply(reply, Some(key)),
            Step::Send => match hop(&watch) {
                Ok(bounds) => watch = bounds,
                Err(error) => return Report::of_error(&error, Some(key)),
            },
            Step::Refuse(error) => return Report::of_refused_reply(&error, reply, Some(key)),
        }
    }
}
