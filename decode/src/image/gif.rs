//! GIF: the first frame on its canvas. What the frame leaves free, or makes transparent, is transparent black.

use super::bounds::Bounds;
use super::error::Error;
use super::{Image, memory};
use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, MemoryLimit};

pub(super) fn decode(bytes: &[u8], bounds: Bounds) -> Result<Image, Error> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    // It holds for notes in the file, which are bounded by the bytes there are; the pixels go into buffers of ours.
    options.set_memory_limit(MemoryLimit::Unlimited);
    memory::afford(NEED + bytes.len())?;
    let mut decoder = options.read_info(bytes).map_err(bad)?;
    let canvas = bounds.admit(decoder.width().into(), decoder.height().into(), "GIF")?;
    let frame = decoder.next_frame_info().map_err(bad)?;
    let frame = frame.ok_or_else(|| Error::Bad { format: "GIF", why: "it has no frame".into() })?;
    let at = (frame.left, frame.top);
    let frame = bounds.admit(frame.width.into(), frame.height.into(), "GIF")?;
    let mut pixels = memory::zeroed(canvas.bytes())?;
    if at == (0, 0) && frame == canvas {
        read(&mut decoder, &mut pixels)?;
    } else {
        let mut part = memory::zeroed(frame.bytes())?;
        read(&mut decoder, &mut part)?;
        place(&part, frame.width as usize, &mut pixels, canvas.width as usize, at);
    }
    Ok(Image { width: canvas.width, height: canvas.height, pixels })
}

/// What the codec allocates at most beside notes: a buffer to read by, code tables, palettes.
const NEED: usize = 64 << 10;

fn read(decoder: &mut Decoder<&[u8]>, pixels: &mut [u8]) -> Result<(), Error> {
    decoder.read_into_buffer(pixels).map_err(bad)?;
    for pixel in pixels.chunks_exact_mut(4).filter(|pixel| pixel[3] == 0) {
        pixel.fill(0);
    }
    Ok(())
}

/// Puts a frame on the canvas; what reaches over the edge is cut off.
fn place(part: &[u8], width: usize, canvas: &mut [u8], canvas_width: usize, (left, top): (u16, u16)) {
    let (left, top) = (usize::from(left), usize::from(top));
    let seen = width.min(canvas_width.saturating_sub(left));
    let rows = canvas.chunks_exact_mut(canvas_width * 4).skip(top);
    for (row, from) in rows.zip(part.chunks_exact(width * 4)) {
        if seen > 0 {
            row[left * 4..(left + seen) * 4].copy_from_slice(&from[..seen * 4]);
        }
    }
}

fn bad(error: DecodingError) -> Error {
    match error {
        DecodingError::OutOfMemory => Error::NoMemory { bytes: NEED },
        error => Error::Bad { format: "GIF", why: error.to_string() },
    }
}
