//! What the build script tells the linker, for systems that nothing here links for too.

use std::env;
use std::path::Path;
use std::process::Command;

#[test]
fn the_shared_library_has_the_name_that_each_loader_looks_for() {
    let script = Path::new(env!("CARGO_TARGET_TMPDIR")).join("build-script");
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition=2024", "--crate-name=build_script", "-o"]).arg(&script);
    let compiled = rustc.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("build.rs")).status();
    assert!(compiled.expect("rustc runs").success());

    let rows: [(&str, &str, &str, &[&str]); 5] = [
        ("unix", "unknown", "linux", &["-Wl,-soname,libmlab_decode.so.0"]),
        ("unix", "unknown", "android", &["-Wl,-soname,libmlab_decode.so", "-Wl,-z,max-page-size=16384"]),
        ("unix", "apple", "macos", &["-Wl,-install_name,@rpath/libmlab_decode.0.dylib"]),
        ("unix", "apple", "ios", &["-Wl,-install_name,@rpath/libmlab_decode.0.dylib"]),
        ("windows", "pc", "windows", &[]),
    ];
    for (family, vendor, os, wanted) in rows {
        let mut run = Command::new(&script);
        run.env("CARGO_CFG_TARGET_FAMILY", family);
        run.env("CARGO_CFG_TARGET_VENDOR", vendor).env("CARGO_CFG_TARGET_OS", os);
        let said = String::from_utf8(run.output().expect("it runs").stdout).expect("text");
        let arguments = said.lines().filter_map(|line| line.strip_prefix("cargo:rustc-cdylib-link-arg="));
        assert_eq!(arguments.collect::<Vec<_>>(), wanted, "{os}");
    }
}
