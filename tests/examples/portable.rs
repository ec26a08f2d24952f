//! Every example but those with libcurl compiles for Windows, as C99. The tests of packages run them there.

use crate::support::{run, tool};
use std::path::Path;
use std::process::Command;

/// libcurl is seldom there for a cross compiler.
const WITH_LIBCURL: [&str; 3] = ["curl_http.c", "host_transport.c", "host_transport_pull.c"];

#[test]
fn the_examples_compile_for_windows() {
    let Some(compiler) = tool("x86_64-w64-mingw32-gcc") else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let object = Path::new(env!("CARGO_TARGET_TMPDIR")).join("example.o");
    let mut compiled = 0;
    for entry in root.join("examples/c").read_dir().expect("the examples") {
        let source = entry.expect("readable").path();
        let name = source.file_name().and_then(|name| name.to_str()).expect("UTF-8");
        if !name.ends_with(".c") || WITH_LIBCURL.contains(&name) {
            continue;
        }
        let mut command = Command::new(&compiler);
        command.args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-c", "-I"]);
        run(command.arg(root.join("include")).arg(&source).arg("-o").arg(&object))
            .unwrap_or_else(|why| panic!("{why}"));
        compiled += 1;
    }
    assert!(compiled >= 6, "{compiled}");
}
