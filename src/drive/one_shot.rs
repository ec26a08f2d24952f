//! One look on the caller's thread, over a connection of its own that is closed before the call returns.

use super::report::Report;
use super::settings::Settings;
use crate::error::Error;
use crate::flow::look::{Look, Step};
use crate::net::{Lane, Token, Watch};
use crate::wire::{JobId, Key, RawReply, Request};
use std::time::Instant;

/// Looks at a job once.
pub fn fetch_once(key: &Key, id: &JobId, settings: &Settings, token: &Token) -> Report {
    let start = Instant::now();
    let mut report = match Lane::new(&settings.net, settings.endpoint.origin(), false) {
        Ok(mut lane) => look(&mut lane, key, id, settings, &Watch::start(settings.net.limits, token)),
        Err(error) => Report::of_error(&error, Some(key)),
    };
    if report.id.is_empty() {
        report.id = id.as_str().to_owned();
    }
    report.attempts = 1;
    report.elapsed = start.elapsed();
    report
}

/// Rules on bytes that came some other way: a saved reply, a webhook's body, an exchange of the host's own.
pub fn parse(body: &[u8], http_status: u16, body_limit: usize) -> Report {
    if body.len() > body_limit {
        let why = format!("body is larger than the body limit of {body_limit} bytes; raise it");
        return Report::of_error(&Error::TooLarge(why), None);
    }
    let mut copy = Vec::new();
    // Room for the NUL that the C ABI puts behind it.
    if copy.try_reserve_exact(body.len() + 1).is_err() {
        return Report::of_error(&Error::NoResources { what: "memory" }, None);
    }
    copy.extend_from_slice(body);
    Report::of_reply(RawReply { http_status, body: copy, ..RawReply::default() }, None)
}

/// One look over a lane: the exchange, and the redirects that stay at the origin.
fn look(lane: &mut Lane, key: &Key, id: &JobId, settings: &Settings, watch: &Watch) -> Report {
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
