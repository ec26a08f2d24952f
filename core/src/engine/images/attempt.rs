//! One attempt at an image, as a value that is told what each exchange brought: its redirects, each judged before it is
//! followed, and what the download layer makes of the reply.
//!
//! Whoever performs the exchanges, a worker or the host, asks it where to and hands in what comes.

use crate::download::image::Ended;
use crate::download::{
    AddressPolicy, Destination, Entry, Failure, Image, ImageDownload, ImageSink, ReplyHead, SinkBounds,
    failure,
};
use crate::engine::scheduler::{Attempt, ImageTask};
use crate::error::{Error, Status};
use crate::flow::redirects::Redirects;
use crate::net::{AddressFilter, Head};
use crate::wire::{Origin, Url};
use std::net::IpAddr;
use std::time::Duration;

impl AddressFilter for AddressPolicy {
    fn forbidden_reason(&self, address: IpAddr) -> Option<&'static str> {
        AddressPolicy::forbidden_reason(*self, address)
    }
}

/// What the reply has for an image. The wire refuses what is no UTF-8.
fn entry(task: &ImageTask) -> Entry<'_> {
    let entry = task.report.urls.iter().nth(task.index).unwrap_or_default();
    Entry::of(std::str::from_utf8(entry).unwrap_or_default())
}

/// Whether an image stands in the reply itself: nothing is sent for it.
pub(in crate::engine) fn is_local(task: &ImageTask) -> bool {
    matches!(entry(task), Entry::Text(_))
}

/// Decodes an image that stands in the reply itself. `on_progress` hears its size.
pub(in crate::engine) fn decode_local(
    task: &ImageTask,
    on_progress: &mut dyn FnMut(u64, Option<u64>),
) -> Attempt {
    let image = ImageSink::begin(&task.destination, &task.stem, &task.bounds).and_then(|mut sink| {
        sink.receive(entry(task).as_str().as_bytes())?;
        on_progress(sink.received(), Some(sink.received()));
        sink.finish(Ended::Framed)
    });
    match image {
        Ok(image) => done(image, false, 0),
        Err(error) => Attempt::refused(error),
    }
}

fn done(image: Image, was_sent: bool, http_status: u16) -> Attempt {
    Attempt { outcome: Ok(image), failed: None, was_sent, http_status, has_progressed: false, received: None }
}

/// See the module's text.
#[derive(Debug)]
pub(in crate::engine) struct ImageFetch {
    redirects: Redirects,
    policy: AddressPolicy,
    download: Box<ImageDownload>,
    deadline: Duration,
    http_status: u16,
}

/// What to do next.
#[derive(Debug)]
pub(in crate::engine) enum AfterReply {
    /// Send a GET to where it stands now.
    Get(Box<ImageFetch>),
    /// All bytes of a whole image are there; they are to be put in their place.
    Whole(Box<ImageFetch>, Ended),
    /// It is over without an image.
    Over(Box<Attempt>),
}

impl ImageFetch {
    /// Begins an attempt. The link is judged first: nothing of the outside is touched for one that may not be followed.
    pub(in crate::engine) fn begin(
        task: &mut ImageTask,
        endpoint: &Origin,
        destination: &Destination,
    ) -> Result<Box<ImageFetch>, Box<Attempt>> {
        let refused = |error| Box::new(Attempt::refused(error));
        let policy = AddressPolicy::of(endpoint);
        let url = policy.check(entry(task).as_str()).map_err(refused)?;
        let download = match task.received.take() {
            Some(download) => download,
            None => {
                let bounds = SinkBounds { most: task.bounds.most, ..task.bounds.clone() };
                let sink = ImageSink::begin(destination, &task.stem, &bounds).map_err(refused)?;
                Box::new(ImageDownload::new(sink))
            }
        };
        let (redirects, deadline) = (Redirects::from(url), task.deadline);
        Ok(Box::new(ImageFetch { redirects, policy, download, deadline, http_status: 0 }))
    }

    /// Where it stands.
    pub(in crate::engine) fn url(&self) -> &Url {
        self.redirects.url()
    }

    pub(in crate::engine) fn policy(&self) -> AddressPolicy {
        self.policy
    }

    /// What to ask for, to go on where the last attempt broke off: the bytes that are there, and the tag of what they are
    /// from.
    pub(in crate::engine) fn resume(&self) -> Option<(u64, &str)> {
        self.download.resume()
    }

    /// Bytes there, and bytes expected.
    pub(in crate::engine) fn progress(&self) -> (u64, Option<u64>) {
        self.download.progress()
    }

    /// A reply begins; whether its body is wanted.
    pub(in crate::engine) fn head(&mut self, head: &Head) -> Result<bool, Error> {
        self.http_status = head.status;
        self.download.begin(&reply_head(head))
    }

    /// Takes the next bytes of a wanted body.
    pub(in crate::engine) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.download.receive(bytes)
    }

    /// A reply has ended, or there was none. `is_late`: the deadline of the job has come.
    pub(in crate::engine) fn replied(
        mut self: Box<Self>,
        reply: Result<Head, Error>,
        is_late: bool,
    ) -> AfterReply {
        let failure = match reply {
            Ok(head) => match self.check_head(&head) {
                Ok(None) => return AfterReply::Get(self),
                Ok(Some(ended)) => return AfterReply::Whole(self, ended),
                Err(failure) => failure,
            },
            Err(error) => failure(error),
        };
        AfterReply::Over(Box::new(self.failed(failure, is_late)))
    }

    /// What a reply means: the end of a whole image, or nothing yet where it redirects.
    fn check_head(&mut self, head: &Head) -> Result<Option<Ended>, Failure> {
        if !(300..400).contains(&head.status) {
            return self.download.end(&reply_head(head)).map(Some);
        }
        let follow = self.redirects.follow(head.status, head.location.as_deref());
        follow.and_then(|()| self.policy.check_url(self.redirects.url())).map_err(|error| (error, None))?;
        Ok(None)
    }

    /// It was cancelled: what came of it is not wanted any more.
    pub(in crate::engine) fn give_up(self) -> Attempt {
        self.failed((Error::Cancelled, None), false)
    }

    fn failed(mut self, (error, failed): Failure, is_late: bool) -> Attempt {
        let error = match error {
            // A timeout at the end of everything is the deadline's.
            timeout if is_late && timeout.status() == Status::Timeout => late_image(self.deadline),
            other => other,
        };
        let has_progressed = self.download.has_progressed();
        let (http_status, received) = (self.http_status, Some(self.download));
        Attempt { outcome: Err(error), failed, was_sent: true, http_status, has_progressed, received }
    }

    /// Puts a whole image in its place. Writes files.
    pub(in crate::engine) fn finish(self, ended: Ended) -> Attempt {
        let http_status = self.http_status;
        match self.download.finish(ended) {
            Ok(image) => done(image, true, http_status),
            Err(error) => Attempt { was_sent: true, http_status, ..Attempt::refused(error) },
        }
    }

    /// As [`ImageFetch::finish`], for an image that was kept in memory until it was whole.
    pub(in crate::engine) fn save(self, ended: Ended, task: &ImageTask) -> Attempt {
        let mut attempt = self.finish(ended);
        if task.destination.is_a_file()
            && let Ok(Image { bytes: Some(bytes), .. }) = &attempt.outcome
        {
            let alone = SinkBounds::new(task.bounds.most);
            let bounds = SinkBounds { gate: task.bounds.gate.clone(), ..alone };
            attempt.outcome =
                ImageSink::begin(&task.destination, &task.stem, &bounds).and_then(|mut sink| {
                    sink.receive(bytes)?;
                    sink.finish(ended)
                });
        }
        attempt
    }
}

/// The deadline of its job came before an image was there.
pub(in crate::engine) fn late_image(deadline: Duration) -> Error {
    Error::Deadline(format!(
        "the deadline of {} ms came before the image was whole; try again, or allow more time",
        deadline.as_millis()
    ))
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
