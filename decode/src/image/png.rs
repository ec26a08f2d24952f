//! PNG. Every colour type and depth; 16 bits become 8 by leaving the lower ones out, as libpng's strip_16 does.

use super::bounds::{Bounds, Size};
use super::error::Error;
use super::spread::{packed, spread};
use super::{Image, memory};
use png::{Decoder, DecodingError, Limits, Transformations};
use std::io::Cursor;

pub(super) fn decode(bytes: &[u8], bounds: Bounds) -> Result<Image, Error> {
    // What a limit of the codec would bound is bounded here: rows by the image's size, chunks by the bytes there are.
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: usize::MAX });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(bad)?;
    let size = bounds.admit(header.width, header.height, "PNG")?;
    let mut pixels = memory::zeroed(size.bytes())?;
    memory::afford(need(size))?;
    let mut reader = decoder.read_info().map_err(bad)?;
    let channels = reader.output_color_type().0.samples();
    reader.next_frame(packed(&mut pixels, size, channels)).map_err(bad)?;
    spread(&mut pixels, size, channels)?;
    Ok(Image { width: size.width, height: size.height, pixels })
}

/// What the codec allocates at most: a window for inflating, and some rows of up to 8 bytes a pixel.
fn need(size: Size) -> usize {
    (size.width as usize).saturating_mul(8 * 5).saturating_add(512 << 10)
}

fn bad(error: DecodingError) -> Error {
    Error::Bad { format: "PNG", why: error.to_string() }
}
