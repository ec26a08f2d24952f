//! Formats
//!
//! Which format the bytes are in, told by how they begin, never by a name or a type that somebody gave them.

use std::ffi::CStr;

/// The formats, as numbers: functions return int32_t. More may be added.
#[allow(non_camel_case_types)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C)]
pub enum mlab_decode_kinds {
    /// None that this library knows.
    MLAB_DECODE_KIND_UNKNOWN = 0,
    /// PNG; of an APNG the image that is shown where animation is not.
    MLAB_DECODE_KIND_PNG = 1,
    /// JPEG: baseline and progressive, of 8 bits a sample.
    MLAB_DECODE_KIND_JPEG = 2,
    /// WebP: lossy and lossless, with and without alpha; of an animation the first frame.
    MLAB_DECODE_KIND_WEBP = 3,
    /// GIF: the first frame.
    MLAB_DECODE_KIND_GIF = 4,
}

pub(crate) use mlab_decode_kinds as Kind;

impl Kind {
    /// Every format.
    pub(crate) const ALL: [Kind; 5] = [
        Kind::MLAB_DECODE_KIND_UNKNOWN,
        Kind::MLAB_DECODE_KIND_PNG,
        Kind::MLAB_DECODE_KIND_JPEG,
        Kind::MLAB_DECODE_KIND_WEBP,
        Kind::MLAB_DECODE_KIND_GIF,
    ];

    /// The format of bytes that begin so.
    pub(crate) fn of(bytes: &[u8]) -> Kind {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Kind::MLAB_DECODE_KIND_PNG,
            [0xff, 0xd8, 0xff, ..] => Kind::MLAB_DECODE_KIND_JPEG,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Kind::MLAB_DECODE_KIND_WEBP,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Kind::MLAB_DECODE_KIND_GIF,
            _ => Kind::MLAB_DECODE_KIND_UNKNOWN,
        }
    }

    /// The number that crosses the ABI.
    pub(crate) const fn code(self) -> i32 {
        self as i32
    }

    /// The name for people.
    pub(crate) const fn name(self) -> &'static CStr {
        match self {
            Kind::MLAB_DECODE_KIND_UNKNOWN => c"unknown",
            Kind::MLAB_DECODE_KIND_PNG => c"PNG",
            Kind::MLAB_DECODE_KIND_JPEG => c"JPEG",
            Kind::MLAB_DECODE_KIND_WEBP => c"WebP",
            Kind::MLAB_DECODE_KIND_GIF => c"GIF",
        }
    }
}
