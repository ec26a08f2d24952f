//! What a reply says in words, read from whatever JSON type stands there and flattened to one string.
//!
//! Must never know which field it reads, nor what the words mean.

use super::fields::{Name, Numbers};
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A text field flattened to one string.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) flat: String,
    /// It was an object: the shape of validation errors.
    pub(super) is_object: bool,
}

/// A text in all its shapes, flattened: objects as `name: value`, lists joined.
#[derive(Clone, Copy)]
pub(super) struct TextSeed(pub(super) Numbers);

impl<'de> DeserializeSeed<'de> for TextSeed {
    type Value = Text;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Text, D::Error> {
        self.0.read(d, self, Text::plain)
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
        Ok(Text::plain(value.to_string()))
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
        while let Some(name) = map.next_key_seed(Name::Bytes)? {
            let part = map.next_value_seed(self)?;
            text.append(&String::from_utf8_lossy(&name), &part.flat);
        }
        Ok(text)
    }
}
