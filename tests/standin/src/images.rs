//! Small real pictures in the formats the service delivers, each different from every other.
//!
//! Knows nothing of jobs and links.

use image_webp::{ColorType as WebpColor, WebPEncoder};
use jpeg_encoder::{ColorType as JpegColor, Encoder as JpegEncoder};
use std::io;

/// The format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageKind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP, lossless.
    WebP,
    /// GIF.
    Gif,
}

impl ImageKind {
    /// All of them.
    pub const ALL: [ImageKind; 4] = [ImageKind::Png, ImageKind::Jpeg, ImageKind::WebP, ImageKind::Gif];

    /// What a link ends with, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            ImageKind::Png => "png",
            ImageKind::Jpeg => "jpg",
            ImageKind::WebP => "webp",
            ImageKind::Gif => "gif",
        }
    }

    /// What the server calls it.
    pub fn content_type(self) -> &'static str {
        match self {
            ImageKind::Png => "image/png",
            ImageKind::Jpeg => "image/jpeg",
            ImageKind::WebP => "image/webp",
            ImageKind::Gif => "image/gif",
        }
    }

    /// Makes a picture. The same name gives the same bytes, another name other ones.
    pub fn encode(self, name: &str, (width, height): (u16, u16)) -> io::Result<Vec<u8>> {
        let hash = hash(name.as_bytes());
        let (wide, high) = (u32::from(width), u32::from(height));
        let mut bytes = Vec::new();
        match self {
            ImageKind::Png => encode_png(&pixels(hash, wide, high), wide, high, &mut bytes)?,
            ImageKind::Jpeg => JpegEncoder::new(&mut bytes, 90)
                .encode(&pixels(hash, wide, high), width, height, JpegColor::Rgb)
                .map_err(io::Error::other)?,
            ImageKind::WebP => WebPEncoder::new(&mut bytes)
                .encode(&pixels(hash, wide, high), wide, high, WebpColor::Rgb8)
                .map_err(io::Error::other)?,
            ImageKind::Gif => encode_gif(hash, width, height, &mut bytes)?,
        }
        Ok(bytes)
    }
}

/// What a picture of this name shows where its format loses nothing (PNG, WebP): R, G, B, a byte each, the top row first.
pub fn picture(name: &str, (width, height): (u16, u16)) -> Vec<u8> {
    pixels(hash(name.as_bytes()), u32::from(width), u32::from(height))
}

fn encode_png(pixels: &[u8], width: u32, height: u32, bytes: &mut Vec<u8>) -> io::Result<()> {
    let mut encoder = png::Encoder::new(bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(pixels)?;
    Ok(())
}

/// GIF has 256 colours: shades of the picture's own one.
fn encode_gif(hash: u64, width: u16, height: u16, bytes: &mut Vec<u8>) -> io::Result<()> {
    let [red, green, blue, ..] = hash.to_le_bytes();
    let shade = |of: u8, at: u16| (u16::from(of) * at / 255) as u8;
    let palette: Vec<u8> =
        (0..256).flat_map(|at| [red, green, blue].map(|of| shade(of, at.min(255)))).collect();
    let pixels: Vec<u8> = (0..height)
        .flat_map(|y| {
            (0..width).map(move |x| (x.wrapping_mul(3).wrapping_add(y.wrapping_mul(5)) % 256) as u8)
        })
        .collect();
    let mut encoder = gif::Encoder::new(bytes, width, height, &palette).map_err(io::Error::other)?;
    let frame = gif::Frame { width, height, buffer: pixels.into(), ..gif::Frame::default() };
    encoder.write_frame(&frame).map_err(io::Error::other)
}

/// A gradient over the picture's own colour, RGB, row by row.
fn pixels(hash: u64, width: u32, height: u32) -> Vec<u8> {
    let [red, green, blue, ..] = hash.to_le_bytes();
    let pixel = move |x: u32, y: u32| {
        [
            red.wrapping_add((x * 255 / width.max(1)) as u8),
            green.wrapping_add((y * 255 / height.max(1)) as u8),
            blue.wrapping_add((x ^ y) as u8),
        ]
    };
    (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect()
}

/// FNV-1a, 64 bits: no secret depends on it, and the same name must give the same picture in every version of Rust.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
