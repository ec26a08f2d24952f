//! What can be set of a client or a job can be set from every language: a setter that is added to the header is missed here
//! in the layers that are written by hand, which no generator brings up to date.

use mlab_bindings::declarations::root;
use mlab_bindings::header::Header;
use mlab_bindings::write::layers;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where each language's own layer lies.
const LANGUAGES: &[(&str, &str)] = &[
    ("C++", "include/mlab.hpp"),
    ("C#", "engines/unity/Runtime/Core/Client"),
    ("Go", "bindings/go"),
    ("Java", "bindings/java/src"),
    ("Lua", "bindings/lua"),
    ("Node", "bindings/node/lib"),
    ("PHP", "bindings/php/src"),
    ("Python", "bindings/python/src"),
    ("Ruby", "bindings/ruby/lib"),
];

/// What a language leaves out. A log and a transport are called by the library's own threads, and these languages run one
/// thread at a time, or are compiled ahead (Unity): they pull exchanges, where they have HTTP that ours cannot stand for. Where
/// `fetch` may block the thread that makes it, a job that is polled once brings nothing new.
const LEFT_OUT: &[(&str, &[&str])] = &[
    ("C#", &["log", "poll_once", "transport"]),
    ("Go", &["poll_once", "transport", "transport_pull"]),
    ("Java", &["poll_once", "transport", "transport_pull"]),
    ("Lua", &["log", "poll_once", "transport", "transport_pull"]),
    ("Node", &["log"]),
    ("PHP", &["log", "poll_once", "transport", "transport_pull"]),
    ("Ruby", &["log", "poll_once", "transport", "transport_pull"]),
];

/// The files below a path, those of tests and benchmarks left out.
fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else { return vec![path.to_owned()] };
    let is_shipped = |path: &PathBuf| {
        !["test", "bench"]
            .iter()
            .any(|word| path.file_name().is_some_and(|name| name.to_string_lossy().contains(word)))
    };
    entries.flatten().map(|entry| entry.path()).filter(is_shipped).flat_map(|path| files(&path)).collect()
}

/// A name in whatever way the language writes it: `connect_timeout`, `ConnectTimeout`, `connectTimeout`.
fn plain(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

/// The names that a language's own layer uses.
fn words(path: &str, generated: &BTreeSet<PathBuf>) -> BTreeSet<String> {
    let path = root().join(path).canonicalize().expect(path);
    let own = files(&path).into_iter().filter(|file| !generated.contains(file));
    let texts = own.map(|file| String::from_utf8_lossy(&fs::read(file).expect("readable")).into_owned());
    texts
        .flat_map(|text| {
            text.split(|c: char| !c.is_alphanumeric() && c != '_').map(plain).collect::<Vec<_>>()
        })
        .collect()
}

/// `config_set_endpoint` and its like, as (`config`, `endpoint`).
fn setters(header: &Header) -> Vec<(&str, &str)> {
    let names = header.functions.iter().filter_map(|function| function.name.strip_prefix("mlab_"));
    names
        .filter_map(|name| name.split_once("_set_"))
        .filter(|(object, _)| ["config", "request"].contains(object))
        .collect()
}

#[test]
fn every_setting_can_be_made_from_every_language() {
    let header = Header::committed();
    let generated: BTreeSet<PathBuf> = layers(&header)
        .iter()
        .map(|layer| root().join(layer.path).canonicalize().expect(layer.path))
        .collect();
    let setters = setters(&header);
    assert!(setters.len() >= 27, "{setters:?}");
    for (language, path) in LANGUAGES {
        let words = words(path, &generated);
        let is_missing = |(object, name): &(&str, &str)| {
            let name = plain(name);
            let written =
                [name.clone(), name.trim_end_matches("ms").into(), format!("mlab{object}set{name}")];
            !written.iter().any(|name| words.contains(name))
        };
        let missing: Vec<&str> = setters.iter().filter(|s| is_missing(s)).map(|(_, name)| *name).collect();
        let left_out = LEFT_OUT.iter().find(|(of, _)| of == language).map_or(&[][..], |(_, names)| names);
        assert_eq!(missing, left_out, "{language}");
    }
}
