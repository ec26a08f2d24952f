//! Identity
//!
//! Which library is loaded, and what its statuses mean. These functions allocate nothing and never fail.

use super::panic::entry;
use mlab_core::error::Status;
use std::ffi::c_char;

/// The version as a number that can be compared: major * 65536 + minor * 256 + patch.
const VERSION_NUMBER: u32 = {
    const fn part(text: &str) -> u32 {
        let (mut value, mut at) = (0, 0);
        while at < text.len() {
            value = value * 10 + (text.as_bytes()[at] - b'0') as u32;
            at += 1;
        }
        assert!(value < 256);
        value
    }
    part(env!("CARGO_PKG_VERSION_MAJOR")) << 16
        | part(env!("CARGO_PKG_VERSION_MINOR")) << 8
        | part(env!("CARGO_PKG_VERSION_PATCH"))
};

/// The number in the shared library's file name; raised only when an existing program would break.
const ABI_VERSION: u32 = 0;

/// The version of the loaded library, such as "0.1.0"; MLAB_VERSION is that of the header.
///
/// Parameters: none.
/// Returns: a static string, never NULL.
/// Threads: any.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_version() -> *const c_char {
    entry("mlab_version", c"".as_ptr(), || concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast())
}

/// The version of the loaded library as a number: major * 65536 + minor * 256 + patch; compare it with
/// MLAB_VERSION_NUMBER.
///
/// Parameters: none.
/// Returns: the number; 0.1.0 is 256.
/// Threads: any.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_version_number() -> u32 {
    entry("mlab_version_number", 0, || VERSION_NUMBER)
}

/// The ABI of the loaded library. A program works with every library of the ABI it was built for (MLAB_ABI_VERSION)
/// whose version is not older than its header.
///
/// Parameters: none.
/// Returns: the number, which is also the one in the file name libmlab.so.0.
/// Threads: any.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_abi_version() -> u32 {
    entry("mlab_abi_version", 0, || ABI_VERSION)
}

/// The name of a status, such as "MLAB_E_AUTH".
///
/// Parameters: status: any number.
/// Returns: a static string, never NULL; "MLAB_UNKNOWN" for a number that is no status of this version.
/// Threads: any.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_status_name(status: i32) -> *const c_char {
    entry("mlab_status_name", c"".as_ptr(), || {
        Status::from_code(status).map_or(c"MLAB_UNKNOWN", Status::c_name).as_ptr()
    })
}

/// One English sentence for people: what a status means and what to do about it.
///
/// Parameters: status: any number.
/// Returns: a static string, never NULL.
/// Threads: any.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_status_text(status: i32) -> *const c_char {
    entry("mlab_status_text", c"".as_ptr(), || {
        let unknown = c"Not a status of this version of the library: update the header or the library.";
        Status::from_code(status).map_or(unknown, Status::c_text).as_ptr()
    })
}
