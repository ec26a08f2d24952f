//! JPEG (ITU-T T.81, annex B): marker segments and entropy-coded data up to EOI.
//!
//! A thumbnail's own EOI lies within an APP segment, which is passed over as a whole.

use super::format::{Format, Want};
use crate::byte_order::big_endian;

#[derive(Debug, Default)]
pub(super) struct Jpeg {
    at: At,
    size: (u32, u32),
}

#[derive(Debug, Default, Clone, Copy)]
enum At {
    #[default]
    Start,
    Soi,
    /// Past an 0xff: the marker's second byte, or a fill byte.
    Marker,
    /// A segment's length, after this marker.
    Length(u8),
    /// The fixed part of a frame header, with this much of the segment behind it.
    Frame(u64),
    Segment,
    /// Entropy-coded data: up to the next 0xff.
    Coded,
}

impl Jpeg {
    fn wants(&mut self, at: At, want: Want) -> Want {
        self.at = at;
        want
    }

    fn marker(&mut self, marker: u8) -> Want {
        match marker {
            0xd9 => Want::End,
            0xff => self.wants(At::Marker, Want::Read(1)),
            // A stuffed zero, TEM, a restart: the coded data goes on.
            0x00 | 0x01 | 0xd0..=0xd7 => self.wants(At::Coded, Want::Past(0xff)),
            0x02..=0xbf | 0xd8 => Want::Broken,
            _ => self.wants(At::Length(marker), Want::Read(2)),
        }
    }
}

impl Format for Jpeg {
    fn next(&mut self, read: &[u8]) -> Want {
        match self.at {
            At::Start => self.wants(At::Soi, Want::Read(2)),
            At::Soi | At::Segment => self.wants(At::Coded, Want::Past(0xff)),
            At::Coded => self.wants(At::Marker, Want::Read(1)),
            At::Marker => self.marker(read[0]),
            At::Length(marker) => {
                let Some(rest) = u64::from(big_endian(read)).checked_sub(2) else { return Want::Broken };
                let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
                match rest.checked_sub(5).filter(|_| is_frame) {
                    Some(behind) => self.wants(At::Frame(behind), Want::Read(5)),
                    None => self.wants(At::Segment, Want::Skip(rest)),
                }
            }
            At::Frame(behind) => {
                // Precision, then height, then width.
                self.size = (big_endian(&read[3..5]), big_endian(&read[1..3]));
                self.wants(At::Segment, Want::Skip(behind))
            }
        }
    }

    fn size(&self) -> (u32, u32) {
        self.size
    }
}
