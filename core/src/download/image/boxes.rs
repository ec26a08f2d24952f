//! AVIF and MP4 (ISO/IEC 14496-12): boxes. There is no mark at the end, so the file is whole when it was said to end and
//! does so between two boxes.

use super::format::{Format, MOST_READ, Want};
use crate::byte_order::big_endian;

/// Size and type.
const BOX_HEAD: u64 = 8;

/// The same with a size of 64 bits.
const LONG_HEAD: u64 = 16;

/// The most of a track header read for the size in it.
const TRACK_HEAD: u64 = MOST_READ as u64;

/// The item property with an image's size: version, width, height.
const IMAGE_SIZE: u64 = 12;

#[derive(Debug, Default)]
pub(super) struct Boxes {
    at: At,
    /// Where the walk is, and where the current outermost box ends.
    position: u64,
    outer_end: u64,
    /// The box whose head is being read.
    kind: [u8; 4],
    /// A box that describes the content was seen, and one that holds some.
    described: bool,
    filled: bool,
    /// The outermost box goes on to the end of the file.
    open: bool,
    size: (u32, u32),
}

#[derive(Debug, Default, Clone, Copy)]
enum At {
    #[default]
    Start,
    Head,
    LongHead,
    /// A box read for the size in it, with this much behind that.
    Size(u64),
    Passed,
}

impl Boxes {
    fn read(&mut self, at: At, count: u64) -> Want {
        self.at = at;
        self.position += count;
        Want::Read(count as usize)
    }

    fn skip(&mut self, count: u64) -> Want {
        self.at = At::Passed;
        self.position = self.position.saturating_add(count);
        Want::Skip(count)
    }

    /// The box's head was read; `left` is what follows of it.
    fn enter(&mut self, left: u64) -> Want {
        match &self.kind {
            // Their children are walked as if they stood in their place.
            b"moov" | b"trak" | b"iprp" | b"ipco" => self.skip(0),
            // The same, behind a version field.
            b"meta" if left >= 4 => self.skip(4),
            b"ispe" if left >= IMAGE_SIZE => self.read(At::Size(left - IMAGE_SIZE), IMAGE_SIZE),
            b"tkhd" if left >= 84 => {
                let read = left.min(TRACK_HEAD);
                self.read(At::Size(left - read), read)
            }
            kind => {
                self.filled |= matches!(kind, b"mdat" | b"idat");
                self.skip(left)
            }
        }
    }

    fn head(&mut self, size: u64, head: u64) -> Want {
        if self.position - head >= self.outer_end {
            self.described |= matches!(&self.kind, b"moov" | b"meta");
            self.open = size == 0;
            let end = if self.open { Some(u64::MAX) } else { (self.position - head).checked_add(size) };
            let Some(end) = end else { return Want::Broken };
            self.outer_end = end;
        }
        match size.checked_sub(head) {
            Some(left) => self.enter(left),
            None if self.open => self.enter(u64::MAX - self.position),
            None => Want::Broken,
        }
    }

    fn note_size(&mut self, read: &[u8]) {
        let number = |from: usize| big_endian(read.get(from..from + 4).unwrap_or_default());
        let (width, height) = match &self.kind {
            b"ispe" => (number(4), number(8)),
            // Fixed point, at the end of either version.
            _ if read[0] == 1 => (number(88) >> 16, number(92) >> 16),
            _ => (number(76) >> 16, number(80) >> 16),
        };
        let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
        // Thumbnails and sound tracks have sizes too; the image's is the largest.
        if area((width, height)) > area(self.size) {
            self.size = (width, height);
        }
    }
}

impl Format for Boxes {
    fn next(&mut self, read: &[u8]) -> Want {
        match self.at {
            At::Start | At::Passed => {
                if self.position > self.outer_end && self.outer_end > 0 {
                    return Want::Broken;
                }
                self.read(At::Head, BOX_HEAD)
            }
            At::Head => {
                self.kind = [read[4], read[5], read[6], read[7]];
                match big_endian(&read[..4]) {
                    1 => self.read(At::LongHead, LONG_HEAD - BOX_HEAD),
                    size => self.head(size.into(), BOX_HEAD),
                }
            }
            At::LongHead => {
                let size = u64::from(big_endian(&read[..4])) << 32 | u64::from(big_endian(&read[4..]));
                if size < LONG_HEAD { Want::Broken } else { self.head(size, LONG_HEAD) }
            }
            At::Size(behind) => {
                self.note_size(read);
                self.skip(behind)
            }
        }
    }

    fn size(&self) -> (u32, u32) {
        self.size
    }

    fn may_end(&self, _: Want, begun: bool) -> bool {
        let between = matches!(self.at, At::Head) && !begun && self.position - BOX_HEAD == self.outer_end;
        self.described && self.filled && (between || self.open)
    }
}
