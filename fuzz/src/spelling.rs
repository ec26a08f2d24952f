//! Finds the key in a text the slow way: three readings, every place of each, nothing remembered.

use std::ops::Range;

/// A byte as one reading has it, and the bytes that it was read from.
type Reading = Vec<(u8, Range<usize>)>;

/// `bytes` with the key replaced wherever it stands: raw, JSON-escaped, or escaped twice, in upper or lower case. They may
/// have broken off within it: then its beginning at their end is replaced too.
pub fn redacted(bytes: &[u8], key: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    for place in places(bytes, key, true) {
        out.extend_from_slice(&bytes[at..place.start]);
        out.extend_from_slice(b"***");
        at = place.end;
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

/// Whether the key stands anywhere, whole.
pub fn holds(bytes: &[u8], key: &str) -> bool {
    !places(bytes, key, false).is_empty()
}

fn places(bytes: &[u8], key: &str, may_be_cut: bool) -> Vec<Range<usize>> {
    let mut reading: Reading = bytes.iter().enumerate().map(|(at, byte)| (*byte, at..at + 1)).collect();
    let mut found = Vec::new();
    for _ in 0..3 {
        found.extend(places_in(&reading, key.as_bytes(), bytes.len(), may_be_cut));
        reading = unescaped(&reading, may_be_cut);
    }
    found.sort_by_key(|place| place.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for place in found {
        match apart.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => apart.push(place),
        }
    }
    apart
}

fn places_in(reading: &Reading, key: &[u8], end: usize, may_be_cut: bool) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < reading.len() {
        let rest = &reading[at..];
        let same =
            rest.iter().zip(key).take_while(|((byte, _), wanted)| byte.eq_ignore_ascii_case(wanted)).count();
        if same == key.len() {
            found.push(rest[0].1.start..rest[same - 1].1.end);
            at += same;
        } else if same == rest.len() && may_be_cut {
            found.push(rest[0].1.start..end);
            break;
        } else {
            at += 1;
        }
    }
    found
}

/// The reading with each escape as the character that it means. Those of control characters, which no key has, stay.
fn unescaped(reading: &Reading, may_be_cut: bool) -> Reading {
    let bytes: Vec<u8> = reading.iter().map(|(byte, _)| *byte).collect();
    let (mut out, mut at) = (Reading::new(), 0);
    while at < bytes.len() {
        let rest = &bytes[at..];
        if may_be_cut && begins_an_escape(rest) {
            break;
        }
        let (meant, len) = escape(rest).unwrap_or((vec![rest[0]], 1));
        let source = reading[at].1.start..reading[at + len - 1].1.end;
        out.extend(meant.into_iter().map(|byte| (byte, source.clone())));
        at += len;
    }
    out
}

/// The one character that the first bytes mean, as serde_json reads them, and how many these are.
fn escape(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let len = [12, 6, 2].into_iter().find(|len| meaning(bytes, *len).is_some())?;
    meaning(bytes, len).map(|meant| (meant.into_bytes(), len))
}

fn meaning(bytes: &[u8], len: usize) -> Option<String> {
    let escape = bytes.get(..len).filter(|escape| escape[0] == b'\\')?;
    let meant: String = serde_json::from_str(&format!("\"{}\"", std::str::from_utf8(escape).ok()?)).ok()?;
    (meant.chars().count() == 1 && !meant.contains(char::is_control)).then_some(meant)
}

/// Whether an escape begins here and the bytes end before it does. What it would have been does not matter: half a pair is
/// one too.
fn begins_an_escape(bytes: &[u8]) -> bool {
    let is_cut_unit = |bytes: &[u8]| {
        bytes.len() < 6
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                0 => *byte == b'\\',
                1 => *byte == b'u',
                _ => byte.is_ascii_hexdigit(),
            })
    };
    let begins_a_pair = |bytes: &[u8]| {
        let whole = [bytes, b"\\udc00"].concat();
        meaning(&whole, 12).is_some()
    };
    is_cut_unit(bytes) || bytes.len() >= 6 && begins_a_pair(&bytes[..6]) && is_cut_unit(&bytes[6..])
}
