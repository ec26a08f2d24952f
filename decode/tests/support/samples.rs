//! Small images of every kind, by name.

use super::jpeg::{Jpeg, with_segment};
use super::png::Png;
use gif::{Encoder, Frame};
use image_webp::{ColorType as WebpColour, WebPEncoder};
use jpeg_encoder::{ColorType, SamplingFactor};

pub(crate) const LOSSY: &[u8] = include_bytes!("../images/lossy.webp");
pub(crate) const LOSSY_ALPHA: &[u8] = include_bytes!("../images/lossy_alpha.webp");
pub(crate) const ANIMATED: &[u8] = include_bytes!("../images/animated.webp");
pub(crate) const ANIMATED_ALPHA: &[u8] = include_bytes!("../images/animated_alpha.webp");

/// What the WebP files above and the samples below show: red rises to the right, green downwards.
pub(crate) fn gradient(x: u32, y: u32) -> [u8; 3] {
    [(x * 255 / 23) as u8, (y * 255 / 17) as u8, 128]
}

pub(crate) fn lossless_webp(width: u32, height: u32, alpha: bool) -> Vec<u8> {
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let pixel = |(x, y): (u32, u32)| {
        let [r, g, b] = gradient(x % 24, y % 18);
        if alpha { vec![r, g, b, (x * 7) as u8] } else { vec![r, g, b] }
    };
    let samples: Vec<u8> = places.flat_map(pixel).collect();
    let mut file = Vec::new();
    let colour = if alpha { WebpColour::Rgba8 } else { WebpColour::Rgb8 };
    WebPEncoder::new(&mut file)
        .encode(&samples, width, height, colour)
        .expect("an image that can be written");
    file
}

/// A GIF of frames on a canvas.
pub(crate) fn gif(width: u16, height: u16, palette: &[u8], frames: &[Frame<'_>]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height, palette).expect("a palette that can be written");
    for frame in frames {
        encoder.write_frame(frame).expect("a frame that can be written");
    }
    drop(encoder);
    file
}

/// PNG of one colour type and depth with the gradient, as far as its samples go.
pub(crate) fn png(colour: u8, depth: u8, interlaced: bool) -> Vec<u8> {
    let most = (1u32 << depth) - 1;
    let sample = |value: u8| (u32::from(value) * most / 255) as u16;
    let samples = |x: u32, y: u32| {
        let [r, g, b] = gradient(x, y).map(sample);
        match colour {
            0 => vec![r],
            2 => vec![r, g, b],
            3 => vec![(x % 2) as u16],
            4 => vec![r, g],
            _ => vec![r, g, b, g],
        }
    };
    let palette: &[u8] = if colour == 3 { &[1, 2, 3, 200, 100, 50] } else { &[] };
    let png = Png {
        width: 24,
        height: 18,
        depth,
        colour,
        interlaced,
        palette,
        transparency: &[],
        samples: &samples,
    };
    png.write()
}

/// Whole images of at most 24 x 18 pixels, the seeds of mutations too.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let rgb = |x: u16, y: u16| gradient(x.into(), y.into()).to_vec();
    let jpeg = |jpeg: Jpeg| jpeg.write(24, 18, rgb);
    let plain = Jpeg::new(ColorType::Rgb);
    let four = |x: u16, y: u16| [gradient(x.into(), y.into()).to_vec(), vec![y as u8]].concat();
    let palette = [10, 20, 30, 40, 50, 60, 70, 80, 90, 0, 0, 0];
    let frame = |left, interlaced, transparent| Frame {
        left,
        top: 3,
        width: 9,
        height: 8,
        interlaced,
        transparent,
        buffer: (0..72).map(|i| i % 3).collect(),
        ..Frame::default()
    };
    vec![
        ("grey.png", png(0, 8, false)),
        ("bits.png", png(0, 1, true)),
        ("rgb.png", png(2, 8, false)),
        ("rgb16.png", png(2, 16, true)),
        ("palette.png", png(3, 2, false)),
        ("rgba.png", png(6, 8, true)),
        ("grey.jpg", Jpeg::new(ColorType::Luma).write(24, 18, |x, _| vec![x as u8 * 10])),
        ("plain.jpg", jpeg(plain)),
        ("sampled.jpg", jpeg(Jpeg { sampling: SamplingFactor::F_2_2, restart: 1, ..plain })),
        ("progressive.jpg", jpeg(Jpeg { progressive: true, sampling: SamplingFactor::F_2_1, ..plain })),
        ("exif.jpg", with_segment(&jpeg(plain), 0xe1, b"Exif\0\0MM\0\x2a\0\0\0\x08\0\0")),
        ("cmyk.jpg", Jpeg::new(ColorType::Cmyk).write(24, 18, four)),
        ("ycck.jpg", Jpeg { progressive: true, ..Jpeg::new(ColorType::CmykAsYcck) }.write(24, 18, four)),
        ("lossy.webp", LOSSY.to_vec()),
        ("lossy_alpha.webp", LOSSY_ALPHA.to_vec()),
        ("lossless.webp", lossless_webp(24, 18, false)),
        ("lossless_alpha.webp", lossless_webp(24, 18, true)),
        ("animated.webp", ANIMATED.to_vec()),
        ("animated_alpha.webp", ANIMATED_ALPHA.to_vec()),
        ("plain.gif", gif(9, 11, &palette, &[frame(0, false, None)])),
        ("placed.gif", gif(20, 12, &palette, &[frame(5, true, Some(1)), frame(0, false, None)])),
    ]
}

/// Images large enough for what grows with them to show.
pub(crate) fn large() -> Vec<(String, Vec<u8>)> {
    let palette = [10, 20, 30, 40, 50, 60];
    let mut all = Vec::new();
    for (width, height) in [(300u16, 200u16), (1000, 3), (3, 1000)] {
        let mut add = |name: &str, bytes| all.push((format!("{name} {width} x {height}"), bytes));
        let rgb = |x: u16, y: u16| vec![x as u8, y as u8, (x ^ y) as u8];
        let four = |x: u16, y: u16| vec![x as u8, y as u8, (x ^ y) as u8, 9];
        for sampling in
            [SamplingFactor::F_1_1, SamplingFactor::F_2_2, SamplingFactor::F_4_1, SamplingFactor::F_2_4]
        {
            // The last one is not read where it is baseline.
            let first = usize::from(sampling == SamplingFactor::F_2_4);
            for progressive in [false, true].into_iter().skip(first) {
                let jpeg = Jpeg { sampling, progressive, ..Jpeg::new(ColorType::Rgb) };
                add("rgb.jpg", jpeg.write(width, height, rgb));
                let jpeg = Jpeg { colour: ColorType::CmykAsYcck, ..jpeg };
                add("ycck.jpg", jpeg.write(width, height, four));
            }
        }
        for (colour, interlaced) in [(2, false), (2, true), (6, false), (6, true)] {
            let samples = |x: u32, y: u32| {
                [x, y, x ^ y, 9].iter().take(if colour == 2 { 3 } else { 4 }).map(|v| *v as u16).collect()
            };
            let (width, height) = (width.into(), height.into());
            let png = Png {
                width,
                height,
                depth: 16,
                colour,
                interlaced,
                palette: &[],
                transparency: &[],
                samples: &samples,
            };
            add("deep.png", png.write());
        }
        for alpha in [false, true] {
            add("lossless.webp", lossless_webp(width.into(), height.into(), alpha));
        }
        let buffer: Vec<u8> = (0..usize::from(width) * usize::from(height)).map(|i| (i % 2) as u8).collect();
        add(
            "large.gif",
            gif(
                width,
                height,
                &palette,
                &[Frame { width, height, buffer: buffer.into(), ..Frame::default() }],
            ),
        );
    }
    all
}

/// Files whose headers name more pixels than there are anywhere.
pub(crate) fn giants() -> Vec<(&'static str, Vec<u8>)> {
    let patched = |name: &'static str, at: usize, with: &[u8]| {
        let (_, mut bytes) =
            all().into_iter().find(|(sample, _)| *sample == name).expect("a sample of this name");
        bytes[at..at + with.len()].copy_from_slice(with);
        super::png::mend_checksums(&mut bytes);
        (name, bytes)
    };
    let sof = |name: &'static str, marker: &[u8]| {
        let (_, bytes) =
            all().into_iter().find(|(sample, _)| *sample == name).expect("a sample of this name");
        super::jpeg::position(&bytes, marker) + 5
    };
    let mut giants = vec![
        patched("rgb.png", 16, &[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]),
        patched("rgba.png", 16, &[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]),
        patched("plain.jpg", sof("plain.jpg", &[0xff, 0xc0]), &[0xff; 4]),
        patched("progressive.jpg", sof("progressive.jpg", &[0xff, 0xc2]), &[0xff; 4]),
        patched("lossy.webp", 26, &[0xff, 0x3f, 0xff, 0x3f]),
        patched("lossless.webp", 21, &[0xff, 0xff, 0xff, 0x0f]),
        patched("animated.webp", 24, &[0xff; 6]),
        patched("plain.gif", 6, &[0xff; 4]),
    ];
    // The frame is the giant, not its canvas: where it stands in the descriptor that follows 0x2c.
    let (_, gif) =
        all().into_iter().find(|(sample, _)| *sample == "plain.gif").expect("a sample of this name");
    let at = super::jpeg::position(&gif, &[0x2c, 0, 0, 3, 0]) + 5;
    giants.push(patched("plain.gif", at, &[0xff; 4]));
    giants
}

/// One image a format and way to decode it, large enough for memory to run short.
pub(crate) fn for_memory() -> Vec<(String, Vec<u8>)> {
    let side = 500u16;
    let rgb = |x: u16, y: u16| vec![x as u8, y as u8, 90];
    let jpeg =
        |progressive| Jpeg { progressive, sampling: SamplingFactor::F_2_2, ..Jpeg::new(ColorType::Rgb) };
    let samples = |x: u32, y: u32| vec![x as u16, y as u16, 9];
    let (width, height) = (side.into(), side.into());
    let png = Png {
        width,
        height,
        depth: 16,
        colour: 2,
        interlaced: false,
        palette: &[],
        transparency: &[],
        samples: &samples,
    };
    let buffer = vec![0; usize::from(side) * usize::from(side)];
    let frame = Frame { width: side, height: side, buffer: buffer.into(), ..Frame::default() };
    [
        ("image.png", png.write()),
        ("baseline.jpg", jpeg(false).write(side, side, rgb)),
        ("progressive.jpg", jpeg(true).write(side, side, rgb)),
        ("lossless.webp", lossless_webp(side.into(), side.into(), false)),
        ("image.gif", gif(side, side, &[1, 2, 3, 4, 5, 6], &[frame])),
    ]
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .into()
}
