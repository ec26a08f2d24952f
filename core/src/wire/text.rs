//! Texts of the server made fit to be handed out: one line, bounded, without the key (contract, section 3, rule 8).

use super::key::Key;
use std::borrow::Cow;

/// The longest text handed out, in bytes.
pub const MAX_TEXT: usize = 1024;

/// One line of at most [`MAX_TEXT`] bytes without control characters, those of the writing direction among
/// them, and without the key. U+FFFD stands for a NUL.
pub fn clean(text: &str, key: Option<&Key>) -> String {
    if text.is_empty() {
        return String::new();
    }
    let text = without(key, text);
    if text.len() <= MAX_TEXT && text.bytes().all(|b| b.is_ascii_graphic()) {
        return text.into_owned();
    }
    let text = text.trim();
    if text.len() <= MAX_TEXT && text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return text.to_owned();
    }
    let line: String = text.chars().map(of_one_line).collect();
    // A key with a blank in it may have been broken into two lines, and be whole only now.
    let line = if line == text { Cow::Borrowed(text) } else { without(key, &line) };
    cut(&line, MAX_TEXT).trim_end().to_owned()
}

fn without<'t>(key: Option<&Key>, text: &'t str) -> Cow<'t, str> {
    match key {
        Some(key) => key.redact(text),
        None => Cow::Borrowed(text),
    }
}

/// The beginning of a text, whole characters of at most `max` bytes.
pub fn cut(text: &str, max: usize) -> &str {
    let end = (0..=max.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

/// What stands for a character in a text of one line.
fn of_one_line(c: char) -> char {
    match c {
        // What the reader puts where a text was broken.
        '\0' => char::REPLACEMENT_CHARACTER,
        // Unicode's own line and paragraph separators.
        '\u{2028}' | '\u{2029}' => ' ',
        // What turns the direction of writing: a message could be shown as another one.
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => ' ',
        c if c.is_control() => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_turns_the_direction_in_which_a_text_is_shown() {
        assert_eq!(clean("paid\u{202E}gpj.\u{2066}x\u{2069}", None), "paid gpj. x");
        assert_eq!(clean("\u{202C}", None), "");
    }

    #[test]
    fn a_key_that_is_whole_only_in_one_line_is_taken_out() {
        for (key, text) in [
            ("test key", "bad test\nkey."),
            ("test key", "bad test\u{2028}key."),
            ("test\u{fffd}key", "bad test\0key."),
            ("test\u{2028}key", "bad test\u{2028}key."),
        ] {
            let key = Key::new(key).expect("a valid key");
            assert_eq!(clean(text, Some(&key)), "bad ***.", "{text:?}");
        }
    }
}
