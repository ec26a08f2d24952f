//! WebP, lossy and lossless; of an animation the first frame.

use crate::support::decode;
use crate::support::samples::{ANIMATED, ANIMATED_ALPHA, LOSSY, LOSSY_ALPHA, gradient, lossless_webp};
use crate::{Decoded, assert_near};

fn places(width: u32, height: u32) -> impl Iterator<Item = (u32, u32)> {
    (0..height).flat_map(move |y| (0..width).map(move |x| (x, y)))
}

#[test]
fn lossy_pixels_are_near_to_what_was_encoded() {
    let image = decode(LOSSY, 0).whole();
    for (x, y) in places(24, 18) {
        let [r, g, b] = gradient(x, y);
        assert_near(&image, (x, y), [r, g, b, 255], 24);
    }
}

#[test]
fn alpha_beside_lossy_colours_is_exact() {
    let image = decode(LOSSY_ALPHA, 0).whole();
    for (x, y) in places(24, 18) {
        assert_eq!(image.at(x, y)[3], if y < 9 { 255 } else { 0 });
    }
}

#[test]
fn lossless_pixels_are_exact_with_alpha_and_without() {
    for (width, height) in [(24, 18), (1, 1), (100, 3), (3, 100)] {
        for alpha in [false, true] {
            let image: Decoded = decode(&lossless_webp(width, height, alpha), 0).whole();
            for (x, y) in places(width, height) {
                let [r, g, b] = gradient(x % 24, y % 18);
                assert_eq!(image.at(x, y), [r, g, b, if alpha { (x * 7) as u8 } else { 255 }]);
            }
        }
    }
}

#[test]
fn the_first_frame_of_an_animation_stands_on_its_canvas() {
    // At 8, 4 on a canvas of 16 x 10; the left half of the frame is half transparent in the file with alpha.
    for (file, free, left) in [(ANIMATED, [0, 0, 0, 255], 255), (ANIMATED_ALPHA, [0, 0, 0, 0], 128)] {
        let image = decode(file, 0).whole();
        assert_eq!((image.width, image.height), (16, 10));
        for (x, y) in places(16, 10) {
            let wanted = match (x, y) {
                (8..12, 4..) => [200, 40, 90, left],
                (12.., 4..) => [200, 40, 90, 255],
                _ => free,
            };
            assert_near(&image, (x, y), wanted, 1);
        }
    }
}

#[test]
fn a_frame_of_another_size_than_the_canvas_is_damage() {
    // Byte 24 is the low one of the canvas's width.
    for file in [LOSSY_ALPHA, ANIMATED] {
        let mut file = file.to_vec();
        file[24] = 3;
        assert_eq!(decode(&file, 0).status_name, "MLAB_DECODE_E_BAD_IMAGE");
    }
}

#[test]
fn bytes_behind_the_end_do_not_matter() {
    assert_eq!(decode(&[LOSSY, b"more"].concat(), 0), decode(LOSSY, 0));
}
