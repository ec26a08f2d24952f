//! PNG of every colour type and depth.

use crate::support::decode;
use crate::support::png::Png;
use crate::support::samples::{gradient, png};

#[test]
fn every_colour_type_and_depth_keeps_its_samples_interlaced_or_not() {
    let rows: [(u8, &[u8]); 5] =
        [(0, &[1, 2, 4, 8, 16]), (2, &[8, 16]), (3, &[1, 2, 4, 8]), (4, &[8, 16]), (6, &[8, 16])];
    for (colour, depth) in
        rows.into_iter().flat_map(|(colour, depths)| depths.iter().map(move |d| (colour, *d)))
    {
        for interlaced in [false, true] {
            let image = decode(&png(colour, depth, interlaced), 0).whole();
            assert_eq!((image.width, image.height), (24, 18));
            for (x, y) in (0..18).flat_map(|y| (0..24).map(move |x| (x, y))) {
                // What the depth leaves of a sample, brought back to 8 bits.
                let most = (1u32 << depth.min(8)) - 1;
                let [r, g, b] = gradient(x, y).map(|value| match depth {
                    16 => value,
                    _ => ((u32::from(value) * most / 255) * 255 / most) as u8,
                });
                let wanted = match colour {
                    0 => [r, r, r, 255],
                    2 => [r, g, b, 255],
                    3 => [[1, 2, 3, 255], [200, 100, 50, 255]][x as usize % 2],
                    4 => [r, r, r, g],
                    _ => [r, g, b, g],
                };
                assert_eq!(
                    image.at(x, y),
                    wanted,
                    "type {colour}, depth {depth}, interlaced {interlaced}, {x} {y}"
                );
            }
        }
    }
}

#[test]
fn of_16_bits_the_upper_8_are_kept() {
    let samples = |_, _| vec![0x12ff];
    let grey = Png {
        width: 1,
        height: 1,
        depth: 16,
        colour: 0,
        interlaced: false,
        palette: &[],
        transparency: &[],
        samples: &samples,
    };
    assert_eq!(decode(&grey.write(), 0).whole().at(0, 0), [0x12, 0x12, 0x12, 255]);
}

#[test]
fn a_transparent_colour_is_transparent_and_no_other() {
    // (colour type, depth, tRNS, palette, samples of the first and of the second pixel, what they become)
    type Row = (u8, u8, &'static [u8], &'static [u8], [&'static [u16]; 2], [[u8; 4]; 2]);
    let rows: [Row; 5] = [
        (0, 8, &[0, 7], &[], [&[7], &[8]], [[7, 7, 7, 0], [8, 8, 8, 255]]),
        (0, 2, &[0, 1], &[], [&[1], &[2]], [[85, 85, 85, 0], [170, 170, 170, 255]]),
        (2, 8, &[0, 1, 0, 2, 0, 3], &[], [&[1, 2, 3], &[1, 2, 4]], [[1, 2, 3, 0], [1, 2, 4, 255]]),
        (
            2,
            16,
            &[1, 1, 2, 2, 3, 3],
            &[],
            [&[257, 514, 771], &[257, 514, 770]],
            [[1, 2, 3, 0], [1, 2, 3, 255]],
        ),
        (3, 8, &[9], &[1, 2, 3, 4, 5, 6], [&[0], &[1]], [[1, 2, 3, 9], [4, 5, 6, 255]]),
    ];
    for (colour, depth, transparency, palette, pixels, wanted) in rows {
        for interlaced in [false, true] {
            let samples = |x: u32, _| pixels[x as usize].to_vec();
            let png = Png {
                width: 2,
                height: 1,
                depth,
                colour,
                interlaced,
                palette,
                transparency,
                samples: &samples,
            };
            let image = decode(&png.write(), 0).whole();
            assert_eq!(image.pixels, wanted, "type {colour}, depth {depth}");
        }
    }
}

#[test]
fn every_width_of_rgb_keeps_its_pixels() {
    // Pixels are widened four at a time: each remainder, one row and several.
    for (width, height) in (1..=9).flat_map(|width| [(width, 1), (width, 3)]) {
        let samples = |x: u32, y: u32| vec![x as u16, y as u16, 200];
        let png = Png {
            width,
            height,
            depth: 8,
            colour: 2,
            interlaced: false,
            palette: &[],
            transparency: &[],
            samples: &samples,
        };
        let image = decode(&png.write(), 0).whole();
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            assert_eq!(image.at(x, y), [x as u8, y as u8, 200, 255]);
        }
    }
}

#[test]
fn a_wrong_checksum_is_damage() {
    let mut file = png(2, 8, false);
    let at = file.len() - 40;
    file[at] ^= 1;
    let image = decode(&file, 0);
    assert_eq!(image.status_name, "MLAB_DECODE_E_BAD_IMAGE");
    assert!(image.message.contains("PNG") && image.message.contains("fetch it again"), "{}", image.message);
}
