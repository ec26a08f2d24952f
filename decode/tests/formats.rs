//! Whole images of every kind become the pixels that they hold.

mod support;

#[path = "formats/gif.rs"]
mod gif;
#[path = "formats/jpeg.rs"]
mod jpeg;
#[path = "formats/png.rs"]
mod png;
#[path = "formats/webp.rs"]
mod webp;

use support::{Decoded, decode, samples};

/// Asserts that every channel of a pixel is within so much of what is expected.
#[track_caller]
fn assert_near(image: &Decoded, (x, y): (u32, u32), wanted: [u8; 4], within: u8) {
    let found = image.at(x, y);
    let far = found.iter().zip(wanted).any(|(found, wanted)| found.abs_diff(wanted) > within);
    assert!(!far, "at {x}, {y} of {} x {}: {found:?}, not {wanted:?}", image.width, image.height);
}

#[test]
fn every_sample_is_decoded_and_its_format_named() {
    for (name, bytes) in samples::all() {
        let image = decode(&bytes, 0);
        assert_eq!(image.status, 0, "{name}: {}", image.message);
        let ending = match image.kind.as_str() {
            "JPEG" => "jpg".to_owned(),
            kind => kind.to_lowercase(),
        };
        assert!(name.ends_with(&format!(".{ending}")), "{name} is {}", image.kind);
    }
}

#[test]
fn an_image_is_admitted_up_to_max_pixels_and_refused_above() {
    for (name, bytes) in samples::all() {
        let Decoded { width, height, .. } = decode(&bytes, 0).whole();
        let pixels = u64::from(width) * u64::from(height);
        assert_eq!(decode(&bytes, pixels).status, 0, "{name}");
        let refused = decode(&bytes, pixels - 1);
        assert_eq!(refused.status_name, "MLAB_DECODE_E_TOO_LARGE", "{name}");
        let said = [format!("{width} x {height}"), (pixels - 1).to_string(), "max_pixels".to_owned()];
        assert!(said.iter().all(|word| refused.message.contains(word)), "{name}: {}", refused.message);
    }
}

#[test]
fn an_image_cut_anywhere_gives_no_pixels() {
    for (name, bytes) in samples::all() {
        // What stands behind the last pixel may go: the end mark of a GIF's later frames, the end chunk of a PNG.
        let needed = match name.rsplit('.').next() {
            Some("png") => bytes.len() - 16,
            Some("gif") => bytes.len() / 2,
            _ => bytes.len(),
        };
        // Headers and the end at every byte, what is between at some.
        for len in (0..needed).filter(|len| *len < 60 || len % 7 == 0 || needed - len < 20) {
            let image = decode(&bytes[..len], 0);
            assert!(
                ["MLAB_DECODE_E_BAD_IMAGE", "MLAB_DECODE_E_UNSUPPORTED"]
                    .contains(&image.status_name.as_str()),
                "{name} of {len} bytes: {} {}",
                image.status_name,
                image.message
            );
        }
    }
}

#[test]
fn what_is_no_image_is_named_unsupported() {
    for bytes in [&b"<html>"[..], b"\0", b"BM\0\0", b"RIFF\0\0\0\0WAVE", b"\xff\xd8", b"GIF88a", b"%PDF-1.7"]
    {
        let image = decode(bytes, 0);
        assert_eq!(image.status_name, "MLAB_DECODE_E_UNSUPPORTED", "{bytes:?}");
        assert_eq!(image.kind, "unknown");
    }
    assert_eq!(decode(b"", 0).status_name, "MLAB_DECODE_E_BAD_IMAGE");
}
