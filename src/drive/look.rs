//! One look: the exchange, over a lane or by the host, and the redirects that stay at the origin.

use super::host;
use super::report::Report;
use super::settings::Settings;
use crate::error::Error;
use crate::flow::look::{Look, Step};
use crate::net::{Lane, Watch};
use crate::wire::{JobId, Key, RawReply, Request};
use std::ops::DerefMut;

/// Looks at a job; whatever comes of it is in the report. `lend` gives a lane, if it is needed.
pub(super) fn look<L: DerefMut<Target = Lane>>(
    lend: impl FnOnce() -> Result<L, Error>,
    key: &Key,
    id: &JobId,
    settings: &Settings,
    watch: &Watch,
) -> Report {
    let request = Request::fetch(&settings.endpoint, id, key);
    if let Some(transport) = &settings.transport {
        return follow(request, key, |request| host::exchange(transport, request, settings, watch));
    }
    match lend() {
        Ok(mut lane) => follow(request, key, |request| lane.exchange(request, watch)),
        Err(error) => Report::of_error(&error, Some(key)),
    }
}

fn follow(
    request: Request,
    key: &Key,
    mut exchange: impl FnMut(&Request) -> Result<RawReply<'static>, Error>,
) -> Report {
    let mut look = Look::new(request);
    loop {
        let reply = match exchange(look.request()) {
            Ok(reply) => reply,
            Err(error) => return Report::of_error(&error, Some(key)),
        };
        match look.reply(&reply) {
            Step::Rule => return Report::of_reply(reply, Some(key)),
            Step::Send => {}
            Step::Refuse(error) => return Report::of_refused_reply(&error, reply, Some(key)),
        }
    }
}
