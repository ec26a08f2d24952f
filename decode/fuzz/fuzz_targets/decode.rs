//! Any bytes through the C ABI: no panic, no status outside the list, and no more pixels than allowed.
//!
//!     cargo fuzz run decode        (in decode/; a compiler that is not a nightly one needs RUSTC_BOOTSTRAP=1)
#![no_main]

#[path = "../../src/lib.rs"]
#[allow(dead_code, unreachable_pub, reason = "public to C")]
mod library;

use library::ffi;
use std::ptr::null_mut;

const MAX_PIXELS: u64 = 256 * 256;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut image = null_mut();
    // SAFETY: bytes that live through the call, a place for a pointer, an image that is freed once.
    unsafe {
        let status = ffi::mlab_decode_rgba8(bytes.as_ptr().cast(), bytes.len(), MAX_PIXELS, &mut image);
        // Neither an internal error nor, with so few pixels, want of memory.
        assert!([0, -27, -62, -80].contains(&status), "{status}");
        let mut len = 0;
        let pixels = ffi::mlab_decode_image_pixels(image, &mut len);
        assert_eq!(pixels.is_null(), status != 0);
        assert!(len as u64 <= MAX_PIXELS * 4);
        ffi::mlab_decode_image_free(image);
    }
});
