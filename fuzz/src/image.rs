//! Bytes of an image: however they are cut into pieces on their way in, what is made of them is the same.

use super::Cuts;
use mlab_core::download::image::{Ended, ImageInfo, Kind, Scan};
use mlab_core::download::{Destination, Image, ImageSink, SinkBounds};
use mlab_core::error::Error;

/// More than any input has.
const LIMIT: u64 = 16 * 1024 * 1024;

/// The input is the image.
pub fn run(data: &[u8]) {
    for ended in [Ended::Framed, Ended::Closed] {
        let whole = scanned([data], ended);
        assert_eq!(scanned(data.chunks(1), ended), whole, "byte by byte, {ended:?}");
        let mut cuts = Cuts::of(data);
        for _ in 0..4 {
            assert_eq!(scanned(pieces(data, &mut cuts), ended), whole, "in pieces, {ended:?}");
        }
        let kept = sunk([data], ended);
        assert_eq!(sunk(pieces(data, &mut cuts), ended), kept, "kept in pieces, {ended:?}");
        if let Ok(info) = whole {
            let image = kept.unwrap_or_else(|why| panic!("an image, but not kept: {why}"));
            assert_eq!((image.kind, image.width, image.height), (info.kind, info.width, info.height));
            assert!(image.bytes.is_some_and(|bytes| bytes[..] == *data), "other bytes were kept");
        }
    }
    let (framed, closed) = (scanned([data], Ended::Framed), scanned([data], Ended::Closed));
    if let Ok(info) = &closed {
        assert_eq!(framed.as_ref(), Ok(info), "whole by itself, but not once its length is said");
        let more = [data, b"\xff\xd8\xff<html>"].concat();
        assert_eq!(scanned([&more[..]], Ended::Closed), closed, "what follows the end of an image counts");
    }
    if let Ok(info) = framed {
        let has_size = info.width > 0 && info.height > 0;
        assert!(has_size || matches!(info.kind, Kind::Avif | Kind::Mp4), "an image without a size: {info:?}");
    }
}

fn scanned<'b>(pieces: impl IntoIterator<Item = &'b [u8]>, ended: Ended) -> Result<ImageInfo, Error> {
    let mut scan = Scan::default();
    for piece in pieces {
        scan.feed(piece)?;
    }
    scan.finish(ended)
}

/// What is kept of a body, in memory.
pub(super) fn sunk<'b>(pieces: impl IntoIterator<Item = &'b [u8]>, ended: Ended) -> Result<Image, Error> {
    let mut sink = ImageSink::begin(&Destination::Memory { most: LIMIT }, "x", &SinkBounds::new(LIMIT))?;
    for piece in pieces {
        sink.receive(piece)?;
    }
    sink.check(ended)?;
    sink.finish(ended)
}

pub(super) fn pieces<'b>(data: &'b [u8], cuts: &mut Cuts) -> Vec<&'b [u8]> {
    let (mut rest, mut pieces) = (data, Vec::new());
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(cuts.next(rest.len()).min(rest.len()));
        pieces.push(piece);
        rest = behind;
    }
    pieces
}
