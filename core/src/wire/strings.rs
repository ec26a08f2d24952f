//! Many strings in one allocation: a reply may have thousands of links, and they end up behind each other anyway.

use std::collections::TryReserveError;
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

    /// A single one, which is short.
    pub fn one(text: &str) -> Strings {
        Strings { bytes: [text.as_bytes(), &[0]].concat(), count: 1, room: 0 }
    }

    /// Adds a string, unless the system gives no memory for it. What follows a NUL inside it would be lost to C, which is
    /// why the wire refuses those.
    pub fn push(&mut self, text: &str) -> Result<(), TryReserveError> {
        self.make_room(text.len() + 1)?;
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(0);
        self.count += 1;
        Ok(())
    }

    /// Adds all of another's behind the own, unless the system gives no memory for them.
    pub fn append(&mut self, other: &Strings) -> Result<(), TryReserveError> {
        self.make_room(other.bytes.len())?;
        self.bytes.extend_from_slice(&other.bytes);
        self.count += other.count;
        Ok(())
    }

    fn make_room(&mut self, more: usize) -> Result<(), TryReserveError> {
        if self.bytes.capacity() == 0 {
            return self.bytes.try_reserve_exact(self.room.max(more));
        }
        self.bytes.try_reserve(more)
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

    /// Each, as text.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|text| str::from_utf8(text).expect("texts alone are pushed"))
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

impl fmt::Debug for Strings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(String::from_utf8_lossy)).finish()
    }
}
