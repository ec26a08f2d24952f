//! `output` in all its shapes: the links of a reply, byte for byte (contract, section 2).
//!
//! Must never know what a link leads to, nor whether anybody wants it.

use super::fields::{Name, StringOrNothing};
use super::strings::Strings;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::{BinaryHeap, TryReserveError};
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
    /// One that is no list of links.
    fn unreadable() -> Output {
        Output { unreadable: Some("a number or boolean"), ..Output::default() }
    }

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
            self.unreadable = Some("a string with broken text or a NUL");
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
        while seq.next_element_seed(EntrySeed(&mut output))?.is_some() {}
        Ok(output)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Output, A::Error> {
        let mut entries: Vec<(Cow<'de, str>, Output)> = Vec::new();
        let mut output = Output::default();
        while let Some(name) = map.next_key_seed(Name)? {
            if entries.try_reserve(1).is_err() {
                output.out_of_memory = true;
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let mut entry = Output::default();
            map.next_value_seed(EntrySeed(&mut entry))?;
            entries.push((name, entry));
        }
        output.out_of_memory |= settle_names_given_twice(&mut entries).is_err();
        entries.iter().for_each(|(_, entry)| output.append(entry));
        Ok(output)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Output, E> {
        Ok(Output::unreadable())
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Output, E> {
        Ok(Output::unreadable())
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Output, E> {
        Ok(Output::unreadable())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Output, E> {
        Ok(Output::unreadable())
    }
}

/// A name given twice: the last one counts, in the first one's place. By a heap and not by a map: one of the standard
/// library's cannot tell that there is no memory, and the other panics where the system has no random numbers.
fn settle_names_given_twice(entries: &mut [(Cow<'_, str>, Output)]) -> Result<(), TryReserveError> {
    let mut names: Vec<(&str, usize)> = Vec::new();
    names.try_reserve_exact(entries.len())?;
    names.extend(entries.iter().enumerate().map(|(at, (name, _))| (&**name, at)));
    let names = BinaryHeap::from(names).into_sorted_vec();
    let mut again: Vec<(usize, usize)> = Vec::new();
    for same in names.chunk_by(|(one, _), (next, _)| one == next).filter(|same| same.len() > 1) {
        let (first, later) = (same[0].1, &same[1..]);
        again.try_reserve(later.len())?;
        again.extend(later.iter().map(|(_, at)| (first, *at)));
    }
    for (first, later) in again {
        entries[first].1 = std::mem::take(&mut entries[later].1);
    }
    Ok(())
}

/// One entry of `output`, which is added to what was read before.
pub(super) struct EntrySeed<'o>(pub(super) &'o mut Output);

impl EntrySeed<'_> {
    fn note_unreadable(self, what: &'static str) {
        self.0.unreadable = Some(what);
    }

    fn note_scalar<E>(self) -> Result<(), E> {
        self.note_unreadable("a number or boolean");
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for EntrySeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for EntrySeed<'_> {
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
        while let Some(name) = map.next_key_seed(Name)? {
            if name == "url" {
                url = map.next_value_seed(StringOrNothing)?;
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

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        self.note_scalar()
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        self.note_scalar()
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        self.note_scalar()
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        self.note_scalar()
    }
}
