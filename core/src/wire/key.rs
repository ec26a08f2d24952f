//! The API key: checked once, never printed, and taken out of every text that leaves the library.

use super::key_matcher::{KeyMatcher, Places};
use crate::error::Error;
use std::borrow::Cow;
use std::collections::TryReserveError;
use std::fmt;

/// What stands in a text where the key stood.
const REDACTED: &str = "***";

/// An API key: 1 to 4096 bytes of UTF-8 without control characters (contract, section 1).
///
/// Its `Debug` shows nothing of it and it has no `Display`; [`Key::request_body`] is the only way out.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    text: String,
    matcher: KeyMatcher,
}

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
            let reason = "holds a control character; a line end left over from a file is the usual cause";
            return Err(Error::argument("key", reason));
        }
        Ok(Key { text: key.to_owned(), matcher: KeyMatcher::of(key) })
    }

    /// The body of the request: `{"key":"…"}`.
    pub fn request_body(&self) -> Vec<u8> {
        // Put together, and not built as a value first: it is in every poll's way.
        let key = serde_json::to_string(&*self.text).expect("a text is always JSON");
        ["{\"key\":", &key, "}"].concat().into_bytes()
    }

    /// `text` with the key replaced wherever it occurs: raw or with any of JSON's escapes, once or twice, in upper or lower
    /// case.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.redact_places(text.as_bytes(), false) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            // Whole characters were replaced by ASCII, so this is UTF-8 still; `lossy` only spares a panic path.
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }

    /// As [`Key::redact`], for a reply's bytes. They need not be UTF-8, and may break off within the key: then what came
    /// of it is replaced too.
    pub fn redact_bytes<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        self.redact_places(bytes, true)
    }

    fn redact_places<'a>(&self, bytes: &'a [u8], cut: bool) -> Cow<'a, [u8]> {
        redact_at(bytes, self.matcher.find(bytes, cut))
    }
}

/// Replaces what stands at these places: borrowed bytes are those given, with nothing to hide in them.
fn redact_at(bytes: &[u8], places: Result<Places, TryReserveError>) -> Cow<'_, [u8]> {
    // What cannot be searched is not shown.
    let places = places.unwrap_or_else(|_| std::iter::once(0..bytes.len()).collect());
    if places.is_empty() {
        return Cow::Borrowed(bytes);
    }
    let (mut out, mut copied) = (Vec::new(), 0);
    for place in places {
        out.extend_from_slice(&bytes[copied..place.start]);
        out.extend_from_slice(REDACTED.as_bytes());
        copied = place.end;
    }
    out.extend_from_slice(&bytes[copied..]);
    Cow::Owned(out)
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({REDACTED})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

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
        assert_eq!(key.redact("TEST/Key\"é😀 \\u0054est/key\"é😀"), "*** ***");
        assert_eq!(Key::new(r"a\b").expect("valid").redact(r#"x a\\b a\b"#), "x *** ***");
        let twice = Key::new("a/b\"c").expect("valid");
        assert_eq!(
            twice.redact(r#"{"body":"{\"key\":\"a\\\/b\\\"c\"}"}"#),
            r#"{"body":"{\"key\":\"***\"}"}"#
        );
        let two = Key::new(r"ab\\cd").expect("valid");
        assert_eq!(two.redact(r"raw ab\\cd, escaped ab\\\\cd"), "raw ***, escaped ***");
    }

    #[test]
    fn a_reply_like_the_key_is_searched_within_a_call_s_time() {
        let key = Key::new(&format!("{}b", "a".repeat(Key::MAX_LEN - 1))).expect("a valid key");
        let (start, mut reply) = (Instant::now(), vec![b'a'; 1024 * 1024]);
        assert!(matches!(key.redact(&"a".repeat(1024 * 1024)), Cow::Borrowed(_)));
        reply.push(b'b');
        assert!(key.redact_bytes(&reply).ends_with(b"a***"));
        // With room for a busy machine; a search that is not linear takes minutes.
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    }

    #[test]
    fn bytes_that_there_is_no_memory_to_search_are_replaced_as_a_whole() {
        let no_memory = Vec::<u8>::new().try_reserve(usize::MAX).expect_err("more than any address");
        let shown = redact_at(b"key: test-key-not-real", Err(no_memory));
        // Borrowed bytes would mean that the caller may show its own.
        assert!(matches!(shown, Cow::Owned(_)));
        assert_eq!(*shown, *b"***");
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
