//! WebP. Lossy, lossless, with alpha; of an animation the first frame on its canvas.
//!
//! The container is read here first: the codec allocates for a frame before it compares its size with the canvas.

use super::bounds::{Bounds, Size};
use super::error::Error;
use super::spread::{packed, spread};
use super::{Image, memory};
use image_webp::{DecodingError, WebPDecoder};
use std::io::Cursor;

pub(super) fn decode(bytes: &[u8], bounds: Bounds) -> Result<Image, Error> {
    let file = Container::read(bytes, bounds)?;
    let size = file.size;
    let mut pixels = memory::zeroed(size.bytes())?;
    memory::afford(file.need())?;
    let mut decoder = WebPDecoder::new(Cursor::new(file.bytes)).map_err(bad)?;
    if decoder.dimensions() != (size.width, size.height) {
        return Err(damaged("its sizes differ"));
    }
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    decoder.read_image(packed(&mut pixels, size, channels)).map_err(bad)?;
    spread(&mut pixels, size, channels)?;
    Ok(Image { width: size.width, height: size.height, pixels })
}

/// The RIFF file, with every size in it checked.
struct Container<'a> {
    /// Without what stands behind the file's own end.
    bytes: &'a [u8],
    size: Size,
    animated: bool,
}

impl<'a> Container<'a> {
    fn read(bytes: &'a [u8], bounds: Bounds) -> Result<Container<'a>, Error> {
        let said = bytes.get(4..8).and_then(|size| size.try_into().ok()).map(u32::from_le_bytes);
        let end = said.and_then(|size| usize::try_from(size).ok()?.checked_add(8));
        let bytes = end.and_then(|end| bytes.get(..end)).ok_or_else(|| damaged("its end is missing"))?;
        let mut rest = bytes.get(12..).unwrap_or_default();
        let (mut name, mut data);
        (name, data, rest) = chunk(rest)?;
        let (width, height) = match (name, data) {
            (b"VP8X", &[_, _, _, _, w0, w1, w2, h0, h1, h2, ..]) => {
                (one_more([w0, w1, w2]), one_more([h0, h1, h2]))
            }
            _ => frame_size(name, data).ok_or_else(|| damaged("its header makes no sense"))?,
        };
        let size = bounds.admit(width, height, "WebP")?;
        let mut animated = false;
        while name != b"VP8 " && name != b"VP8L" && !rest.is_empty() {
            (name, data, rest) = chunk(rest)?;
            if name == b"ANMF" {
                animated = true;
                check_frame(data, size)?;
                // Only the first is looked at, here and by the codec.
                break;
            }
            check_bitstream(name, data, (size.width, size.height))?;
        }
        // Another one may follow, and the codec takes the first of each kind.
        while !rest.is_empty() {
            (name, data, rest) = chunk(rest)?;
            if name != b"ANMF" {
                check_bitstream(name, data, (size.width, size.height))?;
            }
        }
        Ok(Container { bytes, size, animated })
    }

    /// What the codec allocates at most: 1.5 bytes a pixel in whole blocks of 16 x 16 for what is lossy, and 5 for
    /// its alpha, or 5 for what is lossless; 8 more for the canvas of an animation and the frame on it. A second copy
    /// of the bytes. A part of a lossy frame can claim 16 MiB, which are allocated before it turns out to be cut.
    ///
    /// The tables of a lossless image are bounded by the bytes there are alone, and not counted here.
    fn need(&self) -> usize {
        let pixels = (self.size.width as usize + 16) * (self.size.height as usize + 16);
        let each = if self.animated { 16 } else { 8 };
        pixels.saturating_mul(each).saturating_add((17 << 20) + self.bytes.len() * 2)
    }
}

/// The name of a chunk, what is in it, and what follows.
type Chunk<'a> = (&'a [u8; 4], &'a [u8], &'a [u8]);

fn chunk(bytes: &[u8]) -> Result<Chunk<'_>, Error> {
    let cut = || {
        let (name, rest) = bytes.split_first_chunk::<4>()?;
        let (len, rest) = rest.split_first_chunk::<4>()?;
        let len = usize::try_from(u32::from_le_bytes(*len)).ok()?;
        let data = rest.get(..len)?;
        // Chunks begin at even places. The last one's filler is at times left out.
        Some((name, data, rest.get(len + len % 2..).unwrap_or_default()))
    };
    cut().ok_or_else(|| damaged("a chunk is cut"))
}

/// A frame of an animation: within the canvas, and what is in it of the frame's own size.
fn check_frame(data: &[u8], canvas: Size) -> Result<(), Error> {
    let &[x0, x1, x2, y0, y1, y2, w0, w1, w2, h0, h1, h2, _, _, _, _, ref chunks @ ..] = data else {
        return Err(damaged("a frame is cut"));
    };
    // Places are given in steps of two.
    let (left, top) = ((one_more([x0, x1, x2]) - 1) * 2, (one_more([y0, y1, y2]) - 1) * 2);
    let (width, height) = (one_more([w0, w1, w2]), one_more([h0, h1, h2]));
    if left + width > canvas.width || top + height > canvas.height {
        return Err(damaged("a frame reaches over the edge"));
    }
    let mut rest = chunks;
    while !rest.is_empty() {
        let (name, data);
        (name, data, rest) = chunk(rest)?;
        check_bitstream(name, data, (width, height))?;
    }
    Ok(())
}

/// A chunk of pixels has the size that is expected; any other chunk will do.
fn check_bitstream(name: &[u8; 4], data: &[u8], expected: (u32, u32)) -> Result<(), Error> {
    if matches!(name, b"VP8 " | b"VP8L") && frame_size(name, data) != Some(expected) {
        return Err(damaged("its sizes differ"));
    }
    Ok(())
}

/// Width and height of a chunk of pixels (RFC 9649, sections 2.5 and 3.4; RFC 6386, section 9.1).
fn frame_size(name: &[u8; 4], data: &[u8]) -> Option<(u32, u32)> {
    match (name, data) {
        (b"VP8 ", &[_, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..]) => {
            let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            Some((side(w0, w1), side(h0, h1)))
        }
        (b"VP8L", &[0x2f, a, b, c, d, ..]) => {
            let bits = u32::from_le_bytes([a, b, c, d]);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

fn one_more([low, middle, high]: [u8; 3]) -> u32 {
    u32::from_le_bytes([low, middle, high, 0]) + 1
}

fn damaged(why: &str) -> Error {
    Error::Bad { format: "WebP", why: why.to_owned() }
}

fn bad(error: DecodingError) -> Error {
    damaged(&error.to_string())
}
