//! One try at an image over HTTP: its redirects, each judged before it is followed, and the rest of what an earlier try
//! left, if the server still has the same.

use super::one::{Bounds, Fetched};
use crate::download::image::Ended;
use crate::download::{AddressPolicy, ImageSink};
use crate::engine::core::Core;
use crate::error::{Error, Status};
use crate::flow::link_retry::Failed;
use crate::flow::redirects::Redirects;
use crate::net::{Get, Head, Receiver, Resume};
use crate::wire::Url;

/// The longest entity tag remembered, in bytes.
const MAX_TAG: usize = 256;

/// Why a try failed, and how it may be tried again; nothing if it may not.
type Failure = (Error, Option<Failed>);

/// The tries of one image, made one after the other.
#[derive(Debug)]
pub(super) struct Try<'a> {
    core: &'a Core,
    url: Url,
    policy: AddressPolicy,
    got: Got,
}

/// What came so far.
#[derive(Debug)]
struct Got {
    intake: ImageSink,
    /// The strong tag of what the bytes are from; none if they are worth nothing to a later try.
    tag: Option<String>,
    total: Option<u64>,
    http_status: u16,
}

impl<'a> Try<'a> {
    pub(super) fn new(core: &'a Core, url: Url, policy: AddressPolicy, intake: ImageSink) -> Try<'a> {
        Try { core, url, policy, got: Got { intake, tag: None, total: None, http_status: 0 } }
    }

    pub(super) fn http_status(&self) -> u16 {
        self.got.http_status
    }

    /// Makes a try. When it goes well, all bytes of a whole image are there.
    pub(super) fn make(
        &mut self,
        bounds: &Bounds,
        told: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Ended, Failure> {
        let mut hops = Redirects::from(self.url.clone());
        loop {
            self.policy.check_url(hops.url()).map_err(final_failure)?;
            let head = self.get(hops.url(), bounds, told).map_err(passing_failure)?;
            match head.status {
                200 | 206 => return self.judge(&head).map_err(passing_failure),
                300..=399 => {
                    hops.follow(head.status, head.location.as_deref()).map_err(final_failure)?;
                }
                _ => return Err(refusal(&head)),
            }
        }
    }

    fn get(
        &mut self,
        url: &Url,
        bounds: &Bounds,
        told: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Head, Error> {
        let pictures = &self.core.pictures;
        let mut lane = pictures.lanes.lend(&pictures.net, url.origin())?;
        let tag = self.got.tag.clone();
        let from = self.got.intake.received();
        let resume = tag.as_deref().filter(|_| from > 0).map(|etag| Resume { from, etag });
        let mut taker = Taker { got: &mut self.got, resumes: resume.is_some(), told };
        lane.get(Get { url, resume }, &bounds.watch(self.core, self.policy), &mut taker)
    }

    /// Whether what came is an image, now that all of it seems to be there.
    fn judge(&mut self, head: &Head) -> Result<Ended, Error> {
        let ended = if head.framed { Ended::Framed } else { Ended::Closed };
        let judged = self.got.intake.check(ended);
        if judged.is_err() && head.framed {
            // The server has no more of it.
            self.got.tag = None;
        }
        judged.map(|()| ended)
    }

    /// Puts the image in its place.
    pub(super) fn finish(self, ended: Ended, tries: u32) -> Fetched {
        Fetched { outcome: self.got.intake.finish(ended), tries, http_status: self.got.http_status }
    }
}

/// The receiving side of one GET.
struct Taker<'a> {
    got: &'a mut Got,
    resumes: bool,
    told: &'a mut dyn FnMut(u64, Option<u64>),
}

impl Receiver for Taker<'_> {
    fn head(&mut self, head: &Head) -> Result<bool, Error> {
        self.got.http_status = head.status;
        match head.status {
            200 => self.got.begin(head).map(|()| true),
            206 if self.resumes => self.got.go_on(head).map(|()| true),
            206 => Err(Error::Protocol {
                why: "the image's server sent a part where all was asked for".into(),
                retryable: false,
            }),
            416 => {
                // It has less than we have, hence something else.
                self.got.tag = None;
                Ok(false)
            }
            _ => Ok(false),
        }
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if let Err(error) = self.got.intake.receive(bytes) {
            self.got.tag = None;
            return Err(error);
        }
        (self.told)(self.got.intake.received(), self.got.total);
        Ok(())
    }
}

impl Got {
    fn begin(&mut self, head: &Head) -> Result<(), Error> {
        if self.intake.received() > 0 {
            self.intake.restart()?;
        }
        self.tag = head.etag.as_deref().and_then(strong);
        self.total = head.length;
        self.total.map_or(Ok(()), |total| self.intake.expect(total))
    }

    /// RFC 9110, section 15.3.7: a part of the same thing, which begins where we left off.
    fn go_on(&mut self, head: &Head) -> Result<(), Error> {
        let got = self.intake.received();
        let range = head.content_range.as_deref().and_then(content_range);
        let same = head.etag.is_none() || head.etag == self.tag;
        let fits = range.is_some_and(|(first, all)| {
            first == got && (self.total.is_none() || all.is_none() || all == self.total)
        });
        if !same || !fits {
            self.tag = None;
            let why = "the image's server sent another part than was asked for".into();
            return Err(Error::Protocol { why, retryable: true });
        }
        let total = head.length.map(|length| got.saturating_add(length));
        self.total = self.total.or(total);
        total.map_or(Ok(()), |total| self.intake.expect(total))
    }
}

/// A tag that stands for the same bytes (RFC 9110, section 8.8.1).
fn strong(tag: &str) -> Option<String> {
    let inside = tag.strip_prefix('"')?.strip_suffix('"')?;
    let plain = inside.bytes().all(|b| (b'!'..=b'~').contains(&b) && b != b'"');
    (plain && tag.len() <= MAX_TAG).then(|| tag.to_owned())
}

/// The first byte, and the length of the whole if it is said: `bytes 5-9/10`.
fn content_range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, all) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, _) = range.split_once('-')?;
    Some((first.trim().parse().ok()?, all.trim().parse().ok()))
}

fn final_failure(error: Error) -> Failure {
    (error, None)
}

fn passing_failure(error: Error) -> Failure {
    let failed = error.is_retryable().then_some(Failed::Passing { retry_after: None });
    (error, failed)
}

/// What a reply without an image means.
fn refusal(head: &Head) -> Failure {
    let code = head.status;
    let passing = Some(Failed::Passing { retry_after: head.retry_after });
    let (kind, failed, what) = match code {
        404 => (
            Status::NotFound,
            Some(Failed::NotThere),
            "the image is not there, or no longer: links end after 24 hours",
        ),
        410 => (Status::NotFound, None, "the image is gone: links end after 24 hours"),
        403 => (
            Status::Forbidden,
            Some(Failed::NotThere),
            "the image may not be had, or no longer: links end after 24 hours",
        ),
        401 | 407 | 451 => (Status::Forbidden, None, "the image may not be had"),
        429 => (Status::RateLimited, passing, "too many requests at the image's server: try again later"),
        408 | 416 | 425 | 500..=599 => {
            (Status::Server, passing, "trouble at the image's server: try again later")
        }
        400..=499 => (Status::Api, None, "the image's server refused"),
        _ => {
            let why = format!("the image's server answered HTTP {code}, which holds no image");
            return (Error::Protocol { why, retryable: false }, None);
        }
    };
    (Error::Refused { kind, text: format!("{what} (HTTP {code})") }, failed)
}
