//! A body that is no JSON in the ways that programs get it wrong, made into JSON that says the same.
//!
//! Python writes bare `NaN` and `Infinity`: `null` takes their place. A number beyond a double, which JSON allows and the
//! reader does not, becomes one that a double holds. A string that was cut in its middle, or came in
//! Latin-1, holds half a surrogate pair or bytes that are no UTF-8; one put together by hand, raw control characters. An
//! escaped NUL takes the place of each run of these, which the reader refuses where a string must be exact, and which shows
//! as U+FFFD where people read. All else that is no JSON stays as it is. Must never know what the body says.

use super::escapes::Escape;
use std::collections::TryReserveError;

/// What stands where a string could not be read.
const UNREADABLE: &str = "\\u0000";

/// As good as any number that no double holds.
const HUGE: &str = "1e308";

/// The body with these faults repaired. Fails if the system gives no memory.
pub(super) fn repair(body: &[u8]) -> Result<String, TryReserveError> {
    let mut repair = Repair { out: String::new(), in_string: false, marked: 0 };
    repair.out.try_reserve_exact(body.len())?;
    for chunk in body.utf8_chunks() {
        let mut rest = chunk.valid();
        while !rest.is_empty() {
            rest = if repair.in_string { repair.within_string(rest)? } else { repair.outside(rest)? };
        }
        if !chunk.invalid().is_empty() {
            repair.mark()?;
        }
    }
    Ok(repair.out)
}

struct Repair {
    out: String,
    in_string: bool,
    /// Where the last mark ends: what follows at once belongs to it.
    marked: usize,
}

/// What is left of a text, or no memory.
type Left<'t> = Result<&'t str, TryReserveError>;

impl Repair {
    fn outside<'t>(&mut self, text: &'t str) -> Left<'t> {
        let is_special = |c: char| c.is_ascii_digit() || "\"NI-".contains(c);
        let (before, rest) = text.split_at(text.find(is_special).unwrap_or(text.len()));
        self.push(before)?;
        for number in ["NaN", "Infinity", "-Infinity"] {
            if let Some(rest) = rest.strip_prefix(number) {
                self.push("null")?;
                return Ok(rest);
            }
        }
        let is_of_number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
        let (number, behind) = rest.split_at(rest.find(|c| !is_of_number(c)).unwrap_or(rest.len()));
        match number.parse() {
            Ok(f64::INFINITY) => self.push(HUGE)?,
            Ok(f64::NEG_INFINITY) => self.push("-").and_then(|()| self.push(HUGE))?,
            Ok(_) => self.push(number)?,
            Err(_) => {
                self.in_string = rest.starts_with('"');
                return self.push_first(rest, 1);
            }
        }
        Ok(behind)
    }

    fn within_string<'t>(&mut self, text: &'t str) -> Left<'t> {
        let is_special = |c: char| c == '"' || c == '\\' || c < ' ';
        let (before, rest) = text.split_at(text.find(is_special).unwrap_or(text.len()));
        self.push(before)?;
        if !rest.starts_with('\\') {
            self.in_string = !rest.starts_with('"');
            return if rest.starts_with(|c| c < ' ') {
                self.mark_first(rest, 1)
            } else {
                self.push_first(rest, 1)
            };
        }
        match Escape::read(rest.as_bytes()) {
            Escape::Of(_, len) => self.push_first(rest, len),
            Escape::HalfPair => self.mark_first(rest, 6),
            // Where the body ends, it is cut; where bytes that are no text follow, they belong to the same mark.
            Escape::Cut => self.mark_first(rest, rest.len()),
            // Left alone, the backslash would escape that of the mark.
            Escape::Unknown if rest[1..].starts_with(|c| c < ' ') => self.mark_first(rest, 1),
            // The reader will refuse it.
            Escape::Unknown => self.push_first(rest, 1),
        }
    }

    /// Takes `len` bytes as they are; fewer if there are fewer.
    fn push_first<'t>(&mut self, text: &'t str, len: usize) -> Left<'t> {
        let (first, rest) = text.split_at(len.min(text.len()));
        self.push(first)?;
        Ok(rest)
    }

    fn mark_first<'t>(&mut self, text: &'t str, len: usize) -> Left<'t> {
        self.mark()?;
        Ok(&text[len..])
    }

    fn mark(&mut self) -> Result<(), TryReserveError> {
        if self.marked == 0 || self.marked != self.out.len() {
            self.push(UNREADABLE)?;
            self.marked = self.out.len();
        }
        Ok(())
    }

    fn push(&mut self, text: &str) -> Result<(), TryReserveError> {
        self.out.try_reserve(text.len())?;
        self.out.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_no_json_is_changed_and_only_in_the_ways_that_are_known() {
        let cases: &[(&[u8], &str)] = &[
            (br#"{"a":NaN,"b":[Infinity,-Infinity],"c":-1}"#, r#"{"a":null,"b":[null,null],"c":-1}"#),
            (br#"[1e400,-1E+999,1e-400,17,1.5,"1e400"]"#, r#"[1e308,-1e308,1e-400,17,1.5,"1e400"]"#),
            (br#"{"NaN":"-Infinity \"NaN\" \\"}"#, r#"{"NaN":"-Infinity \"NaN\" \\"}"#),
            (br#""\ud83d" "\ude00 \ud83d\ud83dx""#, r#""\u0000" "\u0000 \u0000x""#),
            (br#""\ud83d\ude00\u00e9""#, r#""\ud83d\ude00\u00e9""#),
            (b"\"caf\xe9 \xff\xfe\xc3\"", r#""caf\u0000 \u0000""#),
            (b"\"a\\\xe9b\\\\\xe9\"", r#""a\u0000b\\\u0000""#),
            (b"\"\\ud83d\xe9\"", r#""\u0000""#),
            (b"\"a\\\tb\"", r#""a\u0000b""#),
            (b"\"\\\\u0000\xe9\"", r#""\\u0000\u0000""#),
            (b"\"a\r\nb\x7f\"\r\n", "\"a\\u0000b\x7f\"\r\n"),
            (br#"{"a":"\x41"}"#, r#"{"a":"\x41"}"#),
            (br#"{"a":"\"#, r#"{"a":"\u0000"#),
            (b"\xe9", r"\u0000"),
            (b"None undefined nan", "None undefined nan"),
        ];
        for (body, wanted) in cases {
            let repaired = repair(body).expect("memory");
            assert_eq!(repaired, *wanted, "{}", body.escape_ascii());
        }
    }
}
