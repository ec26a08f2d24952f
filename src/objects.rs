//! Objects
//!
//! Every object is opaque: it is made by a function, used through functions, and ended by the one function whose
//! name ends in _free.

use super::result_strings::ResultStrings;
use mlab_core::download::{Destination, Image};
use mlab_core::engine::{Client, Event, Exchange, Settings};
use mlab_core::error::{Error, Status};
use mlab_core::flow::plan::Plan;
use mlab_core::net::CancelToken;
use mlab_core::wire::JobId;
use std::ffi::{CString, c_void};
use std::sync::Arc;

/// What a call came back with: a status, the image URLs, a message and more.
///
/// You own it and end it with mlab_result_free(). It never changes, so any number of threads may read it at once;
/// all strings and arrays that it lends are valid until it is freed.
pub struct mlab_result {
    pub(super) status: Status,
    pub(super) facts: Facts,
    pub(super) lent: ResultStrings,
    pub(super) images: Vec<Option<Image>>,
    /// Where the images were saved.
    pub(super) paths: Vec<Option<CString>>,
}

/// The numbers of a result as C reads them; each accessor says what its own means.
pub(super) struct Facts {
    pub(super) http_status: i32,
    pub(super) eta_ms: i64,
    pub(super) retry_after_ms: i64,
    pub(super) is_retryable: i32,
    pub(super) attempts: i32,
    pub(super) elapsed_ms: i64,
}

/// Settings, filled in step by step before they are used.
///
/// You own it and end it with mlab_config_free(); what was made from it keeps a copy. Use it from one thread at a time.
pub struct mlab_config {
    pub(super) settings: Settings,
    /// Why the last setter refused; empty if it did not.
    pub(super) message: CString,
}

/// A key, settings and kept connections, for any number of calls from any threads at once.
///
/// You own it and end it with mlab_client_free(), which ends the calls that are inside it.
pub struct mlab_client {
    /// Shared with the calls inside, so that none outlives it.
    pub(super) client: Arc<Client>,
}

/// Stops calls from another thread: sticky, also before the call that it is for.
///
/// You own it and end it with mlab_cancel_free(), also while a call uses it: the call keeps what it needs. Any number of
/// calls may use one.
pub struct mlab_cancel {
    pub(super) token: CancelToken,
}

/// One job to wait for, or one image to download, and how.
///
/// You own it and end it with mlab_request_free(); a wait copies what it needs. Use it from one thread at a time, or
/// unchanged from any number.
pub struct mlab_request {
    /// What was refused is kept for the call that uses it, whose result can say why.
    pub(super) work: Work,
    pub(super) plan: Plan,
    /// Where the images go, if they are to be downloaded.
    pub(super) keep: Option<Destination>,
    pub(super) tag: u64,
    pub(super) progress: Option<(unsafe extern "C" fn(*mut c_void, i32, i64, i64, i64) -> i32, *mut c_void)>,
    /// Why the last setter refused, else why the id is refused; empty if neither is.
    pub(super) message: CString,
}

/// What a request is for.
#[derive(Debug, Clone)]
pub(super) enum Work {
    Job(Result<JobId, Error>),
    Image(Result<String, Error>),
}

/// What happened to a job.
///
/// You own it and end it with mlab_event_free(). Use it from one thread at a time, or unchanged from any number.
pub struct mlab_event {
    pub(super) event: Event,
    pub(super) status: Status,
    /// The result of a job that has ended, until it is taken.
    pub(super) result: Option<Box<mlab_result>>,
}

/// One HTTP exchange that you are asked to perform.
///
/// You own it and end it with mlab_exchange_free(). It never changes but for being answered, once; any number of threads
/// may use it.
pub struct mlab_exchange {
    pub(super) exchange: Exchange,
    pub(super) url: CString,
    pub(super) headers: Vec<(CString, CString)>,
}
