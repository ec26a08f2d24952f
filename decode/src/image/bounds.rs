//! How large an image may be. Asked before anything of its size is allocated.

use super::error::Error;

/// What max_pixels of 0 stands for: 8192 x 8192, 256 MiB of pixels.
pub(crate) const DEFAULT_MAX_PIXELS: u64 = 1 << 26;

/// No caller can allow more: 16384 x 16384, 1 GiB of pixels. Every size in bytes below then fits 32 bits, which some
/// codecs calculate in.
pub(crate) const MOST_PIXELS: u64 = 1 << 28;

/// The most pixels that a caller allows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    max_pixels: u64,
}

/// A width and a height within the bounds, neither 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Bounds {
    pub(super) fn new(max_pixels: u64) -> Bounds {
        let asked = if max_pixels == 0 { DEFAULT_MAX_PIXELS } else { max_pixels };
        Bounds { max_pixels: asked.min(MOST_PIXELS) }
    }

    pub(super) fn admit(&self, width: u32, height: u32, format: &'static str) -> Result<Size, Error> {
        if width == 0 || height == 0 {
            return Err(Error::Bad { format, why: format!("{width} x {height} pixels") });
        }
        if u64::from(width) * u64::from(height) > self.max_pixels {
            return Err(Error::TooLarge { width, height, max_pixels: self.max_pixels });
        }
        Ok(Size { width, height })
    }
}

impl Size {
    pub(super) fn pixels(self) -> usize {
        self.width as usize * self.height as usize
    }

    /// Of RGBA8.
    pub(super) fn bytes(self) -> usize {
        self.pixels() * 4
    }
}
