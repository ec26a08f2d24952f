//! The commonest output, a list of strings, read straight from its text; `fields` reads every other shape.
//!
//! The parser has checked the text already, so that this need only find where strings end. The service escapes each slash,
//! which makes the parser build every link piece by piece in a buffer that grows; here the pieces go where they stay.

use super::fields::Output;
use super::strings::Strings;

/// Reads `[ "…", … ]`, with no escapes but those of one character; whether it was such a list. Where it was not, `output`
/// is spoilt.
///
/// `room` as in [`Strings::with_room`].
pub(super) fn read_list(json: &str, room: usize, output: &mut Output) -> bool {
    *output = Output { urls: Strings::with_room(room), unreadable: None };
    let Some(mut rest) = json.as_bytes().strip_prefix(b"[") else { return false };
    loop {
        rest = match rest {
            [b' ' | b'\t' | b'\n' | b'\r' | b',', behind @ ..] => behind,
            [b'"', string @ ..] => match read_string(string, &mut output.urls) {
                Some(behind) => behind,
                None => return false,
            },
            _ => return rest == b"]",
        }
    }
}

/// Adds the string that `rest` begins in, unless it is empty; what follows it.
///
/// Many bytes are copied and looked through at once. Links are short and their pieces shorter: a search and a copy for
/// each piece would be two calls, which take longer than the work.
fn read_string<'a>(mut rest: &'a [u8], urls: &mut Strings) -> Option<&'a [u8]> {
    let mut link = urls.begin();
    loop {
        if let Some((many, behind)) = rest.split_first_chunk() {
            let plain = plain_bytes(*many);
            link.add(many);
            if plain == many.len() {
                rest = behind;
                continue;
            }
            link.shorten(many.len() - plain);
            rest = &rest[plain..];
        }
        let (byte, behind) = match *rest {
            [b'"', ref behind @ ..] => {
                link.finish();
                return Some(behind);
            }
            [b'\\', escape, ref behind @ ..] => (unescaped(escape)?, behind),
            [byte, ref behind @ ..] => (byte, behind),
            [] => return None,
        };
        link.add(&[byte]);
        rest = behind;
    }
}

/// How many of these bytes stand before the first quote or backslash.
fn plain_bytes(bytes: [u8; 16]) -> usize {
    const ONES: u128 = u128::from_ne_bytes([1; 16]);
    let word = u128::from_le_bytes(bytes);
    // The high bit of each byte that is zero; past the first such byte a borrow may set more.
    let zeros = |word: u128| word.wrapping_sub(ONES) & !word & (ONES << 7);
    let found = zeros(word ^ (ONES * u128::from(b'"'))) | zeros(word ^ (ONES * u128::from(b'\\')));
    found.trailing_zeros() as usize / 8
}

/// What a backslash and this character stand for; four digits, perhaps a pair of them, perhaps a NUL, are for the parser.
fn unescaped(escape: u8) -> Option<u8> {
    if escape == b'/' {
        // Each slash, where the service escapes: almost always this one.
        return Some(escape);
    }
    Some(match escape {
        b'"' | b'\\' => escape,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Vec<String>> {
        let mut output = Output::default();
        let is_list = read_list(json, json.len(), &mut output);
        is_list.then(|| output.urls.iter().map(|url| String::from_utf8_lossy(url).into_owned()).collect())
    }

    #[test]
    fn a_list_of_strings_is_read_and_everything_else_left_to_the_parser() {
        let list = |entries: &[&str]| Some(entries.iter().map(|&entry| entry.to_owned()).collect());
        for (json, wanted) in [
            ("[]", list(&[])),
            (r#"[ "a" ,"" , "b\/\"\\\n" ]"#, list(&["a", "b/\"\\\n"])),
            (r#"["é\/😀"]"#, list(&["é/😀"])),
            (r#"["a\u0000"]"#, None),
            (r#"["a", null]"#, None),
            (r#"[["a"]]"#, None),
            (r#"[{"url":"a"}]"#, None),
            (r#""a""#, None),
            ("null", None),
        ] {
            assert_eq!(read(json), wanted, "{json}");
        }
    }
}
