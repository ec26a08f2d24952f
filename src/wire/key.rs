//! The API key: checked once, never printed, and taken out of every text that leaves the library.

use crate::error::Error;
use std::borrow::Cow;
use std::fmt;

/// What stands in a text where the key stood.
const REDACTED: &str = "***";

/// An API key: 1 to 4096 bytes of UTF-8 without control characters (contract, section 1).
///
/// Its `Debug` shows nothing of it and it has no `Display`; [`Key::request_body`] is the only way out.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The longest key accepted, in bytes.
    pub const MAX_LEN: usize = 4096;

    /// Checks a key. The error names the parameter `key` and quotes nothing of it.
    pub fn new(key: &str) -> Result<Key, Error> {
        if key.is_empty() {
            return Err(Error::argument("key", "is empty; pass your ModelsLab API key"));
        }
        if key.len() > Self::MAX_LEN {
            return Err(Error::argument("key", format!("is longer than {} bytes", Self::MAX_LEN)));
        }
        if key.chars().any(char::is_control) {
            let why = "holds a control character; a line end left over from a file is the usual cause";
            return Err(Error::argument("key", why));
        }
        Ok(Key(key.to_owned()))
    }

    /// The body of the request: `{"key":"…"}`.
    pub fn request_body(&self) -> Vec<u8> {
        serde_json::json!({ "key": self.0 }).to_string().into_bytes()
    }

    /// `text` with the key replaced wherever it occurs, raw or with any of JSON's escapes.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.redact_bytes(text.as_bytes()) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            // Whole characters were replaced by ASCII, so this is UTF-8 still; `lossy` only spares a panic path.
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }

    /// As [`Key::redact`], for a reply's bytes, which need not be UTF-8.
    pub fn redact_bytes<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let first = self.0.as_bytes()[0];
        let mut out = Vec::new();
        let (mut at, mut copied) = (0, 0);
        while at < bytes.len() {
            if (bytes[at] == first || bytes[at] == b'\\')
                && let Some(len) = self.match_len(&bytes[at..])
            {
                out.extend_from_slice(&bytes[copied..at]);
                out.extend_from_slice(REDACTED.as_bytes());
                at += len;
                copied = at;
            } else {
                at += 1;
            }
        }
        if copied == 0 {
            return Cow::Borrowed(bytes);
        }
        out.extend_from_slice(&bytes[copied..]);
        Cow::Owned(out)
    }

    /// How many bytes at the start of `bytes` spell the key, each character raw or escaped.
    ///
    /// Escapes may be mixed: PHP, which the service runs on, escapes `/` and all beyond ASCII; others do not.
    fn match_len(&self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        for wanted in self.0.chars() {
            let mut raw = [0; 4];
            let raw = wanted.encode_utf8(&mut raw).as_bytes();
            if bytes[at..].starts_with(raw) && !(wanted == '\\' && bytes[at..].starts_with(b"\\\\")) {
                at += raw.len();
            } else {
                let (found, len) = unescape(&bytes[at..])?;
                if found != wanted {
                    return None;
                }
                at += len;
            }
        }
        Some(at)
    }
}

/// The character that a JSON escape at the start of `bytes` stands for, and the escape's length.
fn unescape(bytes: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| -> Option<u16> {
        let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    match bytes.get(..2)? {
        [b'\\', c @ (b'"' | b'\\' | b'/')] => Some((char::from(*c), 2)),
        b"\\u" => {
            let first = unit(0)?;
            match char::decode_utf16([first]).next()? {
                Ok(found) => Some((found, 6)),
                Err(_) => Some((char::decode_utf16([first, unit(6)?]).next()?.ok()?, 12)),
            }
        }
        _ => None,
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({REDACTED})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_found_raw_and_in_every_json_spelling() {
        let key = Key::new("test/key\"é😀").expect("a valid key");
        for spelled in [
            "test/key\"é😀",
            r#"test/key\"é😀"#,
            r#"test\/key\"\u00e9\ud83d\ude00"#,
            r#"\u0074est\/key\u0022\u00E9\uD83D\uDE00"#,
        ] {
            assert_eq!(key.redact(&format!("a {spelled} b {spelled}")), "a *** b ***", "{spelled}");
        }
        assert_eq!(key.redact("test/key"), "test/key");
        assert_eq!(Key::new(r"a\b").expect("valid").redact(r#"x a\\b a\b"#), "x *** ***");
    }

    #[test]
    fn nothing_of_the_key_is_in_its_debug_text_or_its_refusals() {
        let key = Key::new("test-key-not-real").expect("a valid key");
        assert_eq!(format!("{key:?}"), "Key(***)");
        let refused = Key::new("test-key-not-real\n").expect_err("a control character").to_string();
        assert!(refused.starts_with("key holds a control character") && !refused.contains("not-real"));
    }

    #[test]
    fn a_key_is_escaped_in_the_body() {
        let key = Key::new("a\"b\\c").expect("a valid key");
        assert_eq!(key.request_body(), br#"{"key":"a\"b\\c"}"#);
    }
}
