//! What a reply says in words: the fields for it, each read from whatever JSON type stands there and flattened.
//!
//! Must never know what the words mean.

use super::fields::Name;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::ops::Range;

/// The fields, in the order in which they are handed out: the service's own (`messege` is its legacy spelling), those of
/// frameworks and edges, and the tips.
const NAMES: [&str; 9] = ["message", "messege", "error", "errors", "detail", "title", "msg", "tip", "tips"];

/// What was said in each of the fields.
#[derive(Debug, Default)]
pub(super) struct TextFields([Text; NAMES.len()]);

impl TextFields {
    pub(super) const SERVICE: Range<usize> = 0..4;
    pub(super) const FRAMEWORKS: Range<usize> = 4..7;
    pub(super) const TIPS: Range<usize> = 7..9;

    /// The place of the field of this name, if it is one.
    pub(super) fn place(name: &str) -> Option<usize> {
        NAMES.iter().position(|field| *field == name)
    }

    pub(super) fn set(&mut self, place: usize, text: Text) {
        self.0[place] = text;
    }

    /// The texts of some fields, which may be empty.
    pub(super) fn texts(&self, places: Range<usize>) -> impl Iterator<Item = &str> {
        self.0[places].iter().map(|text| text.flat.as_str())
    }

    /// Whether `message`, in one of its spellings, was an object: the shape of validation errors.
    pub(super) fn message_is_object(&self) -> bool {
        self.0[..2].iter().any(|text| text.is_object)
    }
}

/// A text field flattened to one string.
#[derive(Debug, Default)]
pub(super) struct Text {
    flat: String,
    is_object: bool,
}

/// A text in all its shapes, flattened: objects as `name: value`, lists joined.
#[derive(Clone, Copy)]
pub(super) struct TextSeed;

impl<'de> DeserializeSeed<'de> for TextSeed {
    type Value = Text;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Text, D::Error> {
        d.deserialize_any(self)
    }
}

impl Text {
    fn plain(flat: impl Into<String>) -> Text {
        Text { flat: flat.into(), is_object: false }
    }

    fn append(&mut self, name: &str, part: &str) {
        if part.is_empty() {
            return;
        }
        if !self.flat.is_empty() {
            self.flat.push_str("; ");
        }
        // `{"message": …}` is a text in a box; its name would tell nothing.
        if !name.is_empty() && name != "message" {
            self.flat.push_str(name);
            self.flat.push_str(": ");
        }
        self.flat.push_str(part);
    }
}

impl<'de> Visitor<'de> for TextSeed {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text::plain(text))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Text, E> {
        Ok(Text::default())
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Text, E> {
        Ok(Text::plain(value.to_string()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Text, E> {
        Ok(Text::plain(value.to_string()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Text, E> {
        Ok(Text::plain(value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Text, E> {
        // Not with hundreds of zeros.
        Ok(Text::plain(if value.abs() < 1e16 { value.to_string() } else { format!("{value:e}") }))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text, A::Error> {
        let mut text = Text::default();
        while let Some(part) = seq.next_element_seed(self)? {
            text.append("", &part.flat);
        }
        Ok(text)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        let mut text = Text { flat: String::new(), is_object: true };
        while let Some(name) = map.next_key_seed(Name)? {
            let part = map.next_value_seed(self)?;
            text.append(&name, &part.flat);
        }
        Ok(text)
    }
}
