//! WebP (RFC 9649): a RIFF file, which says its length first.

use super::format::{Format, Want, little_endian};

/// Through the fields of all three kinds of first chunk that hold the size.
const HEAD: usize = 30;

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
    Rest,
}

impl Format for WebP {
    fn next(&mut self, read: &[u8]) -> Want {
        match self.at {
            At::Start => {
                self.at = At::Head;
                Want::Read(HEAD)
            }
            At::Head => {
                let Some(size) = size(read) else { return Want::Broken };
                self.size = size;
                // Counted from behind the length field, and padded to an even number.
                let length = u64::from(little_endian(&read[4..8])) + 8;
                let Some(rest) = (length + length % 2).checked_sub(HEAD as u64) else { return Want::Broken };
                self.at = At::Rest;
                Want::Skip(rest)
            }
            At::Rest => Want::End,
        }
    }

    fn size(&self) -> (u32, u32) {
        self.size
    }
}

/// Lossy (RFC 6386, section 9.1), lossless (RFC 9649, section 3.4) and extended (section 2.7).
fn size(head: &[u8]) -> Option<(u32, u32)> {
    let number = |from: usize, count: usize| little_endian(&head[from..from + count]);
    match &head[12..16] {
        b"VP8 " if head[23..26] == *b"\x9d\x01\x2a" => Some((number(26, 2) & 0x3fff, number(28, 2) & 0x3fff)),
        b"VP8L" if head[20] == 0x2f => {
            let bits = number(21, 4);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some((number(24, 3) + 1, number(27, 3) + 1)),
        _ => None,
    }
}
