//! Many strings in one allocation: a reply may have thousands of links, and they end up behind each other anyway.

use std::fmt;

/// Strings behind each other, each with a NUL, as the C ABI lends them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Strings {
    bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl Strings {
    /// Adds a string; what follows a NUL inside it would be lost to C, which is why the wire refuses those.
    pub fn push(&mut self, text: &str) {
        self.starts.push(self.bytes.len());
        self.bytes.reserve(text.len() + 1);
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(0);
    }

    /// Adds all of another's behind the own.
    pub fn append(&mut self, other: &Strings) {
        let at = self.bytes.len();
        self.starts.extend(other.starts.iter().map(|start| at + start));
        self.bytes.extend_from_slice(&other.bytes);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Where each begins in [`Strings::bytes`].
    pub fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// All of them, each with its NUL.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Each, without its NUL.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.starts.iter().skip(1).copied().chain([self.bytes.len()]);
        self.starts.iter().zip(ends).map(|(start, end)| &self.bytes[*start..end - 1])
    }
}

impl fmt::Debug for Strings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(String::from_utf8_lossy)).finish()
    }
}
