//! Finds a text in bytes, raw or with any of JSON's escapes, in time that no server's bytes can stretch.
//!
//! Knows no key and no replacing. There are two ways to read bytes. Raw, each stands for itself. As JSON, each begins a
//! unit: the escape that begins there, if one does, else the byte itself. Escapes may be mixed with raw characters: PHP,
//! which the service runs on, escapes `/` and all beyond ASCII; others do not. In both readings the case of ASCII letters
//! does not count: a host name and a scheme are shown in lower case, whatever a server wrote.
//!
//! The search runs from the end to the front, since behind each unit one place follows, but before a place several
//! units may end: `\u0061` ends where its `1` does. So each place has one state, which is how much of the text's end
//! stands there.

/// More than the longest escape has bytes: a surrogate pair has 12.
const WINDOW: usize = 16;

/// A text that is searched for.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct KeyMatcher {
    /// The text's bytes in lower case, the last one first.
    backwards: Vec<u8>,
    /// By state, the longest shorter one to go on with when the next byte does not fit (Knuth, Morris and Pratt).
    ///
    /// It wants another byte than the one that did not fit. That bounds the hops for one byte by the logarithm of the
    /// length; where several units end at one place, a bound for all bytes together would not do.
    shorter: Vec<Option<usize>>,
}

impl KeyMatcher {
    /// Of this text, which is not empty.
    pub(super) fn of(text: &str) -> KeyMatcher {
        let backwards = text.bytes().rev().map(|byte| byte.to_ascii_lowercase()).collect();
        let mut new = KeyMatcher { backwards, shorter: vec![None] };
        let mut border = 0;
        for state in 1..new.backwards.len() {
            let wanted = new.backwards[state];
            let same = new.backwards[border] == wanted;
            new.shorter.push(if same { new.shorter[border] } else { Some(border) });
            border = new.step(border, wanted);
        }
        new.shorter.push(Some(border));
        new
    }

    /// For each byte, whether the text begins there; nothing if it does nowhere.
    pub(super) fn starts(&self, bytes: &[u8]) -> Vec<bool> {
        let mut starts = Vec::new();
        let mut raw = 0;
        let mut as_json = [0; WINDOW];
        for at in (0..bytes.len()).rev() {
            let byte = bytes[at].to_ascii_lowercase();
            raw = self.step(raw, byte);
            let state = if byte == b'\\' {
                let unit = Unit::first(&bytes[at..]);
                let behind = as_json[(at + unit.len) % WINDOW];
                unit.means().iter().rev().fold(behind, |state, byte| self.step(state, *byte))
            } else {
                self.step(as_json[(at + 1) % WINDOW], byte)
            };
            as_json[at % WINDOW] = state;
            if raw.max(state) == self.backwards.len() {
                starts.resize(bytes.len(), false);
                starts[at] = true;
            }
        }
        starts
    }

    /// How long the spelling is that `bytes` begin with: the longer one if they do in both readings.
    pub(super) fn len_at_start(&self, bytes: &[u8]) -> usize {
        let (mut at, mut wanted) = (0, &self.backwards[..]);
        while !wanted.is_empty() && at < bytes.len() {
            let unit = Unit::first(&bytes[at..]);
            for byte in unit.means() {
                match wanted.split_last() {
                    Some((next, rest)) if next == byte => wanted = rest,
                    _ => return self.backwards.len(),
                }
            }
            at += unit.len;
        }
        if wanted.is_empty() { at } else { self.backwards.len() }
    }

    fn step(&self, state: usize, byte: u8) -> usize {
        // Almost always.
        if state == 0 && self.backwards[0] != byte {
            return 0;
        }
        let mut state = Some(state);
        while let Some(fits) = state {
            if self.backwards.get(fits) == Some(&byte) {
                return fits + 1;
            }
            state = self.shorter[fits];
        }
        0
    }
}

/// An escape, or a byte that begins none.
struct Unit {
    utf8: [u8; 4],
    utf8_len: usize,
    /// Bytes that it takes.
    len: usize,
}

impl Unit {
    /// The one that `bytes`, which are not empty, begin with.
    fn first(bytes: &[u8]) -> Unit {
        match unescape(bytes) {
            Some((meant, len)) => {
                let mut utf8 = [0; 4];
                let utf8_len = meant.to_ascii_lowercase().encode_utf8(&mut utf8).len();
                Unit { utf8, utf8_len, len }
            }
            None => Unit { utf8: [bytes[0].to_ascii_lowercase(), 0, 0, 0], utf8_len: 1, len: 1 },
        }
    }

    /// What it stands for, in lower case.
    fn means(&self) -> &[u8] {
        &self.utf8[..self.utf8_len]
    }
}

/// The character that a JSON escape at the start of `bytes` stands for, and the escape's length. Those of control
/// characters are left out: no text that is searched for has any.
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

    /// How many bytes spell `wanted` at the start of `bytes`, tried one by one.
    fn naive(wanted: &str, bytes: &str) -> Option<usize> {
        let begins = |bytes: &[u8], with: &[u8]| {
            bytes.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
        };
        let (mut at, mut left) = (0, wanted.as_bytes());
        while !left.is_empty() {
            let rest = &bytes.as_bytes()[at..];
            let escape = ESCAPES.iter().find(|(escape, _)| rest.starts_with(escape.as_bytes()));
            let (len, meant) = match escape {
                Some((escape, meant)) => (escape.len(), meant.as_bytes()),
                None => (1, rest.get(..1).unwrap_or_default()),
            };
            if meant.is_empty() || !begins(left, meant) {
                return begins(bytes.as_bytes(), wanted.as_bytes()).then_some(wanted.len());
            }
            (at, left) = (at + len, &left[meant.len()..]);
        }
        Some(at)
    }

    fn compare(wanted: &str, bytes: &str) {
        let spellings = KeyMatcher::of(wanted);
        let starts = spellings.starts(bytes.as_bytes());
        for at in (0..bytes.len()).filter(|at| bytes.is_char_boundary(*at)) {
            let found = starts.get(at) == Some(&true);
            let len = found.then(|| spellings.len_at_start(&bytes.as_bytes()[at..]));
            assert_eq!(len, naive(wanted, &bytes[at..]), "{wanted:?} at {at} of {bytes:?}");
        }
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
    fn a_text_that_repeats_itself_costs_a_few_hops_a_byte() {
        let length = 4096;
        let mut fibonacci = ["b".to_owned(), "a".to_owned()];
        while fibonacci[1].len() < length {
            fibonacci = [fibonacci[1].clone(), fibonacci.concat().chars().rev().collect()];
        }
        let [shorter, longer] = fibonacci;
        let many = "a".repeat(length - 1);
        for wanted in
            [many.clone() + "b", "b".to_owned() + &many, many, "ab".repeat(length / 2), shorter, longer]
        {
            let spellings = KeyMatcher::of(&wanted);
            let mut hops = Vec::new();
            for shorter in &spellings.shorter {
                hops.push(shorter.map_or(0, |state: usize| hops[state] + 1));
            }
            // The logarithm of 4096 to the base of the golden ratio, and one from the whole text.
            let most = hops.iter().max().expect("a state");
            assert!(*most <= 19, "{most} hops in {}... of {}", &wanted[..9], wanted.len());
        }
    }
}
