//! Images that stand in a reply as text, in place of a link: `data:` URLs (RFC 2397) and bare base64 (RFC 4648).

use crate::error::Error;
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Decoded at a time; an image as text is never there a second time as a whole.
const PIECE: usize = 16 * 1024;

/// Padding is left out by some, and so it is not asked for.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What one entry of a reply's list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry<'a> {
    /// To be fetched, if it may be.
    Link(&'a str),
    /// Base64.
    Inline(&'a str),
    /// A `data:` URL that holds no base64.
    OtherData,
}

impl Entry<'_> {
    /// Tells what an entry is. What is neither is a link, and refused as one.
    pub fn of(text: &str) -> Entry<'_> {
        let text = text.trim();
        if text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
            let (kind, data) = text[5..].split_once(',').unwrap_or_default();
            let is_base64 =
                kind.rsplit_once(';').is_some_and(|(_, last)| last.trim().eq_ignore_ascii_case("base64"));
            return if is_base64 { Entry::Inline(data) } else { Entry::OtherData };
        }
        // A path would be of the same letters, but the shortest image is longer than any of those seen.
        let is_base64 =
            text.len() >= 32 && text.bytes().all(|b| sextet(b).is_some() || b.is_ascii_whitespace());
        if is_base64 { Entry::Inline(text) } else { Entry::Link(text) }
    }
}

/// The letter of the standard alphabet that is meant; also the URL-safe ones.
fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => Some(byte),
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        _ => None,
    }
}

/// Decodes base64, with white space and percent-encoding in it, piece by piece.
pub fn decode(text: &str, mut take: impl FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
    let broken = || Error::BadImage { why: "its base64 is broken".into(), retryable: false };
    let mut letters = Vec::with_capacity(PIECE);
    let mut bytes = vec![0; PIECE];
    let mut flush = |letters: &mut Vec<u8>| -> Result<(), Error> {
        let count = BASE64.decode_slice(&letters, &mut bytes).map_err(|_| broken())?;
        letters.clear();
        take(&bytes[..count])
    };
    let mut rest = text.as_bytes().iter().copied();
    while let Some(byte) = rest.next() {
        let byte = match byte {
            b'%' => {
                let digits = [rest.next(), rest.next()].map(|d| d.and_then(|d| char::from(d).to_digit(16)));
                let [Some(high), Some(low)] = digits else { return Err(broken()) };
                (high << 4 | low) as u8
            }
            other => other,
        };
        if byte.is_ascii_whitespace() {
            continue;
        }
        letters.push(sextet(byte).ok_or_else(broken)?);
        if letters.len() == PIECE {
            flush(&mut letters)?;
        }
    }
    flush(&mut letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Result<Vec<u8>, Error> {
        let mut all = Vec::new();
        decode(text, |bytes| {
            all.extend_from_slice(bytes);
            Ok(())
        })?;
        Ok(all)
    }

    #[test]
    fn an_entry_is_a_link_unless_it_is_a_picture() {
        let long = "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAw";
        for (text, wanted) in [
            ("https://h.example/x.png", Entry::Link("https://h.example/x.png")),
            ("x.png", Entry::Link("x.png")),
            ("generations", Entry::Link("generations")),
            (long, Entry::Inline(long)),
            ("data:image/png;base64,AAAA", Entry::Inline("AAAA")),
            ("DATA:;charset=x; BASE64,AAAA", Entry::Inline("AAAA")),
            ("data:image/svg+xml,%3Csvg", Entry::OtherData),
            ("data:", Entry::OtherData),
        ] {
            assert_eq!(Entry::of(text), wanted, "{text}");
        }
    }

    #[test]
    fn base64_is_decoded_in_every_spelling_seen() {
        let bytes: Vec<u8> = (0..=255).cycle().take(100_001).collect();
        let standard = base64::engine::general_purpose::STANDARD.encode(&bytes);
        let url_safe = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&bytes);
        let escaped = standard.replace('+', "%2B").replace('/', "%2f").replace('=', "%3D");
        let folded: Vec<String> =
            standard.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into()).collect();
        for text in [&standard, &url_safe, &escaped, &folded.join("\r\n")] {
            assert_eq!(decoded(text).as_ref(), Ok(&bytes));
        }
        assert_eq!(decoded(""), Ok(Vec::new()));
        for broken in ["A", "AAAAA", "AA=A", "AA!A", "AA%4", "AA%zz", "=AAA"] {
            assert!(decoded(broken).is_err(), "{broken}");
        }
    }
}
