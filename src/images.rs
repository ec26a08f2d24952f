//! Images
//!
//! Downloads the images themselves, whole and safely: of a job, with mlab_request_set_download_dir() or
//! mlab_request_set_download_memory() before mlab_client_wait() or mlab_client_submit(), which then end when all images are
//! there; or one by its URL.
//!
//! WHOLE OR NOT AT ALL. A file is written under another name in the same folder, put on the disk and renamed over its
//! target: the target is the old file or the whole new one. It is whole if its length was said and came, and the
//! image's own bytes lead to their end (PNG, JPEG, WebP, GIF; AVIF and MP4, which have none, need the length). A
//! download that broke off is resumed where it stood, if the server still has the same file.
//!
//! TIME. A link that answers 404 or 403 is asked again for up to a minute, since links work some time after success;
//! after other failures that may pass, a missing connection among them, it is tried again for at least a minute, and at
//! least as often as mlab_config_set_retries() says. A server may be silent for as long as the request timeout. All of
//! it is bounded by the deadline (10 minutes unless set), and ended by a cancel within 250 ms.
//!
//! SAFETY. A URL of the server is followed only over https, to port 443 of a public name, and only to addresses of the
//! public internet: never to this machine or a private network, however it is spelled, and not by redirects either (at
//! most 5 are followed). Where the endpoint is this machine itself, the images may be there too, also over http.
//! Neither your key nor any header of yours is sent. Behind a proxy it is the proxy that looks names up: then only URLs
//! are judged here, and addresses are the proxy's affair.

use super::client::{made, token};
use super::convert::{path_text, text};
use super::handle::{borrow, borrow_mut, from_caller, give, out_param, share};
use super::objects::{RequestKind, mlab_cancel, mlab_client, mlab_config, mlab_request, mlab_result};
use super::panic::{entry, read};
use super::result::report_into;
use super::setter::change;
use mlab_core::download::{Destination, Image};
use mlab_core::engine::{ImageRequest, image_limit};
use mlab_core::error::Error;
use mlab_core::flow::plan::Plan;
use std::ffi::{c_char, c_void};
use std::ptr::{null, null_mut};

/// Sets the largest image taken into a file, in bytes; a larger one is MLAB_E_TOO_LARGE. The default is 64 MiB.
///
/// @param config changed.
/// @param max_bytes 1 to 9223372036854775807 (2^63 - 1).
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_image_limit(config: *mut mlab_config, max_bytes: u64) -> i32 {
    let config = from_caller!(borrow_mut(config));
    change("mlab_config_set_image_limit", config, |s| s.set_image_limit(max_bytes))
}

/// Sets how many images of one job are downloaded at most. The default is 64. A job that lists more ends with
/// MLAB_E_TOO_LARGE: its result has all URLs, and as many images as this.
///
/// @param config changed.
/// @param count 1 to 10000.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_max_images(config: *mut mlab_config, count: u32) -> i32 {
    let config = from_caller!(borrow_mut(config));
    change("mlab_config_set_max_images", config, |s| s.set_max_images(count))
}

/// Lets the images of the job be downloaded into memory. Of this function and those for a folder or a file, the last
/// call counts.
///
/// @param request changed.
/// @param max_bytes the largest image taken, 1 to 9223372036854775807 (2^63 - 1); a larger one is MLAB_E_TOO_LARGE.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_set_download_memory(request: *mut mlab_request, max_bytes: u64) -> i32 {
    let request = from_caller!(borrow_mut(request));
    change("mlab_request_set_download_memory", request, |r| {
        r.destination = Some(Destination::Memory { most: image_limit(max_bytes)? });
        Ok(())
    })
}

/// Lets the images of the job be downloaded into files of a folder, named by id, index and type of image, such as
/// 12202888-0.png. Files of those names are replaced.
///
/// The folder must exist when the wait or job begins, and be one that can be written into: this is checked before the
/// first poll, and if it is not so the wait or job ends with MLAB_E_FILE. Of this function and
/// mlab_request_set_download_memory(), the last call counts.
///
/// @param request changed; not one made by mlab_request_new_download().
/// @param path the folder, in UTF-8 on every platform; copied.
/// @param flags 0; others are for later versions.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_set_download_dir(
    request: *mut mlab_request,
    path: *const c_char,
    flags: u32,
) -> i32 {
    let (request, path) = from_caller!(borrow_mut(request), path_text(path));
    change("mlab_request_set_download_dir", request, |r| {
        let path = path?.to_owned();
        if flags != 0 {
            return Err(Error::argument("flags", "has a bit that this version does not know; pass 0"));
        }
        if matches!(r.kind, RequestKind::Image(_)) {
            let reason = "downloads one image; set its file with mlab_request_set_download_file()";
            return Err(Error::argument("request", reason));
        }
        r.destination = Some(Destination::Folder(path));
        Ok(())
    })
}

/// Makes a request for one image by its URL. Unless mlab_request_set_download_file() is called, the image is taken into
/// memory, and may have at most 64 MiB.
///
/// @param url as mlab_result_urls() has it, also a data: URL or base64; copied. NULL and what is not UTF-8 is refused by
/// the call that uses the request; mlab_request_message() has the reason at once. One that leads where no image should be
/// fetched from ends the wait or job with MLAB_E_UNSAFE_URL.
/// @return a request to be freed with mlab_request_free(); NULL only after an internal error.
/// @note Threads: any.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_new_download(url: *const c_char) -> *mut mlab_request {
    let url = from_caller!(text(url, "url"));
    entry("mlab_request_new_download", std::ptr::null_mut(), || {
        give(mlab_request::new(RequestKind::Image(url.map(str::to_owned))))
    })
}

/// Lets the one image of the request be downloaded into a file.
///
/// @param request changed; one made by mlab_request_new_download().
/// @param path the file, in UTF-8 on every platform; replaced if it is there, and a symbolic link is replaced itself; copied.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_set_download_file(
    request: *mut mlab_request,
    path: *const c_char,
) -> i32 {
    let (request, path) = from_caller!(borrow_mut(request), path_text(path));
    change("mlab_request_set_download_file", request, |r| {
        let path = path?.to_owned();
        if matches!(r.kind, RequestKind::Job(_)) {
            let reason = "may have several images; set their folder with mlab_request_set_download_dir()";
            return Err(Error::argument("request", reason));
        }
        r.destination = Some(Destination::File(path));
        Ok(())
    })
}

/// Lets each image of the job be an event of its own as soon as it is there: MLAB_EVENT_IMAGE. The default is none.
///
/// @param request changed; one that downloads, submitted as a job. With any other this has no effect.
/// @param wanted 1 for events, 0 for none.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_request_set_image_events(request: *mut mlab_request, wanted: i32) -> i32 {
    let request = from_caller!(borrow_mut(request));
    change("mlab_request_set_image_events", request, |r| {
        r.image_events = match wanted {
            0 => false,
            1 => true,
            _ => return Err(Error::argument("wanted", "must be 0 or 1")),
        };
        Ok(())
    })
}

/// Downloads one image into a file.
///
/// Blocks for at most 10 minutes; mlab_client_wait() with a request of mlab_request_new_download() does the same with
/// another deadline, and mlab_client_submit() without blocking.
///
/// @param client used.
/// @param url as mlab_result_urls() has it, also a data: URL or base64; copied.
/// @param path the file, in UTF-8 on every platform; replaced if it is there, and a symbolic link is replaced itself.
/// @param cancel ends the call; NULL for none.
/// @param[out] out receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
/// @return MLAB_OK: the file is there. MLAB_E_UNSAFE_URL: the URL leads where no image should be fetched from, and
/// nothing was sent. MLAB_E_BAD_IMAGE: what came is no image, or not all of one. MLAB_E_FILE: path or reason are in the
/// message. MLAB_E_NOT_FOUND, MLAB_E_FORBIDDEN: the link does not work yet, or no longer. MLAB_E_TOO_LARGE,
/// MLAB_E_DEADLINE, MLAB_E_CANCELLED, MLAB_E_CLOSED, MLAB_E_FORKED. Else as mlab_fetch_queued().
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_download(
    client: *const mlab_client,
    url: *const c_char,
    path: *const c_char,
    cancel: *const mlab_cancel,
    out: *mut *mut mlab_result,
) -> i32 {
    let (client, url, path) = from_caller!(share(client), text(url, "url"), path_text(path));
    let (cancel, out) = from_caller!(share(cancel), out_param(out, null_mut()));
    report_into("mlab_client_download", out, move || {
        let (client, url, destination) = (made(&client)?, url?, Destination::File(path?.to_owned()));
        Ok(client.download(&image_request(url, destination), &token(cancel)))
    })
}

/// Downloads one image into memory: mlab_result_image(result, 0, ...) has it. Otherwise as mlab_client_download().
///
/// @param client used.
/// @param url as mlab_result_urls() has it, also a data: URL or base64; copied.
/// @param max_bytes the largest image taken, 1 to 9223372036854775807 (2^63 - 1); a larger one is MLAB_E_TOO_LARGE.
/// @param cancel ends the call; NULL for none.
/// @param[out] out receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
/// @return as mlab_client_download(), but not MLAB_E_FILE; MLAB_E_NO_RESOURCES: there is not so much memory.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_download_memory(
    client: *const mlab_client,
    url: *const c_char,
    max_bytes: u64,
    cancel: *const mlab_cancel,
    out: *mut *mut mlab_result,
) -> i32 {
    let (client, url) = from_caller!(share(client), text(url, "url"));
    let (cancel, out) = from_caller!(share(cancel), out_param(out, null_mut()));
    report_into("mlab_client_download_memory", out, move || {
        let (client, url) = (made(&client)?, url?);
        let destination = Destination::Memory { most: image_limit(max_bytes)? };
        Ok(client.download(&image_request(url, destination), &token(cancel)))
    })
}

fn image_request(url: &str, destination: Destination) -> ImageRequest {
    ImageRequest { url: url.to_owned(), destination, deadline: Plan::default().deadline() }
}

/// The number of images that were to be downloaded: that of the URLs, or 0 if none was asked for.
///
/// @param result borrowed; may be NULL.
/// @return the number. If the status is not MLAB_OK, some of them may be missing: the functions below say so. The result of
/// an MLAB_EVENT_IMAGE has no URLs, and one image alone, at its own index: the number is that index and 1.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_image_count(result: *const mlab_result) -> usize {
    let result = from_caller!(borrow(result));
    read("mlab_result_image_count", result, 0, |r| r.images.len())
}

/// Reads an image of a result, or gives `absent` if there is none.
fn of_image<'a, R: Copy>(
    function: &'static str,
    result: Option<&'a mlab_result>,
    index: usize,
    absent: R,
    get: impl FnOnce(&'a Image) -> R,
) -> R {
    read(function, result, absent, |r| r.images.get(index).and_then(Option::as_ref).map_or(absent, get))
}

/// The bytes of an image that was downloaded into memory.
///
/// @param result borrowed; may be NULL.
/// @param index that of its URL, from 0.
/// @param[out] len receives the number of bytes, or 0; may be NULL.
/// @return the bytes, borrowed until mlab_result_free(); NULL if the image is in a file or missing.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_image(
    result: *const mlab_result,
    index: usize,
    len: *mut usize,
) -> *const c_void {
    let (result, mut len) = from_caller!(borrow(result), out_param(len, 0));
    of_image("mlab_result_image", result, index, null(), |image| {
        image.bytes.as_ref().map_or(null(), |bytes| {
            len.set(bytes.len());
            bytes.as_ptr().cast()
        })
    })
}

/// The file that an image was downloaded into.
///
/// @param result borrowed; may be NULL.
/// @param index that of its URL, from 0.
/// @return the path in UTF-8, borrowed until mlab_result_free(); NULL if the image is in memory or missing.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_image_path(result: *const mlab_result, index: usize) -> *const c_char {
    let result = from_caller!(borrow(result));
    read("mlab_result_image_path", result, null(), |r| {
        r.paths.get(index).and_then(Option::as_ref).map_or(null(), |path| path.as_ptr())
    })
}

/// The type of an image, as its own bytes show it.
///
/// @param result borrowed; may be NULL.
/// @param index that of its URL, from 0.
/// @return image/png, image/jpeg, image/webp, image/gif, image/avif or video/mp4, a string that is always there; NULL if
/// the image is missing.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_image_type(result: *const mlab_result, index: usize) -> *const c_char {
    let result = from_caller!(borrow(result));
    of_image("mlab_result_image_type", result, index, null(), |image| image.kind.media_type().as_ptr())
}

/// The width of an image in pixels, as its header says it.
///
/// @param result borrowed; may be NULL.
/// @param index that of its URL, from 0.
/// @return the width; 0 if the image is missing, or an AVIF or MP4 that does not say.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_image_width(result: *const mlab_result, index: usize) -> u32 {
    let result = from_caller!(borrow(result));
    of_image("mlab_result_image_width", result, index, 0, |image| image.width)
}

/// The height of an image in pixels, as its header says it.
///
/// @param result borrowed; may be NULL.
/// @param index that of its URL, from 0.
/// @return the height; 0 if the image is missing, or an AVIF or MP4 that does not say.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_result_image_height(result: *const mlab_result, index: usize) -> u32 {
    let result = from_caller!(borrow(result));
    of_image("mlab_result_image_height", result, index, 0, |image| image.height)
}
