//! The images that are decoded, made here: a scene of soft shapes under grain, as pictures of a generator compress,
//! and a drawing of flat colours.
//!
//! Must never know who decodes them.

use crate::Outcome;
use crate::programs::{Folder, Peer};
use jpeg_encoder::{ColorType as JpegColour, Encoder as JpegEncoder, SamplingFactor};
use std::fs;
use std::path::PathBuf;

/// Width and height of every image.
pub(crate) const SIDE: u32 = 1024;

/// What an image shows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scene {
    Soft,
    Drawing,
}

/// How it is stored.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stored {
    Png { alpha: bool },
    Jpeg { sampling: SamplingFactor, progressive: bool },
    LossyWebp { alpha: bool },
    LosslessWebp,
}

/// Writes the image; `None` after saying aloud what is missing for it.
pub(crate) fn write(scene: Scene, stored: Stored, folder: &Folder) -> Outcome<Option<PathBuf>> {
    let path = folder.path.join(format!("{scene:?}-{stored:?}.image").replace([' ', '{', '}', ':', ','], ""));
    let bytes = match stored {
        Stored::Png { alpha } => png(scene, alpha)?,
        Stored::Jpeg { sampling, progressive } => jpeg(scene, sampling, progressive)?,
        Stored::LossyWebp { alpha } => {
            let Some(encoder) = folder.encoder(Peer::Libwebp)? else { return Ok(None) };
            let raw = folder.path.join("scene.rgba");
            fs::write(&raw, pixels(scene, alpha, 4))?;
            let sizes = [SIDE.to_string(), "80".to_owned()];
            crate::programs::output(std::process::Command::new(encoder).arg(&raw).args(sizes).arg(&path))?;
            return Ok(Some(path));
        }
        Stored::LosslessWebp => {
            let mut bytes = Vec::new();
            let encoder = image_webp::WebPEncoder::new(&mut bytes);
            encoder.encode(&pixels(scene, false, 4), SIDE, SIDE, image_webp::ColorType::Rgba8)?;
            bytes
        }
    };
    fs::write(&path, bytes)?;
    Ok(Some(path))
}

/// By zlib's usual level and all filters, as most programs do.
fn png(scene: Scene, alpha: bool) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, SIDE, SIDE);
    encoder.set_color(if alpha { png::ColorType::Rgba } else { png::ColorType::Rgb });
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_filter(png::Filter::Adaptive);
    let channels = if alpha { 4 } else { 3 };
    encoder.write_header()?.write_image_data(&pixels(scene, alpha, channels))?;
    Ok(bytes)
}

fn jpeg(scene: Scene, sampling: SamplingFactor, progressive: bool) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new(&mut bytes, 90);
    encoder.set_sampling_factor(sampling);
    encoder.set_progressive(progressive);
    encoder.encode(&pixels(scene, false, 3), SIDE as u16, SIDE as u16, JpegColour::Rgb)?;
    Ok(bytes)
}

fn pixels(scene: Scene, alpha: bool, channels: usize) -> Vec<u8> {
    let mut grain = 0x9e37_79b9_u32;
    let mut pixels = Vec::with_capacity((SIDE * SIDE) as usize * channels);
    for (x, y) in (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (x, y))) {
        let colour = match scene {
            Scene::Soft => {
                grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                soft(x as f32, y as f32, (grain >> 24) as f32 / 32.0 - 4.0)
            }
            Scene::Drawing => drawing(x, y),
        };
        let [r, g, b] = colour;
        let opacity = if alpha { (x / 4) as u8 } else { 255 };
        pixels.extend([r, g, b, opacity].iter().take(channels));
    }
    pixels
}

fn soft(x: f32, y: f32, grain: f32) -> [u8; 3] {
    let wave = |fx: f32, fy: f32, at: f32| ((x * fx + y * fy) / 97.0 + at).sin();
    let shade = 40.0 * wave(1.0, 0.3, 0.0) + 30.0 * wave(-0.4, 1.3, 1.0) + 12.0 * wave(5.0, 3.0, 2.0);
    let channel =
        |base: f32, tint: f32| (base + shade + tint * wave(0.7, -0.6, tint) + grain).clamp(0.0, 255.0) as u8;
    [channel(140.0, 25.0), channel(120.0, -15.0), channel(100.0, 35.0)]
}

fn drawing(x: u32, y: u32) -> [u8; 3] {
    let (dx, dy) = ((x % 256).abs_diff(128), (y % 256).abs_diff(128));
    match dx * dx + dy * dy {
        0..4000 => [230, 60, 50],
        4000..9000 => [(x / 256 * 60) as u8, (y / 256 * 60) as u8, 180],
        _ => [250, 246, 235],
    }
}
