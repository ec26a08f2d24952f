//! One look over a lane: the exchange, and the redirects that stay at the origin.

use super::report::Report;
use super::settings::Settings;
use crate::flow::look::{Look, Step};
use crate::net::{Lane, Watch};
use crate::wire::{JobId, Key, Request};

/// Looks at a job; whatever comes of it is in the report.
pub(super) fn look(lane: &mut Lane, key: &Key, id: &JobId, settings: &Settings, watch: &Watch) -> Report {
    let mut look = Look::new(Request::fetch(&settings.endpoint, id, key));
    loop {
        let reply = match lane.exchange(look.request(), watch) {
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
