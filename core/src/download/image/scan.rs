//! One image under examination, from its first bytes to its end.

use super::boxes::Boxes;
use super::format::Format;
use super::gif::Gif;
use super::jpeg::Jpeg;
use super::kind::{ImageInfo, Kind};
use super::png::Png;
use super::sniff::{self, Sniffed};
use super::walk::{Broken, Walker};
use super::webp::WebP;
use crate::error::Error;

/// How the bytes came to their end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Somebody had said where they would: a length, a last chunk, the end of a text.
    Framed,
    /// They just stopped. Only the image itself can tell whether that is all.
    Closed,
}

/// An image under examination.
#[derive(Debug)]
pub struct Scan(State);

#[derive(Debug)]
enum State {
    /// Too few bytes to tell the format.
    Sniffing(Vec<u8>),
    Walking(Kind, Box<Walker>),
}

impl Default for Scan {
    fn default() -> Scan {
        Scan(State::Sniffing(Vec::new()))
    }
}

impl Scan {
    /// Takes the next bytes in. E_BAD_IMAGE as soon as it is clear that this is no image.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match &mut self.0 {
            State::Walking(_, walker) => walker.feed(bytes).map_err(broken),
            State::Sniffing(head) => {
                let wanted = sniff::MOST.saturating_sub(head.len()).min(bytes.len());
                let (first, rest) = bytes.split_at(wanted);
                head.extend_from_slice(first);
                match sniff::sniff(head) {
                    Sniffed::TooShort => Ok(()),
                    Sniffed::Other(what) => Err(no_image(what)),
                    Sniffed::Known(kind) => {
                        let mut walker = Walker::new(format(kind));
                        let walked = walker.feed(head).and_then(|()| walker.feed(rest));
                        self.0 = State::Walking(kind, Box::new(walker));
                        walked.map_err(broken)
                    }
                }
            }
        }
    }

    /// Says what it was, if it was whole.
    pub fn finish(&self, ended: Ended) -> Result<ImageInfo, Error> {
        let (kind, walker) = match &self.0 {
            State::Walking(kind, walker) => (*kind, walker),
            State::Sniffing(head) if head.is_empty() => return Err(cut("nothing arrived")),
            State::Sniffing(_) => return Err(cut("it ends within its first bytes")),
        };
        let whole = walker.has_reached_its_end() || (ended == Ended::Framed && walker.may_end_here());
        let (width, height) = walker.size();
        let must_have_size = !matches!(kind, Kind::Avif | Kind::Mp4);
        if !whole && ended == Ended::Closed {
            Err(cut("the connection was closed before its end, and no length was said"))
        } else if !whole {
            Err(cut("it stops before its own end"))
        } else if must_have_size && (width == 0 || height == 0) {
            Err(no_image("its header has no width or height"))
        } else {
            Ok(ImageInfo { kind, width, height })
        }
    }
}

fn format(kind: Kind) -> Box<dyn Format> {
    match kind {
        Kind::Png => Box::new(Png::default()),
        Kind::Jpeg => Box::new(Jpeg::default()),
        Kind::WebP => Box::new(WebP::default()),
        Kind::Gif => Box::new(Gif::default()),
        Kind::Avif | Kind::Mp4 => Box::new(Boxes::default()),
    }
}

fn broken(_: Broken) -> Error {
    no_image("its structure is broken")
}

/// Not all of it came; another try may bring it.
fn cut(reason: &str) -> Error {
    Error::BadImage { reason: reason.to_owned(), retryable: true }
}

/// It is something else, whatever is tried.
fn no_image(reason: &str) -> Error {
    // A page may be an interposed one that goes away, as for replies (contract, section 3, rule 7).
    Error::BadImage { reason: reason.to_owned(), retryable: reason == sniff::PAGE }
}
