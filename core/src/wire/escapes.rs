//! The escapes of JSON's strings (RFC 8259, section 7). Must never know what is unescaped, nor why.

/// What bytes that begin with a backslash begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// An escape, and how many bytes it takes: 2, 6, or 12 for a surrogate pair.
    Of(char, usize),
    /// Half a surrogate pair, of 6 bytes; the other half does not follow.
    HalfPair,
    /// The bytes end before the escape does.
    Cut,
    /// No escape that JSON knows.
    Unknown,
}

impl Escape {
    /// Reads what `bytes` begin with, the first of which is a backslash.
    pub(super) fn read(bytes: &[u8]) -> Escape {
        let meant = match bytes.get(1) {
            None => return Escape::Cut,
            Some(b'u') => return Escape::read_unicode(bytes),
            Some(&same @ (b'"' | b'\\' | b'/')) => char::from(same),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(_) => return Escape::Unknown,
        };
        Escape::Of(meant, 2)
    }

    fn read_unicode(bytes: &[u8]) -> Escape {
        let first = match Unit::read(bytes) {
            Unit::Of(first) => first,
            Unit::Cut => return Escape::Cut,
            Unit::None => return Escape::Unknown,
        };
        match char::from_u32(first.into()) {
            Some(meant) => Escape::Of(meant, 6),
            // The second half of a pair never comes first.
            None if first >= 0xDC00 => Escape::HalfPair,
            None => match Unit::read(&bytes[6..]) {
                Unit::Of(second) => match char::decode_utf16([first, second]).next() {
                    Some(Ok(meant)) => Escape::Of(meant, 12),
                    _ => Escape::HalfPair,
                },
                Unit::Cut => Escape::Cut,
                Unit::None => Escape::HalfPair,
            },
        }
    }
}

/// What may be a `\u` with its four digits.
enum Unit {
    Of(u16),
    Cut,
    None,
}

impl Unit {
    fn read(bytes: &[u8]) -> Unit {
        let bytes = &bytes[..bytes.len().min(6)];
        let (escape, digits) = bytes.split_at(bytes.len().min(2));
        if !b"\\u".starts_with(escape) || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Unit::None;
        }
        if bytes.len() < 6 {
            return Unit::Cut;
        }
        // Four digits fit.
        Unit::Of(digits.iter().fold(0, |unit, &digit| unit << 4 | hex(digit)))
    }
}

/// The value of a hexadecimal digit.
fn hex(digit: u8) -> u16 {
    u16::from(if digit.is_ascii_digit() { digit - b'0' } else { (digit | 0x20) - b'a' + 10 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_escape_is_told_with_its_length_and_a_cut_one_from_one_that_is_none() {
        for (text, wanted) in [
            (r#"\"x"#, Escape::Of('"', 2)),
            (r"\\n", Escape::Of('\\', 2)),
            (r"\/", Escape::Of('/', 2)),
            (r"\b", Escape::Of('\u{8}', 2)),
            (r"\f", Escape::Of('\u{c}', 2)),
            (r"\n", Escape::Of('\n', 2)),
            (r"\r", Escape::Of('\r', 2)),
            (r"\t", Escape::Of('\t', 2)),
            (r"\u00e9\u00e9", Escape::Of('é', 6)),
            (r"\u00E9", Escape::Of('é', 6)),
            (r"\ud83d\ude00", Escape::Of('😀', 12)),
            (r"\ud83dx", Escape::HalfPair),
            (r"\ud83d\n", Escape::HalfPair),
            (r"\ud83d\ud83d", Escape::HalfPair),
            (r"\ude00\ud83d", Escape::HalfPair),
            (r"\", Escape::Cut),
            (r"\u", Escape::Cut),
            (r"\u00e", Escape::Cut),
            (r"\ud83d", Escape::Cut),
            (r"\ud83d\ude0", Escape::Cut),
            (r"\x41", Escape::Unknown),
            (r"\u00g9", Escape::Unknown),
            (r"\u+0e9", Escape::Unknown),
            (r"\é", Escape::Unknown),
        ] {
            assert_eq!(Escape::read(text.as_bytes()), wanted, "{text}");
        }
    }
}
