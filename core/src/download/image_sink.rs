//! One image on its way in: counted, examined and kept, piece by piece.

use super::destination::Destination;
use super::file::Part;
use super::image::{Ended, Kind, Scan};
use super::memory::Memory;
use super::names::file_name;
use crate::error::Error;
use std::path::Path;

/// An image that arrived whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The format.
    pub kind: Kind,
    /// Pixels; 0 if the format does not say.
    pub width: u32,
    /// Pixels; 0 if the format does not say.
    pub height: u32,
    /// Where it was saved; none if it was kept in memory.
    pub path: Option<String>,
    /// Its bytes; none if it was saved.
    pub bytes: Option<Vec<u8>>,
}

/// See the module's text.
#[derive(Debug)]
pub struct ImageSink {
    scan: Scan,
    store: Store,
    most: u64,
    got: u64,
}

#[derive(Debug)]
enum Store {
    Memory(Memory),
    /// The folder and the stem of the file's name.
    Folder(Part, String, String),
    File(Part, String),
}

impl ImageSink {
    /// Begins an image of at most `most` bytes, whose file in a folder is called `stem` and the ending of its kind.
    pub fn begin(keep: &Destination, stem: &str, most: u64) -> Result<ImageSink, Error> {
        let (store, most) = match keep {
            Destination::Memory { most } => (Store::Memory(Memory::default()), *most),
            Destination::Folder(path) => {
                (Store::Folder(Part::begin(Path::new(path), path)?, path.clone(), stem.to_owned()), most)
            }
            Destination::File(path) => (Store::File(Part::begin_for(path)?, path.clone()), most),
        };
        Ok(ImageSink { scan: Scan::default(), store, most, got: 0 })
    }

    /// How many bytes are there.
    pub fn got(&self) -> u64 {
        self.got
    }

    /// So many bytes are said to come in all; too many are refused before they come.
    pub fn expect(&mut self, total: u64) -> Result<(), Error> {
        if total > self.most {
            return Err(self.too_large());
        }
        match &mut self.store {
            Store::Memory(memory) => memory.expect(total),
            _ => Ok(()),
        }
    }

    /// Takes the next bytes in.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.got + bytes.len() as u64 > self.most {
            return Err(self.too_large());
        }
        self.scan.feed(bytes)?;
        match &mut self.store {
            Store::Memory(memory) => memory.write(bytes)?,
            Store::Folder(part, ..) | Store::File(part, _) => part.write(bytes)?,
        }
        self.got += bytes.len() as u64;
        Ok(())
    }

    /// Forgets all that came.
    pub fn restart(&mut self) -> Result<(), Error> {
        self.scan = Scan::default();
        self.got = 0;
        match &mut self.store {
            Store::Memory(memory) => {
                memory.restart();
                Ok(())
            }
            Store::Folder(part, ..) | Store::File(part, _) => part.restart(),
        }
    }

    /// Whether what came is a whole image.
    pub fn check(&self, ended: Ended) -> Result<(), Error> {
        self.scan.finish(ended).map(drop)
    }

    /// Puts a whole image in its place.
    pub fn finish(self, ended: Ended) -> Result<Image, Error> {
        let picture = self.scan.finish(ended)?;
        let (path, bytes) = match self.store {
            Store::Memory(memory) => (None, Some(memory.into_bytes())),
            Store::File(part, target) => {
                part.finish(Path::new(&target))?;
                (Some(target), None)
            }
            Store::Folder(part, folder, stem) => {
                let target = Path::new(&folder).join(file_name(&stem, picture.kind));
                part.finish(&target)?;
                // Both parts of it are UTF-8.
                (Some(target.to_string_lossy().into_owned()), None)
            }
        };
        Ok(Image { kind: picture.kind, width: picture.width, height: picture.height, path, bytes })
    }

    fn too_large(&self) -> Error {
        Error::TooLarge(format!("the image is larger than the limit of {} bytes; raise it", self.most))
    }
}
