//! Objects
//!
//! Every object is opaque: a function makes it, functions use it, and the one whose name ends in _free ends it. They stand
//! here in the order in which programs come to need them.

use super::handle::{Exclusive, Handle, Shared};
use super::result_strings::ResultStrings;
use mlab_core::download::{Destination, Image};
use mlab_core::engine::{Client, Event, Exchange, Settings};
use mlab_core::error::{Error, Status};
use mlab_core::flow::plan::Plan;
use mlab_core::net::CancelToken;
use mlab_core::wire::JobId;
use std::ffi::{CString, c_void};

/// What a call came back with: a status, the image URLs, a message and more.
///
/// Made by every call that asks the server, on failure too, and by mlab_parse(). It lives until mlab_result_free(), and
/// so does everything that it lends. It never changes: any number of threads may read it at once.
pub struct mlab_result {
    pub(super) status: Status,
    pub(super) facts: Facts,
    pub(super) strings: ResultStrings,
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
/// It lives until mlab_config_free(); what was made from it keeps a copy. One thread at a time may change it; unchanged,
/// any number may use it.
pub struct mlab_config {
    pub(super) settings: Settings,
    /// Why the last setter refused; empty if it did not.
    pub(super) message: CString,
}

/// A key, settings and kept connections, for any number of calls and jobs.
///
/// It lives until mlab_client_free(), which ends the calls that are inside it. Any number of threads may use it at once.
/// A program needs one for each key, for as long as it runs.
pub struct mlab_client {
    pub(super) client: Box<MadeClient>,
}

/// A client as it was made: one that was refused is there to say why.
pub(super) struct MadeClient {
    pub(super) made: Result<Client, Error>,
    pub(super) message: CString,
}

/// One job to wait for, or one image to download, and how.
///
/// It lives until mlab_request_free(); a wait or job copies what it needs. One thread at a time may change it; unchanged,
/// any number may use it.
pub struct mlab_request {
    /// What was refused is kept for the call that uses it, whose result can say why.
    pub(super) kind: RequestKind,
    pub(super) plan: Plan,
    /// Where the images go, if they are to be downloaded.
    pub(super) destination: Option<Destination>,
    pub(super) image_events: bool,
    pub(super) tag: u64,
    pub(super) progress: Option<(unsafe extern "C" fn(*mut c_void, i32, i64, i64, i64) -> i32, *mut c_void)>,
    /// Why the last setter refused, else why the id is refused; empty if neither is.
    pub(super) message: CString,
}

/// What a request is for.
#[derive(Debug, Clone)]
pub(super) enum RequestKind {
    Job(Result<JobId, Error>),
    Image(Result<String, Error>),
}

/// Stops calls from another thread. Once triggered it stays so, and stops later calls too.
///
/// It lives until mlab_cancel_free(), which may come while calls use it: they keep what they need. Any number of
/// threads and calls may use one.
pub struct mlab_cancel {
    pub(super) token: CancelToken,
}

/// What happened to a job.
///
/// It lives until mlab_event_free(). Only mlab_event_take_result() changes it, from one thread at a time; unchanged, any
/// number of threads may read it.
pub struct mlab_event {
    pub(super) event: Event,
    pub(super) status: Status,
    /// The result that it brings, until it is taken.
    pub(super) result: Option<Box<mlab_result>>,
}

/// One HTTP exchange that your program is asked to perform.
///
/// It lives until mlab_exchange_free(), also after its client. It never changes but for being answered, once; any number
/// of threads may use it, and one at a time may hand over bytes with mlab_exchange_write().
pub struct mlab_exchange {
    pub(super) exchange: Exchange,
    pub(super) url: CString,
    pub(super) headers: Vec<(CString, CString)>,
}

macro_rules! owned {
    ($($object:ident: $ownership:ident),+ $(,)?) => {
        $(impl Handle for $object {
            type Ownership = $ownership;
        })+
    };
}

owned! {
    mlab_result: Exclusive,
    mlab_config: Exclusive,
    mlab_client: Shared,
    mlab_request: Exclusive,
    mlab_cancel: Shared,
    mlab_event: Exclusive,
    mlab_exchange: Exclusive,
}
