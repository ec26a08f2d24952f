//! WebP (RFC 9649): a RIFF file, which says its length first.

use super::format::{Format, Want};
use crate::byte_order::little_endian;

/// The file's head, and that of its first chunk.
const HEAD: u64 = 20;

#[derive(Debug, Default)]
pub(super) struct WebP {
    at: At,
    size: (u32, u32),
}

#[derive(Debug, Default, Clone, Copy)]
enum At {
    #[default]
    Start,
    Head,
    /// In the first chunk, with this much of the file behind what is read of it.
    Fields(FirstChunk, u64),
    Rest,
}

/// The kinds of first chunk; each has width and height within its first bytes.
#[derive(Debug, Clone, Copy)]
enum FirstChunk {
    /// RFC 6386, section 9.1.
    Lossy,
    /// RFC 9649, section 3.4.
    Lossless,
    /// RFC 9649, section 2.7.
    Extended,
}

impl FirstChunk {
    fn of(kind: &[u8]) -> Option<FirstChunk> {
        match kind {
            b"VP8 " => Some(FirstChunk::Lossy),
            b"VP8L" => Some(FirstChunk::Lossless),
            b"VP8X" => Some(FirstChunk::Extended),
            _ => None,
        }
    }

    /// The bytes up to and with its width and height. The smallest files of some encoders end a few bytes behind them.
    fn fields(self) -> usize {
        match self {
            FirstChunk::Lossy | FirstChunk::Extended => 10,
            FirstChunk::Lossless => 5,
        }
    }

    fn size(self, fields: &[u8]) -> Option<(u32, u32)> {
        let number = |from: usize, count: usize| little_endian(&fields[from..from + count]);
        match self {
            FirstChunk::Lossy if fields[3..6] == *b"\x9d\x01\x2a" => {
                Some((number(6, 2) & 0x3fff, number(8, 2) & 0x3fff))
            }
            FirstChunk::Lossless if fields[0] == 0x2f => {
                let bits = number(1, 4);
                Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
            }
            FirstChunk::Extended => Some((number(4, 3) + 1, number(7, 3) + 1)),
            _ => None,
        }
    }
}

impl WebP {
    fn head(&mut self, head: &[u8]) -> Option<Want> {
        let first = FirstChunk::of(&head[12..16])?;
        // Counted from behind the length field, and padded to an even number.
        let length = u64::from(little_endian(&head[4..8])) + 8;
        let rest = (length + length % 2).checked_sub(HEAD + first.fields() as u64)?;
        self.at = At::Fields(first, rest);
        Some(Want::Read(first.fields()))
    }

    fn fields(&mut self, first: FirstChunk, fields: &[u8], rest: u64) -> Option<Want> {
        self.size = first.size(fields)?;
        self.at = At::Rest;
        Some(Want::Skip(rest))
    }
}

impl Format for WebP {
    fn next(&mut self, read: &[u8]) -> Want {
        match self.at {
            At::Start => {
                self.at = At::Head;
                Want::Read(HEAD as usize)
            }
            At::Head => self.head(read).unwrap_or(Want::Broken),
            At::Fields(first, rest) => self.fields(first, read, rest).unwrap_or(Want::Broken),
            At::Rest => Want::End,
        }
    }

    fn size(&self) -> (u32, u32) {
        self.size
    }
}
