//! Names the shared library; with the feature `generate-header`, also writes `include/mlab.h` and `include/mlab.ffi.h`.
//!
//! The headers are committed, so a packager builds without that feature, without cbindgen, and nothing is read or written
//! outside the build folder. A test switches the feature on and compares.

use std::env;

/// The number in the SONAME; `mlab_abi_version` returns the same, and a test compares the two.
const ABI_VERSION: u32 = 0;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    name_the_library();
    #[cfg(feature = "generate-header")]
    header::write();
}

/// SONAME on ELF platforms. cargo-c, which sets `capi`, brings its own.
fn name_the_library() {
    let unix = env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|f| f == "unix");
    let apple = env::var("CARGO_CFG_TARGET_VENDOR").is_ok_and(|v| v == "apple");
    if unix && !apple && env::var_os("CARGO_FEATURE_CAPI").is_none() {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libmlab.so.{ABI_VERSION}");
        // A name lookup that the system will not give up may outlive dlclose: the code must stay where it is.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}

#[cfg(feature = "generate-header")]
#[path = "build/header.rs"]
mod header;
