//! Bytes to RGBA8 pixels. Safe code, and the only place that knows the codecs; it must never know of C.

pub(crate) mod bounds;
pub(crate) mod error;
mod gif;
mod jpeg;
pub mod kind;
pub(crate) mod memory;
mod png;
mod spread;
mod webp;

use bounds::Bounds;
use error::Error;
use kind::Kind;

/// A decoded image: four bytes a pixel in the order R, G, B, A, rows from the top, nothing between them.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Image {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Vec<u8>,
}

/// Decodes a whole image of at most `max_pixels` pixels; 0 is [`bounds::DEFAULT_MAX_PIXELS`].
pub(crate) fn decode(bytes: &[u8], max_pixels: u64) -> Result<Image, Error> {
    let bounds = Bounds::new(max_pixels);
    match Kind::of(bytes) {
        Kind::MLAB_DECODE_KIND_PNG => png::decode(bytes, bounds),
        Kind::MLAB_DECODE_KIND_JPEG => jpeg::decode(bytes, bounds),
        Kind::MLAB_DECODE_KIND_WEBP => webp::decode(bytes, bounds),
        Kind::MLAB_DECODE_KIND_GIF => gif::decode(bytes, bounds),
        Kind::MLAB_DECODE_KIND_UNKNOWN if bytes.is_empty() => {
            Err(Error::Bad { format: "image", why: "there are no bytes".into() })
        }
        Kind::MLAB_DECODE_KIND_UNKNOWN => {
            Err(Error::Unsupported("the bytes begin as no PNG, JPEG, WebP or GIF does".into()))
        }
    }
}
