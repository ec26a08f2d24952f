//! What is held of each answer.

use super::c_abi::client::mlab_client_message;
use super::c_abi::identity::{mlab_status_group, mlab_status_name, mlab_status_text};
use super::c_abi::objects::{mlab_client, mlab_result};
use super::c_abi::{images, result};
use super::clients::lock;
use super::replies;
use super::server::folder;
use mlab_core::error::Status::{self, *};
use std::ffi::{CStr, c_char};
use std::fs;
use std::sync::Mutex;

/// Appears in no text.
const KEY: &str = "test-key-not-real";

/// What an out parameter holds before a call: it must be overwritten, whatever happens.
pub(super) fn rubbish<T>() -> *mut T {
    std::ptr::without_provenance_mut(0xdead_beef)
}

/// What a server, and the way to it, can make of a poll.
const FROM_OUTSIDE: &[Status] = &[
    Resolve,
    Connect,
    Tls,
    Timeout,
    Network,
    Redirect,
    Protocol,
    TooLarge,
    Proxy,
    Auth,
    Payment,
    Forbidden,
    NotFound,
    RateLimited,
    BadRequest,
    Server,
    JobFailed,
    Api,
    NoResources,
];
const OF_A_REPLY: &[Status] = &[
    Redirect,
    Protocol,
    TooLarge,
    Auth,
    Payment,
    Forbidden,
    NotFound,
    RateLimited,
    BadRequest,
    Server,
    JobFailed,
    Api,
];
const ARGUMENT: &[Status] = &[Ok, InvalidArgument];
const OF_A_LINK: &[&[Status]] =
    &[ARGUMENT, &[Deadline, Cancelled, Closed], FROM_OUTSIDE, &[UnsafeUrl, BadImage, File]];
const OF_A_JOB: &[&[Status]] =
    &[ARGUMENT, &[Processing, Deadline, Cancelled, Closed], FROM_OUTSIDE, &[UnsafeUrl, BadImage, File]];

/// What each function may answer, by its name; of several that answer alike, how their names begin, with `*` behind it.
/// A test holds that the header's comment of each lists no less.
pub const ALLOWED: &[(&str, &[&[Status]])] = &[
    ("mlab_config_set_ca_file", &[ARGUMENT, &[File]]),
    ("mlab_config_set_*", &[ARGUMENT]),
    ("mlab_request_set_*", &[ARGUMENT]),
    ("mlab_set_default_config", &[ARGUMENT]),
    ("mlab_client_new", &[ARGUMENT]),
    ("mlab_parse", &[ARGUMENT, &[Processing], OF_A_REPLY]),
    ("mlab_fetch_queued", &[ARGUMENT, &[Processing], FROM_OUTSIDE]),
    ("mlab_client_fetch", &[ARGUMENT, &[Processing, Cancelled, Closed], FROM_OUTSIDE]),
    ("mlab_client_wait", OF_A_JOB),
    ("mlab_client_download", OF_A_LINK),
    ("mlab_client_submit", &[ARGUMENT, &[Busy, Closed]]),
    ("mlab_client_next_event", &[ARGUMENT, &[NoEvent, Closed]]),
    ("mlab_client_next_exchange", &[ARGUMENT, &[NoEvent, Closed]]),
    // Freed meanwhile, a client is closed.
    ("mlab_client_cancel_job", &[ARGUMENT, &[Closed]]),
    ("mlab_client_shutdown", &[ARGUMENT, &[Busy, Closed]]),
    ("mlab_exchange_reply", &[ARGUMENT, &[Closed, NoResources]]),
    ("mlab_exchange_write", &[ARGUMENT, &[Closed, TooLarge, BadImage, NoResources]]),
    ("mlab_exchange_fail", &[ARGUMENT, &[Closed]]),
    ("mlab_event_status", OF_A_JOB),
];

/// Holds a status to the comment of its function.
pub(super) fn status(function: &str, status: i32) {
    let known = Status::from_code(status).unwrap_or_else(|| panic!("{function}: {status} is no status"));
    let is_of =
        |name: &str| name.strip_suffix('*').map_or(function == name, |start| function.starts_with(start));
    let (_, allowed) =
        ALLOWED.iter().find(|(name, _)| is_of(name)).unwrap_or_else(|| panic!("{function} is not listed"));
    assert!(allowed.iter().any(|group| group.contains(&known)), "{function}: {known:?}");
}

/// A text that the library lends or hands over: UTF-8, one line, short, without the key.
pub(super) fn text(text: *const c_char) -> String {
    assert!(!text.is_null(), "a text is NULL");
    // SAFETY: not NULL, and lent for as long as this takes.
    let text = unsafe { CStr::from_ptr(text) }.to_str().expect("UTF-8").to_owned();
    assert!(text.len() <= 1024 && !text.contains(char::is_control), "{text:?}");
    assert!(!text.contains(KEY), "the key: {text:?}");
    text
}

/// A client's message, which is not read while the client is freed.
pub(super) fn message_of(client: *const mlab_client) {
    // SAFETY: held by the caller, or NULL.
    text(unsafe { mlab_client_message(client) });
}

/// A result with the status of the call that made it, for a call that makes one on failure too.
pub(super) fn result(function: &str, returned: i32, made: *const mlab_result) {
    assert!(!made.is_null(), "{function} made no result: {returned}");
    status(function, returned);
    // SAFETY: held by the caller.
    assert_eq!(unsafe { result::mlab_result_status(made) }, returned, "{function}");
    all_of(made);
}

/// Everything that a result lends. NULL holds nothing.
pub(super) fn all_of(held: *const mlab_result) {
    // SAFETY: a result that is held by the caller, or NULL.
    unsafe {
        let mut count = usize::MAX;
        let urls = result::mlab_result_urls(held, &mut count);
        assert_eq!(count, result::mlab_result_url_count(held));
        for index in 0..count {
            assert_eq!(*urls.add(index), result::mlab_result_url(held, index));
            let url = CStr::from_ptr(*urls.add(index)).to_str().expect("UTF-8");
            assert!(!url.is_empty(), "an empty URL");
        }
        assert!((*urls.add(count)).is_null() && result::mlab_result_url(held, count).is_null());
        let message = text(result::mlab_result_message(held));
        let status = result::mlab_result_status(held);
        assert!(status >= 0 || !message.is_empty() || held.is_null(), "a failure without words: {status}");
        text(result::mlab_result_id(held));
        let mut len = usize::MAX;
        let body = result::mlab_result_body(held, &mut len);
        let body = std::slice::from_raw_parts(body.cast::<u8>(), len + 1);
        assert_eq!(body[len], 0);
        assert!(!body.windows(KEY.len()).any(|window| window == KEY.as_bytes()), "the key is in a body");
        let http = result::mlab_result_http_status(held);
        assert!(http == 0 || (100..=599).contains(&http), "{http}");
        assert!((-1..=86_400_000).contains(&result::mlab_result_eta_ms(held)));
        assert!((-1..=3_600_000).contains(&result::mlab_result_retry_after_ms(held)));
        assert!((0..=1).contains(&result::mlab_result_is_retryable(held)));
        assert!(result::mlab_result_attempts(held) >= 0 && result::mlab_result_elapsed_ms(held) >= 0);
        images_of(held);
    }
}

/// # Safety
/// A result that is held by the caller, or NULL.
unsafe fn images_of(held: *const mlab_result) {
    // SAFETY: as the caller promises.
    unsafe {
        let count = images::mlab_result_image_count(held);
        for index in 0..=count {
            let mut len = usize::MAX;
            let bytes = images::mlab_result_image(held, index, &mut len);
            let path = images::mlab_result_image_path(held, index);
            let kind = images::mlab_result_image_type(held, index);
            let width = images::mlab_result_image_width(held, index);
            let height = images::mlab_result_image_height(held, index);
            assert_eq!(kind.is_null(), bytes.is_null() && path.is_null(), "image {index}");
            assert!(bytes.is_null() || path.is_null(), "in memory and in a file");
            assert_eq!(len == 0, bytes.is_null());
            assert!(kind.is_null() || width > 0 && height > 0, "{width} x {height}");
            if !bytes.is_null() {
                is_whole(std::slice::from_raw_parts(bytes.cast(), len));
            }
        }
    }
}

/// The server and the transport have few images: whatever else is taken for one was cut, or mixed.
fn is_whole(bytes: &[u8]) {
    assert!(replies::IMAGES.contains(&bytes), "{} bytes that no server sent", bytes.len());
}

/// Every file is whole, and no other was left behind; they are removed.
pub(super) fn no_file_is_half_there() {
    for entry in fs::read_dir(folder()).expect("the folder of this process") {
        let path = entry.expect("an entry").path();
        assert!(!path.to_string_lossy().ends_with(".part"), "{} was left", path.display());
        is_whole(&fs::read(&path).expect("a file"));
        fs::remove_file(path).expect("ours to remove");
    }
}

/// Names, texts and groups of any number.
pub(super) fn identity(status: i32) {
    let name = text(mlab_status_name(status));
    let known = Status::from_code(status);
    assert_eq!(name == "MLAB_UNKNOWN", known.is_none(), "{status}");
    assert!(!text(mlab_status_text(status)).is_empty());
    assert!((0..=7).contains(&mlab_status_group(status)));
}

/// What a callback finds wrong: it may not panic into the library, which is C to it.
static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Runs the body of a callback.
pub(super) fn in_callback<R>(otherwise: R, body: impl FnOnce() -> R) -> R {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).unwrap_or_else(|panic| {
        let why = panic.downcast_ref::<String>().cloned();
        lock(&SEEN).push(why.unwrap_or_else(|| "a panic".to_owned()));
        otherwise
    })
}

pub(super) fn fail_with_what_callbacks_saw() {
    let seen = std::mem::take(&mut *lock(&SEEN));
    assert!(seen.is_empty(), "in a callback: {}", seen.join("; "));
}
