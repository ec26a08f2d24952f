//! Base64 (RFC 4648) as it is met, decoded piece by piece: an image as text is never there a second time as a whole.

use crate::error::Error;
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Letters decoded at once; a multiple of four.
const BLOCK: usize = 16 * 1024;

/// Padding is left out by some, and so it is not asked for.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether a byte stands for something in base64, in the standard or the URL-safe alphabet.
pub(super) fn is_letter(byte: u8) -> bool {
    standard(byte).is_some()
}

/// The letter of the standard alphabet that is meant.
fn standard(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => Some(byte),
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        _ => None,
    }
}

/// Takes letters with white space between them, also percent-encoded, and gives bytes.
#[derive(Debug, Default)]
pub(super) struct Base64Decoder {
    /// Not decoded yet; between two calls fewer than four.
    letters: Vec<u8>,
    escape: Escape,
    /// The padding came, which ends a text.
    padded: bool,
}

/// How much of a percent-encoded letter came.
#[derive(Debug, Default, Clone, Copy)]
enum Escape {
    #[default]
    None,
    Percent,
    High(u32),
}

impl Base64Decoder {
    /// Takes the next part of the text, and hands on the bytes in it.
    pub(super) fn feed(
        &mut self,
        text: &[u8],
        take: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for byte in text {
            let Some(byte) = self.unescape(*byte)? else { continue };
            if byte.is_ascii_whitespace() {
                continue;
            }
            let letter = standard(byte).ok_or_else(broken)?;
            if self.padded && letter != b'=' {
                return Err(broken());
            }
            self.padded = letter == b'=';
            self.letters.push(letter);
            if self.letters.len() == BLOCK {
                self.decode(BLOCK, take)?;
            }
        }
        self.decode(self.letters.len() / 4 * 4, take)
    }

    /// The text ended: hands on what is left of it. A letter of which no byte can be made was cut off, and whoever knows
    /// where the image ends sees what is missing.
    pub(super) fn finish(&mut self, take: &mut dyn FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
        if self.letters.len() > 1 { self.decode(self.letters.len(), take) } else { Ok(()) }
    }

    fn unescape(&mut self, byte: u8) -> Result<Option<u8>, Error> {
        let digit = || char::from(byte).to_digit(16).ok_or_else(broken);
        let (escape, letter) = match self.escape {
            Escape::None if byte == b'%' => (Escape::Percent, None),
            Escape::None => (Escape::None, Some(byte)),
            Escape::Percent => (Escape::High(digit()?), None),
            Escape::High(high) => (Escape::None, Some((high << 4 | digit()?) as u8)),
        };
        self.escape = escape;
        Ok(letter)
    }

    fn decode(
        &mut self,
        count: usize,
        take: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if count == 0 {
            return Ok(());
        }
        let bytes = BASE64.decode(&self.letters[..count]).map_err(|_| broken())?;
        self.letters.drain(..count);
        take(&bytes)
    }
}

fn broken() -> Error {
    Error::BadImage { reason: "its base64 is broken".into(), retryable: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is decoded of a text in pieces of this size.
    fn decoded(text: &str, piece: usize) -> Result<Vec<u8>, Error> {
        let mut all = Vec::new();
        let mut take = |bytes: &[u8]| {
            all.extend_from_slice(bytes);
            Ok(())
        };
        let mut decoder = Base64Decoder::default();
        for piece in text.as_bytes().chunks(piece) {
            decoder.feed(piece, &mut take)?;
        }
        decoder.finish(&mut take)?;
        Ok(all)
    }

    #[test]
    fn base64_is_decoded_in_every_spelling_seen_and_in_pieces_of_any_size() {
        let bytes: Vec<u8> = (0..=255).cycle().take(100_001).collect();
        let standard = base64::engine::general_purpose::STANDARD.encode(&bytes);
        let url_safe = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&bytes);
        let escaped = standard.replace('+', "%2B").replace('/', "%2f").replace('=', "%3D");
        let folded: Vec<String> =
            standard.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into()).collect();
        for text in [&standard, &url_safe, &escaped, &folded.join("\r\n")] {
            for piece in [1, 3, 1000, BLOCK + 1, usize::MAX] {
                assert!(decoded(text, piece).as_ref() == Ok(&bytes), "in pieces of {piece}");
            }
        }
        assert_eq!(decoded("", 1), Ok(Vec::new()));
    }

    #[test]
    fn a_text_that_is_cut_is_not_broken() {
        for cut in ["AAAAA", "AAAAA%4", "AAAA%"] {
            assert_eq!(decoded(cut, 2), Ok(vec![0; 3]), "{cut}");
        }
        for broken in ["AA=A", "AAAA====", "AA==AAAA", "AA!A", "AA%zz", "=AAA"] {
            assert!(decoded(broken, 3).is_err(), "{broken}");
        }
    }
}
