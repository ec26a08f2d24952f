//! Finds a text in bytes: raw, JSON-escaped, or escaped twice, as a reply does that quotes a request.
//!
//! Knows no key and no replacing. The bytes are searched as they are, unescaped, and unescaped once more. Escapes may be
//! mixed with raw characters: PHP, which the service runs on, escapes `/` and all beyond ASCII; others do not. The case of
//! ASCII letters does not count: a host name and a scheme are shown in lower case, whatever a server wrote. The time is
//! linear in the bytes, whatever a server sends (Knuth, Morris and Pratt).

use super::escapes::Escape;
use memchr::memchr;
use std::borrow::Cow;
use std::collections::TryReserveError;
use std::ops::Range;

/// A text that is searched for.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct KeyMatcher {
    /// In lower case.
    text: Vec<u8>,
    /// By how much of the text has matched, less one: the longest shorter match that ends at the same place.
    shorter: Vec<usize>,
}

/// Where in bytes the text stands, in order, without overlap.
pub(super) type Places = Vec<Range<usize>>;

impl KeyMatcher {
    /// Of this text, which is not empty.
    pub(super) fn of(text: &str) -> KeyMatcher {
        let text = text.to_ascii_lowercase().into_bytes();
        let mut new = KeyMatcher { shorter: vec![0], text };
        for end in 1..new.text.len() {
            let shorter = new.step(new.shorter[end - 1], new.text[end]);
            new.shorter.push(shorter);
        }
        new
    }

    /// Where the text stands. With `cut`, its beginning at the end of the bytes counts too: they may have broken off within
    /// it. Fails if the system gives no memory.
    pub(super) fn find(&self, bytes: &[u8], cut: bool) -> Result<Places, TryReserveError> {
        let mut places = Places::new();
        let raw = Level { bytes: Cow::Borrowed(bytes), shifts: Vec::new(), of: None };
        self.search(&raw, cut, &mut places)?;
        if let Some(once) = raw.unescape(cut)? {
            self.search(&once, cut, &mut places)?;
            if let Some(twice) = once.unescape(cut)? {
                self.search(&twice, cut, &mut places)?;
            }
        }
        places.sort_unstable_by_key(|place| place.start);
        places.dedup_by(|later, earlier| {
            let same = later.start < earlier.end;
            if same {
                earlier.end = earlier.end.max(later.end);
            }
            same
        });
        Ok(places)
    }

    fn search(&self, level: &Level<'_>, cut: bool, places: &mut Places) -> Result<(), TryReserveError> {
        let mut matched = 0;
        for (at, byte) in level.bytes.iter().enumerate() {
            matched = self.step(matched, byte.to_ascii_lowercase());
            if matched == self.text.len() {
                places.try_reserve(1)?;
                places.push(level.source(at + 1 - matched)..level.source(at + 1));
                // One behind the other, and none within another.
                matched = 0;
            }
        }
        if cut && matched > 0 {
            places.try_reserve(1)?;
            places.push(level.source(level.bytes.len() - matched)..level.source_len());
        }
        Ok(())
    }

    /// How much has matched behind `byte`, if `matched` bytes had before it.
    fn step(&self, mut matched: usize, byte: u8) -> usize {
        loop {
            if self.text.get(matched) == Some(&byte) {
                return matched + 1;
            }
            if matched == 0 {
                return 0;
            }
            matched = self.shorter[matched - 1];
        }
    }
}

/// The bytes as they came, or unescaped.
struct Level<'b> {
    bytes: Cow<'b, [u8]>,
    /// Behind each escape: a place in the bytes, and the same in those they were unescaped from.
    shifts: Vec<(usize, usize)>,
    /// What they were unescaped from.
    of: Option<&'b Level<'b>>,
}

impl Level<'_> {
    /// Where the character that begins at `at`, or the end, stands in the bytes as they came.
    fn source(&self, at: usize) -> usize {
        let shifts = &self.shifts[..self.shifts.partition_point(|(here, _)| *here <= at)];
        let at = shifts.last().map_or(at, |(here, there)| there + (at - here));
        self.of.map_or(at, |level| level.source(at))
    }

    /// The length of the bytes as they came.
    fn source_len(&self) -> usize {
        self.of.map_or(self.bytes.len(), Level::source_len)
    }

    /// The bytes unescaped; nothing if there is no backslash in them. With `cut`, half an escape at the end is left out: the
    /// other half is missing, not the text that goes before it.
    fn unescape(&self, cut: bool) -> Result<Option<Level<'_>>, TryReserveError> {
        let Some(mut plain) = memchr(b'\\', &self.bytes) else { return Ok(None) };
        let (mut bytes, mut shifts, mut at) = (Vec::new(), Vec::new(), 0);
        bytes.try_reserve_exact(self.bytes.len())?;
        loop {
            bytes.extend_from_slice(&self.bytes[at..at + plain]);
            at += plain;
            match Escape::read(&self.bytes[at..]) {
                Escape::Cut if cut => break,
                // No text that is searched for has a control character, so that its backslash stands for itself.
                Escape::Of(meant, len) if !meant.is_control() => {
                    bytes.extend_from_slice(meant.encode_utf8(&mut [0; 4]).as_bytes());
                    at += len;
                    shifts.try_reserve(1)?;
                    shifts.push((bytes.len(), at));
                }
                Escape::Of(..) | Escape::HalfPair | Escape::Unknown | Escape::Cut => {
                    bytes.push(b'\\');
                    at += 1;
                }
            }
            let rest = &self.bytes[at..];
            plain = match memchr(b'\\', rest) {
                Some(plain) => plain,
                None => {
                    bytes.extend_from_slice(rest);
                    break;
                }
            };
        }
        Ok(Some(Level { bytes: Cow::Owned(bytes), shifts, of: Some(self) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those that the tests' pieces can form.
    const ESCAPES: &[(&str, &str)] = &[
        (r"\\", r"\"),
        (r#"\""#, "\""),
        (r"\/", "/"),
        (r"\u0061", "a"),
        (r"\u0041", "A"),
        (r"\u005c", r"\"),
        (r"\u005C", r"\"),
        (r"\ud83d\ude00", "😀"),
    ];

    /// The bytes of a text, each with the place in the first text that it came from: where that begins, and where it ends.
    type Mapped = Vec<(u8, usize, usize)>;

    fn unescaped(text: &Mapped) -> Mapped {
        let bytes: Vec<u8> = text.iter().map(|(byte, ..)| *byte).collect();
        let (mut out, mut at) = (Mapped::new(), 0);
        while at < bytes.len() {
            let escape = ESCAPES.iter().find(|(escape, _)| bytes[at..].starts_with(escape.as_bytes()));
            let (len, meant) = escape.map_or((1, &bytes[at..=at]), |(e, meant)| (e.len(), meant.as_bytes()));
            let (start, end) = (text[at].1, text[at + len - 1].2);
            out.extend(meant.iter().map(|byte| (*byte, start, end)));
            at += len;
        }
        out
    }

    /// Which bytes belong to an occurrence, tried at each place of each reading.
    fn naive(wanted: &str, text: &str) -> Vec<bool> {
        let mut reading: Mapped = text.bytes().enumerate().map(|(at, byte)| (byte, at, at + 1)).collect();
        let mut covered = vec![false; text.len()];
        for _ in 0..3 {
            let mut at = 0;
            while let Some(here) = reading.get(at..at + wanted.len()) {
                let same =
                    here.iter().zip(wanted.bytes()).all(|((byte, ..), w)| byte.eq_ignore_ascii_case(&w));
                if same {
                    covered[here[0].1..here[wanted.len() - 1].2].fill(true);
                }
                at += if same { wanted.len() } else { 1 };
            }
            reading = unescaped(&reading);
        }
        covered
    }

    fn compare(wanted: &str, text: &str) {
        let mut covered = vec![false; text.len()];
        for place in KeyMatcher::of(wanted).find(text.as_bytes(), false).expect("memory") {
            covered[place].fill(true);
        }
        assert_eq!(covered, naive(wanted, text), "{wanted:?} in {text:?}");
    }

    /// All texts of `1..=longest` of these pieces.
    fn all(pieces: &[&str], longest: usize) -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut from = 0;
        for _ in 0..longest {
            let to = texts.len();
            for at in from..to {
                texts.extend(pieces.iter().map(|piece| texts[at].clone() + piece).collect::<Vec<_>>());
            }
            from = to;
        }
        texts.split_off(1)
    }

    #[test]
    fn every_spelling_is_found_where_a_naive_search_finds_it() {
        let texts = all(&["a", "b", "\\", "\"", "/"], 6);
        for (n, wanted) in all(&["a", "b", "\\", "\"", "/"], 3).iter().enumerate() {
            // A part of the texts for each, another one for the next.
            texts.iter().skip(n % 7).step_by(7).for_each(|text| compare(wanted, text));
        }
        let texts =
            all(&["a", "\\", "\\u0061", "\\u0041", "U0061", "\\u005c", "\\ud83d", "\\ude00", "😀"], 4);
        for wanted in
            ["a", "aA", "aaa", r"\", r"\\", r"a\", r"\a", "u0061", "1a", "1aa", "😀", "a😀", r"\u0061"]
        {
            texts.iter().for_each(|text| compare(wanted, text));
        }
    }

    #[test]
    fn a_spelling_that_breaks_off_at_the_end_is_found_wherever_it_breaks_off() {
        let wanted = "test/key\"é😀z";
        let once = r#"test\/key\"\u00e9\ud83d\ude00z"#;
        let twice = once.replace('\\', r"\\").replace('"', r#"\""#);
        let matcher = KeyMatcher::of(wanted);
        for spelled in [wanted, once, &twice] {
            for len in 1..=spelled.len() {
                let text = ["{\"message\":\"no key ".as_bytes(), &spelled.as_bytes()[..len]].concat();
                let places = matcher.find(&text, true).expect("memory");
                let last = places.last().expect("a place");
                assert_eq!(*last, text.len() - len..text.len(), "{}", text.escape_ascii());
            }
            assert_eq!(matcher.find(&spelled.as_bytes()[..spelled.len() - 1], false), Ok(vec![]));
        }
    }
}
