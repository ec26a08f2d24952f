//! Events
//!
//! What mlab_client_next_event() gives: an event is a snapshot, and says what happened to which job.

use super::handle::{borrow, borrow_mut, from_caller, give_box, take_back};
use super::numbers::{count, large, ms, or_unknown};
use super::objects::{mlab_event, mlab_result};
use super::panic::{entry, read};
use mlab_core::engine::Event;
use mlab_core::error::Status;
use std::ptr::{null, null_mut};

/// What mlab_event_kind() gives. Later versions may have more: ignore what you do not know.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum mlab_event_kinds {
    /// A poll was made that did not end the job, or bytes of its images came.
    MLAB_EVENT_PROGRESS = 1,
    /// The job has ended; the event has its result.
    MLAB_EVENT_DONE = 2,
    /// An image of the job is there: mlab_event_index() says which, and the event's result has it alone, at
    /// that index. Only where mlab_request_set_image_events() asks for it.
    MLAB_EVENT_IMAGE = 3,
}

/// An event as C reads it.
pub(super) fn event_of(mut event: Event) -> mlab_event {
    let image = event.image.as_mut().map(|(_, report)| report);
    let report = event.done.as_mut().or(image);
    let status = report.as_ref().map_or(Status::Processing, |report| report.status);
    let result = report.map(|report| mlab_result::of(report, &[]));
    mlab_event { event, status, result }
}

/// Ends an event, and its result unless that was taken.
///
/// @param event consumed; NULL does nothing.
/// @note Threads: any; no other thread may use the event any more.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_free(event: *mut mlab_event) {
    entry("mlab_event_free", (), || drop(from_caller!(take_back(event))));
}

/// What happened.
///
/// @param event borrowed; may be NULL.
/// @return MLAB_EVENT_PROGRESS, MLAB_EVENT_DONE or MLAB_EVENT_IMAGE; later versions may have more, to be ignored; 0 for
/// NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_kind(event: *const mlab_event) -> i32 {
    let event = from_caller!(borrow(event));
    read("mlab_event_kind", event, 0, |e| kind(e) as i32)
}

fn kind(event: &mlab_event) -> mlab_event_kinds {
    match &event.event {
        Event { image: Some(_), .. } => mlab_event_kinds::MLAB_EVENT_IMAGE,
        Event { done: Some(_), .. } => mlab_event_kinds::MLAB_EVENT_DONE,
        _ => mlab_event_kinds::MLAB_EVENT_PROGRESS,
    }
}

/// Which image of the job is there.
///
/// @param event borrowed; may be NULL.
/// @return its index, from 0, that of its URL; -1 unless the kind is MLAB_EVENT_IMAGE.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_index(event: *const mlab_event) -> i32 {
    let event = from_caller!(borrow(event));
    read("mlab_event_index", event, -1, |e| or_unknown(e.event.image.as_ref().map(|(index, _)| *index)))
}

/// The number of the job that the event tells of.
///
/// @param event borrowed; may be NULL.
/// @return the number that mlab_client_submit() gave; 0 for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_job(event: *const mlab_event) -> u64 {
    let event = from_caller!(borrow(event));
    read("mlab_event_job", event, 0, |e| e.event.job)
}

/// Your own number for the job: mlab_request_set_tag().
///
/// @param event borrowed; may be NULL.
/// @return the number; 0 for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_tag(event: *const mlab_event) -> u64 {
    let event = from_caller!(borrow(event));
    read("mlab_event_tag", event, 0, |e| e.event.tag)
}

/// The status of the job.
///
/// @param event borrowed; may be NULL.
/// @return MLAB_PROCESSING for MLAB_EVENT_PROGRESS; for MLAB_EVENT_DONE the status of its result, as mlab_client_wait()
/// would return it; MLAB_OK for MLAB_EVENT_IMAGE; MLAB_E_INVALID_ARGUMENT for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_status(event: *const mlab_event) -> i32 {
    let event = from_caller!(borrow(event));
    entry("mlab_event_status", Status::Internal.code(), || {
        event.map_or(Status::InvalidArgument, |e| e.status).code()
    })
}

/// The result of a job that has ended, or the image that is there.
///
/// @param event borrowed; may be NULL.
/// @return a result borrowed until mlab_event_free(); NULL for MLAB_EVENT_PROGRESS, for NULL, and after
/// mlab_event_take_result().
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_result(event: *const mlab_event) -> *const mlab_result {
    let event = from_caller!(borrow(event));
    read("mlab_event_result", event, null(), |e| e.result.as_deref().map_or(null(), std::ptr::from_ref))
}

/// Takes the result out of the event, to keep it longer than that.
///
/// @param event changed; may be NULL.
/// @return a result to be freed with mlab_result_free(); NULL where mlab_event_result() would give NULL.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_take_result(event: *mut mlab_event) -> *mut mlab_result {
    let event = from_caller!(borrow_mut(event));
    entry("mlab_event_take_result", null_mut(), || {
        event.and_then(|event| event.result.take()).map_or(null_mut(), give_box)
    })
}

/// How many times the job was polled so far.
///
/// @param event borrowed; may be NULL.
/// @return the number; 0 for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_polls(event: *const mlab_event) -> i32 {
    let event = from_caller!(borrow(event));
    read("mlab_event_polls", event, 0, |e| count(e.event.polls))
}

/// How long the job has run, in milliseconds since it was submitted.
///
/// @param event borrowed; may be NULL.
/// @return milliseconds; 0 for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_elapsed_ms(event: *const mlab_event) -> i64 {
    let event = from_caller!(borrow(event));
    read("mlab_event_elapsed_ms", event, 0, |e| ms(e.event.elapsed))
}

/// How much longer the last reply expected the job to take, in milliseconds.
///
/// @param event borrowed; may be NULL.
/// @return milliseconds; -1 if it did not say, and for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_eta_ms(event: *const mlab_event) -> i64 {
    let event = from_caller!(borrow(event));
    read("mlab_event_eta_ms", event, -1, |e| or_unknown(e.event.eta_ms))
}

/// When the next poll is due, in milliseconds since the job was submitted.
///
/// @param event borrowed; may be NULL.
/// @return milliseconds; -1 for MLAB_EVENT_DONE, while images are downloaded, and for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_next_poll_ms(event: *const mlab_event) -> i64 {
    let event = from_caller!(borrow(event));
    read("mlab_event_next_poll_ms", event, -1, |e| or_unknown(e.event.next_poll.map(ms)))
}

/// How many bytes of the job's images have come.
///
/// It can become less: an image that turns out bad is begun again.
///
/// @param event borrowed; may be NULL.
/// @return bytes of all images of the job together; 0 before the first, and for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_bytes_done(event: *const mlab_event) -> i64 {
    let event = from_caller!(borrow(event));
    read("mlab_event_bytes_done", event, 0, |e| large(e.event.bytes_done))
}

/// How many bytes the job's images are in all.
///
/// @param event borrowed; may be NULL.
/// @return bytes of all images of the job together; -1 until the size of each is known, and for NULL.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_bytes_total(event: *const mlab_event) -> i64 {
    let event = from_caller!(borrow(event));
    read("mlab_event_bytes_total", event, -1, |e| or_unknown(e.event.bytes_total))
}
