//! Many strings in one allocation: a reply may have thousands of links, and they end up behind each other anyway.

use std::ffi::CStr;
use std::fmt;

/// Strings behind each other, each with a NUL, as the C ABI lends them.
#[derive(Clone, Default)]
pub struct Strings {
    bytes: Vec<u8>,
    count: usize,
    room: usize,
}

impl Strings {
    /// None yet; the first one makes room for as many bytes as all are going to need.
    pub fn with_room(room: usize) -> Strings {
        Strings { room, ..Strings::default() }
    }

    /// Adds a string; what follows a NUL inside it would be lost to C, which is why the wire refuses those.
    pub fn push(&mut self, text: &str) {
        self.bytes.reserve(self.room.max(text.len() + 1));
        self.room = 0;
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(0);
        self.count += 1;
    }

    /// A string to be added piece by piece.
    pub fn begin(&mut self) -> Unfinished<'_> {
        self.bytes.reserve(self.room);
        self.room = 0;
        Unfinished { start: self.bytes.len(), strings: self }
    }

    /// Adds all of another's behind the own.
    pub fn append(&mut self, other: &Strings) {
        self.bytes.extend_from_slice(&other.bytes);
        self.count += other.count;
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// All of them, each with its NUL.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Each, without its NUL.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = &self.bytes[..];
        std::iter::from_fn(move || {
            let text = CStr::from_bytes_until_nul(rest).ok()?;
            rest = &rest[text.count_bytes() + 1..];
            Some(text.to_bytes())
        })
    }
}

/// A string whose pieces are being added; left unfinished, it spoils the strings it belongs to.
#[derive(Debug)]
pub struct Unfinished<'s> {
    strings: &'s mut Strings,
    start: usize,
}

impl Unfinished<'_> {
    /// Adds a piece, without a NUL in it.
    pub fn add(&mut self, piece: &[u8]) {
        self.strings.bytes.extend_from_slice(piece);
    }

    /// Takes the last bytes of what was added back.
    pub fn shorten(&mut self, by: usize) {
        let len = self.strings.bytes.len() - by;
        self.strings.bytes.truncate(len.max(self.start));
    }

    /// Ends it; an empty one is none.
    pub fn finish(self) {
        if self.strings.bytes.len() > self.start {
            self.strings.bytes.push(0);
            self.strings.count += 1;
        }
    }
}

impl fmt::Debug for Strings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(String::from_utf8_lossy)).finish()
    }
}
