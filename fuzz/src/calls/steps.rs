//! One step: a function, its objects, its arguments.

use super::c_abi::client::{mlab_client_fetch, mlab_client_free, mlab_client_wait};
use super::c_abi::images::{mlab_client_download, mlab_client_download_memory};
use super::c_abi::objects::{mlab_cancel, mlab_request, mlab_result};
use super::c_abi::request::mlab_request_free;
use super::c_abi::result::mlab_result_free;
use super::c_abi::{call, cancel, identity};
use super::checks;
use super::clients::{self, CANCELS, CLIENTS, Lent};
use super::jobs::pointer;
use super::objects::{CONFIGS, REQUESTS, RESULTS, put_request, put_result};
use super::script::Step;
use super::{exchanges, jobs, replies, server, settings};
use std::cell::Cell;
use std::ffi::CString;
use std::ptr::null_mut;
use std::thread;
use std::time::{Duration, Instant};

thread_local! {
    /// The request of the wait that this thread is in, if a callback may free it.
    static LENT: Cell<*mut mlab_request> = const { Cell::new(null_mut()) };
}

pub(super) fn take(step: Step) {
    match step.function % 40 {
        0 => settings::make(),
        1 | 2 => settings::set(step),
        3 => settings::free(step),
        4 => settings::make_default(step),
        5 | 6 => make_client(step),
        7 => CLIENTS.free(step.slot(), mlab_client_free),
        8 => jobs::shut_down(step),
        9 => fetch(step),
        10 | 11 => wait(step),
        12..=15 => jobs::submit(step),
        16..=18 => jobs::next_event(step),
        19 | 20 => jobs::next_exchange(step),
        21 => jobs::cancel(step),
        22 => jobs::ask(step),
        23 | 24 => jobs::make_request(step),
        25 | 26 => jobs::set_request(step),
        27 => jobs::free_request(step),
        28 => about_cancels(step),
        29 => download(step),
        30 => without_client(step),
        31 => read_result(step),
        32 => jobs::read_event(step),
        33 => jobs::take_result(step),
        34 => jobs::free_event(step),
        35 => exchanges::read(step),
        36 => exchanges::answer(step),
        37 => exchanges::write_piece(step),
        38 if step.has(0) => exchanges::fail_one(step),
        38 => exchanges::tell_progress(step),
        _ if step.has(0) => exchanges::free(step),
        _ => checks::identity(i32::from(step.argument) - 200),
    }
}

fn make_client(step: Step) {
    let key: &[u8] = match step.argument % 16 {
        0 => b"\0",
        1 => b"a\nkey\0",
        _ => b"test-key-not-real\0",
    };
    if let Some(config) = CONFIGS.read(step.slot()) {
        clients::make(key, config.0);
    }
}

fn token(cancel: &Option<Lent<mlab_cancel, ()>>) -> *const mlab_cancel {
    cancel.as_ref().map_or(null_mut(), |cancel| cancel.0.pointer.0)
}

fn fetch(step: Step) {
    let (client, cancel) = (CLIENTS.lend(step.slot()), CANCELS.lend(step.other()));
    let id = if step.argument.is_multiple_of(16) { c"" } else { c"1" };
    let mut made = checks::rubbish();
    // SAFETY: lent until the call returns, or NULL.
    let status = unsafe { mlab_client_fetch(pointer(&client), id.as_ptr(), token(&cancel), &mut made) };
    checks::result("mlab_client_fetch", status, made);
    put_result(made);
}

/// With a request that others use too, or with one that a callback frees meanwhile.
fn wait(step: Step) {
    let (client, cancel) = (CLIENTS.lend(step.slot()), CANCELS.lend(usize::from(step.argument >> 4)));
    let mut made = checks::rubbish();
    // SAFETY: lent or held until the call returns, or NULL.
    let wait = |request: *const mlab_request, made: &mut *mut mlab_result| unsafe {
        mlab_client_wait(pointer(&client), request, token(&cancel), made)
    };
    let status = if step.has(0) {
        let request = REQUESTS.take(step.other());
        let outer = LENT.replace(request);
        let status = wait(request, &mut made);
        put_request(LENT.replace(outer));
        status
    } else {
        let Some(request) = REQUESTS.read(step.other()) else { return };
        wait(request.0, &mut made)
    };
    checks::result("mlab_client_wait", status, made);
    put_result(made);
}

/// Frees the request of the wait that this thread is in: allowed in a callback.
pub(super) fn free_what_is_lent() {
    // SAFETY: taken out of its place by this thread.
    unsafe { mlab_request_free(LENT.replace(null_mut())) };
}

fn about_cancels(step: Step) {
    match step.argument % 4 {
        0 => clients::put_cancel(cancel::mlab_cancel_new()),
        1 => CANCELS.free(step.slot(), cancel::mlab_cancel_free),
        _ => {
            let lent = CANCELS.lend(step.slot());
            // SAFETY: lent until the call returns, or NULL.
            unsafe { cancel::mlab_cancel_trigger(token(&lent)) };
        }
    }
}

/// A download may take ten minutes: it is cancelled after some milliseconds, and must then end soon.
fn download(step: Step) {
    let client = CLIENTS.lend(step.slot());
    let url = CString::new(server::url(step.argument)).expect("no NUL");
    let path = server::folder().join(format!("{}.png", step.other()));
    let path = CString::new(path.display().to_string()).expect("no NUL");
    let cancel = cancel::mlab_cancel_new();
    let shared = super::objects::Pointer(cancel);
    let mut made: *mut mlab_result = checks::rubbish();
    let began = Instant::now();
    let status = thread::scope(|scope| {
        let shared = &shared;
        scope.spawn(move || {
            thread::sleep(Duration::from_millis(u64::from(step.short_ms())));
            // SAFETY: freed below, once this has ended.
            unsafe { cancel::mlab_cancel_trigger(shared.0) };
        });
        let (client, cancel) = (pointer(&client), shared.0);
        // SAFETY: lent until the call returns, or NULL; the cancel is freed below.
        unsafe {
            if step.has(7) {
                mlab_client_download(client, url.as_ptr(), path.as_ptr(), cancel, &mut made)
            } else {
                mlab_client_download_memory(client, url.as_ptr(), 1 << 20, cancel, &mut made)
            }
        }
    });
    // Promised are 250 ms; sanitizers and busy machines take their own time.
    assert!(began.elapsed() < Duration::from_secs(10), "cancelled, and it goes on");
    checks::result("mlab_client_download", status, made);
    put_result(made);
    // SAFETY: nobody has it any more.
    unsafe { cancel::mlab_cancel_free(cancel) };
}

fn without_client(step: Step) {
    let mut made = checks::rubbish();
    if step.has(0) {
        let key = if step.argument % 16 == 1 { c"" } else { c"test-key-not-real" };
        // SAFETY: the strings live as long as the call.
        let status = unsafe { call::mlab_fetch_queued(key.as_ptr(), c"1".as_ptr(), &mut made) };
        checks::result("mlab_fetch_queued", status, made);
    } else {
        let reply = replies::to_poll(step.argument >> 1);
        // What is parsed has no key of its caller: an echo of one would stay.
        let body = String::from_utf8_lossy(&reply.body).replace("test-key-not-real", "").into_bytes();
        let http = [0, i32::from(reply.status), 404, 99][usize::from(step.object % 4)];
        // SAFETY: the bytes live as long as the call.
        let status = unsafe { call::mlab_parse(body.as_ptr().cast(), body.len(), http, &mut made) };
        checks::result("mlab_parse", status, made);
    }
    put_result(made);
}

fn read_result(step: Step) {
    if step.has(0) {
        // SAFETY: taken out of its place, or NULL.
        return unsafe { mlab_result_free(RESULTS.take(step.slot())) };
    }
    if let Some(held) = RESULTS.read(step.slot()) {
        checks::all_of(held.0);
    }
    assert!(!checks::text(identity::mlab_version()).is_empty());
    assert_eq!(
        (identity::mlab_version_number(), identity::mlab_abi_version().to_string()),
        (version(), env!("MLAB_ABI_VERSION").to_owned())
    );
}

/// As the package says that these sources are built into.
fn version() -> u32 {
    let part = |text: &str| text.parse::<u32>().expect("a number");
    part(env!("CARGO_PKG_VERSION_MAJOR")) << 16
        | part(env!("CARGO_PKG_VERSION_MINOR")) << 8
        | part(env!("CARGO_PKG_VERSION_PATCH"))
}
