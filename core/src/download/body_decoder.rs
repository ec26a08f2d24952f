//! From what arrived to the bytes of an image: some links, and some entries of a reply, are the image as base64 text.
//!
//! The text may be bare, wrapped into lines or a `data:` URL (RFC 2397). What the server calls it is not asked.

use super::base64_text::{Base64Decoder, is_letter};
use super::image::may_be_image;
use crate::error::Error;

/// Letters enough to tell an image by: twelve bytes of it.
const LETTERS: usize = 16;

/// The longest beginning that is looked at: white space, and all of a `data:` URL that stands before its data.
const LONGEST_HEAD: usize = 512;

const SCHEME: &[u8] = b"data:";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// See the module's text. One for each image and each beginning of it.
#[derive(Debug)]
pub(super) struct BodyDecoder(State);

#[derive(Debug)]
enum State {
    /// Too few bytes to tell.
    Undecided(Vec<u8>),
    Image,
    Text(Base64Decoder),
}

/// What a body turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyKind {
    /// The bytes of an image, or of something that is none.
    Image,
    /// Base64.
    Text,
}

/// Where the beginning of a body leads.
#[derive(Debug, PartialEq, Eq)]
enum Beginning {
    TooShort,
    Image,
    /// Base64 from here on.
    Text(usize),
    /// A `data:` URL of something else.
    OtherData,
}

impl Default for BodyDecoder {
    fn default() -> BodyDecoder {
        BodyDecoder(State::Undecided(Vec::new()))
    }
}

impl BodyDecoder {
    /// What it is, once that is known.
    pub(super) fn kind(&self) -> Option<BodyKind> {
        match self.0 {
            State::Undecided(_) => None,
            State::Image => Some(BodyKind::Image),
            State::Text(_) => Some(BodyKind::Text),
        }
    }

    /// Takes the next bytes of a body, and hands on those of the image in them.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        take: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match &mut self.0 {
            State::Image => take(bytes),
            State::Text(decoder) => decoder.feed(bytes, take),
            State::Undecided(head) => {
                let seen = (LONGEST_HEAD - head.len()).min(bytes.len());
                let (first, rest) = bytes.split_at(seen);
                head.extend_from_slice(first);
                let beginning = match beginning(head) {
                    Beginning::TooShort if head.len() == LONGEST_HEAD => Beginning::Image,
                    other => other,
                };
                let head = std::mem::take(head);
                match beginning {
                    Beginning::TooShort => self.0 = State::Undecided(head),
                    Beginning::Image => {
                        self.0 = State::Image;
                        take(&head)?;
                        take(rest)?;
                    }
                    Beginning::Text(from) => {
                        let mut decoder = Base64Decoder::default();
                        let decoded =
                            decoder.feed(&head[from..], take).and_then(|()| decoder.feed(rest, take));
                        self.0 = State::Text(decoder);
                        decoded?;
                    }
                    Beginning::OtherData => {
                        let reason = "its data: URL holds no base64".into();
                        return Err(Error::BadImage { reason, retryable: false });
                    }
                }
                Ok(())
            }
        }
    }

    /// The body ended: hands on what is left of it. A second time nothing is.
    pub(super) fn finish(&mut self, take: &mut dyn FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
        match &mut self.0 {
            State::Image => Ok(()),
            State::Text(decoder) => decoder.finish(take),
            State::Undecided(head) => take(&std::mem::take(head)),
        }
    }
}

fn beginning(head: &[u8]) -> Beginning {
    if BYTE_ORDER_MARK.starts_with(head) {
        return Beginning::TooShort;
    }
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head).trim_ascii_start();
    let start = head.len() - text.len();
    let scheme = &text[..text.len().min(SCHEME.len())];
    if scheme.eq_ignore_ascii_case(&SCHEME[..scheme.len()]) {
        return if scheme.len() < SCHEME.len() { Beginning::TooShort } else { data_url(text, start) };
    }
    let plain: Vec<u8> = text.iter().copied().filter(|b| !b.is_ascii_whitespace()).take(LETTERS).collect();
    if !plain.iter().all(|b| is_letter(*b)) {
        Beginning::Image
    } else if plain.len() < LETTERS {
        Beginning::TooShort
    } else {
        let mut image = Vec::new();
        let decoded = Base64Decoder::default().feed(&plain, &mut |bytes| {
            image.extend_from_slice(bytes);
            Ok(())
        });
        if decoded.is_ok() && may_be_image(&image) { Beginning::Text(start) } else { Beginning::Image }
    }
}

fn data_url(text: &[u8], start: usize) -> Beginning {
    let Some(comma) = text.iter().position(|b| *b == b',') else { return Beginning::TooShort };
    let media_type = &text[SCHEME.len()..comma];
    let last = media_type.rsplit(|b| *b == b';').next().unwrap_or_default();
    let is_base64 = media_type.contains(&b';') && last.trim_ascii().eq_ignore_ascii_case(b"base64");
    if is_base64 { Beginning::Text(start + comma + 1) } else { Beginning::OtherData }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR and so on";
    const AS_TEXT: &str = "iVBORw0KGgoAAAANSUhEUiBhbmQgc28gb24=";

    /// What comes out of a body in pieces of this size.
    fn decoded(body: &[u8], piece: usize) -> Result<Vec<u8>, Error> {
        let mut all = Vec::new();
        let mut take = |bytes: &[u8]| {
            all.extend_from_slice(bytes);
            Ok(())
        };
        let mut decoder = BodyDecoder::default();
        for piece in body.chunks(piece) {
            decoder.feed(piece, &mut take)?;
        }
        decoder.finish(&mut take)?;
        Ok(all)
    }

    #[test]
    fn an_image_as_text_is_decoded_in_pieces_of_any_size() {
        let wrapped = AS_TEXT.as_bytes().chunks(8).collect::<Vec<_>>().join(&b"\r\n"[..]);
        for body in [
            AS_TEXT.into(),
            format!("\u{feff} \n{AS_TEXT}\r\n"),
            String::from_utf8_lossy(&wrapped).into_owned(),
            format!("data:image/png;base64,{AS_TEXT}"),
            format!("\r\nDATA:; charset=x; BASE64,\r\n{}", AS_TEXT.replace('=', "%3d")),
        ] {
            for piece in 1..=body.len() {
                assert_eq!(
                    decoded(body.as_bytes(), piece).as_deref(),
                    Ok(PNG),
                    "{body} in pieces of {piece}"
                );
            }
        }
    }

    /// `GIF89a`, words and hexadecimal digits are letters of base64 too.
    #[test]
    fn what_is_no_image_as_text_is_handed_on_as_it_is() {
        for body in [
            PNG,
            b"GIF89aAAAAAAAAAAAAAAAAAAAAAAAA",
            b"NotFound",
            b"ThereIsNoSuchImageHereAnyMore",
            b"d41d8cd98f00b204e9800998ecf8427e",
            b"<!DOCTYPE html>",
            b"{\"data:\": 1}",
            b"dat",
            b"",
            &[b' '; 2 * LONGEST_HEAD],
        ] {
            for piece in 1..=body.len().max(1) {
                assert_eq!(decoded(body, piece).as_deref(), Ok(body), "in pieces of {piece}");
            }
        }
    }

    #[test]
    fn a_data_url_without_base64_is_refused() {
        for body in ["data:image/svg+xml,<svg/>", "data:base64,AAAA", "data:,x"] {
            let refused = decoded(body.as_bytes(), 3).expect_err(body);
            assert!(refused.to_string().contains("holds no base64"), "{refused}");
        }
        assert!(decoded(b"data:image/png;base64,!!!!", 9).is_err_and(|e| e.to_string().contains("broken")));
    }
}
