//! Texts of the server made fit to be handed out: one line, bounded, without the key (contract, section 3, rule 8).

use super::key::Key;

/// The longest text handed out, in bytes.
pub const MAX_TEXT: usize = 1024;

/// One line of at most [`MAX_TEXT`] bytes without control characters, and without the key. U+FFFD stands for a NUL.
pub fn clean(text: &str, key: Option<&Key>) -> String {
    if text.is_empty() {
        return String::new();
    }
    let text = match key {
        Some(key) => key.redact(text),
        None => text.into(),
    };
    if text.len() <= MAX_TEXT && text.bytes().all(|b| b.is_ascii_graphic()) {
        return text.into_owned();
    }
    let text = text.trim();
    if text.len() <= MAX_TEXT && text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len().min(MAX_TEXT));
    for c in text.chars() {
        let c = match c {
            // What the reader puts where a text was broken.
            '\0' => char::REPLACEMENT_CHARACTER,
            c if breaks_line(c) => ' ',
            c => c,
        };
        if line.len() + c.len_utf8() > MAX_TEXT {
            break;
        }
        line.push(c);
    }
    line.truncate(line.trim_end().len());
    line
}

/// The beginning of a text, whole characters of at most `max` bytes.
pub fn cut(text: &str, max: usize) -> &str {
    let end = (0..=max.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

/// Control characters, and Unicode's own line and paragraph separators.
fn breaks_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}
