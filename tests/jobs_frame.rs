//! A frame of a game with ten thousand waiting jobs: no allocation. Alone in its binary, for it has an allocator that
//! counts.
#![allow(unsafe_code, reason = "an allocator is unsafe to write, and the C ABI to call")]

use mlab::ffi::objects::mlab_client;
use mlab_standin::{RawServer, Step};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ffi::CString;

/// The system's, with a count of what each thread asks of it.
struct Counting;

thread_local! {
    /// No destructor and no first use that allocates.
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call is handed on as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.set(ASKED.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        ASKED.set(ASKED.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ASKED.set(ASKED.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const JOBS: usize = 10_000;

fn client(endpoint: &str) -> *mut mlab_client {
    let endpoint = CString::new(endpoint).expect("no NUL");
    let mut client = std::ptr::null_mut();
    // SAFETY: all pointers are valid, and what is made here is freed here or by the caller.
    unsafe {
        let config = mlab::ffi::config::mlab_config_new();
        assert_eq!(mlab::ffi::config::mlab_config_set_endpoint(config, endpoint.as_ptr()), 0);
        let key = c"test-key-not-real".as_ptr();
        assert_eq!(mlab::ffi::client::mlab_client_new(key, config, &raw mut client), 0);
        mlab::ffi::config::mlab_config_free(config);
    }
    client
}

#[test]
fn asking_for_events_once_a_frame_allocates_nothing() {
    use mlab::ffi::jobs::{mlab_client_next_event, mlab_client_pending, mlab_client_submit};
    let server = RawServer::plain(vec![Step::ReadRequest, Step::Stall]).expect("a free port");
    let client = client(&server.endpoint());
    for n in 0..JOBS {
        let id = CString::new(n.to_string()).expect("no NUL");
        // SAFETY: all pointers are valid; the number may be NULL.
        unsafe {
            let request = mlab::ffi::request::mlab_request_new(id.as_ptr());
            assert_eq!(mlab_client_submit(client, request, std::ptr::null_mut()), 0);
            mlab::ffi::request::mlab_request_free(request);
        }
    }
    let before = ASKED.get();
    // SAFETY: the client is valid, and there is no event to be freed.
    let told = (0..1000).filter(|_| unsafe { !mlab_client_next_event(client, 0).is_null() }).count();
    assert_eq!((told, ASKED.get() - before), (0, 0));
    assert!(before > JOBS as u64, "the allocator counts");
    // SAFETY: the client is valid and used no more.
    unsafe {
        assert_eq!(mlab_client_pending(client), JOBS);
        mlab::ffi::client::mlab_client_free(client);
    }
}
