//! Magic bytes. What the server calls it is not asked: object stores say `application/octet-stream` or worse.

use super::kind::Kind;
use crate::byte_order::big_endian;

/// The most bytes examined: a file type box with a long list of brands.
pub(super) const MOST: usize = 256;

/// All formats but those of a file type box are told by this many.
const ENOUGH: usize = 12;

pub(super) const PAGE: &str = "it is a page of text (HTML or XML)";

/// What the first bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sniffed {
    Known(Kind),
    Other(&'static str),
    TooShort,
}

/// Told from the first bytes, at most [`MOST`] of them.
pub(super) fn sniff(head: &[u8]) -> Sniffed {
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Sniffed::Known(Kind::Png);
    }
    if head.starts_with(b"\xff\xd8\xff") {
        return Sniffed::Known(Kind::Jpeg);
    }
    if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        return Sniffed::Known(Kind::Gif);
    }
    if head.len() < ENOUGH {
        return Sniffed::TooShort;
    }
    if &head[..4] == b"RIFF" && &head[8..12] == b"WEBP" {
        return Sniffed::Known(Kind::WebP);
    }
    if &head[4..8] == b"ftyp" {
        return by_brands(head);
    }
    other(head)
}

/// Whether these first bytes, [`ENOUGH`] or more, may begin an image that is taken.
pub(in crate::download) fn may_be_image(head: &[u8]) -> bool {
    let is_box = head.get(4..8) == Some(b"ftyp");
    is_box || matches!(sniff(head), Sniffed::Known(_))
}

/// ISO/IEC 14496-12, section 4.3: the major brand, a version, then the compatible ones.
fn by_brands(head: &[u8]) -> Sniffed {
    let size = big_endian(&head[..4]) as usize;
    if head.len() < size.min(MOST) {
        return Sniffed::TooShort;
    }
    let list = head.get(16..size.min(MOST)).unwrap_or_default();
    let brands = || std::iter::once(&head[8..12]).chain(list.chunks_exact(4));
    if brands().any(|brand| matches!(brand, b"avif" | b"avis")) {
        return Sniffed::Known(Kind::Avif);
    }
    let film = |brand: &[u8]| {
        matches!(brand, b"mp41" | b"mp42" | b"avc1" | b"M4V " | b"dash" | b"MSNV")
            || brand.starts_with(b"iso")
    };
    // The HEIF family lists such brands too, and is not taken.
    let still = brands().any(|brand| matches!(brand, b"mif1" | b"msf1" | b"heic" | b"heix" | b"hevc"));
    if brands().any(film) && !still {
        return Sniffed::Known(Kind::Mp4);
    }
    Sniffed::Other("it is an image or film of a format that is not taken")
}

/// What white space begins is told by what follows it, however few bytes come at once.
fn other(head: &[u8]) -> Sniffed {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    Sniffed::Other(match text.first() {
        None if head.len() < MOST => return Sniffed::TooShort,
        Some(b'<') => PAGE,
        Some(b'{' | b'[') => "it is JSON",
        _ => "it is of no format that is taken (PNG, JPEG, WebP, GIF, AVIF, MP4)",
    })
}
