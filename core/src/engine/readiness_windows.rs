//! What an event loop of Windows waits on: a manual-reset event. System calls, hence the `unsafe`.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle, RawHandle};
use std::ptr;

#[link(name = "kernel32")]
unsafe extern "system" {
    fn CreateEventW(
        attributes: *const c_void,
        manual_reset: i32,
        initial_state: i32,
        name: *const u16,
    ) -> RawHandle;
    fn SetEvent(event: RawHandle) -> i32;
    fn ResetEvent(event: RawHandle) -> i32;
}

/// An event object, closed when dropped.
#[derive(Debug)]
pub(super) struct Signal(OwnedHandle);

impl Signal {
    pub(super) fn new() -> io::Result<Signal> {
        // SAFETY: no attributes (so no child inherits it) and no name are both allowed as null; the rest are plain values.
        let event = unsafe { CreateEventW(ptr::null(), 1, 0, ptr::null()) };
        if event.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call has just made it, and nobody else has it to close.
        Ok(Signal(unsafe { OwnedHandle::from_raw_handle(event) }))
    }

    pub(super) fn waitable(&self) -> RawHandle {
        self.0.as_raw_handle()
    }

    /// Windows does not tell a handle from one that has got the same number since.
    pub(super) fn is_ours(&self) -> bool {
        true
    }

    pub(super) fn send(&self) {
        // SAFETY: the handle is open as long as `self` is there. It fails only for one that somebody else has closed.
        let _ = unsafe { SetEvent(self.waitable()) };
    }

    pub(super) fn drain(&self) {
        // SAFETY: as in `send`.
        let _ = unsafe { ResetEvent(self.waitable()) };
    }
}
