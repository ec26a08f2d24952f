//! GIF: the first frame on its canvas. What the frame leaves free, or makes transparent, is transparent black.
//!
//! The codec gives palette indices in the order of the file; rows and colours are put in place here. Its own way to
//! interlaced rows ends early on some sizes (0.14.2), and takes a buffer of the frame's size that cannot fail.

use super::bounds::{Bounds, Size};
use super::error::Error;
use super::{Image, memory};
use gif::{DecodeOptions, DecodingError, MemoryLimit};

pub(super) fn decode(bytes: &[u8], bounds: Bounds) -> Result<Image, Error> {
    let mut options = DecodeOptions::new();
    // It holds for notes in the file, which are bounded by the bytes there are; the pixels go into buffers of ours.
    options.set_memory_limit(MemoryLimit::Unlimited);
    memory::afford(NEED + bytes.len() * 2)?;
    let mut decoder = options.read_info(bytes).map_err(bad)?;
    let canvas = bounds.admit(decoder.width().into(), decoder.height().into(), "GIF")?;
    let frame = decoder.next_frame_info().map_err(bad)?.ok_or_else(|| damaged("it has no frame"))?;
    let size = bounds.admit(frame.width.into(), frame.height.into(), "GIF")?;
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let (transparent, interlaced) = (frame.transparent, frame.interlaced);
    let mut pixels = memory::zeroed(canvas.bytes())?;
    let mut indices = memory::zeroed(size.pixels())?;
    if !decoder.fill_buffer(&mut indices).map_err(bad)? {
        return Err(damaged("its end is missing"));
    }
    let colours = colours(decoder.palette().map_err(bad)?, transparent);
    let stride = canvas.width as usize * 4;
    for (row, y) in indices.chunks_exact(size.width as usize).zip(rows(size, interlaced)) {
        // Beyond the edges of the canvas there is nothing to write to, and the rest of the row is left out.
        let at = (top + y) * stride..(top + y + 1) * stride;
        let line = pixels.get_mut(at).and_then(|line| line.get_mut(left * 4..)).unwrap_or_default();
        for (pixel, index) in line.chunks_exact_mut(4).zip(row) {
            pixel.copy_from_slice(&colours[usize::from(*index)]);
        }
    }
    Ok(Image { width: canvas.width, height: canvas.height, pixels })
}

/// What the codec allocates at most beside notes: a buffer to read by, code tables, palettes.
const NEED: usize = 64 << 10;

/// The colour of every index; of those that the palette lacks none.
fn colours(palette: &[u8], transparent: Option<u8>) -> [[u8; 4]; 256] {
    let mut colours = [[0; 4]; 256];
    for (colour, rgb) in colours.iter_mut().zip(palette.chunks_exact(3)) {
        *colour = [rgb[0], rgb[1], rgb[2], 255];
    }
    if let Some(index) = transparent {
        colours[usize::from(index)] = [0; 4];
    }
    colours
}

/// The rows in the order of the file: those of an interlaced frame come in four passes (GIF89a, appendix E).
fn rows(size: Size, interlaced: bool) -> impl Iterator<Item = usize> {
    let passes: &[(usize, usize)] = if interlaced { &[(0, 8), (4, 8), (2, 4), (1, 2)] } else { &[(0, 1)] };
    passes.iter().flat_map(move |&(from, step)| (from..size.height as usize).step_by(step))
}

fn damaged(why: &str) -> Error {
    Error::Bad { format: "GIF", why: why.to_owned() }
}

fn bad(error: DecodingError) -> Error {
    match error {
        DecodingError::OutOfMemory => Error::NoMemory { bytes: NEED },
        error => damaged(&error.to_string()),
    }
}
