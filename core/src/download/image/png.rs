//! PNG (ISO/IEC 15948, section 5): chunks from IHDR to IEND.

use super::format::{Format, Want};
use crate::byte_order::big_endian;

/// Length and type.
const CHUNK_HEAD: usize = 8;

/// A checksum follows each chunk's data.
const CHECKSUM: u64 = 4;

#[derive(Debug, Default)]
pub(super) struct Png {
    at: At,
    size: (u32, u32),
}

#[derive(Debug, Default, Clone, Copy)]
enum At {
    #[default]
    Start,
    /// The signature and the whole of IHDR, which comes first and has a fixed length.
    Header,
    ChunkHead,
    Chunk,
    LastChunk,
}

impl Format for Png {
    fn next(&mut self, read: &[u8]) -> Want {
        match self.at {
            At::Start => {
                self.at = At::Header;
                Want::Read(33)
            }
            At::Header => {
                if &read[8..16] != b"\0\0\0\x0dIHDR" {
                    return Want::Broken;
                }
                self.size = (big_endian(&read[16..20]), big_endian(&read[20..24]));
                self.at = At::ChunkHead;
                Want::Read(CHUNK_HEAD)
            }
            At::ChunkHead => {
                let length = big_endian(&read[..4]);
                if length > 0x7fff_ffff {
                    return Want::Broken;
                }
                self.at = if &read[4..] == b"IEND" { At::LastChunk } else { At::Chunk };
                Want::Skip(u64::from(length) + CHECKSUM)
            }
            At::Chunk => {
                self.at = At::ChunkHead;
                Want::Read(CHUNK_HEAD)
            }
            At::LastChunk => Want::End,
        }
    }

    fn size(&self) -> (u32, u32) {
        self.size
    }
}
