//! Where images go, as the caller says it, and what their files in a folder are called: by id, index and kind. Nothing in
//! a name is the server's.

use super::file;
use super::image::Kind;
use crate::error::Error;
use crate::wire::JobId;

/// Where an image goes. A value. Paths are UTF-8 on every platform.
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
    /// Whether the file system is touched for it.
    pub fn is_a_file(&self) -> bool {
        !matches!(self, Destination::Memory { .. })
    }

    /// Fails where nothing could be kept: a wait of minutes should not end with that. Makes a temporary file and removes
    /// it, and so may block for as long as the file system likes: not for a caller's frame.
    pub fn check(&self) -> Result<(), Error> {
        match self {
            Destination::Memory { .. } => Ok(()),
            Destination::Folder(path) => file::check_folder(path),
            Destination::File(path) => file::check_target(path),
        }
    }
}

/// `12202888-0`. An id has no character that means something in a path, on any platform.
pub fn stem(id: &JobId, index: usize) -> String {
    format!("{}-{index}", id.as_str())
}

/// `12202888-0.png`.
pub(super) fn file_name(stem: &str, kind: Kind) -> String {
    format!("{stem}.{}", kind.extension())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_needs_no_place_and_a_folder_or_a_file_does() {
        let nowhere = "/nowhere/images";
        for (destination, wanted) in [
            (Destination::Memory { most: 1 }, Ok(())),
            (Destination::Folder(nowhere.into()), Err(nowhere)),
            (Destination::File(format!("{nowhere}/0.png")), Err("/nowhere/images/0.png")),
        ] {
            assert_eq!(destination.is_a_file(), wanted.is_err());
            let refused = wanted.err().map(|path| {
                let reason = "No such file or directory; make the folder first".to_owned();
                Error::File { path: path.to_owned(), reason }
            });
            assert_eq!(destination.check().err(), refused);
        }
    }
}
