//! What the server said in words: one text of all its fields, and which words are in it.
//!
//! Must never know what the words lead to.

use super::text::cut;
use super::text_fields::TextFields;

/// No more than this decides, in bytes: it is read once for each phrase that could be in it, and a server may send a MiB.
const DECIDING: usize = 64 * 1024;

/// See the module's text.
#[derive(Debug, Default)]
pub(super) struct ServerText {
    /// All that was said, the tips last.
    text: String,
    /// How much of it decides: all but the tips, advice about anything ("get an API key …"), unless they are alone. At most
    /// [`DECIDING`] bytes.
    deciding: usize,
    is_object: bool,
}

impl ServerText {
    /// What these fields say. A framework's fields count where the service's own say nothing: elsewhere a `title` may be
    /// anything.
    pub(super) fn of(fields: &TextFields) -> ServerText {
        let mut text = String::new();
        for group in [TextFields::SERVICE, TextFields::FRAMEWORKS] {
            if text.is_empty() {
                fields.texts(group).for_each(|part| append_once(&mut text, part));
            }
        }
        let without_tips = text.len();
        fields.texts(TextFields::TIPS).for_each(|part| append_once(&mut text, part));
        let deciding = if without_tips == 0 { text.len() } else { without_tips };
        let deciding = cut(&text[..deciding], DECIDING).len();
        ServerText { text, deciding, is_object: fields.message_is_object() }
    }

    /// A text that decides nothing.
    pub(super) fn plain(text: String) -> ServerText {
        ServerText { text, ..ServerText::default() }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether the message was an object: the shape of validation errors.
    pub(super) fn is_object(&self) -> bool {
        self.is_object
    }

    /// Whether what decides has these words, one behind the other, in any case. Words are whole words: "fund" is no part
    /// of "fundamental".
    pub(super) fn mentions(&self, phrase: &str) -> bool {
        let mut rest = words(&self.text[..self.deciding]);
        loop {
            let mut here = rest.clone();
            if words(phrase).all(|word| here.next().is_some_and(|other| other.eq_ignore_ascii_case(word))) {
                return true;
            }
            if rest.next().is_none() {
                return false;
            }
        }
    }

    /// Whether what decides is this and no more, in any case.
    pub(super) fn says_only(&self, phrase: &str) -> bool {
        self.text[..self.deciding].trim_end_matches('.').eq_ignore_ascii_case(phrase)
    }
}

/// Runs of ASCII letters and digits. A letter of another script ends a word: some of those put no space between words.
fn words(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// Adds a part unless it is there already: `message` and `error` often say the same.
fn append_once(text: &mut String, part: &str) {
    let part = part.trim();
    if part.is_empty() || text.contains(part) {
        return;
    }
    if !text.is_empty() {
        text.push_str(if text.ends_with(['.', '!', '?']) { " " } else { "; " });
    }
    text.push_str(part);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_words_in_any_case_and_with_anything_between_them() {
        let says = |text: &str, phrase: &str| {
            let deciding = text.len();
            ServerText { text: text.into(), deciding, is_object: false }.mentions(phrase)
        };
        for (text, phrase, wanted) in [
            ("Your API key is wrong", "api key", true),
            ("invalid_api_key", "api key", true),
            ("no api-key: x", "api key", true),
            ("the api has no key", "api key", false),
            ("api keys", "api key", false),
            ("busy", "busy", true),
            ("a busybody", "busy", false),
            ("服务器busy。", "busy", true),
            ("too too many requests", "too many requests", true),
            ("too many", "too many requests", false),
            ("", "busy", false),
        ] {
            assert_eq!(says(text, phrase), wanted, "{text}: {phrase}");
        }
    }
}
