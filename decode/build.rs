//! Names the shared library. The header is written by a test (tests/header.rs).

use std::env;

/// The number in the SONAME and the install name; `mlab_decode_abi_version` returns the same, and a test compares the two.
const ABI_VERSION: u32 = 0;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let unix = env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|f| f == "unix");
    let apple = env::var("CARGO_CFG_TARGET_VENDOR").is_ok_and(|v| v == "apple");
    let android = env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "android");
    if android {
        // A package of Android holds only files whose names end in .so.
        link("-Wl,-soname,libmlab_decode.so");
        // Devices with pages of 16 KiB load nothing that is aligned to less (Android 15).
        link("-Wl,-z,max-page-size=16384");
    } else if apple {
        link(&format!("-Wl,-install_name,@rpath/libmlab_decode.{ABI_VERSION}.dylib"));
    } else if unix {
        link(&format!("-Wl,-soname,libmlab_decode.so.{ABI_VERSION}"));
    }
}

/// An argument for the linker of the shared library.
fn link(argument: &str) {
    println!("cargo:rustc-cdylib-link-arg={argument}");
}
