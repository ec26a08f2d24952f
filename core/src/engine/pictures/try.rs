//! One try at an image over HTTP: its redirects, each judged before it is followed.

use super::one::{Bounds, Fetched};
use crate::download::image::Ended;
use crate::download::{AddressPolicy, Failure, ImageDownload, ImageSink, ReplyHead, failure};
use crate::engine::core::Core;
use crate::error::Error;
use crate::flow::redirects::Redirects;
use crate::net::{Get, Head, Receiver, Resume};
use crate::wire::Url;

/// The tries of one image, made one after the other.
#[derive(Debug)]
pub(super) struct Try<'a> {
    core: &'a Core,
    url: Url,
    policy: AddressPolicy,
    download: ImageDownload,
    http_status: u16,
}

impl<'a> Try<'a> {
    pub(super) fn new(core: &'a Core, url: Url, policy: AddressPolicy, sink: ImageSink) -> Try<'a> {
        Try { core, url, policy, download: ImageDownload::new(sink), http_status: 0 }
    }

    pub(super) fn http_status(&self) -> u16 {
        self.http_status
    }

    pub(super) fn has_progressed(&mut self) -> bool {
        self.download.has_progressed()
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
            let head = self.get(hops.url(), bounds, told).map_err(failure)?;
            match head.status {
                300..=399 => {
                    hops.follow(head.status, head.location.as_deref()).map_err(final_failure)?;
                }
                _ => return self.download.end(&reply_head(&head)),
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
        let resume = self.download.resume().map(|(from, etag)| (from, etag.to_owned()));
        let resume = resume.as_ref().map(|(from, etag)| Resume { from: *from, etag });
        let deadline = bounds.watch(self.core, self.policy);
        let mut taker = Taker { download: &mut self.download, http_status: &mut self.http_status, told };
        lane.get(Get { url, resume }, &deadline, &mut taker)
    }

    /// Puts the image in its place.
    pub(super) fn finish(self, ended: Ended, tries: u32) -> Fetched {
        Fetched { outcome: self.download.finish(ended), tries, http_status: self.http_status }
    }
}

/// The receiving side of one GET.
struct Taker<'a> {
    download: &'a mut ImageDownload,
    http_status: &'a mut u16,
    told: &'a mut dyn FnMut(u64, Option<u64>),
}

impl Receiver for Taker<'_> {
    fn head(&mut self, head: &Head) -> Result<bool, Error> {
        *self.http_status = head.status;
        self.download.begin(&reply_head(head))
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.download.receive(bytes)?;
        let (received, total) = self.download.progress();
        (self.told)(received, total);
        Ok(())
    }
}

fn reply_head(head: &Head) -> ReplyHead<'_> {
    ReplyHead {
        status: head.status,
        length: head.length,
        framed: head.framed,
        etag: head.etag.as_deref(),
        content_range: head.content_range.as_deref(),
        content_encoding: head.content_encoding.as_deref(),
        retry_after: head.retry_after,
    }
}

fn final_failure(error: Error) -> Failure {
    (error, None)
}
