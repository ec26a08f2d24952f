//! Where images go, as the caller says it.

use super::file;
use crate::error::Error;

/// See the module's text. Paths are UTF-8 on every platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// In memory, each at most so many bytes.
    Memory {
        /// The limit.
        most: u64,
    },
    /// In this folder, under names by id, index and kind.
    Folder(String),
    /// In this file.
    File(String),
}

impl Destination {
    /// Fails where nothing could be kept: a wait of minutes should not end with that.
    pub fn check(&self) -> Result<(), Error> {
        match self {
            Destination::Memory { .. } => Ok(()),
            Destination::Folder(path) => file::check_folder(path),
            Destination::File(path) => file::check_target(path),
        }
    }
}
