//! How an exchange of the host's is answered: what comes, who takes it, and what whoever waits for it keeps.

use super::images::ImageFetch;
use crate::error::Error;
use crate::net::Head;
use crate::wire::RawReply;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// An answer: a reply, or why there is none.
#[derive(Debug)]
pub(super) enum HostAnswer {
    Poll(Result<RawReply<'static>, Error>),
    Image(Box<ImageFetch>, Result<Head, Error>),
}

/// Whoever asked.
pub(super) trait Asker: fmt::Debug + Send + Sync {
    /// Takes the answer, on the thread that gave it.
    fn answered(&self, exchange: u64, answer: HostAnswer);
    /// Bytes of a reply came.
    fn progress(&self, exchange: u64, done: u64, total: Option<u64>);
}

/// What whoever waits for an exchange keeps of it.
#[derive(Debug, Clone)]
pub(super) struct Awaited {
    pub(super) id: u64,
    pub(super) cancelled: Arc<AtomicBool>,
}
