//! The commonest output, a list of strings, read straight from its text; `fields` reads every other shape.
//!
//! The parser has checked the text already, so that this need only find where strings end. The service escapes each slash,
//! which makes the parser build every link piece by piece in a buffer that grows; here the pieces go where they stay.

use super::fields::Output;
use super::strings::Strings;
use memchr::memchr2;

/// Reads `[ "…", … ]`, with no escapes but those of one character; nothing for any other text.
///
/// `room` as in [`Strings::with_room`].
pub(super) fn read_list(json: &str, room: usize) -> Option<Output> {
    let mut rest = json.strip_prefix('[')?;
    let mut urls = Strings::with_room(room);
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', ',']);
        match rest.strip_prefix('"') {
            Some(string) => rest = read_string(string, &mut urls)?,
            None if rest == "]" => return Some(Output { urls, unreadable: None }),
            None => return None,
        }
    }
}

/// Adds the string that `rest` begins in, unless it is empty; what follows it.
fn read_string<'a>(mut rest: &'a str, urls: &mut Strings) -> Option<&'a str> {
    let mut link = urls.begin();
    loop {
        let at = memchr2(b'"', b'\\', rest.as_bytes())?;
        link.add(&rest[..at]);
        if rest.as_bytes()[at] == b'"' {
            link.finish();
            return Some(&rest[at + 1..]);
        }
        link.add(match rest.as_bytes().get(at + 1)? {
            b'/' => "/",
            b'"' => "\"",
            b'\\' => "\\",
            b'b' => "\u{8}",
            b'f' => "\u{c}",
            b'n' => "\n",
            b'r' => "\r",
            b't' => "\t",
            // Four digits, perhaps a pair of them, perhaps a NUL: for the parser.
            _ => return None,
        });
        rest = &rest[at + 2..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Vec<String>> {
        let output = read_list(json, json.len())?;
        Some(output.urls.iter().map(|url| String::from_utf8_lossy(url).into_owned()).collect())
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
