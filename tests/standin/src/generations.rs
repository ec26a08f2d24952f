//! Serves the images of finished jobs, with ranges as an object store has them (RFC 9110 section 14).
//!
//! Knows nothing of the fetch call.

use crate::accept::lock;
use crate::faults::Answer;
use crate::http::{Reply, Request};
use crate::images::{ImageKind, hash};
use crate::queue::{Job, Queue};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Pictures made and kept; past that all are forgotten, since they can be made again.
const KEPT: usize = 256;

const PREFIX: &str = "/generations/";

/// The links of a job's images.
pub(crate) fn links(base: &str, job: &Job) -> Vec<String> {
    let link =
        |(index, kind): (usize, &ImageKind)| format!("{base}{PREFIX}{}-{index}.{}", job.id, kind.extension());
    job.images.iter().enumerate().map(link).collect()
}

/// Whether a path is for this module.
pub(crate) fn owns(path: &str) -> bool {
    path.starts_with(PREFIX)
}

/// The pictures of one server.
#[derive(Default)]
pub(crate) struct Gallery {
    pictures: Mutex<HashMap<String, Arc<Vec<u8>>>>,
}

impl Gallery {
    pub(crate) fn answer(&self, queue: &Mutex<Queue>, request: &Request) -> Answer {
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            let reply = Reply::html(405, "405 Method Not Allowed").with("Allow", "GET, HEAD");
            return Answer::new(reply, "wrong method");
        }
        let name = &request.path[PREFIX.len()..];
        let found = find(&lock(queue), name, Instant::now());
        match found.map(|(kind, size)| self.picture(name, kind, size).map(|picture| (kind, picture))) {
            None => Answer::new(Reply::html(404, "Object not found"), "no such image now"),
            Some(Ok((kind, picture))) => deliver(request, kind, &picture),
            // Only a size that a format does not have, such as 0, gets here.
            Some(Err(error)) => Answer::new(Reply::html(500, &error.to_string()), "image could not be made"),
        }
    }

    fn picture(&self, name: &str, kind: ImageKind, size: (u16, u16)) -> std::io::Result<Arc<Vec<u8>>> {
        let key = format!("{name} {}x{}", size.0, size.1);
        if let Some(picture) = lock(&self.pictures).get(&key) {
            return Ok(picture.clone());
        }
        let picture = Arc::new(kind.encode(name, size)?);
        let mut pictures = lock(&self.pictures);
        if pictures.len() >= KEPT {
            pictures.clear();
        }
        pictures.insert(key, picture.clone());
        Ok(picture)
    }
}

/// The image of this name (`<id>-<n>.<ext>`) if its job has it now. An id may hold `-` and `.` itself.
fn find(queue: &Queue, name: &str, now: Instant) -> Option<(ImageKind, (u16, u16))> {
    let (stem, extension) = name.rsplit_once('.')?;
    let (id, index) = stem.rsplit_once('-')?;
    queue.image(id, index.parse().ok()?, now).filter(|(kind, _)| kind.extension() == extension)
}

fn deliver(request: &Request, kind: ImageKind, picture: &[u8]) -> Answer {
    let tag = format!("\"{:016x}\"", hash(picture));
    // A range of another version of the image must not be mixed with this one (RFC 9110 section 13.1.5).
    let same = request.header("If-Range").is_none_or(|known| known == tag);
    let range =
        request.header("Range").filter(|_| same).map_or(Part::Whole, |range| part(range, picture.len()));
    let reply = match range {
        Part::Whole => Reply::new(200, kind.content_type(), picture.to_vec()),
        Part::Some(range) => Reply::new(206, kind.content_type(), picture[range.clone()].to_vec())
            .with("Content-Range", format!("bytes {}-{}/{}", range.start, range.end - 1, picture.len())),
        Part::None => Reply::html(416, "416 Range Not Satisfiable")
            .with("Content-Range", format!("bytes */{}", picture.len())),
    };
    Answer::new(reply.with("ETag", tag).with("Accept-Ranges", "bytes"), "image")
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Some(Range<usize>),
    None,
}

/// The part that a `Range` header asks for. What is not understood, and more than one range, is the whole.
fn part(header: &str, length: usize) -> Part {
    let Some((first, last)) = header.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-'))
    else {
        return Part::Whole;
    };
    let bounds = (first.trim().parse::<usize>(), last.trim().parse::<usize>());
    let range = match bounds {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Ok(first), Err(_)) if last.trim().is_empty() => first..length,
        (Err(_), Ok(count)) if first.trim().is_empty() => length - count.min(length)..length,
        _ => return Part::Whole,
    };
    if range.start < range.end { Part::Some(range) } else { Part::None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_rfc_9110_says() {
        let cases = [
            ("bytes=0-9", Part::Some(0..10)),
            ("bytes=90-", Part::Some(90..100)),
            ("bytes=90-1000", Part::Some(90..100)),
            ("bytes=-10", Part::Some(90..100)),
            ("bytes=-1000", Part::Some(0..100)),
            ("bytes=100-", Part::None),
            ("bytes=-0", Part::None),
            ("bytes=9-3", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=-", Part::Whole),
            ("lines=0-9", Part::Whole),
        ];
        for (header, expected) in cases {
            assert_eq!(part(header, 100), expected, "{header}");
        }
    }
}
