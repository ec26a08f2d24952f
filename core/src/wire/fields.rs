//! The fields of a reply that come in many shapes, each read from whatever JSON type stands there.
//!
//! Must never know which field it reads, nor what the value will mean.

use super::strings::Strings;
use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

/// The usable entries of `output`, byte for byte.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) urls: Strings,
    /// What stood where only strings, objects with `url`, or nothing may stand.
    pub(super) unreadable: Option<&'static str>,
    /// The system gave no memory for all of them.
    pub(super) out_of_memory: bool,
}

/// A member's name: borrowed unless it is escaped.
#[derive(Clone, Copy)]
pub(super) enum Name {
    /// As bytes, since that of a field that is skipped need not be text.
    Bytes,
    /// As text, which is quicker; one that is no text fails.
    Text,
}

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, [u8]>;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
        match self {
            Name::Bytes => d.deserialize_bytes(self),
            Name::Text => d.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, [u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name.as_bytes()))
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        self.visit_bytes(name.as_bytes())
    }

    fn visit_borrowed_bytes<E: de::Error>(self, name: &'de [u8]) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_bytes<E: de::Error>(self, name: &[u8]) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

/// Implements the visits of a JSON scalar that all mean "nothing to use here".
macro_rules! scalars_are {
    ($value:expr) => {
        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok($value)
        }
        scalars_are!(but_null $value);
    };
    (but_null $value:expr) => {
        fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok($value)
        }
        fn visit_i64<E: de::Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok($value)
        }
        fn visit_u64<E: de::Error>(self, _: u64) -> Result<Self::Value, E> {
            Ok($value)
        }
        fn visit_f64<E: de::Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok($value)
        }
    };
}

/// Which numbers may stand where none is used as a number.
#[derive(Clone, Copy)]
pub(super) enum Numbers {
    /// Those that fit a double; any other fails.
    Doubles,
    /// All of JSON's, which takes longer and wants values in UTF-8.
    All,
}

impl Numbers {
    /// Reads a value; `beyond` makes one of a number's digits, where the parser may know no such number.
    pub(super) fn read<'de, D: Deserializer<'de>, V: Visitor<'de>>(
        self,
        d: D,
        visitor: V,
        beyond: impl FnOnce(&'de str) -> V::Value,
    ) -> Result<V::Value, D::Error> {
        if matches!(self, Numbers::Doubles) {
            return d.deserialize_any(visitor);
        }
        let raw = <&RawValue>::deserialize(d)?.get();
        if raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return Ok(beyond(raw));
        }
        let mut value = serde_json::Deserializer::from_str(raw);
        value.disable_recursion_limit();
        value.deserialize_any(visitor).map_err(de::Error::custom)
    }
}

/// A string; a value of any other type counts as not said.
pub(super) struct StringOrNothing(pub(super) Numbers);

impl<'de> DeserializeSeed<'de> for StringOrNothing {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
        self.0.read(d, self, |_| None)
    }
}

impl<'de> Visitor<'de> for StringOrNothing {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    scalars_are!(None);
}

/// `output` in all its shapes: array, one string, object of strings, empty, absent.
pub(super) struct OutputSeed {
    /// As in [`Strings::with_room`].
    pub(super) room: usize,
}

impl<'de> DeserializeSeed<'de> for OutputSeed {
    type Value = Output;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Output, D::Error> {
        d.deserialize_any(self)
    }
}

impl Output {
    /// Takes an entry that was read on its own.
    fn append(&mut self, entry: &Output) {
        self.out_of_memory |= entry.out_of_memory || self.urls.append(&entry.urls).is_err();
        self.unreadable = entry.unreadable.or(self.unreadable);
    }

    /// Adds a link as it stands in the body: it had no escape, and an unescaped NUL is no JSON (RFC 8259, section 7).
    fn add_borrowed(&mut self, url: &str) {
        if !url.is_empty() && self.urls.push(url).is_err() {
            self.out_of_memory = true;
        }
    }

    fn add(&mut self, url: &str) {
        if url.contains('\0') {
            self.unreadable = Some("a string with a NUL");
        } else {
            self.add_borrowed(url);
        }
    }
}

impl<'de> Visitor<'de> for OutputSeed {
    type Value = Output;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("output links")
    }

    fn visit_borrowed_str<E: de::Error>(self, url: &'de str) -> Result<Output, E> {
        let mut output = Output::default();
        output.add_borrowed(url);
        Ok(output)
    }

    fn visit_str<E: de::Error>(self, url: &str) -> Result<Output, E> {
        let mut output = Output::default();
        output.add(url);
        Ok(output)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Output, E> {
        Ok(Output::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Output, A::Error> {
        let mut output = Output { urls: Strings::with_room(self.room), ..Output::default() };
        while seq.next_element_seed(Entry(&mut output))?.is_some() {}
        Ok(output)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Output, A::Error> {
        // A name given twice: the last one counts, in the first one's place.
        let mut entries: Vec<Output> = Vec::new();
        let mut places: HashMap<Cow<'de, [u8]>, usize> = HashMap::new();
        let mut output = Output::default();
        while let Some(name) = map.next_key_seed(Name::Bytes)? {
            if entries.try_reserve(1).is_err() || places.try_reserve(1).is_err() {
                output.out_of_memory = true;
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let place = *places.entry(name).or_insert(entries.len());
            entries.resize_with(entries.len().max(place + 1), Output::default);
            entries[place] = Output::default();
            map.next_value_seed(Entry(&mut entries[place]))?;
        }
        entries.iter().for_each(|entry| output.append(entry));
        Ok(output)
    }

    scalars_are!(but_null Output { unreadable: Some("no link"), ..Output::default() });
}

/// One entry of `output`, which is added to what was read before.
struct Entry<'o>(&'o mut Output);

impl Entry<'_> {
    fn note_unreadable(self, what: &'static str) {
        self.0.unreadable = Some(what);
    }
}

impl<'de> DeserializeSeed<'de> for Entry<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

/// Implements the visits of a JSON scalar that is no link.
macro_rules! scalars_are_unreadable {
    ($($visit:ident: $scalar:ty),*) => {$(
        fn $visit<E: de::Error>(self, _: $scalar) -> Result<(), E> {
            self.note_unreadable("a number or boolean");
            Ok(())
        }
    )*};
}

impl<'de> Visitor<'de> for Entry<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a link")
    }

    fn visit_borrowed_str<E: de::Error>(self, url: &'de str) -> Result<(), E> {
        self.0.add_borrowed(url);
        Ok(())
    }

    fn visit_str<E: de::Error>(self, url: &str) -> Result<(), E> {
        self.0.add(url);
        Ok(())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        self.note_unreadable("an array");
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut url = None;
        while let Some(name) = map.next_key_seed(Name::Bytes)? {
            if *name == *b"url" {
                url = map.next_value_seed(StringOrNothing(Numbers::Doubles))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        match url {
            Some(url) => self.0.add(&url),
            None => self.note_unreadable("an object without url"),
        }
        Ok(())
    }

    scalars_are_unreadable!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64);
}
