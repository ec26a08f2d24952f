//! The library as Rust tests call it: through its C ABI. And images to give it.
#![allow(dead_code, reason = "each test binary needs a part")]

pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod samples;

/// The library itself: it is built as no crate that a test could link.
#[path = "../../src/lib.rs"]
#[allow(unreachable_pub, dead_code, reason = "public to C")]
pub(crate) mod library;

use library::ffi;
use std::ffi::CStr;
use std::ptr::null_mut;

/// A decoded image as its accessors give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) status: i32,
    pub(crate) status_name: String,
    pub(crate) message: String,
    pub(crate) kind: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Vec<[u8; 4]>,
}

impl Decoded {
    pub(crate) fn at(&self, x: u32, y: u32) -> [u8; 4] {
        self.pixels[(y * self.width + x) as usize]
    }

    /// The image, which there must be.
    #[track_caller]
    pub(crate) fn whole(self) -> Decoded {
        assert_eq!(self.status, 0, "{}: {}", self.status_name, self.message);
        self
    }
}

#[allow(unsafe_code)]
pub(crate) fn decode(bytes: &[u8], max_pixels: u64) -> Decoded {
    let mut image = null_mut();
    // SAFETY: bytes that live through the call, a place for a pointer, an image that is freed at the end.
    unsafe {
        let status = ffi::mlab_decode_rgba8(bytes.as_ptr().cast(), bytes.len(), max_pixels, &mut image);
        assert_eq!(ffi::mlab_decode_image_status(image), status);
        let text = |text| CStr::from_ptr(text).to_str().expect("UTF-8").to_owned();
        let (width, height) = (ffi::mlab_decode_image_width(image), ffi::mlab_decode_image_height(image));
        let mut len = usize::MAX;
        let pixels = ffi::mlab_decode_image_pixels(image, &mut len);
        assert_eq!(len, ffi::mlab_decode_image_stride(image) * height as usize);
        let bytes = if pixels.is_null() { &[] } else { std::slice::from_raw_parts(pixels, len) };
        let decoded = Decoded {
            status,
            status_name: text(ffi::mlab_decode_status_name(status)),
            message: text(ffi::mlab_decode_image_message(image)),
            kind: text(ffi::mlab_decode_kind_name(ffi::mlab_decode_image_kind(image))),
            width,
            height,
            pixels: bytes.chunks_exact(4).map(|pixel| pixel.try_into().expect("four")).collect(),
        };
        ffi::mlab_decode_image_free(image);
        assert_eq!(decoded.message.is_empty(), status == 0, "{decoded:?}");
        assert_eq!(decoded.pixels.is_empty(), status != 0, "{decoded:?}");
        decoded
    }
}
