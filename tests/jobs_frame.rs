//! A frame of a game with ten thousand waiting jobs: no allocation. Alone in its binary, for it has an allocator that
//! counts.
#![allow(unsafe_code, reason = "an allocator is unsafe to write")]

use mlab_core::engine::{Client, JobRequest, Settings};
use mlab_core::flow::plan::Plan;
use mlab_core::wire::{Endpoint, JobId, Key};
use mlab_standin::{RawServer, Step};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Duration;

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

#[test]
fn asking_for_events_once_a_frame_allocates_nothing() {
    let server = RawServer::plain(vec![Step::ReadRequest, Step::Stall]).expect("a free port");
    let endpoint = Endpoint::new(&server.endpoint()).expect("an endpoint");
    let settings = Settings::with_endpoint(endpoint);
    let client = Client::new(Key::new("test-key-not-real").expect("a key"), settings);
    for n in 0..JOBS {
        let id = JobId::new(&n.to_string()).expect("an id");
        client
            .submit(&JobRequest { id, plan: Plan::default(), destination: None, image_events: false }, 0)
            .expect("room for a job");
    }
    let before = ASKED.get();
    let told = (0..1000).filter(|_| client.next_event(Duration::ZERO).is_ok()).count();
    assert_eq!((told, ASKED.get() - before), (0, 0));
    assert!(before > JOBS as u64, "the allocator counts");
    assert_eq!(client.pending(), JOBS);
}
