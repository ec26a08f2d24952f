//! Escaped slashes unescaped before a body is parsed, so that links can be borrowed from it.
//!
//! The service escapes each slash (`https:\/\/`), as JSON allows and nothing needs. The parser would build every link
//! piece by piece in a buffer that grows. Must never know what the body says.

use memchr::memchr;
use std::collections::TryReserveError;

/// The size of most replies; the system is not asked for memory for these.
const SMALL: usize = 512;

/// Where a body is unescaped to, if it has to be.
#[derive(Default)]
pub(super) struct Unescaped {
    small: Option<[u8; SMALL]>,
    large: Vec<u8>,
}

impl Unescaped {
    /// The same JSON with `\/` as `/`; the body itself if there is no backslash. Fails if the system gives no memory.
    ///
    /// Backslash and slash have no place in JSON but inside a string, so that what is no JSON stays so.
    pub(super) fn of<'b>(&'b mut self, body: &'b [u8]) -> Result<&'b [u8], TryReserveError> {
        let Some(first) = memchr(b'\\', body) else { return Ok(body) };
        let out = if body.len() <= SMALL {
            &mut self.small.insert([0; SMALL])[..]
        } else {
            self.large.try_reserve_exact(body.len())?;
            self.large.resize(body.len(), 0);
            &mut self.large[..]
        };
        let len = unescape(body, first, out);
        Ok(&out[..len])
    }
}

/// Writes the body without the backslashes before its slashes, and gives the length; `plain` bytes come before the first.
fn unescape(body: &[u8], mut plain: usize, out: &mut [u8]) -> usize {
    let (mut rest, mut len) = (body, 0);
    let mut add = |piece: &[u8]| {
        out[len..len + piece.len()].copy_from_slice(piece);
        len += piece.len();
    };
    loop {
        let (piece, behind) = rest.split_at(plain);
        add(piece);
        rest = match *behind {
            [b'\\', b'/', ref behind @ ..] => {
                add(b"/");
                behind
            }
            // The character behind it may be a backslash too, and belongs to this one.
            [b'\\', escaped, ref behind @ ..] => {
                add(&[b'\\', escaped]);
                behind
            }
            _ => {
                add(behind);
                return len;
            }
        };
        plain = before_backslash(rest);
    }
}

/// How many bytes stand before the first backslash. Pieces of links are short: finding out what the processor can do, as
/// a general search does, takes longer than reading them.
fn before_backslash(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let mut plain = 0;
    while let Some(eight) = bytes[plain..].first_chunk() {
        let word = u64::from_le_bytes(*eight) ^ (ONES * u64::from(b'\\'));
        // The high bit of each byte that is zero; past the first such byte a borrow may set more.
        let zeros = word.wrapping_sub(ONES) & !word & (ONES << 7);
        if zeros != 0 {
            return plain + zeros.trailing_zeros() as usize / 8;
        }
        plain += 8;
    }
    let rest = &bytes[plain..];
    plain + rest.iter().position(|&byte| byte == b'\\').unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_slashes_are_unescaped_and_only_where_the_backslash_is_no_escaped_one() {
        let long = "0123456789abcdef".repeat(3);
        for (body, wanted) in [
            (
                r#"{"output":["https:\/\/h\/a.png"]}"#.to_owned(),
                r#"{"output":["https://h/a.png"]}"#.to_owned(),
            ),
            (r#""a\\/b\\\/c\"\/\u002f\n""#.to_owned(), r#""a\\/b\\/c\"/\u002f\n""#.to_owned()),
            (format!(r"{long}\/{long}\t{long}\/"), format!(r"{long}/{long}\t{long}/")),
            (r#""cut\"#.to_owned(), r#""cut\"#.to_owned()),
            (r"\/".to_owned(), "/".to_owned()),
            (r"\/".repeat(SMALL), "/".repeat(SMALL)),
        ] {
            let mut place = Unescaped::default();
            let plain = place.of(body.as_bytes()).expect("memory");
            assert_eq!(String::from_utf8_lossy(plain), wanted, "{body}");
        }
        let plain: &[u8] = br#"{"output":["https://h/a.png"]}"#;
        assert!(std::ptr::eq(Unescaped::default().of(plain).expect("memory"), plain));
    }
}
