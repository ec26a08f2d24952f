//! The raw layers: one file a language, or two where it has two ways of calling C.
//!
//! Each holds declarations and constants, and nothing that a person would want to change. What is above it is written by
//! hand, and stands beside it.

mod csharp;
mod go;
mod java;
mod java_exceptions;
mod lua;
mod node;
mod php;
mod python;
mod ruby;

use crate::header::Header;

/// One generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Where it is, from the repository's root.
    pub path: &'static str,
    /// What it holds.
    pub text: String,
}

/// Says in the first line of each file, behind its language's sign for a comment, where it comes from.
pub const MARK: &str = "Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.";

/// Functions that may block, for languages that must let others run meanwhile. A test holds that each is in the header.
pub const BLOCKING: &[&str] = &[
    "mlab_client_download",
    "mlab_client_download_memory",
    "mlab_client_fetch",
    "mlab_client_free",
    "mlab_client_next_event",
    "mlab_client_next_exchange",
    "mlab_client_shutdown",
    "mlab_client_wait",
    "mlab_exchange_write",
    "mlab_fetch_queued",
];

/// Every generated file.
pub fn layers(header: &Header) -> Vec<Layer> {
    let layer = |path, text| Layer { path, text };
    let public = |name| java::public_enumeration(header, name);
    let mut all = vec![
        layer("bindings/python/src/mlab/_raw.py", python::raw(header)),
        layer("bindings/lua/mlab/raw.lua", lua::raw(header)),
        layer("bindings/node/lib/raw.cjs", node::raw(header)),
        layer("bindings/node/lib/raw.d.cts", node::types(header)),
        layer("bindings/php/src/mlab.ffi.h", php::raw(header)),
        layer("bindings/ruby/lib/mlab/raw.rb", ruby::raw(header)),
        layer("bindings/go/constants.go", go::constants(header)),
        layer("engines/unity/Runtime/Core/Client/MlabNative.cs", csharp::raw(header)),
        layer("bindings/java/src/main/java/mlab/Status.java", public("mlab_statuses")),
        layer("bindings/java/src/main/java/mlab/StatusGroup.java", public("mlab_status_groups")),
        layer("bindings/java/src/main/java/mlab/EventKind.java", public("mlab_event_kinds")),
        layer("bindings/java/src/main/java/mlab/LogLevel.java", public("mlab_log_levels")),
        layer("bindings/java/src/main/java/mlab/RootsKind.java", public("mlab_roots_kinds")),
        layer("bindings/java/src/main/java/mlab/internal/Raw.java", java::interface(header)),
        layer("bindings/java/src/main/java/mlab/internal/JnaRaw.java", java::jna(header)),
        layer("bindings/java/src/main/java22/mlab/internal/ForeignRaw.java", java::foreign(header)),
    ];
    all.extend(java_exceptions::exceptions(header));
    all
}

/// Every generated file that calls the decoder.
pub fn layers_of_the_decoder(header: &Header) -> Vec<Layer> {
    let path = "engines/unity/Runtime/Core/Frames/MlabDecodeNative.cs";
    vec![Layer { path, text: csharp::decoder(header) }]
}

/// Joins what each item gives.
fn each<T>(items: &[T], line: impl Fn(&T) -> String) -> String {
    items.iter().map(line).collect()
}

/// Joins what each item gives, with a separator between.
fn list<T>(items: &[T], separator: &str, item: impl Fn(&T) -> String) -> String {
    items.iter().map(item).collect::<Vec<_>>().join(separator)
}
