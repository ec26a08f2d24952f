//! JPEG of every colour space and sampling.

use crate::assert_near;
use crate::support::jpeg::{Jpeg, named_rgb, position, with_segment};
use crate::support::{Decoded, decode};
use jpeg_encoder::{ColorType, SamplingFactor};

/// Changes by little from one pixel to the next, so that sampled colours stay near.
fn slope(x: u16, y: u16, width: u16, height: u16) -> [u8; 3] {
    let part = |at: u16, of: u16| (60 + u32::from(at) * 120 / u32::from(of.max(2) - 1)) as u8;
    [part(x, width), part(y, height), 100]
}

const SAMPLINGS: [SamplingFactor; 5] = [
    SamplingFactor::F_1_1,
    SamplingFactor::F_2_1,
    SamplingFactor::F_1_2,
    SamplingFactor::F_2_2,
    SamplingFactor::F_4_1,
];

fn check(jpeg: Jpeg, (width, height): (u16, u16), within: u8) {
    let file = jpeg.write(width, height, |x, y| slope(x, y, width, height).to_vec());
    let image = decode(&file, 0).whole();
    assert_eq!((image.width, image.height), (width.into(), height.into()));
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        let [r, g, b] = slope(x, y, width, height);
        assert_near(&image, (x.into(), y.into()), [r, g, b, 255], within);
    }
}

#[test]
fn every_sampling_keeps_the_colours_baseline_progressive_and_with_restarts() {
    for sampling in SAMPLINGS {
        for (progressive, restart) in [(false, 0), (true, 0), (false, 3)] {
            let jpeg = Jpeg { sampling, progressive, restart, ..Jpeg::new(ColorType::Rgb) };
            check(jpeg, (67, 53), 12);
        }
    }
}

#[test]
fn every_small_size_keeps_its_colours() {
    for sampling in
        [SamplingFactor::F_1_1, SamplingFactor::F_2_1, SamplingFactor::F_1_2, SamplingFactor::F_2_2]
    {
        for size in (1..=18).flat_map(|width| [(width, 1), (width, 9), (9, width), (1, width), (width, 17)]) {
            // On so few pixels the slope is steep: a flat colour shows what is misplaced as well.
            let jpeg = Jpeg { sampling, ..Jpeg::new(ColorType::Rgb) };
            let file = jpeg.write(size.0, size.1, |_, _| vec![180, 60, 20]);
            let image = decode(&file, 0).whole();
            for (x, y) in (0..size.1).flat_map(|y| (0..size.0).map(move |x| (x, y))) {
                assert_near(&image, (x.into(), y.into()), [180, 60, 20, 255], 6);
            }
        }
    }
}

#[test]
fn grey_becomes_grey_in_all_three_colours() {
    for progressive in [false, true] {
        let jpeg = Jpeg { progressive, ..Jpeg::new(ColorType::Luma) };
        let image = decode(&jpeg.write(40, 30, |x, _| vec![x as u8 * 6]), 0).whole();
        for (x, y) in (0..30).flat_map(|y| (0..40).map(move |x| (x, y))) {
            let grey = x as u8 * 6;
            assert_near(&image, (x, y), [grey, grey, grey, 255], 6);
        }
    }
}

#[test]
fn components_named_rgb_are_taken_as_they_are() {
    let file = Jpeg::new(ColorType::Ycbcr).write(33, 20, |_, _| vec![10, 200, 90]);
    let image = decode(&named_rgb(file), 0).whole();
    for (x, y) in (0..20).flat_map(|y| (0..33).map(move |x| (x, y))) {
        assert_near(&image, (x, y), [10, 200, 90, 255], 3);
    }
}

/// Cyan, magenta, yellow and black as amounts of ink.
const INKS: [([u8; 4], [u8; 3]); 5] = [
    ([0, 0, 0, 0], [255, 255, 255]),
    ([255, 0, 0, 0], [0, 255, 255]),
    ([0, 255, 0, 0], [255, 0, 255]),
    ([0, 0, 0, 255], [0, 0, 0]),
    ([0, 128, 255, 64], [191, 95, 0]),
];

#[test]
fn cmyk_and_ycck_become_the_colour_of_the_inks() {
    for (inks, [r, g, b]) in INKS {
        for colour in [ColorType::Cmyk, ColorType::CmykAsYcck] {
            for progressive in [false, true] {
                let jpeg = Jpeg { progressive, ..Jpeg::new(colour) };
                // The encoder stores them as Adobe's programs do: how much is left of the paper.
                let image = decode(&jpeg.write(33, 20, |_, _| inks.to_vec()), 0).whole();
                for (x, y) in (0..20).flat_map(|y| (0..33).map(move |x| (x, y))) {
                    assert_near(&image, (x, y), [r, g, b, 255], 6);
                }
            }
        }
    }
}

#[test]
fn the_orientation_of_exif_is_not_applied() {
    let plain = Jpeg::new(ColorType::Rgb).write(20, 10, |x, y| slope(x, y, 20, 10).to_vec());
    // One entry: orientation (0x0112), a short, one of it, 6: turn to the right.
    let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    assert_eq!(decode(&with_segment(&plain, 0xe1, exif), 0), decode(&plain, 0));
}

#[test]
fn a_thumbnail_in_a_segment_does_not_count_as_the_end() {
    let plain = Jpeg::new(ColorType::Rgb).write(20, 10, |x, y| slope(x, y, 20, 10).to_vec());
    let file = with_segment(&plain, 0xe1, &[b"Exif\0\0", &plain[..]].concat());
    assert_eq!(decode(&file, 0), decode(&plain, 0));
    assert_eq!(decode(&file[..file.len() - 1], 0).status_name, "MLAB_DECODE_E_BAD_IMAGE");
}

#[test]
fn colours_sampled_across_rows_in_a_scan_of_their_own_are_progressive_or_unsupported() {
    // The encoder writes a scan for each component where four go into one.
    for sampling in [SamplingFactor::F_4_2, SamplingFactor::F_1_4, SamplingFactor::F_2_4] {
        check(Jpeg { sampling, progressive: true, ..Jpeg::new(ColorType::Rgb) }, (67, 53), 12);
        let baseline = Jpeg { sampling, ..Jpeg::new(ColorType::Rgb) };
        let image = decode(&baseline.write(67, 53, |_, _| vec![1, 2, 3]), 0);
        assert_eq!(image.status_name, "MLAB_DECODE_E_UNSUPPORTED", "{}", image.message);
    }
}

#[test]
fn codings_that_are_not_read_are_unsupported() {
    let plain = Jpeg::new(ColorType::Rgb).write(20, 10, |_, _| vec![1, 2, 3]);
    let sof = position(&plain, &[0xff, 0xc0]);
    let changed = |at: usize, byte: u8| {
        let mut file = plain.clone();
        file[at] = byte;
        decode(&file, 0)
    };
    let refused: [Decoded; 3] = [changed(sof + 1, 0xc3), changed(sof + 1, 0xc9), changed(sof + 4, 12)];
    for image in refused {
        assert_eq!(image.status_name, "MLAB_DECODE_E_UNSUPPORTED", "{}", image.message);
        assert_eq!(image.kind, "JPEG");
    }
}
