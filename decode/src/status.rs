//! Statuses
//!
//! What a call can come back with, and what to do about it. 0 is done, a negative number is an error. A number that
//! mlab.h has too means the same there; those from -80 to -99 are this library's own.

use std::ffi::CStr;

/// The statuses, as numbers: functions return int32_t.
#[allow(non_camel_case_types)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C)]
pub enum mlab_decode_statuses {
    /// Done: the image has its pixels.
    MLAB_DECODE_OK = 0,
    /// An argument is wrong: the message names it.
    MLAB_DECODE_E_INVALID_ARGUMENT = -1,
    /// There is not enough memory for this image: free some, then try again.
    MLAB_DECODE_E_NO_RESOURCES = -7,
    /// A defect in this library: please report it with the message.
    MLAB_DECODE_E_INTERNAL = -8,
    /// The image has more pixels than max_pixels: raise it if this size is expected.
    MLAB_DECODE_E_TOO_LARGE = -27,
    /// The bytes are no whole image: they are cut or damaged; fetch them again.
    MLAB_DECODE_E_BAD_IMAGE = -62,
    /// The bytes are in no format, or no variant of one, that this library reads: convert the image.
    MLAB_DECODE_E_UNSUPPORTED = -80,
}

pub(crate) use mlab_decode_statuses as Status;

impl Status {
    /// Every status.
    pub(crate) const ALL: [Status; 7] = [
        Status::MLAB_DECODE_OK,
        Status::MLAB_DECODE_E_INVALID_ARGUMENT,
        Status::MLAB_DECODE_E_NO_RESOURCES,
        Status::MLAB_DECODE_E_INTERNAL,
        Status::MLAB_DECODE_E_TOO_LARGE,
        Status::MLAB_DECODE_E_BAD_IMAGE,
        Status::MLAB_DECODE_E_UNSUPPORTED,
    ];

    /// The number that crosses the ABI.
    pub(crate) const fn code(self) -> i32 {
        self as i32
    }

    /// The status with this number, if there is one.
    pub(crate) fn from_code(code: i32) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.code() == code)
    }

    /// The name of the C constant.
    pub(crate) const fn name(self) -> &'static CStr {
        match self {
            Status::MLAB_DECODE_OK => c"MLAB_DECODE_OK",
            Status::MLAB_DECODE_E_INVALID_ARGUMENT => c"MLAB_DECODE_E_INVALID_ARGUMENT",
            Status::MLAB_DECODE_E_NO_RESOURCES => c"MLAB_DECODE_E_NO_RESOURCES",
            Status::MLAB_DECODE_E_INTERNAL => c"MLAB_DECODE_E_INTERNAL",
            Status::MLAB_DECODE_E_TOO_LARGE => c"MLAB_DECODE_E_TOO_LARGE",
            Status::MLAB_DECODE_E_BAD_IMAGE => c"MLAB_DECODE_E_BAD_IMAGE",
            Status::MLAB_DECODE_E_UNSUPPORTED => c"MLAB_DECODE_E_UNSUPPORTED",
        }
    }
}
