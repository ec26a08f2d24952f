//! JPEG. Grey, YCbCr, RGB, CMYK and YCCK; baseline and progressive; 8 bits a sample.
//!
//! The frame header is read here first, so that bounds are checked before the codec sees anything.

use super::bounds::{Bounds, Size};
use super::error::Error;
use super::spread::{packed, spread};
use super::{Image, memory};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

pub(super) fn decode(bytes: &[u8], bounds: Bounds) -> Result<Image, Error> {
    let frame = Frame::find(bytes)?;
    let size = bounds.admit(frame.width.into(), frame.height.into(), "JPEG")?;
    let mut pixels = memory::zeroed(size.bytes())?;
    memory::afford(need(&frame, size, bytes.len()))?;
    let mut decoder = decoder(bytes, ColorSpace::RGBA)?;
    let direct = matches!(decoder.input_colorspace(), Some(ColorSpace::YCbCr | ColorSpace::Luma));
    if direct {
        decoder.decode_into(&mut pixels).map_err(bad)?;
    } else {
        // 0.5.15 knows no way from RGB to RGBA, and those from CMYK and YCCK step by three bytes where four are due.
        let mut decoder = self::decoder(bytes, ColorSpace::RGB)?;
        decoder.decode_into(packed(&mut pixels, size, 3)).map_err(bad)?;
        spread(&mut pixels, size, 3)?;
    }
    Ok(Image { width: size.width, height: size.height, pixels })
}

/// A decoder that has read the headers. What it gives is chosen before it reads them.
///
/// Its tables are most of what decoding would take of a thread's stack: they are put on the heap, and made in a frame
/// that is gone when the work begins.
#[inline(never)]
fn decoder(bytes: &[u8], output: ColorSpace) -> Result<Box<JpegDecoder<ZCursor<&[u8]>>>, Error> {
    let most = u16::MAX.into();
    let options = DecoderOptions::default()
        .set_max_width(most)
        .set_max_height(most)
        // Else what is cut or damaged comes out grey, as if it were whole.
        .set_strict_mode(true)
        .jpeg_set_out_colorspace(output);
    let mut decoder = Box::new(JpegDecoder::new_with_options(ZCursor::new(bytes), options));
    decoder.decode_headers().map_err(bad)?;
    Ok(decoder)
}

/// What the codec allocates at most.
///
/// A row of blocks: for each component as many as 64 bytes a pixel of width for coefficients, 128 for what is
/// upsampled, 56 for its edges. Two bytes a sample of the whole image where it comes in several scans. Notes: their
/// bytes.
fn need(frame: &Frame, size: Size, len: usize) -> usize {
    let components = usize::from(frame.components);
    // Blocks are of 8 x 8 samples, and at most 4 x 4 blocks go together.
    let (width, height) = (size.width as usize + 32, size.height as usize + 32);
    let samples = (width * height).saturating_mul(components);
    let scans = if frame.in_several_scans { samples.saturating_mul(2) } else { 0 };
    scans.saturating_add((64 << 10) + width * 250 * components + len)
}

/// What a JPEG says before its first scan.
struct Frame {
    width: u16,
    height: u16,
    components: u8,
    progressive: bool,
    /// Whether a component has more than one row of blocks in a row of blocks of the image.
    rows_sampled: bool,
    in_several_scans: bool,
}

impl Frame {
    fn find(bytes: &[u8]) -> Result<Frame, Error> {
        let mut rest = bytes.get(2..).unwrap_or_default();
        let mut frame = None;
        loop {
            let (marker, segment, after) = segment(rest).ok_or_else(|| damaged("a header is cut"))?;
            match marker {
                SOF0..=SOF2 => {
                    let &[bits, h1, h0, w1, w0, components, ref sampling @ ..] = segment else {
                        return Err(damaged("its frame header is cut"));
                    };
                    if bits != 8 {
                        return Err(unsupported(&format!("{bits} bits a sample")));
                    }
                    if frame.is_some() {
                        return Err(damaged("it has two frame headers"));
                    }
                    let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
                    // A component's name, its sampling across and down, its table.
                    let rows_sampled = sampling.chunks_exact(3).any(|component| component[1] & 15 > 1);
                    let progressive = marker == SOF2;
                    let in_several_scans = progressive;
                    frame = Some(Frame {
                        width,
                        height,
                        components,
                        progressive,
                        rows_sampled,
                        in_several_scans,
                    });
                }
                DHT | JPG | DAC => {}
                SOF3..=SOF15 => return Err(unsupported("lossless, hierarchical or arithmetic coding")),
                SOS => {
                    let mut frame = frame.ok_or_else(|| damaged("it has no frame header"))?;
                    frame.in_several_scans |= segment.first() != Some(&frame.components);
                    if frame.in_several_scans && frame.rows_sampled && !frame.progressive {
                        // 0.5.15 gives a wrong picture without a word.
                        return Err(unsupported(
                            "baseline coding in several scans and colours sampled across rows",
                        ));
                    }
                    // Nothing but the end of the image looks like this within a scan.
                    return if after.windows(2).rev().any(|pair| pair == [0xff, EOI]) {
                        Ok(frame)
                    } else {
                        Err(damaged("its end is missing"))
                    };
                }
                EOI => return Err(damaged("it ends before its pixels")),
                _ => {}
            }
            rest = after;
        }
    }
}

// T.81, table B.1.
const SOF0: u8 = 0xc0;
const SOF2: u8 = 0xc2;
const SOF3: u8 = 0xc3;
const SOF15: u8 = 0xcf;
const DHT: u8 = 0xc4;
const JPG: u8 = 0xc8;
const DAC: u8 = 0xcc;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;

/// The next marker, what belongs to it, and what follows. Bytes between segments are passed over.
fn segment(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let at = bytes.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff))?;
    let (marker, rest) = (bytes[at + 1], &bytes[at + 2..]);
    // TEM, the restarts, and the ends of an image stand alone.
    if matches!(marker, 0x01 | 0xd0..=0xd9) {
        return Some((marker, &[], rest));
    }
    let length = usize::from(u16::from_be_bytes(rest.get(..2)?.try_into().ok()?));
    Some((marker, rest.get(2..length)?, &rest[length..]))
}

fn damaged(why: &str) -> Error {
    Error::Bad { format: "JPEG", why: why.to_owned() }
}

fn unsupported(what: &str) -> Error {
    Error::Unsupported(format!("a JPEG with {what} is not read here"))
}

fn bad(error: DecodeErrors) -> Error {
    match error {
        DecodeErrors::Unsupported(what) => unsupported(&format!("{what:?}")),
        error => Error::Bad { format: "JPEG", why: format!("{error:?}") },
    }
}
