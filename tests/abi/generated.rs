//! The committed headers against the source that they are made from.

use crate::support::library::generate_headers;
use mlab_bindings::declarations as header;
use std::fs;
use std::path::Path;

#[test]
fn the_committed_headers_are_what_the_source_says() {
    let made = generate_headers().unwrap_or_else(|why| panic!("{why}"));
    for name in ["mlab.h", "mlab.ffi.h"] {
        let read = |folder: &Path| fs::read_to_string(folder.join(name)).expect("a header");
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
        let same = read(&made) == read(&committed);
        assert!(
            same,
            "include/{name} is not what the source says: run `cargo check --features generate-header`"
        );
    }
}

#[test]
fn every_type_of_the_header_lists_its_functions() {
    let text = header::text();
    for function in header::functions() {
        let kind: String = function.name.split('_').take(2).collect::<Vec<_>>().join("_");
        if text.contains(&format!("typedef struct {kind} {kind};")) {
            let listed = text.matches(&format!(" {}(),", function.name)).count()
                + text.matches(&format!(" {}().\n", function.name)).count();
            assert!(listed > 0, "{} is not in the list of {kind}", function.name);
        }
    }
}
