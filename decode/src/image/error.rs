//! Why bytes did not become an image. The `Display` text is what a C program reads: one line that says what to do.

use super::super::status::Status;
use std::fmt;

/// Why bytes did not become an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Error {
    /// Before anything is read: an argument cannot be used as it is.
    InvalidArgument {
        /// The parameter's name in the header.
        name: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The header of the image names more pixels than are allowed; nothing was allocated.
    TooLarge { width: u32, height: u32, max_pixels: u64 },
    /// The system has less memory than this image takes; `bytes` is what was asked for.
    NoMemory { bytes: usize },
    /// The bytes are cut or damaged.
    Bad { format: &'static str, why: String },
    /// The bytes are whole, as far as can be told, but not of a kind that is read here.
    Unsupported(String),
    /// A panic was caught.
    Internal(String),
}

impl Error {
    pub(crate) fn status(&self) -> Status {
        match self {
            Error::InvalidArgument { .. } => Status::MLAB_DECODE_E_INVALID_ARGUMENT,
            Error::TooLarge { .. } => Status::MLAB_DECODE_E_TOO_LARGE,
            Error::NoMemory { .. } => Status::MLAB_DECODE_E_NO_RESOURCES,
            Error::Bad { .. } => Status::MLAB_DECODE_E_BAD_IMAGE,
            Error::Unsupported(_) => Status::MLAB_DECODE_E_UNSUPPORTED,
            Error::Internal(_) => Status::MLAB_DECODE_E_INTERNAL,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::InvalidArgument { name, why } => write!(f, "{name} {why}"),
            Error::TooLarge { width, height, max_pixels } => write!(
                f,
                "the image has {width} x {height} pixels, more than the {max_pixels} allowed; raise max_pixels if \
                 this size is expected"
            ),
            Error::NoMemory { bytes } => {
                write!(f, "there is no memory for this image ({bytes} bytes); free some, then try again")
            }
            Error::Bad { format, why } => {
                write!(f, "the {format} is cut or damaged ({why}); fetch it again")
            }
            Error::Unsupported(why) => write!(f, "{why}; convert the image to PNG, JPEG, WebP or GIF"),
            Error::Internal(why) => write!(f, "internal error: {why}; please report it"),
        }
    }
}
