//! GIF (the 89a specification, section 12 on): blocks up to the trailer.
//!
//! Some encoders leave the trailer out, and every viewer takes that. A file whose end was announced may so end behind an
//! image; without a length that could as well be a cut.

use super::format::{Format, Want};
use crate::byte_order::little_endian;

const TRAILER: u8 = 0x3b;
const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
/// The label of the extension that says how the next image is shown.
const GRAPHIC_CONTROL: u8 = 0xf9;

#[derive(Debug, Default)]
pub(super) struct Gif {
    at: At,
    size: (u32, u32),
    /// An image was begun, and none is announced since.
    image_began: bool,
}

#[derive(Debug, Default, Clone, Copy)]
enum At {
    #[default]
    Start,
    Screen,
    /// Before a block: its first byte comes next.
    Between,
    Introducer,
    Label,
    ImageHead,
    /// Before the image data's own first byte, the code size.
    CodeSize,
    /// Before a sub-block: its length comes next.
    BeforeSubBlock,
    SubBlock,
}

impl Gif {
    fn wants(&mut self, at: At, want: Want) -> Want {
        self.at = at;
        want
    }
}

impl Format for Gif {
    fn next(&mut self, read: &[u8]) -> Want {
        match self.at {
            At::Start => self.wants(At::Screen, Want::Read(13)),
            At::Screen => {
                self.size = (little_endian(&read[6..8]), little_endian(&read[8..10]));
                self.wants(At::Between, Want::Skip(colours(read[10])))
            }
            At::Between => self.wants(At::Introducer, Want::Read(1)),
            At::Introducer => match read[0] {
                TRAILER => Want::End,
                EXTENSION => self.wants(At::Label, Want::Read(1)),
                IMAGE => self.wants(At::ImageHead, Want::Read(9)),
                _ => Want::Broken,
            },
            At::ImageHead => {
                self.image_began = true;
                self.wants(At::CodeSize, Want::Skip(colours(read[8])))
            }
            At::CodeSize => self.wants(At::BeforeSubBlock, Want::Skip(1)),
            At::Label => {
                self.image_began &= read[0] != GRAPHIC_CONTROL;
                self.wants(At::SubBlock, Want::Read(1))
            }
            At::BeforeSubBlock => self.wants(At::SubBlock, Want::Read(1)),
            At::SubBlock => match read[0] {
                0 => self.wants(At::Introducer, Want::Read(1)),
                length => self.wants(At::BeforeSubBlock, Want::Skip(length.into())),
            },
        }
    }

    fn size(&self) -> (u32, u32) {
        self.size
    }

    fn may_end(&self, _: Want, begun: bool) -> bool {
        self.image_began && !begun && matches!(self.at, At::Introducer)
    }
}

/// The bytes of a colour table, as a packed field tells them.
fn colours(packed: u8) -> u64 {
    if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) }
}
