//! Images told from their bytes: real ones of every kind, cut at every place, fed in pieces of every size.

use mlab_core::download::image::{Ended, Kind, Scan};
use mlab_core::error::{Error, Status};
use mlab_standin::ImageKind;

/// Width and height of the images made here, apart from each other and past one byte.
const SIZE: (u16, u16) = (300, 17);

struct Sample {
    kind: Kind,
    bytes: Vec<u8>,
    /// Whether the format says its own end.
    proves_itself: bool,
}

/// A box of ISO/IEC 14496-12.
fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).expect("a small box");
    [&size.to_be_bytes()[..], kind, content].concat()
}

/// The same with a size of 64 bits.
fn long_boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = content.len() as u64 + 16;
    [&1_u32.to_be_bytes()[..], kind, &size.to_be_bytes(), content].concat()
}

fn ispe(width: u32, height: u32) -> Vec<u8> {
    boxed(b"ispe", &[[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat())
}

/// The structure of an AVIF with a thumbnail: nothing in it can be decoded, and nothing here decodes.
fn avif() -> Vec<u8> {
    let properties = boxed(b"iprp", &boxed(b"ipco", &[ispe(32, 2), ispe(300, 17), ispe(16, 1)].concat()));
    let meta = boxed(b"meta", &[&[0; 4][..], &boxed(b"hdlr", &[7; 25]), &properties].concat());
    let brands = boxed(b"ftyp", b"avif\0\0\0\0avifmif1miaf");
    [brands, meta, boxed(b"mdat", &[0xd9; 500])].concat()
}

/// The structure of an MP4 with an image and a sound track, its index at the end.
fn mp4() -> Vec<u8> {
    let track = |width: u32, height: u32| {
        let size = [(width << 16).to_be_bytes(), (height << 16).to_be_bytes()].concat();
        boxed(b"trak", &boxed(b"tkhd", &[&[0; 76][..], &size].concat()))
    };
    let index = boxed(b"moov", &[boxed(b"mvhd", &[1; 100]), track(300, 17), track(0, 0)].concat());
    [boxed(b"ftyp", b"isom\0\0\x02\0isomiso2avc1mp41"), long_boxed(b"mdat", &[3; 700]), index].concat()
}

fn samples() -> Vec<Sample> {
    let kinds = [Kind::Png, Kind::Jpeg, Kind::WebP, Kind::Gif];
    let real = kinds.into_iter().zip(ImageKind::ALL).map(|(kind, made)| Sample {
        kind,
        bytes: made.encode("sample", SIZE).expect("an image"),
        proves_itself: true,
    });
    let built = [(Kind::Avif, avif()), (Kind::Mp4, mp4())];
    let built = built.into_iter().map(|(kind, bytes)| Sample { kind, bytes, proves_itself: false });
    real.chain(built).collect()
}

/// What is made of these bytes when they come in pieces of this size.
fn scanned(bytes: &[u8], piece: usize, ended: Ended) -> Result<(Kind, u32, u32), Error> {
    let mut scan = Scan::default();
    for bytes in bytes.chunks(piece) {
        scan.feed(bytes)?;
    }
    scan.finish(ended).map(|image| (image.kind, image.width, image.height))
}

#[test]
fn a_whole_image_is_known_by_kind_and_size_in_pieces_of_any_size() {
    for Sample { kind, bytes, .. } in samples() {
        for piece in (1..50).chain([255, 256, 257, 1000, usize::MAX]) {
            let found = scanned(&bytes, piece, Ended::Framed);
            assert_eq!(found, Ok((kind, 300, 17)), "{kind:?} in pieces of {piece}");
        }
    }
}

#[test]
fn an_image_cut_anywhere_is_not_whole_even_if_its_length_was_said() {
    for Sample { kind, bytes, proves_itself } in samples() {
        for length in 0..bytes.len() {
            for ended in [Ended::Framed, Ended::Closed] {
                let found = scanned(&bytes[..length], 97, ended);
                if (kind, length, ended) == (Kind::Gif, bytes.len() - 1, Ended::Framed) {
                    // Only the trailer is missing; see the next test.
                    continue;
                }
                match found {
                    Err(Error::BadImage { retryable: true, .. }) => {}
                    other => panic!("{kind:?} cut at {length}, {ended:?}: {other:?}"),
                }
            }
        }
        let all = scanned(&bytes, 97, Ended::Closed);
        assert_eq!(all.is_ok(), proves_itself, "{kind:?}: {all:?}");
    }
}

/// Encoders that are killed before they close, and some that never do, leave this out; every viewer shows the image.
#[test]
fn a_gif_without_its_trailer_is_whole_if_its_length_was_said() {
    let gif = ImageKind::Gif.encode("sample", SIZE).expect("an image");
    let (short, trailer) = gif.split_at(gif.len() - 1);
    assert_eq!(trailer, [0x3b]);
    assert_eq!(scanned(short, 97, Ended::Framed), Ok((Kind::Gif, 300, 17)));
    let closed = scanned(short, 97, Ended::Closed).expect_err("perhaps cut");
    assert!(closed.is_retryable(), "{closed}");
    // Nothing but a head, a colour table and an extension: no image has come yet.
    let block = gif.windows(2).position(|pair| pair == b"\x21\xf9").expect("a graphic control extension");
    let headless = scanned(&gif[..block + 8], 97, Ended::Framed).expect_err("no image in it");
    assert!(headless.is_retryable(), "{headless}");
}

/// What libwebp makes of 100 x 100 pixels of one colour: the smallest file of this kind, shorter than the longest head.
#[test]
fn a_webp_of_28_bytes_is_taken() {
    let webp = b"RIFF\x14\0\0\0WEBPVP8L\x08\0\0\0\x2f\x63\xc0\x18\x10\x88\x88\x08";
    assert_eq!(webp.len(), 28);
    for piece in [1, 7, 28] {
        assert_eq!(scanned(webp, piece, Ended::Closed), Ok((Kind::WebP, 100, 100)), "in pieces of {piece}");
    }
    for length in 0..webp.len() {
        let cut = scanned(&webp[..length], 5, Ended::Framed).expect_err("cut");
        assert!(cut.is_retryable(), "cut at {length}: {cut}");
    }
}

/// One head of each kind of first chunk, with nothing behind it but what the file says there is.
#[test]
fn a_webp_says_its_size_in_each_kind_of_first_chunk() {
    let file = |chunk: &[u8; 4], content: &[u8]| {
        let length = (content.len() as u32).to_le_bytes();
        let riff = (content.len() as u32 + 12).to_le_bytes();
        [b"RIFF", &riff[..], b"WEBP", chunk, &length, content].concat()
    };
    let lossy = file(b"VP8 ", b"\x10\x02\x00\x9d\x01\x2a\x2c\x01\x11\x00");
    let extended = file(b"VP8X", b"\x10\0\0\0\x2b\x01\0\x10\0\0");
    for webp in [lossy, extended] {
        for piece in [1, 11, 100] {
            assert_eq!(scanned(&webp, piece, Ended::Closed), Ok((Kind::WebP, 300, 17)), "{webp:?}");
        }
    }
    // A file that says that it ends before its own head does.
    let mut short = file(b"VP8X", b"\x10\0\0\0\x2b\x01\0\x10\0\0");
    short[4] = 8;
    assert!(!scanned(&short, 9, Ended::Framed).expect_err("broken").is_retryable());
}

#[test]
fn what_follows_the_end_of_an_image_does_not_matter() {
    for Sample { kind, mut bytes, proves_itself } in samples() {
        if proves_itself {
            bytes.extend_from_slice(b"\xff\xd8\xff trailing <html>");
            for ended in [Ended::Framed, Ended::Closed] {
                assert_eq!(scanned(&bytes, 61, ended), Ok((kind, 300, 17)), "{kind:?}");
            }
        }
    }
}

#[test]
fn a_thumbnail_inside_a_jpeg_is_not_its_end() {
    let thumbnail = ImageKind::Jpeg.encode("thumbnail", (8, 8)).expect("an image");
    let jpeg = ImageKind::Jpeg.encode("sample", SIZE).expect("an image");
    let length = u16::try_from(thumbnail.len() + 2).expect("a small one").to_be_bytes();
    let outer = [&jpeg[..2], b"\xff\xe1", &length, &thumbnail, &jpeg[2..]].concat();
    assert_eq!(scanned(&outer, 13, Ended::Closed), Ok((Kind::Jpeg, 300, 17)));
    let cut = scanned(&outer[..thumbnail.len() + 100], 13, Ended::Framed);
    assert!(matches!(cut, Err(Error::BadImage { .. })), "{cut:?}");
}

#[test]
fn what_is_no_image_is_refused_at_its_first_bytes_and_named() {
    for (bytes, says) in [
        (&b"<!DOCTYPE html><html>"[..], "HTML"),
        (b"  \r\n\t<html lang=en>", "HTML"),
        (b"  \r\n\r\n\t    \r\n   <html>", "HTML"),
        (b"\xef\xbb\xbf<html><body>", "HTML"),
        (b"<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>", "HTML or XML"),
        (b"{\"status\":\"error\"}", "JSON"),
        (b"Not found, sorry", "no format that is taken"),
        (b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0", "no format that is taken"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "no format that is taken"),
        (b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff", "no format that is taken"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "no format that is taken"),
        (b"\0\0\0\x14ftypheic\0\0\0\0mif1", "a format that is not taken"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a format that is not taken"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\x0dJUNK\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\0\0\0\0", "broken"),
        (b"GIF89a\x01\0\x01\0\0\0\0\x99", "broken"),
        (b"RIFF\x24\0\0\0WEBPJUNK\0\0\0\0", "broken"),
    ] {
        let refused = scanned(bytes, 5, Ended::Framed).expect_err(says);
        assert_eq!(refused.status(), Status::BadImage);
        assert!(refused.to_string().contains(says), "{says}: {refused}");
    }
}

#[test]
fn an_image_without_width_or_height_is_none() {
    let mut png = ImageKind::Png.encode("sample", SIZE).expect("an image");
    png[16..20].fill(0);
    let refused = scanned(&png, 100, Ended::Framed).expect_err("no width");
    assert!(refused.to_string().contains("no width or height") && !refused.is_retryable(), "{refused}");
}
