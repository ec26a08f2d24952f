//! The images of one job, side by side: on the caller's thread and on a few more that end with the call.

use super::one::{Bounds, Fetched, Wanted, picture};
use crate::download::{Destination, Entry, stem};
use crate::engine::core::Core;
use crate::engine::report::Report;
use crate::error::{Error, Status};
use crate::net::spawn_quiet_in;
use crate::panics::caught;
use crate::wire::{JobId, clean};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Images fetched at once in one call; a job has up to four.
const AT_ONCE: usize = 4;

/// As a worker's.
const STACK: usize = 512 * 1024;

/// Gets all images that a report lists, and puts what came of it into the report.
pub(in crate::engine) fn add_pictures(
    core: &Core,
    report: Report,
    id: &JobId,
    keep: &Destination,
    bounds: &Bounds,
) -> Report {
    let entries: Vec<String> = report.urls.iter().map(|url| String::from_utf8_lossy(url).into()).collect();
    let done: Vec<Mutex<Option<Fetched>>> = entries.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((index, entry)) = entries.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed))
        {
            let wanted = Wanted { entry, keep, stem: stem(id, index) };
            let fetched = caught(|| picture(core, &wanted, bounds, &mut |_, _| ()));
            let fetched = fetched.unwrap_or_else(Fetched::nothing);
            *done[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(fetched);
        }
    };
    let links = entries.iter().filter(|entry| matches!(Entry::of(entry), Entry::Link(_))).count();
    // With the host's own HTTP nothing is fetched here, and no thread made.
    let threads = if core.settings.transport.is_some() { 1 } else { links.min(AT_ONCE) };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // With fewer it takes longer, and that is all.
            if spawn_quiet_in(scope, "mlab-download", STACK, work).is_err() {
                break;
            }
        }
        work();
    });
    let lost = || Fetched::nothing(Error::Internal("an image was lost".into()));
    let fetched = done.into_iter().map(|slot| slot.into_inner().ok().flatten().unwrap_or_else(lost));
    report.with_pictures(fetched.collect())
}

impl Report {
    /// The report of a job that was ready, with its images. The first that could not be had says why; the others stay.
    pub(in crate::engine) fn with_pictures(mut self, fetched: Vec<Fetched>) -> Report {
        let count = fetched.len();
        if let Some(first) = fetched.first().filter(|_| self.http_status == 0) {
            // An image by its link: there was no reply but its own.
            (self.http_status, self.attempts) = (first.http_status, first.tries);
        }
        for (index, fetched) in fetched.into_iter().enumerate() {
            match fetched.outcome {
                Ok(image) => self.images.push(Some(image)),
                Err(error) => {
                    self.images.push(None);
                    if self.status == Status::Ok {
                        let which = if count > 1 {
                            format!("image {} of {count}: ", index + 1)
                        } else {
                            String::new()
                        };
                        self.status = error.status();
                        self.message = clean(&format!("{which}{error}"), None);
                        self.retryable = error.is_retryable();
                        if fetched.http_status != 0 {
                            self.http_status = fetched.http_status;
                        }
                    }
                }
            }
        }
        self
    }
}
