//! Identity
//!
//! Which library is loaded, and what its statuses mean. These functions allocate nothing and never fail.

use super::panic::entry;
use mlab_core::error::{Group, Status};
use std::ffi::c_char;

/// A part of a version, which the compiler is given as text.
macro_rules! part {
    ($name:literal) => {
        match u8::from_str_radix(env!($name), 10) {
            Ok(part) => part as u32,
            Err(_) => panic!("no number below 256"),
        }
    };
}

/// The version as a number that can be compared: major * 65536 + minor * 256 + patch.
const VERSION_NUMBER: u32 = part!("CARGO_PKG_VERSION_MAJOR") << 16
    | part!("CARGO_PKG_VERSION_MINOR") << 8
    | part!("CARGO_PKG_VERSION_PATCH");

/// See build.rs.
const ABI_VERSION: u32 = part!("MLAB_ABI_VERSION");

/// The version of the loaded library, such as "0.1.0"; MLAB_VERSION is that of the header.
///
/// @return a static string, never NULL.
/// @note Threads: any.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_version() -> *const c_char {
    entry("mlab_version", c"".as_ptr(), || concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast())
}

/// The version of the loaded library as a number: major * 65536 + minor * 256 + patch; compare it with
/// MLAB_VERSION_NUMBER.
///
/// @return the number; 0.1.0 is 256.
/// @note Threads: any.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_version_number() -> u32 {
    entry("mlab_version_number", 0, || VERSION_NUMBER)
}

/// The ABI of the loaded library. A program works with every library of the ABI it was built for (MLAB_ABI_VERSION)
/// whose version is not older than its header.
///
/// @return the number, which is also the one in the file name libmlab.so.0.
/// @note Threads: any.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_abi_version() -> u32 {
    entry("mlab_abi_version", 0, || ABI_VERSION)
}

/// What mlab_status_group() gives. Later versions may have more: treat an unknown group as MLAB_GROUP_SYSTEM.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum mlab_status_groups {
    /// No failure, or no status of this version.
    MLAB_GROUP_NONE = 0,
    /// You passed something wrong; nothing was sent.
    MLAB_GROUP_ARGUMENT = 1,
    /// You ended it, or its time was over: cancel, deadline, shutdown, fork.
    MLAB_GROUP_ENDED = 2,
    /// This library, or the system under it: too much at once, no memory, a defect.
    MLAB_GROUP_SYSTEM = 3,
    /// The way to the server, or the server itself; most of it passes.
    MLAB_GROUP_NETWORK = 4,
    /// The key, and what its account may do and pay for.
    MLAB_GROUP_ACCOUNT = 5,
    /// The job: unknown, failed, or refused for a reason of its own.
    MLAB_GROUP_JOB = 6,
    /// An image or its file.
    MLAB_GROUP_IMAGE = 7,
}

/// The name of a status, such as "MLAB_E_AUTH".
///
/// @param status any number.
/// @return a static string, never NULL; "MLAB_UNKNOWN" for a number that is no status of this version.
/// @note Threads: any.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_status_name(status: i32) -> *const c_char {
    entry("mlab_status_name", c"".as_ptr(), || {
        Status::from_code(status).map_or(c"MLAB_UNKNOWN", Status::c_name).as_ptr()
    })
}

/// One English sentence for people: what a status means and what to do about it.
///
/// @param status any number.
/// @return a static string, never NULL.
/// @note Threads: any.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_status_text(status: i32) -> *const c_char {
    entry("mlab_status_text", c"".as_ptr(), || {
        let unknown = c"Not a status of this version of the library: update the header or the library.";
        Status::from_code(status).map_or(unknown, Status::c_text).as_ptr()
    })
}

/// What kind of trouble a status is, to map statuses to the errors of another language without a list of your own.
///
/// @param status any number.
/// @return one of mlab_status_groups; MLAB_GROUP_NONE for MLAB_OK, what is positive, and an unknown number.
/// @note Threads: any.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_status_group(status: i32) -> i32 {
    entry("mlab_status_group", mlab_status_groups::MLAB_GROUP_NONE as i32, || {
        let group = match Status::from_code(status).map_or(Group::None, Status::group) {
            Group::None => mlab_status_groups::MLAB_GROUP_NONE,
            Group::Argument => mlab_status_groups::MLAB_GROUP_ARGUMENT,
            Group::Ended => mlab_status_groups::MLAB_GROUP_ENDED,
            Group::System => mlab_status_groups::MLAB_GROUP_SYSTEM,
            Group::Network => mlab_status_groups::MLAB_GROUP_NETWORK,
            Group::Account => mlab_status_groups::MLAB_GROUP_ACCOUNT,
            Group::Job => mlab_status_groups::MLAB_GROUP_JOB,
            Group::Image => mlab_status_groups::MLAB_GROUP_IMAGE,
        };
        group as i32
    })
}
