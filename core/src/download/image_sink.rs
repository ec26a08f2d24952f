//! One image on its way in: decoded where it comes as text, bounded, examined and kept, piece by piece.

use super::body_decoder::{BodyDecoder, BodyKind};
use super::byte_budget::{ByteBudget, Spent};
use super::commit_gate::CommitGate;
use super::destination::{Destination, file_name};
use super::file::Part;
use super::image::{Ended, ImageInfo, Kind, Scan};
use super::memory::Memory;
use crate::error::Error;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

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
    pub bytes: Option<ImageBytes>,
}

/// The bytes of an image. Clones share them: several entries of a list may be the same image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageBytes(Arc<Vec<u8>>);

impl From<Vec<u8>> for ImageBytes {
    fn from(bytes: Vec<u8>) -> ImageBytes {
        // Not `Arc<[u8]>`, which would be a copy of an image of any size.
        ImageBytes(Arc::new(bytes))
    }
}

impl Deref for ImageBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// What an image is bounded by.
#[derive(Debug, Clone)]
pub struct SinkBounds {
    /// The most bytes of an image in a file. One in memory has its destination's own limit.
    pub most: u64,
    /// Whether its file is still wanted.
    pub gate: CommitGate,
    /// What all images of its job may have together.
    pub together: ByteBudget,
}

impl SinkBounds {
    /// For one image alone: at most so many bytes.
    pub fn new(most: u64) -> SinkBounds {
        SinkBounds { most, gate: CommitGate::default(), together: ByteBudget::of_job(most) }
    }
}

/// See the module's text. Whatever it does with a file may block for as long as the file system likes, its drop too.
///
/// Belongs to whoever brings the bytes; dropped before its end, it leaves nothing.
#[derive(Debug)]
pub struct ImageSink {
    decoder: BodyDecoder,
    kept: Kept,
    received: u64,
    /// How many bytes are said to come in all.
    announced: Option<u64>,
}

/// The bytes of the image itself.
#[derive(Debug)]
struct Kept {
    scan: Scan,
    store: Store,
    most: u64,
    spent: Spent,
}

#[derive(Debug)]
enum Store {
    Memory(Memory),
    /// The folder and the stem of the file's name.
    Folder(Part, String, String),
    File(Part, String),
}

impl ImageSink {
    /// Begins an image whose file in a folder is called `stem` and the ending of its kind.
    pub fn begin(destination: &Destination, stem: &str, bounds: &SinkBounds) -> Result<ImageSink, Error> {
        let (store, most) = match destination {
            Destination::Memory { most } => (Store::Memory(Memory::default()), *most),
            Destination::Folder(path) => {
                let part = Part::begin(Path::new(path), path, &bounds.gate)?;
                (Store::Folder(part, path.clone(), stem.to_owned()), bounds.most)
            }
            Destination::File(path) => {
                (Store::File(Part::begin_for(path, &bounds.gate)?, path.clone()), bounds.most)
            }
        };
        let kept = Kept { scan: Scan::default(), store, most, spent: Spent::of(&bounds.together) };
        Ok(ImageSink { decoder: BodyDecoder::default(), kept, received: 0, announced: None })
    }

    /// Whether what came is in a file, which is removed when this is dropped.
    pub(super) fn is_in_a_file(&self) -> bool {
        matches!(self.kept.store, Store::Folder(..) | Store::File(..))
    }

    /// How many bytes of the body came: where a later try may go on. As text an image takes more than its own size.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// So many bytes of the body are said to come in all. Too many are refused as soon as it is known what they are.
    pub fn expect(&mut self, total: u64) -> Result<(), Error> {
        self.announced = Some(total);
        self.make_room()
    }

    /// Takes the next bytes of the body.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.received += bytes.len() as u64;
        if self.received > self.kept.longest_text() {
            return Err(self.kept.too_large());
        }
        let was_known = self.decoder.kind().is_some();
        self.decoder.feed(bytes, &mut |bytes| self.kept.take(bytes))?;
        if was_known { Ok(()) } else { self.make_room() }
    }

    /// Forgets all that came.
    pub fn restart(&mut self) -> Result<(), Error> {
        (self.decoder, self.received, self.announced) = (BodyDecoder::default(), 0, None);
        self.kept.restart()
    }

    /// Whether what came is a whole image. What is none is forgotten if no later bytes can go on with it.
    pub fn check(&mut self, ended: Ended) -> Result<(), Error> {
        let checked = self.end(ended).map(drop);
        if checked.is_err() && self.decoder.kind() != Some(BodyKind::Image) {
            // The last letters of a text were taken for its end.
            self.restart()?;
        }
        checked
    }

    /// Puts a whole image in its place.
    pub fn finish(mut self, ended: Ended) -> Result<Image, Error> {
        let info = self.end(ended)?;
        let Kept { store, spent, .. } = self.kept;
        let (path, bytes) = store.finish(info.kind)?;
        spent.keep();
        Ok(Image { kind: info.kind, width: info.width, height: info.height, path, bytes })
    }

    fn end(&mut self, ended: Ended) -> Result<ImageInfo, Error> {
        self.decoder.finish(&mut |bytes| self.kept.take(bytes))?;
        self.kept.scan.finish(ended)
    }

    fn make_room(&mut self) -> Result<(), Error> {
        let Some(total) = self.announced else { return Ok(()) };
        match self.decoder.kind() {
            None if total > self.kept.longest_text() => Err(self.kept.too_large()),
            None => Ok(()),
            Some(BodyKind::Image) if total > self.kept.most => Err(self.kept.too_large()),
            Some(BodyKind::Image) => self.kept.store.expect(total),
            // Four letters are three bytes; lines take more.
            Some(BodyKind::Text) => self.kept.store.expect((total / 4).saturating_mul(3).min(self.kept.most)),
        }
    }
}

impl Kept {
    /// The most bytes that a text of an image within the limit can have: four thirds of it, its line ends, its `data:`
    /// URL, and letters that are percent-encoded. What is no text is bounded by the limit itself.
    fn longest_text(&self) -> u64 {
        self.most.saturating_mul(2).saturating_add(1024)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let count = bytes.len() as u64;
        if self.spent.bytes() + count > self.most {
            return Err(self.too_large());
        }
        self.scan.feed(bytes)?;
        self.spent.add(count)?;
        self.store.write(bytes)
    }

    fn restart(&mut self) -> Result<(), Error> {
        self.scan = Scan::default();
        if self.spent.bytes() == 0 {
            return Ok(());
        }
        self.spent.give_back();
        self.store.restart()
    }

    fn too_large(&self) -> Error {
        Error::TooLarge(format!("the image is larger than the limit of {} bytes; raise it", self.most))
    }
}

impl Store {
    fn expect(&mut self, bytes: u64) -> Result<(), Error> {
        match self {
            Store::Memory(memory) => memory.expect(bytes),
            Store::Folder(..) | Store::File(..) => Ok(()),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match self {
            Store::Memory(memory) => memory.write(bytes),
            Store::Folder(part, ..) | Store::File(part, _) => part.write(bytes),
        }
    }

    fn restart(&mut self) -> Result<(), Error> {
        match self {
            Store::Memory(memory) => {
                memory.restart();
                Ok(())
            }
            Store::Folder(part, ..) | Store::File(part, _) => part.restart(),
        }
    }

    /// The path of the file, or the bytes.
    fn finish(self, kind: Kind) -> Result<(Option<String>, Option<ImageBytes>), Error> {
        match self {
            Store::Memory(memory) => Ok((None, Some(memory.into_bytes().into()))),
            Store::File(part, target) => {
                part.finish(Path::new(&target))?;
                Ok((Some(target), None))
            }
            Store::Folder(part, folder, stem) => {
                let target = Path::new(&folder).join(file_name(&stem, kind));
                part.finish(&target)?;
                // Both parts of it are UTF-8.
                Ok((Some(target.to_string_lossy().into_owned()), None))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    /// A WebP of 28 bytes.
    const IMAGE: &[u8] = b"RIFF\x14\0\0\0WEBPVP8L\x08\0\0\0\x2f\x63\xc0\x18\x10\x88\x88\x08";

    fn sink(together: &ByteBudget) -> ImageSink {
        let bounds = SinkBounds { together: together.clone(), ..SinkBounds::new(0) };
        ImageSink::begin(&Destination::Memory { most: 30 }, "x", &bounds).expect("memory")
    }

    #[test]
    fn the_images_of_a_job_are_bounded_together_and_what_is_lost_does_not_count() {
        // Room for eight images of 28 bytes, and 16 bytes more.
        let together = ByteBudget::of_job(30);
        let save = |mut sink: ImageSink| {
            sink.receive(IMAGE)?;
            sink.finish(Ended::Framed)
        };
        let mut lost = sink(&together);
        lost.receive(&IMAGE[..20]).expect("room");
        for _ in 0..100 {
            lost.restart().expect("memory");
            lost.receive(&IMAGE[..20]).expect("a new beginning takes the place of the old one");
        }
        drop(lost);
        for number in 1..=8 {
            save(sink(&together)).unwrap_or_else(|e| panic!("image {number}: {e}"));
        }
        let refused = save(sink(&together)).expect_err("no room");
        assert_eq!(refused.status(), Status::TooLarge);
        assert!(refused.to_string().contains("together larger than 240 bytes"), "{refused}");
    }

    #[test]
    fn copies_of_an_image_share_its_bytes() {
        let mut sink = sink(&ByteBudget::of_job(30));
        sink.receive(IMAGE).expect("room");
        let image = sink.finish(Ended::Framed).expect("an image");
        let copy = image.clone();
        let at = |image: &Image| image.bytes.as_deref().map(<[u8]>::as_ptr);
        assert_eq!(at(&image), at(&copy));
        assert_eq!(copy.bytes.as_deref(), Some(IMAGE));
    }
}
