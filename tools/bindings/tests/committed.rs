//! The committed raw layers against the header, and what each of them must hold.

use mlab_bindings::ctype::Type;
use mlab_bindings::declarations::root;
use mlab_bindings::header::{Function, Header};
use mlab_bindings::write::{BLOCKING, Layer, MARK, layers, layers_of_the_decoder};
use std::fs;

#[test]
fn the_committed_layers_are_what_the_header_says() {
    let decoder = layers_of_the_decoder(&Header::of_the_decoder());
    for layer in layers(&Header::committed()).into_iter().chain(decoder) {
        let committed = fs::read_to_string(root().join(layer.path)).unwrap_or_default();
        assert!(
            committed == layer.text,
            "{} is not what the header says: run `cargo run -p mlab-bindings`",
            layer.path
        );
    }
}

#[test]
fn every_layer_begins_with_where_it_comes_from() {
    for layer in layers(&Header::committed()) {
        // PHP looks for its directives at the very start alone.
        let first = layer.text.lines().find(|line| !line.starts_with("#define FFI_")).unwrap_or_default();
        assert!(first.contains(MARK), "{}: {first}", layer.path);
    }
}

#[test]
fn every_layer_has_every_function() {
    let header = Header::committed();
    let list = fs::read_to_string(root().join("tests/abi/symbols.txt")).expect("the list of symbols");
    let names: Vec<&str> = list.lines().filter_map(|row| Some(row.split_once(' ')?.0)).collect();
    assert_eq!(header.functions.len(), names.len());
    for layer in layers(&header).iter().filter(|layer| !is_constants(layer)) {
        let words: Vec<&str> = layer.text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        for name in &names {
            assert!(words.contains(name), "{} lacks {name}", layer.path);
        }
    }
}

/// Java's enumerations are files of their own.
fn is_enumeration(layer: &Layer) -> bool {
    layer.text.contains("\npublic enum ")
}

/// And so are its exceptions.
fn is_exception(layer: &Layer) -> bool {
    layer.text.contains(" extends MlabException ")
}

/// Whether it has no functions: cgo reads those from the header.
fn is_constants(layer: &Layer) -> bool {
    is_enumeration(layer) || is_exception(layer) || layer.path.ends_with(".go")
}

#[test]
fn every_layer_has_every_status() {
    let header = Header::committed();
    let statuses = header.enumerations.iter().find(|e| e.name == "mlab_statuses").expect("the statuses");
    // Types alone: the numbers are in the interface beside them.
    let without = |l: &&Layer| {
        let is_other = is_enumeration(l) && !l.path.ends_with("/Status.java");
        !is_other
            && !is_exception(l)
            && ["JnaRaw.java", "ForeignRaw.java"].iter().all(|name| !l.path.ends_with(name))
    };
    for layer in layers(&header).iter().filter(without) {
        for status in &statuses.constants {
            let numbered = [" = ", ": ", "("].iter().any(|sign| {
                let entry = format!("{sign}{}", status.value);
                layer.text.contains(&entry)
            });
            assert!(numbered, "{} lacks {} = {}", layer.path, status.name, status.value);
        }
    }
}

#[test]
fn every_function_that_may_block_is_in_the_header() {
    let header = Header::committed();
    for name in BLOCKING {
        assert!(header.functions.iter().any(|f| f.name == *name), "{name}");
    }
    for function in &header.functions {
        let says_so = function.comment.iter().any(|line| line.starts_with("Blocks for at most"))
            || function.parameters.iter().any(|p| p.name == "timeout_ms")
                && function.name.starts_with("mlab_client_");
        assert!(!says_so || BLOCKING.contains(&function.name.as_str()), "{} may block", function.name);
    }
}

#[test]
fn bytes_beside_a_length_are_an_address_in_every_layer_that_would_make_a_string_of_them() {
    let header = Header::committed();
    // What each of these turns into a string by itself, which ends at the first NUL; NAME is a function's.
    let cut = [
        ("_raw.py", "\"NAME\": (c_char_p"),
        ("raw.cjs", "const char *NAME("),
        ("php/src/mlab.ffi.h", "const char *NAME("),
        ("raw.rb", "attach_function :NAME, [:pointer, :pointer], :string"),
    ];
    let has_length = |f: &&Function| f.parameters.iter().any(|p| p.kind == Type::OutSize && p.name == "len");
    let with_length: Vec<&Function> = header.functions.iter().filter(has_length).collect();
    for wanted in ["mlab_result_body", "mlab_result_image", "mlab_exchange_body"] {
        assert!(with_length.iter().any(|f| f.name == wanted), "{wanted}");
    }
    for layer in layers(&header) {
        let Some((_, form)) = cut.iter().find(|(end, _)| layer.path.ends_with(end)) else { continue };
        for function in &with_length {
            let form = form.replace("NAME", &function.name);
            assert!(!layer.text.contains(&form), "{}: {form}", layer.path);
        }
    }
}

#[test]
fn no_text_is_passed_with_a_length_beside_it() {
    // What has a length may hold NULs: the header calls it const void *, or the reader has to learn that it is bytes.
    let header = Header::committed();
    let callbacks = header.callbacks.iter().map(|c| (&c.name, &c.parameters));
    for (name, parameters) in header.functions.iter().map(|f| (&f.name, &f.parameters)).chain(callbacks) {
        for pair in parameters.windows(2) {
            let is_length = pair[1].kind == Type::Size && ["len", "size", "length"].contains(&&*pair[1].name);
            assert!(!is_length || pair[0].kind == Type::Bytes, "{name}: {}", pair[0].name);
        }
    }
}
