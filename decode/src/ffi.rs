//! Decoding
//!
//! One call gives an image, which lends its pixels until it is freed. The image of a failed call has no pixels and
//! says why.

#![allow(unsafe_code, non_camel_case_types)]
// What every caller promises stands in the header's introduction, once: a pointer is NULL or valid.
#![allow(clippy::missing_safety_doc)]
// Comments are laid out for the header.
#![allow(clippy::doc_lazy_continuation)]

use super::image::error::Error;
use super::image::kind::Kind;
use super::image::{self, Image};
use super::panics::caught;
use super::status::Status;
use std::ffi::{CStr, CString, c_char, c_void};
use std::mem::MaybeUninit;
use std::ptr::null_mut;

/// A decoded image, or why there is none.
///
/// You own it and end it with mlab_decode_image_free(). It never changes, so any number of threads may read it at
/// once.
pub struct mlab_decode_image {
    status: Status,
    kind: Kind,
    /// Of no pixels unless the status is OK.
    image: Image,
    message: CString,
}

impl mlab_decode_image {
    fn new(kind: Kind, outcome: Result<Image, Error>) -> Box<mlab_decode_image> {
        let none = Image { width: 0, height: 0, pixels: Vec::new() };
        Box::new(match outcome {
            Ok(image) => {
                mlab_decode_image { status: Status::MLAB_DECODE_OK, kind, image, message: CString::default() }
            }
            Err(error) => {
                mlab_decode_image { status: error.status(), kind, image: none, message: line(&error) }
            }
        })
    }
}

/// An error as one line of bounded length. A codec's own words may hold anything that the bytes did.
fn line(error: &Error) -> CString {
    const LONGEST: usize = 300;
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let text: String = error.to_string().chars().map(clean).take(LONGEST).collect();
    CString::new(text).unwrap_or_default()
}

/// The one gate that every exported function passes: no panic leaves, nothing is printed, the last error is put back.
fn entry<R>(body: impl FnOnce() -> R) -> Result<R, Error> {
    // Or what GetLastError gives on Windows.
    let errno = errno::errno();
    let outcome = caught(body).map_err(Error::Internal);
    errno::set_errno(errno);
    outcome
}

/// Takes an exported function's pointers at its head; the rest of the body is safe code.
macro_rules! from_caller {
    ($taken:expr) => {
        // SAFETY: what the header asks of every caller: a pointer is NULL or valid; an image was not freed, and is freed
        // by one thread that nobody else uses it beside; bytes stay as they are during the call; an out parameter may be
        // written.
        unsafe { $taken }
    };
}

/// Borrows an image; nothing for NULL.
///
/// # Safety
/// `image` is NULL or came from [`image_into`], and is not freed during the borrow.
unsafe fn borrow<'a>(image: *const mlab_decode_image) -> Option<&'a mlab_decode_image> {
    // SAFETY: `as_ref` looks for NULL; any other pointer came from `image_into`, and nothing writes to an image.
    unsafe { image.as_ref() }
}

/// Takes an image back; nothing for NULL.
///
/// # Safety
/// `image` is NULL or came from [`image_into`], was not taken back before, and is borrowed by nobody.
unsafe fn take_back(image: *mut mlab_decode_image) -> Option<Box<mlab_decode_image>> {
    // SAFETY: not NULL where it is used; `image_into` made it by `Box::into_raw`, and it comes back once.
    (!image.is_null()).then(|| unsafe { Box::from_raw(image) })
}

/// The place of an out parameter, which may hold anything; nothing for NULL.
///
/// # Safety
/// `out` is NULL, or there is room for a `T` that this thread alone uses during the call.
unsafe fn out_param<'a, T>(out: *mut T) -> Option<&'a mut MaybeUninit<T>> {
    // SAFETY: `as_mut` looks for NULL; anywhere else there is room for a `T` that this thread may write during the call.
    unsafe { out.cast::<MaybeUninit<T>>().as_mut() }
}

/// Borrows bytes for the length of a call.
///
/// # Safety
/// `bytes` is NULL, or `len` bytes can be read there and stay as they are during the call.
unsafe fn borrow_bytes<'a>(bytes: *const c_void, len: usize) -> Result<&'a [u8], Error> {
    let wrong = |name, why| Err(Error::InvalidArgument { name, why });
    match (bytes.is_null(), len) {
        (true, 0) => Ok(&[]),
        (true, _) => wrong("bytes", "is NULL though len is not 0"),
        (false, len) if len > isize::MAX as usize => wrong("len", "is more than memory can hold"),
        // SAFETY: not NULL, and no more than `isize::MAX` bytes: the arms above see to both. The caller lets all of them
        // be read, and leaves them as they are during the call.
        (false, _) => Ok(unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), len) }),
    }
}

/// Runs a decoder and hands its outcome over; also that of a panic.
fn image_into(
    out: Option<&mut MaybeUninit<*mut mlab_decode_image>>,
    decode: impl FnOnce() -> (Kind, Result<Image, Error>),
) -> i32 {
    let Some(out) = out else { return Status::MLAB_DECODE_E_INVALID_ARGUMENT.code() };
    out.write(null_mut());
    let mut hand_over = |(kind, outcome)| {
        let image = mlab_decode_image::new(kind, outcome);
        let status = image.status.code();
        out.write(Box::into_raw(image));
        status
    };
    let unknown = Kind::MLAB_DECODE_KIND_UNKNOWN;
    entry(|| hand_over(decode()))
        .or_else(|panic| entry(|| hand_over((unknown, Err(panic)))))
        .unwrap_or(Status::MLAB_DECODE_E_INTERNAL.code())
}

/// Reads an image, or gives `absent` for NULL and after a panic.
fn read<R: Copy>(
    image: Option<&mlab_decode_image>,
    absent: R,
    get: impl FnOnce(&mlab_decode_image) -> R,
) -> R {
    entry(|| image.map_or(absent, get)).unwrap_or(absent)
}

/// Decodes a whole image into RGBA with 8 bits each.
///
/// Blocks for as long as the work takes, on the calling thread alone; makes no thread and no call back.
///
/// Parameters:
/// - bytes: the image file, PNG, JPEG, WebP or GIF, told by how it begins; read during the call only; NULL only if len
///   is 0.
/// - len: the number of bytes.
/// - max_pixels: the most pixels, width times height, that the image may have; checked before anything of that size is
///   allocated. 0 is 67108864 (8192 x 8192). More than 268435456 (16384 x 16384) counts as that.
/// - out: receives an image to be freed with mlab_decode_image_free(), on success and on failure; not NULL.
/// Returns: MLAB_DECODE_OK: the image has its pixels.
/// MLAB_DECODE_E_INVALID_ARGUMENT: the message names the argument; *out is NULL only if out itself was.
/// MLAB_DECODE_E_TOO_LARGE, MLAB_DECODE_E_BAD_IMAGE, MLAB_DECODE_E_UNSUPPORTED, MLAB_DECODE_E_NO_RESOURCES: the
/// message says why. MLAB_DECODE_E_INTERNAL: also *out may be NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_decode_rgba8(
    bytes: *const c_void,
    len: usize,
    max_pixels: u64,
    out: *mut *mut mlab_decode_image,
) -> i32 {
    let (bytes, out) = from_caller!((borrow_bytes(bytes, len), out_param(out)));
    image_into(out, || match bytes {
        Ok(bytes) => (Kind::of(bytes), image::decode(bytes, max_pixels)),
        Err(error) => (Kind::MLAB_DECODE_KIND_UNKNOWN, Err(error)),
    })
}

/// Ends an image, and with it its pixels and its message.
///
/// Parameters: image: consumed; NULL does nothing.
/// Returns: nothing.
/// Threads: any; no other thread may use the image any more.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_decode_image_free(image: *mut mlab_decode_image) {
    let image = from_caller!(take_back(image));
    // A panic here has nobody to tell.
    let _ = entry(|| drop(image));
}

/// The status of the call that made the image.
///
/// Parameters: image: borrowed; may be NULL.
/// Returns: the same as the call did; MLAB_DECODE_E_INVALID_ARGUMENT for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_decode_image_status(image: *const mlab_decode_image) -> i32 {
    read(from_caller!(borrow(image)), Status::MLAB_DECODE_E_INVALID_ARGUMENT.code(), |image| {
        image.status.code()
    })
}

/// Why there are no pixels: one line of English that says what to do, for people and logs.
///
/// Parameters: image: borrowed; may be NULL.
/// Returns: never NULL; empty for MLAB_DECODE_OK and for NULL. Borrowed until mlab_decode_image_free().
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_decode_image_message(image: *const mlab_decode_image) -> *const c_char {
    read(from_caller!(borrow(image)), c"".as_ptr(), |image| image.message.as_ptr())
}

/// The format that the bytes were in.
///
/// Parameters: image: borrowed; may be NULL.
/// Returns: one of MLAB_DECODE_KIND_..., also of an image that could not be decoded; MLAB_DECODE_KIND_UNKNOWN for
/// NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_decode_image_kind(image: *const mlab_decode_image) -> i32 {
    read(from_caller!(borrow(image)), Kind::MLAB_DECODE_KIND_UNKNOWN.code(), |image| image.kind.code())
}

/// The width in pixels.
///
/// Parameters: image: borrowed; may be NULL.
/// Returns: the number; 0 if there are no pixels, and for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_decode_image_width(image: *const mlab_decode_image) -> u32 {
    read(from_caller!(borrow(image)), 0, |image| image.image.width)
}

/// The height in pixels.
///
/// Parameters: image: borrowed; may be NULL.
/// Returns: the number; 0 if there are no pixels, and for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_decode_image_height(image: *const mlab_decode_image) -> u32 {
    read(from_caller!(borrow(image)), 0, |image| image.image.height)
}

/// How many bytes after the start of a row the next one starts. In this version that is four times the width.
///
/// Parameters: image: borrowed; may be NULL.
/// Returns: the number; 0 if there are no pixels, and for NULL.
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_decode_image_stride(image: *const mlab_decode_image) -> usize {
    read(from_caller!(borrow(image)), 0, |image| image.image.width as usize * 4)
}

/// The pixels: four bytes each in the order R, G, B, A on every machine; the top row first, each row from the left.
///
/// Parameters:
/// - image: borrowed; may be NULL.
/// - len: receives the number of bytes, stride times height; may be NULL.
/// Returns: NULL if there are no pixels, and for NULL. Borrowed until mlab_decode_image_free().
/// Threads: any, any number at once.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_decode_image_pixels(
    image: *const mlab_decode_image,
    len: *mut usize,
) -> *const u8 {
    let pixels = |image: &mlab_decode_image| match &image.image.pixels[..] {
        [] => (std::ptr::null(), 0),
        pixels => (pixels.as_ptr(), pixels.len()),
    };
    let (image, len) = from_caller!((borrow(image), out_param(len)));
    let (pixels, count) = read(image, (std::ptr::null(), 0), pixels);
    if let Some(len) = len {
        len.write(count);
    }
    pixels
}

/// The name of a format, such as "PNG".
///
/// Parameters: kind: any number.
/// Returns: a static string, never NULL; "unknown" for a number that is no format of this version.
/// Threads: any.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_decode_kind_name(kind: i32) -> *const c_char {
    let kind = Kind::ALL.into_iter().find(|known| known.code() == kind);
    kind.unwrap_or(Kind::MLAB_DECODE_KIND_UNKNOWN).name().as_ptr()
}

/// The name of a status, such as "MLAB_DECODE_E_BAD_IMAGE".
///
/// Parameters: status: any number.
/// Returns: a static string, never NULL; "MLAB_DECODE_UNKNOWN" for a number that is no status of this version.
/// Threads: any.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_decode_status_name(status: i32) -> *const c_char {
    Status::from_code(status).map_or(c"MLAB_DECODE_UNKNOWN", Status::name).as_ptr()
}

/// The version of the loaded library, such as "0.1.0"; MLAB_DECODE_VERSION is that of the header.
///
/// Parameters: none.
/// Returns: a static string, never NULL.
/// Threads: any.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_decode_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => panic!("a version holds no NUL"),
        };
    VERSION.as_ptr()
}

/// The version of the loaded library as a number: major * 65536 + minor * 256 + patch; compare it with
/// MLAB_DECODE_VERSION_NUMBER.
///
/// Parameters: none.
/// Returns: the number; 0.1.0 is 256.
/// Threads: any.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_decode_version_number() -> u32 {
    const fn part(text: &str) -> u32 {
        let (mut value, mut at) = (0, 0);
        while at < text.len() {
            value = value * 10 + (text.as_bytes()[at] - b'0') as u32;
            at += 1;
        }
        assert!(value < 256);
        value
    }
    const {
        part(env!("CARGO_PKG_VERSION_MAJOR")) << 16
            | part(env!("CARGO_PKG_VERSION_MINOR")) << 8
            | part(env!("CARGO_PKG_VERSION_PATCH"))
    }
}

/// The ABI of the loaded library. A program works with every library of the ABI it was built for
/// (MLAB_DECODE_ABI_VERSION) whose version is not older than its header.
///
/// Parameters: none.
/// Returns: the number, which is also the one in the file name libmlab_decode.so.0.
/// Threads: any.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_decode_abi_version() -> u32 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_comes_back_as_an_image_that_says_so() {
        let mut out = null_mut();
        // SAFETY: a place for a pointer, and an image that is freed once.
        unsafe {
            assert_eq!(image_into(out_param(&mut out), || panic!("planted")), -8);
            assert_eq!(mlab_decode_image_status(out), -8);
            let message = CStr::from_ptr(mlab_decode_image_message(out)).to_str().unwrap();
            assert!(message.contains("planted") && message.contains("report"), "{message}");
            mlab_decode_image_free(out);
        }
    }

    #[test]
    fn a_message_is_one_bounded_line() {
        let why = "a\0b\nc".repeat(1000);
        let message = line(&Error::Bad { format: "PNG", why });
        let text = message.to_str().unwrap();
        assert!(text.len() <= 300 && text.contains("a b c"), "{text}");
    }
}
