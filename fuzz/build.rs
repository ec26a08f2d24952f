//! The C ABI's sources, which are taken in, ask for what their own build script says.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=MLAB_ABI_VERSION=0");
}
