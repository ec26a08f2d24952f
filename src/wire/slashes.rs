//! Escaped slashes unescaped before a body is parsed, so that links can be borrowed from it.
//!
//! The service escapes each slash (`https:\/\/`), as JSON allows and nothing needs. The parser would build every link
//! piece by piece in a buffer that grows. Must never know what the body says.

use memchr::memchr;
use std::borrow::Cow;
use std::collections::TryReserveError;

/// The same JSON with `\/` as `/`; borrowed if there is no backslash. Fails if the system gives no memory.
///
/// Backslash and slash have no place in JSON but inside a string, so that what is no JSON stays so.
pub(super) fn unescape_slashes(body: &[u8]) -> Result<Cow<'_, [u8]>, TryReserveError> {
    let Some(mut plain) = memchr(b'\\', body) else { return Ok(Cow::Borrowed(body)) };
    let mut out = Vec::new();
    out.try_reserve_exact(body.len())?;
    let mut rest = body;
    loop {
        let (piece, behind) = rest.split_at(plain);
        out.extend_from_slice(piece);
        rest = match *behind {
            [b'\\', b'/', ref behind @ ..] => {
                out.push(b'/');
                behind
            }
            // The character behind it may be a backslash too, and belongs to this one.
            [b'\\', escaped, ref behind @ ..] => {
                out.extend_from_slice(&[b'\\', escaped]);
                behind
            }
            _ => {
                out.extend_from_slice(behind);
                return Ok(Cow::Owned(out));
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
        ] {
            let plain = unescape_slashes(body.as_bytes()).expect("memory");
            assert_eq!(String::from_utf8_lossy(&plain), wanted, "{body}");
        }
        assert!(matches!(unescape_slashes(br#"{"output":["https://h/a.png"]}"#), Ok(Cow::Borrowed(_))));
    }
}
