//! What an image is and whether all of it is there, told from its own bytes as they pass by.
//!
//! Nothing of it is kept but a few bytes of a header, so an image of any size costs the same. Pixels are not decoded:
//! an image is whole here when its container is walked from the first byte to the format's own end.

mod boxes;
mod gif;
mod jpeg;
mod png;
mod sniff;
mod walk;
mod webp;

use crate::error::Error;
use sniff::Sniffed;
use walk::Walker;

/// A format that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// PNG, also animated.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    WebP,
    /// GIF.
    Gif,
    /// AVIF.
    Avif,
    /// MP4, from the endpoints that make films.
    Mp4,
}

impl Kind {
    /// What the name of a file of this kind ends with, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Kind::Png => "png",
            Kind::Jpeg => "jpg",
            Kind::WebP => "webp",
            Kind::Gif => "gif",
            Kind::Avif => "avif",
            Kind::Mp4 => "mp4",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static std::ffi::CStr {
        match self {
            Kind::Png => c"image/png",
            Kind::Jpeg => c"image/jpeg",
            Kind::WebP => c"image/webp",
            Kind::Gif => c"image/gif",
            Kind::Avif => c"image/avif",
            Kind::Mp4 => c"video/mp4",
        }
    }
}

/// What a header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageInfo {
    /// The format.
    pub kind: Kind,
    /// Pixels; 0 only where AVIF or MP4 do not say.
    pub width: u32,
    /// Pixels; 0 only where AVIF or MP4 do not say.
    pub height: u32,
}

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
            State::Walking(_, walker) => walker.feed(bytes),
            State::Sniffing(head) => {
                let wanted = sniff::MOST.saturating_sub(head.len()).min(bytes.len());
                let (first, rest) = bytes.split_at(wanted);
                head.extend_from_slice(first);
                match sniff::sniff(head) {
                    Sniffed::TooShort => Ok(()),
                    Sniffed::Other(what) => Err(no_picture(what)),
                    Sniffed::Known(kind) => {
                        let mut walker = Walker::new(kind);
                        walker.feed(head)?;
                        walker.feed(rest)?;
                        self.0 = State::Walking(kind, Box::new(walker));
                        Ok(())
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
            Err(no_picture("its header has no width or height"))
        } else {
            Ok(ImageInfo { kind, width, height })
        }
    }
}

/// Not all of it came; another try may bring it.
fn cut(why: &str) -> Error {
    Error::BadImage { why: why.to_owned(), retryable: true }
}

/// It is something else, whatever is tried.
fn no_picture(why: &str) -> Error {
    // A page may be an interposed one that goes away, as for replies (contract, section 3, rule 7).
    Error::BadImage { why: why.to_owned(), retryable: why == sniff::PAGE }
}
