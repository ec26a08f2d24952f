//! Names the shared library. The header is written by a test (tests/header.rs).

use std::env;

/// The number in the SONAME; `mlab_decode_abi_version` returns the same, and a test compares the two.
const ABI_VERSION: u32 = 0;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let unix = env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|f| f == "unix");
    let apple = env::var("CARGO_CFG_TARGET_VENDOR").is_ok_and(|v| v == "apple");
    let android = env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "android");
    if android {
        // A package of Android holds only files whose names end in .so.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libmlab_decode.so");
    } else if unix && !apple {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libmlab_decode.so.{ABI_VERSION}");
    }
}
