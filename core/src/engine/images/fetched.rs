//! What came of an image in the end, and what that makes of the job's report.

use crate::download::{Destination, Image};
use crate::engine::report::Report;
use crate::error::{Error, Status};
use crate::wire::{JobId, Strings, clean};
use std::time::Duration;

/// One image to be had by its link alone, without a job.
#[derive(Debug, Clone)]
pub struct ImageRequest {
    /// Its link, or the image itself as a `data:` URL or base64.
    pub url: String,
    /// Where it goes.
    pub destination: Destination,
    /// How long it may take in all.
    pub deadline: Duration,
}

/// See the module's text.
#[derive(Debug)]
pub(in crate::engine) struct Fetched {
    pub(in crate::engine) outcome: Result<Image, Error>,
    /// Requests, redirects not counted.
    pub(in crate::engine) tries: u32,
    /// Of the last reply; 0: there was none.
    pub(in crate::engine) http_status: u16,
}

impl Fetched {
    pub(in crate::engine) fn nothing(error: Error) -> Fetched {
        Fetched { outcome: Err(error), tries: 0, http_status: 0 }
    }
}

impl Report {
    /// The report of a link that is yet to be followed.
    pub(in crate::engine) fn of_link(url: &str) -> Report {
        // No call ends with this error: what comes of the link takes its place.
        let blank = Report::of_error(&Error::Cancelled, None);
        Report { status: Status::Ok, message: String::new(), urls: Strings::one(url), ..blank }
    }

    /// The report of one image of a job, at its index.
    pub(in crate::engine) fn of_image(index: usize, image: Image, id: Option<&JobId>) -> Report {
        let mut report = Report::of_link("");
        report.urls = Strings::default();
        report.images = (0..index).map(|_| None).chain([Some(image)]).collect();
        report.finish(id, 0, Duration::ZERO);
        report
    }

    /// The report of a job that was ready, with its images. The first that could not be had says why; the others stay.
    pub(in crate::engine) fn with_images(mut self, fetched: Vec<Fetched>) -> Report {
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
