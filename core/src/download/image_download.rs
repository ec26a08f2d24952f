//! One image over HTTP, in as many attempts as it takes: what a reply means, and what an earlier attempt left that is
//! still good (contract, section 4).
//!
//! Whoever makes the requests, over our connections or the host's own, hands heads and bytes in; redirects are its
//! affair. Knows no sockets and no clock.

use super::image::Ended;
use super::image_sink::{Image, ImageSink};
use crate::error::{Error, Status};
use crate::flow::link_retry::Failed;
use crate::wire::clean;
use std::time::Duration;

/// The longest entity tag remembered, in bytes.
const MAX_TAG: usize = 256;

/// The longest name of an encoding quoted, in characters: `br, gzip`, and not a page.
const MAX_ENCODING: usize = 32;

/// Why an attempt failed, and how it may be made again; nothing if it may not.
pub type Failure = (Error, Option<Failed>);

/// The head of a reply, as far as an image needs it. Values are as received, not trusted.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReplyHead<'a> {
    /// The status code.
    pub status: u16,
    /// The length of the body, where it is framed by one.
    pub length: Option<u64>,
    /// Whether the body's end is said: by a length or by chunks, and not by the end of the connection alone.
    pub framed: bool,
    /// `ETag`.
    pub etag: Option<&'a str>,
    /// `Content-Range`.
    pub content_range: Option<&'a str>,
    /// `Content-Encoding`. None was asked for.
    pub content_encoding: Option<&'a str>,
    /// `Retry-After`, from the moment of receipt.
    pub retry_after: Option<Duration>,
}

/// See the module's text. Belongs to whoever fetches the image; dropped before its end, it leaves nothing.
#[derive(Debug)]
pub struct ImageDownload {
    sink: ImageSink,
    /// The strong tag of what the bytes are from; none if they are worth nothing to a later attempt.
    tag: Option<String>,
    total: Option<u64>,
    /// The most bytes that ever were there.
    furthest: u64,
    /// The same when it was last asked for.
    reported: u64,
    /// What the server says it did to the bytes.
    encoding: Option<String>,
}

impl ImageDownload {
    /// Begins with nothing.
    pub fn new(sink: ImageSink) -> ImageDownload {
        ImageDownload { sink, tag: None, total: None, furthest: 0, reported: 0, encoding: None }
    }

    /// Whether what came is in a file: then dropping this removes it, which may take as long as the file system likes.
    pub fn is_in_a_file(&self) -> bool {
        self.sink.is_in_a_file()
    }

    /// What the next request may ask to go on with: the bytes that are there, for `Range`, and the strong tag of what
    /// they are from, for `If-Range` (RFC 9110, section 13.1.5).
    pub fn resume(&self) -> Option<(u64, &str)> {
        let received = self.sink.received();
        self.tag.as_deref().filter(|_| received > 0).map(|tag| (received, tag))
    }

    /// Bytes that are there, and those expected in all.
    pub fn progress(&self) -> (u64, Option<u64>) {
        (self.sink.received(), self.total)
    }

    /// Whether more is there than was when this was last asked, or ever before: an image that begins anew at each attempt
    /// gets nowhere.
    pub fn has_progressed(&mut self) -> bool {
        let before = std::mem::replace(&mut self.reported, self.furthest);
        self.furthest > before
    }

    /// A reply begins. Says whether its body is wanted.
    pub fn begin(&mut self, head: &ReplyHead<'_>) -> Result<bool, Error> {
        match head.status {
            // 203: a proxy between changed something, which the image itself will show.
            200 | 203 => self.start(head).map(|()| true),
            206 if self.resume().is_some() => self.go_on(head).map(|()| true),
            206 if head.content_range.and_then(content_range).is_some_and(|range| range.is_all()) => {
                self.start(head).map(|()| true)
            }
            206 => Err(Error::Protocol {
                reason: "the image's server sent a part where all was asked for".into(),
                retryable: false,
            }),
            416 => {
                // It has less than we have, hence something else.
                self.tag = None;
                Ok(false)
            }
            _ => Ok(false),
        }
    }

    /// Takes the next bytes of a wanted body.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.sink.receive(bytes).map_err(|error| {
            self.tag = None;
            self.name_encoding(error)
        })?;
        self.furthest = self.furthest.max(self.sink.received());
        Ok(())
    }

    /// A reply ended, whole as far as HTTP can tell. When this goes well, all bytes of an image are there.
    pub fn end(&mut self, head: &ReplyHead<'_>) -> Result<Ended, Failure> {
        if !matches!(head.status, 200 | 203 | 206) {
            return Err(status_failure(head));
        }
        let ended = if head.framed { Ended::Framed } else { Ended::Closed };
        let is_empty = self.sink.received() == 0;
        let Err(error) = self.sink.check(ended) else { return Ok(ended) };
        if head.framed {
            // The server has no more of it.
            self.tag = None;
        }
        if is_empty {
            // An object store writes the name of an image before its bytes.
            return Err((error, Some(Failed::NotThere)));
        }
        Err(failure(self.name_encoding(error)))
    }

    /// Puts the image in its place.
    pub fn finish(self, ended: Ended) -> Result<Image, Error> {
        self.sink.finish(ended)
    }

    fn start(&mut self, head: &ReplyHead<'_>) -> Result<(), Error> {
        self.sink.restart()?;
        self.tag = head.etag.and_then(strong);
        self.total = head.length;
        let encoding = head.content_encoding.map(str::trim).unwrap_or_default();
        let is_plain = encoding.is_empty() || encoding.eq_ignore_ascii_case("identity");
        self.encoding = (!is_plain).then(|| clean(encoding, None).chars().take(MAX_ENCODING).collect());
        self.total.map_or(Ok(()), |total| self.sink.expect(total))
    }

    /// RFC 9110, section 15.3.7: a part of the same thing, which begins where we left off.
    fn go_on(&mut self, head: &ReplyHead<'_>) -> Result<(), Error> {
        let received = self.sink.received();
        let range = head.content_range.and_then(content_range);
        let same = head.etag.is_none() || head.etag == self.tag.as_deref();
        let fits = range.is_some_and(|range| {
            range.first == received
                && (self.total.is_none() || range.all.is_none() || range.all == self.total)
        });
        if !same || !fits {
            self.tag = None;
            let reason = "the image's server sent another part than was asked for".into();
            return Err(Error::Protocol { reason, retryable: true });
        }
        let total = head.length.map(|length| received.saturating_add(length));
        self.total = self.total.or(total);
        total.map_or(Ok(()), |total| self.sink.expect(total))
    }

    /// Some stores say that an image is encoded which is not, so the bytes decide; only what is no image is explained.
    fn name_encoding(&self, error: Error) -> Error {
        match (error, &self.encoding) {
            (Error::BadImage { reason, retryable }, Some(encoding)) => {
                let reason =
                    format!("{reason}, and has the Content-Encoding {encoding}, which was not asked for");
                Error::BadImage { reason, retryable }
            }
            (error, _) => error,
        }
    }
}

/// How to go on after an error: again, if it may pass.
pub fn failure(error: Error) -> Failure {
    let failed = error.is_retryable().then_some(Failed::Passing { retry_after: None });
    (error, failed)
}

/// What a reply without an image means.
fn status_failure(head: &ReplyHead<'_>) -> Failure {
    let code = head.status;
    let passing = Some(Failed::Passing { retry_after: head.retry_after });
    let (kind, failed, what) = match code {
        202 => {
            let reason = "the image's server is not done with it yet (HTTP 202)".into();
            return (Error::BadImage { reason, retryable: true }, Some(Failed::NotThere));
        }
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
            let reason = format!("the image's server answered HTTP {code}, which holds no image");
            return (Error::Protocol { reason, retryable: false }, None);
        }
    };
    (Error::Refused { kind, text: format!("{what} (HTTP {code})") }, failed)
}

/// A tag that stands for the same bytes (RFC 9110, section 8.8.1).
fn strong(tag: &str) -> Option<String> {
    let inside = tag.strip_prefix('"')?.strip_suffix('"')?;
    let plain = inside.bytes().all(|b| (b'!'..=b'~').contains(&b) && b != b'"');
    (plain && tag.len() <= MAX_TAG).then(|| tag.to_owned())
}

/// What a `Content-Range` says: `bytes 5-9/10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ContentRange {
    first: u64,
    last: u64,
    /// The length of the whole, if it is said.
    all: Option<u64>,
}

impl ContentRange {
    fn is_all(self) -> bool {
        self.first == 0 && self.all.is_some_and(|all| self.last.checked_add(1) == Some(all))
    }
}

fn content_range(text: &str) -> Option<ContentRange> {
    let (range, all) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let number = |text: &str| text.trim().parse().ok();
    Some(ContentRange { first: number(first)?, last: number(last)?, all: number(all) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::download::{Destination, SinkBounds};

    /// The smallest image there is here: a WebP of 28 bytes.
    const IMAGE: &[u8] = b"RIFF\x14\0\0\0WEBPVP8L\x08\0\0\0\x2f\x63\xc0\x18\x10\x88\x88\x08";

    fn download() -> ImageDownload {
        let sink = ImageSink::begin(&Destination::Memory { most: 1000 }, "image", &SinkBounds::new(1000));
        ImageDownload::new(sink.expect("memory"))
    }

    /// Hands a whole reply in.
    fn reply(head: &ReplyHead<'_>, body: &[u8]) -> Result<Ended, Failure> {
        let mut download = download();
        if download.begin(head).map_err(failure)? {
            download.receive(body).map_err(failure)?;
        }
        download.end(head)
    }

    fn framed(status: u16, body: &[u8]) -> ReplyHead<'static> {
        ReplyHead { status, length: Some(body.len() as u64), framed: true, ..ReplyHead::default() }
    }

    #[test]
    fn an_image_is_taken_from_every_reply_that_may_hold_one() {
        let all = |status, range| ReplyHead { content_range: range, ..framed(status, IMAGE) };
        for head in [
            all(200, None),
            all(203, None),
            // Some caches answer every request with a range, here the whole.
            all(206, Some("bytes 0-27/28")),
            // Stores whose metadata says what is not so; curl takes such an image too.
            ReplyHead { content_encoding: Some("gzip"), ..all(200, None) },
            ReplyHead { content_encoding: Some("aws-chunked"), ..all(200, None) },
            ReplyHead { content_encoding: Some("Identity"), ..all(200, None) },
        ] {
            assert_eq!(reply(&head, IMAGE), Ok(Ended::Framed), "{head:?}");
        }
        for range in ["bytes 0-26/28", "bytes 1-28/29", "bytes 0-27/*", "bytes 0-/28", "rubbish"] {
            let refused = reply(&all(206, Some(range)), IMAGE).expect_err(range);
            assert_eq!((refused.0.status(), refused.1), (Status::Protocol, None), "{range}");
        }
    }

    #[test]
    fn what_has_no_image_yet_is_asked_for_again_and_what_never_will_is_not() {
        let retry_after = Some(Duration::from_secs(7));
        let passing = Some(Failed::Passing { retry_after });
        for (status, wanted, failed) in [
            (200, Status::BadImage, Some(Failed::NotThere)),
            (203, Status::BadImage, Some(Failed::NotThere)),
            (202, Status::BadImage, Some(Failed::NotThere)),
            (403, Status::Forbidden, Some(Failed::NotThere)),
            (404, Status::NotFound, Some(Failed::NotThere)),
            (408, Status::Server, passing),
            (416, Status::Server, passing),
            (425, Status::Server, passing),
            (429, Status::RateLimited, passing),
            (500, Status::Server, passing),
            (503, Status::Server, passing),
            (530, Status::Server, passing),
            (204, Status::Protocol, None),
            (400, Status::Api, None),
            (401, Status::Forbidden, None),
            (410, Status::NotFound, None),
            (451, Status::Forbidden, None),
        ] {
            for framed in [true, false] {
                let head = ReplyHead { status, framed, retry_after, ..ReplyHead::default() };
                let (error, how) = reply(&head, b"").expect_err("no image");
                assert_eq!((error.status(), how), (wanted, failed), "{status}: {error}");
                let says_code = error.to_string().contains(&status.to_string());
                assert!(says_code || matches!(status, 200 | 203), "{status}: {error}");
            }
        }
    }

    #[test]
    fn an_encoding_that_was_not_asked_for_is_named_where_no_image_came() {
        let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03 and so on";
        for (encoding, body, says) in [
            ("gzip", &gzip[..], "has the Content-Encoding gzip,"),
            ("br, gzip", gzip, "has the Content-Encoding br, gzip,"),
            // It is the server's text, and may be any.
            ("x\u{7}y", gzip, "has the Content-Encoding x y,"),
            ("gzip", b"", ""),
        ] {
            let head = ReplyHead { content_encoding: Some(encoding), ..framed(200, body) };
            let (error, _) = reply(&head, body).expect_err("no image");
            assert_eq!(error.to_string().contains("Content-Encoding"), !says.is_empty(), "{error}");
            assert!(error.to_string().contains(says), "{error}");
        }
        for encoding in [None, Some(""), Some("identity")] {
            let head = ReplyHead { content_encoding: encoding, ..framed(200, gzip) };
            let (error, _) = reply(&head, gzip).expect_err("no image");
            assert!(!error.to_string().contains("Content-Encoding"), "{error}");
        }
        let long = "x".repeat(10_000);
        let head = ReplyHead { content_encoding: Some(&long), ..framed(200, gzip) };
        assert!(reply(&head, gzip).expect_err("no image").0.to_string().len() < 300);
    }

    #[test]
    fn only_bytes_that_were_never_there_are_progress() {
        let mut download = download();
        let mut attempt = |bytes: &[u8]| {
            assert_eq!(download.begin(&framed(200, IMAGE)), Ok(true));
            download.receive(bytes).expect("a part");
            download.has_progressed()
        };
        assert!(attempt(&IMAGE[..10]));
        assert!(!attempt(&IMAGE[..10]), "it began anew and came no further");
        assert!(attempt(&IMAGE[..11]));
        assert!(!attempt(&IMAGE[..5]));
    }

    #[test]
    fn what_broke_off_is_gone_on_with_only_under_a_strong_tag() {
        for (etag, resumes) in
            [(Some("\"a\""), true), (Some("W/\"a\""), false), (Some("a"), false), (None, false)]
        {
            let mut download = download();
            assert_eq!(download.resume(), None, "nothing is there yet");
            let head = ReplyHead { etag, ..framed(200, IMAGE) };
            assert_eq!(download.begin(&head), Ok(true));
            assert_eq!(download.resume(), None, "nothing is there yet");
            download.receive(&IMAGE[..20]).expect("a part");
            assert_eq!(download.resume(), resumes.then_some((20, "\"a\"")), "{etag:?}");
            assert_eq!(download.progress(), (20, Some(28)));
        }
    }
}
