//! Writes JPEG of the kinds that cameras, programs and services make.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// How to write one.
#[derive(Clone, Copy)]
pub(crate) struct Jpeg {
    pub(crate) colour: ColorType,
    pub(crate) sampling: SamplingFactor,
    pub(crate) progressive: bool,
    pub(crate) restart: u16,
}

impl Jpeg {
    pub(crate) fn new(colour: ColorType) -> Jpeg {
        Jpeg { colour, sampling: SamplingFactor::F_1_1, progressive: false, restart: 0 }
    }

    /// `pixel` gives the samples of a pixel in the order of the colour type.
    pub(crate) fn write(&self, width: u16, height: u16, pixel: impl Fn(u16, u16) -> Vec<u8>) -> Vec<u8> {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let samples: Vec<u8> = places.flat_map(|(x, y)| pixel(x, y)).collect();
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, 97);
        encoder.set_sampling_factor(self.sampling);
        encoder.set_progressive(self.progressive);
        encoder.set_restart_interval(self.restart);
        encoder.encode(&samples, width, height, self.colour).expect("an image that can be written");
        file
    }
}

/// Puts a segment behind the start of a file.
pub(crate) fn with_segment(file: &[u8], marker: u8, data: &[u8]) -> Vec<u8> {
    let len = (data.len() as u16 + 2).to_be_bytes();
    [&file[..2], &[0xff, marker], &len, data, &file[2..]].concat()
}

/// Calls the three components R, G and B, which makes a reader leave them as they are.
pub(crate) fn named_rgb(mut file: Vec<u8>) -> Vec<u8> {
    // A frame header of three components, and the header of a scan of them.
    let sof = position(&file, &[0xff, 0xc0]) + 10;
    let sos = position(&file, &[0xff, 0xda]) + 5;
    for (i, name) in b"RGB".iter().enumerate() {
        file[sof + i * 3] = *name;
        file[sos + i * 2] = *name;
    }
    file
}

pub(crate) fn position(file: &[u8], wanted: &[u8]) -> usize {
    file.windows(wanted.len()).position(|bytes| bytes == wanted).expect("the bytes are there")
}
