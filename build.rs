//! Names the shared library; with the feature `generate-header`, also writes `include/mlab.h` and `include/mlab.ffi.h`.
//!
//! The headers are committed, so a packager builds without that feature, without cbindgen, and nothing is read or written
//! outside the build folder. A test switches the feature on and compares.

use std::env;

/// The number in the shared library's file name, raised only when an existing program would break. `mlab_abi_version` and the
/// header have it from here.
const ABI_VERSION: u32 = 0;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=MLAB_ABI_VERSION={ABI_VERSION}");
    name_the_library();
    #[cfg(feature = "generate-header")]
    header::write();
}

/// The name under which programs look for the library, and what keeps its code in place.
fn name_the_library() {
    let target = |what: &str| env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    // cargo-c, which sets `capi`, gives the name itself and nothing else.
    let named = env::var_os("CARGO_FEATURE_CAPI").is_some();
    let apple = target("VENDOR") == "apple";
    if target("OS") == "windows" {
        // The version resource, an object file: see packaging/builder. A plain build has no tool that compiles one.
        println!("cargo:rerun-if-env-changed=MLAB_VERSION_RESOURCE");
        if let Some(resource) = env::var_os("MLAB_VERSION_RESOURCE") {
            link(&resource.to_string_lossy());
        }
    } else if apple && !named {
        link(&format!("-Wl,-install_name,@rpath/libmlab.{ABI_VERSION}.dylib"));
    } else if target("FAMILY") == "unix" && !apple {
        let android = target("OS") == "android";
        if android {
            // An APK carries no file whose name does not end in `.so`.
            link("-Wl,-soname,libmlab.so");
            // Devices with pages of 16 KiB load nothing that is aligned to less (Android 15).
            link("-Wl,-z,max-page-size=16384");
        } else if !named {
            link(&format!("-Wl,-soname,libmlab.so.{ABI_VERSION}"));
        }
        // A name lookup that the system will not give up may outlive dlclose: the code must stay where it is.
        link("-Wl,-z,nodelete");
    }
}

/// An argument for the linker of the shared library.
fn link(argument: &str) {
    println!("cargo:rustc-cdylib-link-arg={argument}");
}

#[cfg(feature = "generate-header")]
#[path = "build/header.rs"]
mod header;
