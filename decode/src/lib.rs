//! `libmlab_decode`: the bytes of a PNG, JPEG, WebP or GIF as RGBA8 pixels, for C programs and everything that can
//! call C.
//!
//! The C header `include/mlab_decode.h` is the manual; this page is the map of the inside. Each file knows only those
//! below it.
//!
//! ```text
//! ffi.rs      the C ABI, and all of the unsafe code; no logic
//! panics.rs   panics caught in silence
//! image/      bytes to pixels: formats, bounds, memory, errors
//! status.rs   the numbers that cross the ABI
//! ```
//!
//! Only the C ABI is stable. Tests and fuzz targets include this file as a module, so paths inside are relative.

pub mod ffi;
pub mod image;
mod panics;
pub mod status;
