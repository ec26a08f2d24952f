//! The tolerant reader: a JSON body into an [`Answer`], taking what varies without complaint (contract, section 2).
//!
//! Only the fields that are used are looked into; all others are skipped without being understood, so that neither
//! their type nor their encoding can hurt. Reading is one pass and borrows URLs from the body where it can.

use super::fields::{Name, Numbers, Output, OutputSeed, StringOrNothing};
use super::seconds;
use super::text_fields::{Text, TextSeed};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Arrays and objects nested deeper than this are refused.
pub const MAX_NESTING: usize = 128;

/// What a JSON object said, in so far as this library uses it.
#[derive(Debug, Default)]
pub(super) struct Answer<'a> {
    /// `status`, if it is a string.
    pub(super) status: Option<Cow<'a, str>>,
    /// The id as text: empty if none was said.
    pub(super) id: Cow<'a, str>,
    /// An id was said that cannot be handed out (broken encoding, a NUL).
    pub(super) id_is_broken: bool,
    pub(super) output: Output,
    pub(super) eta_ms: Option<u64>,
    pub(super) retry_after_ms: Option<u64>,
    /// What was said in words; a ready job's reply mostly says nothing.
    pub(super) texts: Option<Box<Texts>>,
}

/// The fields that are texts.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) message: Text,
    /// The vendor's legacy spelling of `message`.
    pub(super) messege: Text,
    pub(super) error: Text,
    pub(super) errors: Text,
    pub(super) tip: Text,
    pub(super) tips: Text,
}

/// Why a body is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It ended in the middle.
    Cut,
    /// Valid so far, but nested deeper than [`MAX_NESTING`].
    Nested,
    /// JSON, but no object.
    NotAnObject,
    /// No JSON, or a used field whose encoding is broken; with the parser's words, which quote nothing.
    NotJson(String),
}

impl<'a> Answer<'a> {
    /// Takes up what a body says; nothing of it if it is no answer. A byte order mark and white space around are allowed.
    pub(super) fn read(&mut self, body: &'a [u8]) -> Result<(), Unreadable> {
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii();
        if nested_too_deep(body) {
            return Err(Unreadable::Nested);
        }
        // What broke it may be a name that is skipped, a number beyond a double, or an output that nobody will use.
        let mut first = None;
        for take in TAKES {
            match self.read_with(take, body) {
                Ok(()) if !take.output && self.word() == Some(Word::Success) => break,
                Err(unreadable @ Unreadable::NotJson(_)) => first = first.or(Some(unreadable)),
                // One that is cut as well may be whole the next time.
                outcome => return outcome,
            }
        }
        *self = Answer::default();
        first.map_or(Ok(()), Err)
    }

    fn read_with(&mut self, take: Take, body: &'a [u8]) -> Result<(), Unreadable> {
        // Text that is known to be UTF-8 is not checked again, string by string.
        let read = match str::from_utf8(body) {
            Ok(text) => self.read_object(serde_json::Deserializer::from_str(text), take, body),
            Err(_) => self.read_object(serde_json::Deserializer::from_slice(body), take, body),
        };
        read.inspect_err(|_| *self = Answer::default())
    }

    fn read_object<R: serde_json::de::Read<'a>>(
        &mut self,
        mut reader: serde_json::Deserializer<R>,
        take: Take,
        body: &[u8],
    ) -> Result<(), Unreadable> {
        reader.disable_recursion_limit();
        let is_object = body.starts_with(b"{");
        let read = if is_object {
            // Whoever keeps the links keeps the reply with them, most likely.
            let room = 2 * body.len() + 64;
            reader.deserialize_map(Fill { answer: self, room, take }).and_then(|()| reader.end())
        } else {
            IgnoredAny::deserialize(&mut reader).and_then(|_| reader.end())
        };
        match read {
            Ok(()) if is_object => Ok(()),
            Ok(()) => Err(Unreadable::NotAnObject),
            Err(e) if e.is_eof() && !body.is_empty() => Err(Unreadable::Cut),
            Err(e) => Err(Unreadable::NotJson(e.to_string())),
        }
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
}

impl Word {
    fn of(status: &str) -> Option<Word> {
        WORDS.iter().find(|(name, _)| status.eq_ignore_ascii_case(name)).map(|(_, word)| *word)
    }
}

const WORDS: [(&str, Word); 6] = [
    ("success", Word::Success),
    ("processing", Word::NotYet),
    ("queued", Word::NotYet),
    ("pending", Word::NotYet),
    ("error", Word::Error),
    ("failed", Word::Failed),
];

/// Whether any place is nested over the limit. serde_json's own limit does not hold for what it skips.
fn nested_too_deep(body: &[u8]) -> bool {
    // A whole one is at least so long.
    if body.len() <= 2 * MAX_NESTING || openings(body) <= MAX_NESTING {
        return false;
    }
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in body {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => {
                depth += 1;
                if depth > MAX_NESTING {
                    return true;
                }
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// How many `[` and `{` there are. Every reply is looked through: written so that the compiler does 16 bytes at a time.
fn openings(body: &[u8]) -> usize {
    // The two differ in one bit. A chunk's count fits a byte.
    let of_chunk = |chunk: &[u8]| chunk.iter().map(|b| u8::from(b | 0x20 == b'{')).sum::<u8>();
    body.chunks(240).map(|chunk| usize::from(of_chunk(chunk))).sum()
}

/// What is read, and of which bodies.
#[derive(Clone, Copy)]
struct Take {
    names: Name,
    /// Where a text may stand.
    numbers: Numbers,
    output: bool,
}

/// The quickest first, which reads all but some odd replies.
const TAKES: [Take; 5] = [
    Take { names: Name::Text, numbers: Numbers::Doubles, output: true },
    Take { names: Name::Bytes, numbers: Numbers::Doubles, output: true },
    Take { names: Name::Bytes, numbers: Numbers::All, output: true },
    Take { names: Name::Bytes, numbers: Numbers::Doubles, output: false },
    Take { names: Name::Bytes, numbers: Numbers::All, output: false },
];

/// Reads an object into an answer.
struct Fill<'f, 'a> {
    answer: &'f mut Answer<'a>,
    /// As in [`Strings::with_room`].
    room: usize,
    take: Take,
}

impl<'de> Visitor<'de> for Fill<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    // A key given twice: the later one replaces the earlier.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let answer = self.answer;
        let Take { names, numbers, output } = self.take;
        let text = TextSeed(numbers);
        while let Some(name) = map.next_key_seed(names)? {
            match &*name {
                b"status" => answer.status = map.next_value_seed(StringOrNothing(numbers))?,
                b"id" => {
                    let id = id_text(map.next_value::<&RawValue>()?.get());
                    answer.id_is_broken = id.is_none();
                    answer.id = id.unwrap_or_default();
                }
                b"output" if output => {
                    answer.output = map.next_value_seed(OutputSeed { room: self.room })?;
                }
                b"eta" => answer.eta_ms = seconds::eta_ms(map.next_value::<&RawValue>()?.get()),
                b"retry_after" => {
                    answer.retry_after_ms =
                        seconds::body_retry_after_ms(map.next_value::<&RawValue>()?.get());
                }
                b"message" => answer.texts.get_or_insert_default().message = map.next_value_seed(text)?,
                b"messege" => answer.texts.get_or_insert_default().messege = map.next_value_seed(text)?,
                b"error" => answer.texts.get_or_insert_default().error = map.next_value_seed(text)?,
                b"errors" => answer.texts.get_or_insert_default().errors = map.next_value_seed(text)?,
                b"tip" => answer.texts.get_or_insert_default().tip = map.next_value_seed(text)?,
                b"tips" => answer.texts.get_or_insert_default().tips = map.next_value_seed(text)?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
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
