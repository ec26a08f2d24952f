//! Steps about requests, jobs and events.

use super::c_abi::objects::mlab_client;
use super::c_abi::objects::mlab_request;
use super::c_abi::{event, images, jobs, request};
use super::checks;
use super::clients::{CLIENTS, Jobs, Lent};
use super::objects::{EVENTS, REQUESTS, put_event, put_exchange, put_request, put_result};
use super::script::Step;
use super::{callbacks, exchanges, server};
use std::ffi::CString;
use std::ptr::{null, null_mut};

/// mlab_event_kind()s.
const PROGRESS: i32 = 1;
pub(super) const DONE: i32 = 2;
const IMAGE: i32 = 3;

/// The pointer of a client, or NULL.
pub(super) fn pointer(client: &Option<Lent<mlab_client, Jobs>>) -> *mut mlab_client {
    client.as_ref().map_or(null_mut(), |client| client.0.pointer.0)
}

pub(super) fn make_request(step: Step) {
    let ids = ["1", "2", "12202888", "", "../etc", "a b"];
    // SAFETY: the strings live as long as the calls.
    let made = unsafe {
        if step.has(7) {
            let url = CString::new(server::url(step.argument)).expect("no NUL");
            images::mlab_request_new_download(url.as_ptr())
        } else {
            let id = CString::new(ids[usize::from(step.argument) % ids.len()]).expect("no NUL");
            request::mlab_request_new(if step.has(6) { null() } else { id.as_ptr() })
        }
    };
    assert!(!made.is_null());
    // SAFETY: nobody else has it yet. The default of ten minutes would be too long.
    unsafe {
        checks::text(request::mlab_request_message(made));
        assert_eq!(request::mlab_request_set_deadline_ms(made, 1 + step.short_ms() * 3), 0);
    }
    put_request(made);
}

pub(super) fn free_request(step: Step) {
    // SAFETY: taken out of its place, or NULL.
    unsafe { request::mlab_request_free(REQUESTS.take(step.slot())) };
}

/// One setter with a good or a bad value.
pub(super) fn set_request(step: Step) {
    let Some(held) = REQUESTS.alone(step.slot()) else { return };
    let (request, value) = (held.0, step.argument >> 4);
    // SAFETY: held alone, or NULL.
    let status = unsafe { change(request, step.argument % 16, value) };
    checks::status("mlab_request_set_", status);
    // SAFETY: as above.
    checks::text(unsafe { request::mlab_request_message(request) });
}

/// # Safety
/// The request is held alone, or NULL.
unsafe fn change(held: *mut mlab_request, setter: u8, value: u8) -> i32 {
    let ms = u32::from(value) * 2;
    let path = |name: &str| CString::new(server::folder().join(name).display().to_string()).expect("no NUL");
    // SAFETY: as the caller promises; strings live as long as the call.
    unsafe {
        match setter {
            0 | 1 => request::mlab_request_set_deadline_ms(held, ms),
            2 => request::mlab_request_set_poll_ms(held, 1000 + ms, 1000 + u32::from(value) % 3 * 10),
            3 => request::mlab_request_set_eta_ms(held, ms),
            4 => request::mlab_request_set_tag(held, u64::MAX - u64::from(value)),
            5 | 6 => {
                let function: request::mlab_progress_fn =
                    if value < 12 { Some(callbacks::progress) } else { None };
                request::mlab_request_set_progress(held, function, null_mut())
            }
            7..=9 => {
                let most = [0, 1, 100, 1 << 20][usize::from(value % 4)];
                images::mlab_request_set_download_memory(held, most)
            }
            10 | 11 => {
                let folder = path(if value % 4 == 3 { "missing" } else { "" });
                images::mlab_request_set_download_dir(held, folder.as_ptr(), u32::from(value == 15))
            }
            12 | 13 => images::mlab_request_set_download_file(held, path("file.png").as_ptr()),
            14 => request::mlab_request_set_poll_once(held, i32::from(value % 3)),
            _ => images::mlab_request_set_image_events(held, i32::from(value % 3)),
        }
    }
}

pub(super) fn submit(step: Step) {
    let (client, request) = (CLIENTS.lend(step.slot()), REQUESTS.read(step.other()));
    let Some(request) = request else { return };
    let mut job = u64::MAX;
    // SAFETY: lent and held until the call returns, or NULL.
    let status = unsafe { jobs::mlab_client_submit(pointer(&client), request.0, &mut job) };
    checks::status("mlab_client_submit", status);
    assert_eq!(status == 0, job != 0, "{status}: job {job}");
    if let (Some(client), 0) = (&client, status) {
        client.0.known.submitted(job);
    }
}

pub(super) fn next_event(step: Step) {
    let client = CLIENTS.lend(step.slot());
    let mut made = checks::rubbish();
    // SAFETY: lent until the call returns, or NULL.
    let status = unsafe { jobs::mlab_client_next_event(pointer(&client), step.short_ms(), &mut made) };
    checks::status("mlab_client_next_event", status);
    assert_eq!(status == 0, !made.is_null(), "{status}");
    if let (Some(client), 0) = (&client, status) {
        client.0.known.told(made);
        put_event(made);
    }
}

pub(super) fn next_exchange(step: Step) {
    let client = CLIENTS.lend(step.slot());
    let mut made = checks::rubbish();
    // SAFETY: as above.
    let status = unsafe {
        super::c_abi::transport::mlab_client_next_exchange(pointer(&client), step.short_ms(), &mut made)
    };
    checks::status("mlab_client_next_exchange", status);
    assert_eq!(status == 0, !made.is_null(), "{status}");
    if status == 0 {
        if step.has(7) { put_exchange(made) } else { exchanges::come(made) }
    }
}

pub(super) fn cancel(step: Step) {
    let client = CLIENTS.lend(step.slot());
    // SAFETY: lent until the call returns, or NULL.
    let status = unsafe { jobs::mlab_client_cancel_job(pointer(&client), u64::from(step.argument % 8)) };
    checks::status("mlab_client_cancel_job", status);
}

pub(super) fn shut_down(step: Step) {
    let client = CLIENTS.lend(step.slot());
    // SAFETY: lent until the call returns, or NULL.
    let status = unsafe { jobs::mlab_client_shutdown(pointer(&client), step.short_ms()) };
    checks::status("mlab_client_shutdown", status);
}

/// The functions that only ask, and that which wakes.
pub(super) fn ask(step: Step) {
    if step.argument.is_multiple_of(8) {
        return CLIENTS.hold(step.slot(), checks::message_of);
    }
    let client = CLIENTS.lend(step.slot());
    let pointer = pointer(&client);
    // SAFETY: lent until the calls return, or NULL.
    unsafe {
        match step.argument % 8 {
            1 | 2 => assert!(jobs::mlab_client_pending(pointer) <= 100),
            3 => assert!(jobs::mlab_client_next_due_ms(pointer) >= -1),
            4 => assert!(jobs::mlab_client_event_handle(pointer).is_null()),
            5 => jobs::mlab_client_wakeup(pointer),
            _ => assert!(jobs::mlab_client_event_fd(pointer) >= -1),
        }
    }
}

pub(super) fn read_event(step: Step) {
    let Some(held) = EVENTS.read(step.slot()) else { return };
    // SAFETY: held while it is read, or NULL.
    unsafe {
        let (kind, status) = (event::mlab_event_kind(held.0), event::mlab_event_status(held.0));
        let (index, next) = (event::mlab_event_index(held.0), event::mlab_event_next_poll_ms(held.0));
        let result = event::mlab_event_result(held.0);
        match kind {
            0 => assert!(held.0.is_null()),
            PROGRESS => assert!(status == 1 && result.is_null() && next >= -1, "{status} {next}"),
            DONE => assert_eq!(next, -1),
            IMAGE => assert!(status == 0 && index >= 0, "{status} {index}"),
            other => panic!("an event of kind {other}"),
        }
        assert_eq!(kind == IMAGE, index != -1);
        if kind == DONE {
            checks::status("mlab_event_status", status);
        }
        if !result.is_null() {
            checks::all_of(result);
        }
        assert!(event::mlab_event_polls(held.0) >= 0 && event::mlab_event_elapsed_ms(held.0) >= 0);
        let tag = event::mlab_event_tag(held.0);
        assert!(event::mlab_event_eta_ms(held.0) >= -1 && (tag == 0 || tag > u64::MAX - 16), "{tag}");
        assert!(event::mlab_event_bytes_done(held.0) >= 0 && event::mlab_event_bytes_total(held.0) >= -1);
    }
}

pub(super) fn take_result(step: Step) {
    let Some(held) = EVENTS.alone(step.slot()) else { return };
    // SAFETY: held alone, or NULL.
    put_result(unsafe { event::mlab_event_take_result(held.0) });
}

pub(super) fn free_event(step: Step) {
    // SAFETY: taken out of its place, or NULL.
    unsafe { event::mlab_event_free(EVENTS.take(step.slot())) };
}
