//! The texts that a result lends, each with a NUL behind it, all in one allocation.
//!
//! One, because glibc keeps no more freed memory than twice the largest block it once gave back. With body and links
//! apart, a program that reads large replies again and again pays a page fault for every 4 KiB of each, which takes longer
//! than reading them.

use crate::drive::Report;
use crate::error::Error;
use std::ffi::{CStr, c_char};
use std::mem::take;

/// See the module's text. Never changed, so that what was lent stays where it is.
pub(super) struct Lent {
    /// The body, the links, the message and the id.
    bytes: Vec<u8>,
    /// Into `bytes`, with a NULL at the end.
    urls: Vec<*const c_char>,
    body_len: usize,
    message: usize,
    id: usize,
}

impl Lent {
    /// Takes a report's texts out of it.
    pub(super) fn take_from(report: &mut Report) -> Result<Lent, Error> {
        let (mut bytes, links) = (take(&mut report.body), take(&mut report.urls));
        let (body_len, texts) = (bytes.len(), [take(&mut report.message), take(&mut report.id)]);
        let more = links.bytes().len() + texts.iter().map(|text| text.len() + 1).sum::<usize>() + 1;
        let mut urls = Vec::new();
        if bytes.try_reserve_exact(more).is_err() || urls.try_reserve_exact(links.len() + 1).is_err() {
            return Err(Error::NoResources { what: "memory" });
        }
        bytes.push(0);
        let first = bytes.len();
        bytes.extend_from_slice(links.bytes());
        let [message, id] = texts.map(|text| {
            let at = bytes.len();
            bytes.extend_from_slice(text.as_bytes());
            bytes.push(0);
            at
        });
        let mut at = first;
        urls.extend(links.iter().map(|link| {
            let url = bytes[at..].as_ptr().cast::<c_char>();
            at += link.len() + 1;
            url
        }));
        urls.push(std::ptr::null());
        Ok(Lent { bytes, urls, body_len, message, id })
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
        (self.bytes.as_ptr().cast(), self.body_len)
    }

    fn text(&self, at: usize) -> &CStr {
        CStr::from_bytes_until_nul(&self.bytes[at..]).unwrap_or_default()
    }
}
