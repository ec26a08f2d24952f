//! Objects
//!
//! Every object is opaque: it is made by a function, used through functions, and ended by the one function whose
//! name ends in _free.

use crate::drive::{Report, Settings};
use std::ffi::{CString, c_char};

/// What a call came back with: a status, the image URLs, a message and more.
///
/// You own it and end it with mlab_result_free(). It never changes, so any number of threads may read it at once;
/// all strings and arrays that it lends are valid until it is freed.
pub struct mlab_result {
    pub(super) report: Report,
    /// Pointers into `report.urls`, whose bytes do not move any more, with a NULL at the end.
    pub(super) urls: Box<[*const c_char]>,
    pub(super) message: CString,
    pub(super) id: CString,
    /// Bytes of the body without the NUL put behind it.
    pub(super) body_len: usize,
}

/// Settings, filled in step by step before they are used.
///
/// You own it and end it with mlab_config_free(); what was made from it keeps a copy. Use it from one thread at a time.
pub struct mlab_config {
    pub(super) settings: Settings,
    /// Why the last setter refused; empty if it did not.
    pub(super) message: CString,
}
