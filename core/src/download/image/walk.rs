//! The walk through a container, driven by its bytes in pieces of any size.
//!
//! A format says what it wants next, a few bytes to read or many to pass over, and never sees where pieces begin.

use super::{Kind, boxes::Boxes, gif::Gif, jpeg::Jpeg, no_picture, png::Png, webp::WebP};
use crate::error::Error;

/// The most bytes that a format may want to read at once.
pub(super) const MOST: usize = 96;

/// What a format wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// So many bytes to read, at most [`MOST`].
    Read(usize),
    /// So many bytes to pass over.
    Skip(u64),
    /// To pass over all bytes up to and with this one.
    Past(u8),
    /// Nothing: the format's own end is reached. What follows is no part of the image.
    End,
    /// Nothing: this is not how the format goes on.
    Broken,
}

/// A format's side of the walk.
pub(super) trait Format: std::fmt::Debug + Send {
    /// What is wanted after this. `read` holds what [`Want::Read`] asked for, and is empty after a skip and at the start.
    fn next(&mut self, read: &[u8]) -> Want;

    /// Width and height; zeros while they are not known.
    fn size(&self) -> (u32, u32);

    /// For formats without an end of their own: whether they may end where the current want begins, or within it.
    fn may_end(&self, want: Want, begun: bool) -> bool {
        let _ = (want, begun);
        false
    }
}

#[derive(Debug)]
pub(super) struct Walker {
    format: Box<dyn Format>,
    want: Want,
    read: [u8; MOST],
    filled: usize,
}

impl Walker {
    pub(super) fn new(kind: Kind) -> Walker {
        let mut format: Box<dyn Format> = match kind {
            Kind::Png => Box::new(Png::default()),
            Kind::Jpeg => Box::new(Jpeg::default()),
            Kind::WebP => Box::new(WebP::default()),
            Kind::Gif => Box::new(Gif::default()),
            Kind::Avif | Kind::Mp4 => Box::new(Boxes::default()),
        };
        let want = format.next(&[]);
        Walker { format, want, read: [0; MOST], filled: 0 }
    }

    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        loop {
            match self.want {
                Want::End => return Ok(()),
                Want::Broken => return Err(no_picture("its structure is broken")),
                Want::Read(count) => {
                    let taken = (count - self.filled).min(bytes.len());
                    self.read[self.filled..self.filled + taken].copy_from_slice(&bytes[..taken]);
                    self.filled += taken;
                    bytes = &bytes[taken..];
                    if self.filled < count {
                        return Ok(());
                    }
                    self.filled = 0;
                    self.want = self.format.next(&self.read[..count]);
                }
                Want::Skip(left) => {
                    let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[taken..];
                    let left = left - taken as u64;
                    if left > 0 {
                        self.want = Want::Skip(left);
                        return Ok(());
                    }
                    self.want = self.format.next(&[]);
                }
                Want::Past(byte) => match bytes.iter().position(|b| *b == byte) {
                    Some(at) => {
                        bytes = &bytes[at + 1..];
                        self.want = self.format.next(&[]);
                    }
                    None => return Ok(()),
                },
            }
        }
    }

    pub(super) fn has_reached_its_end(&self) -> bool {
        self.want == Want::End
    }

    pub(super) fn may_end_here(&self) -> bool {
        self.format.may_end(self.want, self.filled > 0)
    }

    pub(super) fn size(&self) -> (u32, u32) {
        self.format.size()
    }
}
