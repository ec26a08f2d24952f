//! An image by its link alone, without a job.

use super::one::{Bounds, Wanted, picture};
use crate::download::Destination;
use crate::engine::core::Core;
use crate::engine::log::Level;
use crate::engine::report::Report;
use crate::error::{Error, Status};
use crate::net::CancelToken;
use crate::wire::Strings;
use std::time::{Duration, Instant};

/// One image to be had.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its link, or the image itself as a `data:` URL or base64.
    pub url: String,
    /// Where it goes.
    pub keep: Destination,
    /// How long it may take in all.
    pub deadline: Duration,
}

/// Gets it; whatever comes of it is in the report.
pub(in crate::engine) fn download(
    core: &Core,
    link: &Link,
    token: &CancelToken,
    start: Instant,
    told: &mut dyn FnMut(u64, Option<u64>),
) -> Report {
    let bounds =
        Bounds { token: token.clone(), ready: start, end: start + link.deadline, deadline: link.deadline };
    let wanted = Wanted { entry: &link.url, keep: &link.keep, stem: "image".into() };
    let fetched = picture(core, &wanted, &bounds, told);
    let report = Report::of_link(&link.url).with_pictures(vec![fetched]);
    core.settings.log.say_later(Level::Info, "download", || {
        format!(
            "{}, {} ms: {}",
            report.status.c_name().to_string_lossy(),
            start.elapsed().as_millis(),
            report.message
        )
    });
    report
}

impl Report {
    /// The report of a link that is yet to be followed.
    pub(in crate::engine) fn of_link(url: &str) -> Report {
        // No call ends with this error: what comes of the link takes its place.
        let blank = Report::of_error(&Error::Cancelled, None);
        Report { status: Status::Ok, message: String::new(), urls: Strings::one(url), ..blank }
    }
}
