//! Packed grey, grey with alpha, or RGB made RGBA in the buffer that it stands in.

use super::bounds::Size;
use super::error::Error;
use super::memory;

/// Where a codec is to put pixels of so many channels, so that [`spread`] can make them RGBA in place: at the end.
pub(super) fn packed(pixels: &mut [u8], size: Size, channels: usize) -> &mut [u8] {
    &mut pixels[size.pixels() * (4 - channels)..]
}

/// Makes what stands in [`packed`] RGBA.
///
/// Forwards, a row at a time by way of a row of its own: up to any row the result takes no more room than the gap in
/// front of it and the rows that are already read.
pub(super) fn spread(pixels: &mut [u8], size: Size, channels: usize) -> Result<(), Error> {
    let expand = match channels {
        1 => grey,
        2 => grey_alpha,
        3 => rgb,
        _ => return Ok(()),
    };
    let width = size.width as usize;
    let mut row = memory::zeroed(width * channels)?;
    let start = size.pixels() * (4 - channels);
    for y in 0..size.height as usize {
        let from = start + y * width * channels;
        row.copy_from_slice(&pixels[from..from + width * channels]);
        expand(&row, &mut pixels[y * width * 4..(y + 1) * width * 4]);
    }
    Ok(())
}

fn grey(row: &[u8], out: &mut [u8]) {
    for (&grey, out) in row.iter().zip(out.chunks_exact_mut(4)) {
        out.copy_from_slice(&[grey, grey, grey, 255]);
    }
}

fn grey_alpha(row: &[u8], out: &mut [u8]) {
    for (from, out) in row.chunks_exact(2).zip(out.chunks_exact_mut(4)) {
        out.copy_from_slice(&[from[0], from[0], from[0], from[1]]);
    }
}

/// Four pixels at a time as whole words; without, this is a tenth of the time that a PNG takes.
fn rgb(row: &[u8], out: &mut [u8]) {
    const OPAQUE: u32 = 0xff00_0000;
    let mut rows = row.chunks_exact(12);
    let mut outs = out.chunks_exact_mut(16);
    for (from, out) in (&mut rows).zip(&mut outs) {
        let word = |at: usize| u32::from_le_bytes([from[at], from[at + 1], from[at + 2], from[at + 3]]);
        let (a, b, c) = (word(0), word(4), word(8));
        let pixels = [a, a >> 24 | b << 8, b >> 16 | c << 16, c >> 8];
        for (out, pixel) in out.chunks_exact_mut(4).zip(pixels) {
            out.copy_from_slice(&(pixel | OPAQUE).to_le_bytes());
        }
    }
    for (from, out) in rows.remainder().chunks_exact(3).zip(outs.into_remainder().chunks_exact_mut(4)) {
        out.copy_from_slice(&[from[0], from[1], from[2], 255]);
    }
}
