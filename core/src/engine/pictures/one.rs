//! One image from its entry in a reply to its place: decoded, or fetched with as many tries as it takes.

use super::single_try::Try;
use crate::download::image::Ended;
use crate::download::{AddressPolicy, Destination, Entry, Image, ImageSink, SinkBounds};
use crate::engine::client::seed;
use crate::engine::core::Core;
use crate::engine::log::Level;
use crate::error::Error;
use crate::flow::link_retry::LinkRetry;
use crate::net::{AddressFilter, CancelToken, Deadline};
use std::time::{Duration, Instant};

/// An image to be had.
#[derive(Debug)]
pub(in crate::engine) struct Wanted<'a> {
    /// As it stood in the reply.
    pub(in crate::engine) entry: &'a str,
    pub(in crate::engine) keep: &'a Destination,
    /// What its file in a folder is called, without the ending.
    pub(in crate::engine) stem: String,
}

/// What a download is bounded by.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Bounds {
    pub(in crate::engine) token: CancelToken,
    /// When the job was ready, as far as is known: its links may not work at once.
    pub(in crate::engine) ready: Instant,
    pub(in crate::engine) end: Instant,
    /// What the end is called in a message.
    pub(in crate::engine) deadline: Duration,
}

/// What came of it.
#[derive(Debug)]
pub(in crate::engine) struct Fetched {
    pub(in crate::engine) outcome: Result<Image, Error>,
    /// Requests, redirects not counted.
    pub(in crate::engine) tries: u32,
    /// Of the last reply; 0: there was none.
    pub(in crate::engine) http_status: u16,
}

impl Fetched {
    pub(in crate::engine) fn nothing(error: Error) -> Fetched {
        Fetched { outcome: Err(error), tries: 0, http_status: 0 }
    }
}

impl Bounds {
    pub(super) fn watch(&self, core: &Core, policy: AddressPolicy) -> Deadline {
        let filter = AddressFilter::new(move |address| policy.forbidden_reason(address));
        Deadline::of_download(core.settings.net.limits, &self.token, self.end, filter)
    }

    /// A timeout at the end of everything is the deadline's.
    fn explain(&self, error: Error) -> Error {
        match error {
            Error::Timeout { .. } if Instant::now() >= self.end => Error::Deadline(format!(
                "the deadline of {} ms came before the image was whole; try again, or allow more time",
                self.deadline.as_millis()
            )),
            other => other,
        }
    }
}

/// Gets one image. `told` hears the bytes that are there and those expected, as they come.
pub(in crate::engine) fn picture(
    core: &Core,
    wanted: &Wanted<'_>,
    bounds: &Bounds,
    told: &mut dyn FnMut(u64, Option<u64>),
) -> Fetched {
    let sink_bounds = SinkBounds::new(core.settings.image_limit);
    let begin = || ImageSink::begin(wanted.keep, &wanted.stem, &sink_bounds);
    match Entry::of(wanted.entry) {
        Entry::Link(_) if core.settings.transport.is_some() => {
            let why = "makes no downloads: fetch the URLs of the result with your own HTTP";
            Fetched::nothing(Error::argument("transport", why))
        }
        Entry::Link(link) => {
            let policy = AddressPolicy::of(core.settings.endpoint.origin());
            // The link first: nothing of the outside is touched for one that may not be followed.
            match policy.check(link).and_then(|url| Ok((url, begin()?))) {
                Ok((url, intake)) => fetch(core, Try::new(core, url, policy, intake), bounds, told),
                Err(error) => Fetched::nothing(error),
            }
        }
        Entry::Text(text) => {
            let decoded = begin().and_then(|mut intake| {
                intake.receive(text.as_bytes())?;
                told(intake.received(), Some(intake.received()));
                intake.finish(Ended::Framed)
            });
            Fetched { outcome: decoded, tries: 0, http_status: 0 }
        }
    }
}

fn fetch(
    core: &Core,
    mut attempt: Try<'_>,
    bounds: &Bounds,
    told: &mut dyn FnMut(u64, Option<u64>),
) -> Fetched {
    let allowed = bounds.end.saturating_duration_since(bounds.ready);
    let mut settle = LinkRetry::new(core.settings.patience, core.settings.retries, allowed, seed());
    let mut tries = 0;
    if bounds.token.is_triggered() {
        return Fetched::nothing(Error::Cancelled);
    }
    let outcome = loop {
        tries += 1;
        let (error, failed) = match attempt.make(bounds, told) {
            Ok(ended) => return attempt.finish(ended, tries),
            Err(failure) => failure,
        };
        let error = bounds.explain(error);
        if attempt.has_progressed() {
            settle.progressed();
        }
        let Some(at) = failed.and_then(|failed| settle.after(failed, bounds.ready.elapsed())) else {
            break error;
        };
        core.settings.log.say_later(Level::Warning, "download", || {
            format!("trying again at {} ms: {error}", at.as_millis())
        });
        if bounds.token.sleep_until(bounds.ready + at) {
            break Error::Cancelled;
        }
    };
    Fetched { outcome: Err(outcome), tries, http_status: attempt.http_status() }
}
