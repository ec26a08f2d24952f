//! The texts that a result lends, each with a NUL behind it, all in one allocation.
//!
//! One, because glibc keeps no more freed memory than twice the largest block it once gave back. With body and links
//! apart, a program that reads large replies again and again pays a page fault for every 4 KiB of each, which takes longer
//! than reading them.

use mlab_core::engine::Report;
use mlab_core::error::Error;
use std::ffi::{CStr, c_char};
use std::mem::take;

/// See the module's text. Never changed, so that what was lent stays where it is.
pub(super) struct ResultStrings {
    /// The links, the body, the message and the id.
    bytes: Vec<u8>,
    /// Into `bytes`, with a NULL at the end.
    urls: Vec<*const c_char>,
    /// Where it begins, and its length.
    body: (usize, usize),
    message: usize,
    id: usize,
}

impl ResultStrings {
    /// Takes a report's texts out of it, and copies the body: the report's own, or the one that the call was given.
    pub(super) fn take_from(report: &mut Report, given: &[u8]) -> Result<ResultStrings, Error> {
        let (count, own) = (report.urls.len(), take(&mut report.body));
        let body = if own.is_empty() { given } else { &own };
        let texts = [body, report.message.as_bytes(), report.id.as_bytes()];
        let mut bytes = take(&mut report.urls).into_bytes();
        let more = texts.iter().map(|text| text.len() + 1).sum();
        let mut urls = Vec::new();
        if bytes.try_reserve_exact(more).is_err() || urls.try_reserve_exact(count + 1).is_err() {
            return Err(Error::NoResources { what: "memory" });
        }
        let links = bytes.len();
        let [body_at, message, id] = texts.map(|text| {
            let at = bytes.len();
            bytes.extend_from_slice(text);
            bytes.push(0);
            at
        });
        let mut rest = &bytes[..links];
        for left in (0..count).rev() {
            urls.push(rest.as_ptr().cast::<c_char>());
            // The last one is not searched for its end.
            let len =
                if left == 0 { 0 } else { CStr::from_bytes_until_nul(rest).map_or(0, CStr::count_bytes) + 1 };
            rest = &rest[len..];
        }
        urls.push(std::ptr::null());
        Ok(ResultStrings { bytes, urls, body: (body_at, body.len()), message, id })
    }

    /// The links, without the NULL behind them.
    pub(super) fn urls(&self) -> &[*const c_char] {
        &self.urls[..self.urls.len() - 1]
    }

    pub(super) fn message(&self) -> &CStr {
        self.text(self.message)
    }

    pub(super) fn id(&self) -> &CStr {
        self.text(self.id)
    }

    /// The body with a NUL behind it, and its length without.
    pub(super) fn body(&self) -> (*const c_char, usize) {
        let (at, len) = self.body;
        (self.bytes[at..].as_ptr().cast(), len)
    }

    fn text(&self, at: usize) -> &CStr {
        CStr::from_bytes_until_nul(&self.bytes[at..]).unwrap_or_default()
    }
}
