//! Images
//!
//! Downloads the images themselves, whole and safely: of a job, with mlab_request_set_download_dir() or
//! mlab_request_set_download_memory() before mlab_client_wait() or mlab_client_submit(), which then end when all images are
//! there; or one by its URL.
//!
//! WHOLE OR NOT AT ALL. A file is written under another name in the same folder, put on the disk and renamed over its
//! target: the target is the old file or the whole new one. It is whole if its length was said and came, and the image's
//! own bytes lead to their end (PNG, JPEG, WebP, GIF; AVIF and MP4, which have none, need the length). What broke off goes
//! on where it was, if the server has the same still.
//!
//! TIME. A link that answers 404 or 403 is asked again for up to a minute, since links work some time after success;
//! other failures that may pass as often as mlab_config_set_retries() says. A server may be silent as long as the request
//! timeout. All of it is bounded by the deadline (10 minutes unless set), and ended by a cancel within 250 ms.
//!
//! SAFETY. A URL of the server is followed only over https, to port 443 of a public name, and only to addresses of the
//! public internet: never to this machine or a private network, in no spelling, nor by up to 5 redirects. Where the
//! endpoint is this machine itself, so may be the images, by http too. Neither your key nor any header of yours is sent.
//! Behind a proxy it is the proxy that looks names up: then the URLs are judged, and addresses are the proxy's affair.

use super::client::borrow;
use super::convert::{give, set, text};
use super::objects::{Work, mlab_cancel, mlab_client, mlab_config, mlab_event, mlab_request, mlab_result};
use super::panic::entry;
use super::result::{read, report_into};
use super::setter::change;
use mlab_core::download::{Destination, Image};
use mlab_core::engine::{Link, Order, image_limit};
use mlab_core::error::Error;
use mlab_core::flow::plan::Plan;
use std::ffi::{c_char, c_void};

/// The largest image in memory where nothing else is said, in bytes.
const DEFAULT_MEMORY: u64 = 64 * 1024 * 1024;

/// What a request asks for.
pub(super) enum Asked {
    Job(Order),
    Image(Link),
}

impl mlab_request {
    /// The work in the form that runs it.
    pub(super) fn asked(&self) -> Result<Asked, Error> {
        let (plan, keep) = (self.plan, self.keep.clone());
        Ok(match &self.work {
            Work::Job(id) => Asked::Job(Order { id: id.clone()?, plan, keep }),
            Work::Image(url) => Asked::Image(Link {
                url: url.clone()?,
                keep: keep.unwrap_or(Destination::Memory { most: DEFAULT_MEMORY }),
                deadline: plan.deadline(),
            }),
        })
    }
}

/// Sets the largest image taken into a file, in bytes; a larger one is MLAB_E_TOO_LARGE. The default is 64 MiB.
///
/// Parameters:
/// - config: changed.
/// - max_bytes: at least 1.
/// Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// Threads: one at a time.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_image_limit(config: *mut mlab_config, max_bytes: u64) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { change("mlab_config_set_image_limit", config, |s| s.set_image_limit(max_bytes)) }
}

/// Lets the images of the job be downloaded into memory.
///
/// Parameters:
/// - request: changed.
/// - max_bytes: the largest image taken, at least 1; a larger one is MLAB_E_TOO_LARGE.
/// Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// Threads: one at a time.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_set_download_memory(request: *mut mlab_request, max_bytes: u64) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        change("mlab_request_set_download_memory", request, |r| {
            r.keep = Some(Destination::Memory { most: image_limit(max_bytes)? });
            Ok(())
        })
    }
}

/// Lets the images of the job be downloaded into files of a folder, called by id, index and what the image is, such as
/// 12202888-0.png. Files of those names are replaced.
///
/// The folder must be there when the wait or job begins, and one must be able to write into it: MLAB_E_FILE says at once
/// if not.
///
/// Parameters:
/// - request: changed; not one made by mlab_request_new_download().
/// - path: the folder, in UTF-8 on every platform; copied.
/// - flags: 0; others are for later versions.
/// Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// Threads: one at a time.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_set_download_dir(
    request: *mut mlab_request,
    path: *const c_char,
    flags: u32,
) -> i32 {
    // SAFETY: the caller's promises.
    unsafe {
        change("mlab_request_set_download_dir", request, |r| {
            let path = path_of(path)?;
            if flags != 0 {
                return Err(Error::argument("flags", "has a bit that this version does not know; pass 0"));
            }
            if matches!(r.work, Work::Image(_)) {
                let why = "downloads one image; set its file with mlab_request_set_download_file()";
                return Err(Error::argument("request", why));
            }
            r.keep = Some(Destination::Folder(path));
            Ok(())
        })
    }
}

/// Makes a request for one image by its URL. Unless mlab_request_set_download_file() is called, the image comes into
/// memory, at most 64 MiB of it.
///
/// Parameters: url: as mlab_result_urls() has it, also a data: URL or base64; copied. One that cannot be used is refused
/// by the call that uses the request, with the reason in its result.
/// Returns: a request to be freed with mlab_request_free(); NULL only after an internal error.
/// Threads: any.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_new_download(url: *const c_char) -> *mut mlab_request {
    entry("mlab_request_new_download", std::ptr::null_mut(), || {
        // SAFETY: the caller promises NULL or a C string.
        let url = unsafe { text(url, "url") }.map(str::to_owned);
        give(mlab_request::new(Work::Image(url)))
    })
}

/// Lets the one image of the request be downloaded into a file.
///
/// Parameters:
/// - request: changed; one made by mlab_request_new_download().
/// - path: the file, in UTF-8 on every platform; replaced if it is there, and a symbolic link is replaced itself; copied.
/// Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// Threads: one at a time.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_set_download_file(
    request: *mut mlab_request,
    path: *const c_char,
) -> i32 {
    // SAFETY: the caller's promises.
    unsafe {
        change("mlab_request_set_download_file", request, |r| {
            let path = path_of(path)?;
            if matches!(r.work, Work::Job(_)) {
                let why = "may have several images; set their folder with mlab_request_set_download_dir()";
                return Err(Error::argument("request", why));
            }
            r.keep = Some(Destination::File(path));
            Ok(())
        })
    }
}

/// Reads a path.
///
/// # Safety
/// As for [`text`].
unsafe fn path_of(path: *const c_char) -> Result<String, Error> {
    // SAFETY: the caller's promise.
    match unsafe { text(path, "path")? } {
        "" => Err(Error::argument("path", "is empty")),
        path => Ok(path.to_owned()),
    }
}

/// Downloads one image into a file.
///
/// Blocks for at most 10 minutes; mlab_client_wait() with a request of mlab_request_new_download() does the same with
/// another deadline, and mlab_client_submit() without blocking.
///
/// Parameters:
/// - client: used.
/// - url: as mlab_result_urls() has it, also a data: URL or base64; copied.
/// - path: the file, in UTF-8 on every platform; replaced if it is there, and a symbolic link is replaced itself.
/// - cancel: ends the call; NULL for none.
/// - out: receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
/// Returns: MLAB_OK: the file is there. MLAB_E_UNSAFE_URL: the URL leads where no image should be fetched from, and
/// nothing was sent. MLAB_E_BAD_IMAGE: what came is no image, or not all of one. MLAB_E_FILE: path or reason are in the
/// message. MLAB_E_NOT_FOUND, MLAB_E_FORBIDDEN: the link does not work yet, or no longer. MLAB_E_TOO_LARGE,
/// MLAB_E_DEADLINE, MLAB_E_CANCELLED, MLAB_E_CLOSED, MLAB_E_FORKED. Else as mlab_fetch_queued().
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_download(
    client: *const mlab_client,
    url: *const c_char,
    path: *const c_char,
    cancel: *const mlab_cancel,
    out: *mut *mut mlab_result,
) -> i32 {
    let call = || {
        // SAFETY: the caller promises NULL or valid pointers.
        let ((client, token), url, path) =
            unsafe { (borrow(client, cancel)?, text(url, "url")?, path_of(path)?) };
        Ok(client.download(&link(url, Destination::File(path)), &token))
    };
    // SAFETY: the caller promises that `out` is NULL or writable.
    unsafe { report_into("mlab_client_download", out, call) }
}

/// Downloads one image into memory: mlab_result_image(result, 0, ...) has it. Else as mlab_client_download().
///
/// Parameters:
/// - client: used.
/// - url: as mlab_result_urls() has it, also a data: URL or base64; copied.
/// - max_bytes: the largest image taken, at least 1; a larger one is MLAB_E_TOO_LARGE.
/// - cancel: ends the call; NULL for none.
/// - out: receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
/// Returns: as mlab_client_download(), but not MLAB_E_FILE; MLAB_E_NO_RESOURCES: there is not so much memory.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_download_memory(
    client: *const mlab_client,
    url: *const c_char,
    max_bytes: u64,
    cancel: *const mlab_cancel,
    out: *mut *mut mlab_result,
) -> i32 {
    let call = || {
        // SAFETY: the caller promises NULL or valid pointers.
        let ((client, token), url) = unsafe { (borrow(client, cancel)?, text(url, "url")?) };
        let keep = Destination::Memory { most: image_limit(max_bytes)? };
        Ok(client.download(&link(url, keep), &token))
    };
    // SAFETY: the caller promises that `out` is NULL or writable.
    unsafe { report_into("mlab_client_download_memory", out, call) }
}

fn link(url: &str, keep: Destination) -> Link {
    Link { url: url.to_owned(), keep, deadline: Plan::default().deadline() }
}

/// The number of images that were to be downloaded: that of the URLs, or 0 if none was asked for.
///
/// Parameters: result: borrowed; may be NULL.
/// Returns: the number. If the status is not MLAB_OK, some of them may be missing: the functions below say so.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_image_count(result: *const mlab_result) -> usize {
    // SAFETY: the caller's promise.
    unsafe { read("mlab_result_image_count", result, 0, |r| r.images.len()) }
}

/// Reads an image of a result, or gives `absent` if there is none.
///
/// # Safety
/// `result` is NULL or a result that was not freed; the borrow must not outlive it.
unsafe fn of_image<'a, R: Copy>(
    function: &'static str,
    result: *const mlab_result,
    index: usize,
    absent: R,
    get: impl FnOnce(&'a Image) -> R,
) -> R {
    // SAFETY: the caller's promise.
    unsafe {
        read(function, result, absent, |r| r.images.get(index).and_then(Option::as_ref).map_or(absent, get))
    }
}

/// The bytes of an image that was downloaded into memory.
///
/// Parameters:
/// - result: borrowed; may be NULL.
/// - index: that of its URL, from 0.
/// - len: receives the number of bytes, or 0; may be NULL.
/// Returns: the bytes, borrowed until mlab_result_free(); NULL if the image is in a file or missing.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_image(
    result: *const mlab_result,
    index: usize,
    len: *mut usize,
) -> *const c_void {
    let none = std::ptr::null();
    // SAFETY: the caller's promises.
    unsafe {
        set(len, 0);
        of_image("mlab_result_image", result, index, none, |image| {
            image.bytes.as_ref().map_or(none, |bytes| {
                set(len, bytes.len());
                bytes.as_ptr().cast()
            })
        })
    }
}

/// The file that an image was downloaded into.
///
/// Parameters:
/// - result: borrowed; may be NULL.
/// - index: that of its URL, from 0.
/// Returns: the path in UTF-8, borrowed until mlab_result_free(); NULL if the image is in memory or missing.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_image_path(result: *const mlab_result, index: usize) -> *const c_char {
    let none = std::ptr::null();
    // SAFETY: the caller's promise.
    unsafe {
        read("mlab_result_image_path", result, none, |r| {
            r.paths.get(index).and_then(Option::as_ref).map_or(none, |path| path.as_ptr())
        })
    }
}

/// What an image is, told from its own bytes.
///
/// Parameters:
/// - result: borrowed; may be NULL.
/// - index: that of its URL, from 0.
/// Returns: image/png, image/jpeg, image/webp, image/gif, image/avif or video/mp4, a string that is always there; NULL if
/// the image is missing.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_image_type(result: *const mlab_result, index: usize) -> *const c_char {
    let none = std::ptr::null();
    // SAFETY: the caller's promise.
    unsafe {
        of_image("mlab_result_image_type", result, index, none, |image| image.kind.media_type().as_ptr())
    }
}

/// The width of an image in pixels, as its header says it.
///
/// Parameters:
/// - result: borrowed; may be NULL.
/// - index: that of its URL, from 0.
/// Returns: the width; 0 if the image is missing, or an AVIF or MP4 that does not say.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_image_width(result: *const mlab_result, index: usize) -> u32 {
    // SAFETY: the caller's promise.
    unsafe { of_image("mlab_result_image_width", result, index, 0, |image| image.width) }
}

/// The height of an image in pixels, as its header says it.
///
/// Parameters:
/// - result: borrowed; may be NULL.
/// - index: that of its URL, from 0.
/// Returns: the height; 0 if the image is missing, or an AVIF or MP4 that does not say.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_image_height(result: *const mlab_result, index: usize) -> u32 {
    // SAFETY: the caller's promise.
    unsafe { of_image("mlab_result_image_height", result, index, 0, |image| image.height) }
}

/// How many bytes of the job's images are there.
///
/// It can become less: what is no good is begun anew.
///
/// Parameters: event: borrowed; may be NULL.
/// Returns: bytes of all images of the job together; 0 before the first, and for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_bytes_done(event: *const mlab_event) -> i64 {
    entry("mlab_event_bytes_done", 0, || {
        // SAFETY: NULL is checked by `as_ref`; the caller promises the rest.
        unsafe { event.as_ref() }.map_or(0, |e| i64::try_from(e.event.bytes_done).unwrap_or(i64::MAX))
    })
}

/// How many bytes the job's images have in all.
///
/// Parameters: event: borrowed; may be NULL.
/// Returns: bytes of all images of the job together; -1 while that is not known of each, and for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_event_bytes_total(event: *const mlab_event) -> i64 {
    entry("mlab_event_bytes_total", -1, || {
        // SAFETY: NULL is checked by `as_ref`; the caller promises the rest.
        let total = unsafe { event.as_ref() }.and_then(|e| e.event.bytes_total);
        total.and_then(|total| i64::try_from(total).ok()).unwrap_or(-1)
    })
}
