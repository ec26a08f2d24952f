//! Setters: they check at once, change nothing that they refuse, and leave the reason in their object.

use super::panic::{entry, entry_or};
use mlab_core::error::{Error, Status};
use mlab_core::wire::clean;
use std::ffi::CString;

/// An object with setters, and with a message for their refusals.
pub(super) trait Refusing {
    /// What the setters set.
    type Set;

    fn set(&mut self) -> &mut Self::Set;

    /// Keeps why the last setter refused, or that it did not.
    fn keep_message(&mut self, refused: Option<&Error>);
}

/// Runs a setter and keeps its refusal.
pub(super) fn change<T: Refusing>(
    function: &'static str,
    object: Option<&mut T>,
    set: impl FnOnce(&mut T::Set) -> Result<(), Error>,
) -> i32 {
    let Some(object) = object else {
        return entry(function, Status::Internal.code(), || Status::InvalidArgument.code());
    };
    let outcome = entry_or(function, || set(object.set())).unwrap_or_else(Err);
    entry(function, Status::Internal.code(), || {
        object.keep_message(outcome.as_ref().err());
        outcome.map_or_else(|error| error.status(), |()| Status::Ok).code()
    })
}

/// A refusal as a message. A path in it may hold line ends, and be as long as the caller likes.
pub(super) fn message_of(refused: Option<&Error>) -> CString {
    let text = refused.map(|error| clean(&error.to_string(), None)).unwrap_or_default();
    CString::new(text).unwrap_or_default()
}
