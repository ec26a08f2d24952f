//! The tolerant reader: a JSON body into an [`Answer`], taking what varies without complaint (contract, section 2).
//!
//! Only the fields that are used are looked into; all others are skipped without being understood, so that neither
//! their type nor their encoding can hurt. One pass reads nearly every reply, and borrows URLs from the body where it can.
//! What it fails at is repaired and read once more.

use super::fields::{Name, StringOrNothing};
use super::nesting;
use super::output::{Output, OutputSeed};
use super::repair::repair;
use super::seconds;
use super::text_fields::{TextFields, TextSeed};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::TryReserveError;
use std::fmt;

/// What a JSON object said, in so far as this library uses it.
#[derive(Debug, Default)]
pub(super) struct Answer<'a> {
    /// `status`, if it is a string.
    pub(super) status: Option<Cow<'a, str>>,
    /// The id as text: empty if none was said.
    pub(super) id: Cow<'a, str>,
    /// An id was said that cannot be handed out (broken text, a NUL).
    pub(super) id_is_broken: bool,
    pub(super) output: Output,
    pub(super) eta_ms: Option<u64>,
    pub(super) retry_after_ms: Option<u64>,
    /// What was said in words; a ready job's reply mostly says nothing.
    pub(super) texts: Option<Box<TextFields>>,
}

/// Why a body is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It ended in the middle.
    Cut,
    /// Nested deeper than [`nesting::MAX_NESTING`].
    Nested,
    /// JSON, but no object.
    NotAnObject,
    /// No JSON.
    NotJson,
}

impl<'a> Answer<'a> {
    /// Takes up what a body, trimmed, says; nothing of it if it is no answer. `repaired` is the place for a body that has to
    /// be repaired. Fails where the system gives no memory for reading it.
    pub(super) fn read(
        &mut self,
        body: &'a [u8],
        repaired: &'a mut String,
    ) -> Result<Result<(), Unreadable>, TryReserveError> {
        if nesting::is_too_deep(body) {
            return Ok(Err(Unreadable::Nested));
        }
        let direct = match str::from_utf8(body) {
            Ok(text) => self.read_text(text),
            Err(_) => Err(Unreadable::NotJson),
        };
        if direct != Err(Unreadable::NotJson) {
            return Ok(direct);
        }
        *repaired = repair(body)?;
        Ok(self.read_text(repaired))
    }

    fn read_text(&mut self, text: &'a str) -> Result<(), Unreadable> {
        let mut reader = serde_json::Deserializer::from_str(text);
        reader.disable_recursion_limit();
        let is_object = text.starts_with('{');
        let read = if is_object {
            // Whoever keeps the links keeps the reply with them, most likely.
            let room = 2 * text.len() + 64;
            reader.deserialize_map(Fill { answer: self, room }).and_then(|()| reader.end())
        } else {
            IgnoredAny::deserialize(&mut reader).and_then(|_| reader.end())
        };
        let unreadable = match read {
            Ok(()) if is_object => return Ok(()),
            Ok(()) => Unreadable::NotAnObject,
            Err(e) if e.is_eof() && !text.is_empty() => Unreadable::Cut,
            Err(_) => Unreadable::NotJson,
        };
        *self = Answer::default();
        Err(unreadable)
    }
}

impl Answer<'_> {
    /// What `status` means, without regard to case and white space around; none if it is not known.
    pub(super) fn word(&self) -> Option<Word> {
        let status = self.status.as_deref()?;
        // Most have nothing to trim, and Unicode's white space takes long to look for.
        Word::of(status).or_else(|| Word::of(status.trim()))
    }
}

/// What a known `status` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Success,
    NotYet,
    Error,
    Failed,
    /// Somebody ended the job, or it ended itself.
    Cancelled,
}

impl Word {
    fn of(status: &str) -> Option<Word> {
        WORDS.iter().find(|(name, _)| status.eq_ignore_ascii_case(name)).map(|(_, word)| *word)
    }
}

const WORDS: [(&str, Word); 9] = [
    ("success", Word::Success),
    ("processing", Word::NotYet),
    ("queued", Word::NotYet),
    ("pending", Word::NotYet),
    ("error", Word::Error),
    ("failed", Word::Failed),
    ("canceled", Word::Cancelled),
    ("cancelled", Word::Cancelled),
    ("aborted", Word::Cancelled),
];

/// Reads an object into an answer.
struct Fill<'f, 'a> {
    answer: &'f mut Answer<'a>,
    /// As in [`Strings::with_room`](super::strings::Strings::with_room).
    room: usize,
}

impl<'de> Visitor<'de> for Fill<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    // A key given twice: the later one replaces the earlier.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Fill { answer, room } = self;
        while let Some(name) = map.next_key_seed(Name)? {
            match &*name {
                "status" => answer.status = map.next_value_seed(StringOrNothing)?,
                "id" => {
                    let id = id_text(map.next_value::<&RawValue>()?.get());
                    answer.id_is_broken = id.is_none();
                    answer.id = id.unwrap_or_default();
                }
                "output" => {
                    answer.output = map.next_value_seed(OutputSeed { room })?;
                }
                "eta" => answer.eta_ms = seconds::eta_ms(map.next_value::<&RawValue>()?.get()),
                "retry_after" => {
                    answer.retry_after_ms =
                        seconds::body_retry_after_ms(map.next_value::<&RawValue>()?.get());
                }
                name => match TextFields::place(name) {
                    Some(place) => {
                        let text = map.next_value_seed(TextSeed)?;
                        answer.texts.get_or_insert_default().set(place, text);
                    }
                    None => {
                        map.next_value::<IgnoredAny>()?;
                    }
                },
            }
        }
        Ok(())
    }
}

/// The id as text: a string's content or an integer's digits. Never through a float.
fn id_text(raw: &str) -> Option<Cow<'_, str>> {
    if let Some(text) = raw.strip_prefix('"') {
        return match text.strip_suffix('"').filter(|text| !text.contains('\\')) {
            Some(text) => Some(Cow::Borrowed(text)),
            None => serde_json::from_str(raw).ok().filter(|id: &String| !id.contains('\0')).map(Cow::Owned),
        };
    }
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    Some(Cow::Borrowed(if digits.bytes().all(|b| b.is_ascii_digit()) { raw } else { "" }))
}

#[cfg(test)]
mod tests {
    use super::super::output::EntrySeed;
    use super::*;
    use serde::de::Expected;

    #[test]
    fn each_reader_says_in_serdes_errors_what_it_reads() {
        let fill = Fill { answer: &mut Answer::default(), room: 0 };
        let readers: [(&dyn Expected, &str); 6] = [
            (&fill, "an object"),
            (&Name, "a name"),
            (&StringOrNothing, "a string"),
            (&OutputSeed { room: 0 }, "output links"),
            (&EntrySeed(&mut Output::default()), "a link"),
            (&TextSeed, "a text"),
        ];
        for (reader, wanted) in readers {
            assert_eq!(reader.to_string(), wanted);
        }
    }
}
