//! What can be set of a client or a job can be set from every language: a setter that is added to the header is missed here
//! in the layers that are written by hand, which no generator brings up to date.

use mlab_bindings::declarations::root;
use mlab_bindings::header::Header;
use mlab_bindings::write::layers;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A language's own layer.
struct Layer {
    language: &'static str,
    path: &'static str,
    /// How its source files end: examples and pages are no part of it.
    ending: &'static str,
    /// What begins a comment that ends with its line.
    comment: &'static str,
    left_out: &'static [&'static str],
}

const fn layer(
    language: &'static str,
    path: &'static str,
    [ending, comment]: [&'static str; 2],
    left_out: &'static [&'static str],
) -> Layer {
    Layer { language, path, ending, comment, left_out }
}

/// Each language's, and what it leaves out, as docs/bindings.md has it.
///
/// A log comes by a callback alone, on whatever thread is inside a call. That may be one that the language does not know, or
/// that its collector, its lock or its compiler ahead of time (Unity) keeps from calling it. A transport that is called is the
/// same; where a language has HTTP that ours cannot stand for, it pulls exchanges. Progress comes by events, which need no
/// callback. Where `fetch` may block the thread that makes it, a job that is polled once brings nothing new.
const LAYERS: &[Layer] = &[
    layer("C++", "include/mlab.hpp", [".hpp", "//"], &[]),
    layer("C#", "engines/unity/Runtime/Core/Client", [".cs", "//"], &["log", "progress", "transport"]),
    layer(
        "Go",
        "bindings/go",
        [".go", "//"],
        &["log", "poll_once", "progress", "transport", "transport_pull"],
    ),
    layer("Java", "bindings/java/src", [".java", "//"], &["progress", "transport", "transport_pull"]),
    layer("Lua", "bindings/lua/mlab", [".lua", "--"], &["log", "progress", "transport", "transport_pull"]),
    layer("Node", "bindings/node/lib", [".cjs", "//"], &["log", "progress", "transport"]),
    layer("PHP", "bindings/php/src", [".php", "//"], &["log", "progress", "transport", "transport_pull"]),
    layer("Python", "bindings/python/src", [".py", "#"], &["transport"]),
    layer(
        "Ruby",
        "bindings/ruby/lib",
        [".rb", "#"],
        &["log", "poll_once", "progress", "transport", "transport_pull"],
    ),
];

/// The files below a path, but for those of tests, benchmarks and examples.
fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else { return vec![path.to_owned()] };
    let is_shipped = |path: &PathBuf| {
        !["test", "bench", "example"]
            .iter()
            .any(|word| path.file_name().is_some_and(|name| name.to_string_lossy().contains(word)))
    };
    entries.flatten().map(|entry| entry.path()).filter(is_shipped).flat_map(|path| files(&path)).collect()
}

/// A source without its comments, each space in it as one.
fn code(text: &str, comment: &str) -> String {
    let outside: String = text
        .split("/*")
        .enumerate()
        .map(|(number, part)| match number {
            0 => part,
            _ => part.split_once("*/").map_or("", |(_, rest)| rest),
        })
        .collect();
    let line = |line: &str| line.split(comment).next().unwrap_or_default().to_owned();
    let lines: String = outside.lines().flat_map(|text| [line(text), " ".to_owned()]).collect();
    lines.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// What a language's own layer is written as.
fn source(layer: &Layer, generated: &BTreeSet<PathBuf>) -> String {
    let path = root().join(layer.path).canonicalize().expect(layer.path);
    let own = files(&path)
        .into_iter()
        .filter(|file| file.to_string_lossy().ends_with(layer.ending) && !generated.contains(file));
    let texts = own.map(|file| code(&fs::read_to_string(file).expect("readable"), layer.comment));
    texts.collect::<Vec<String>>().join(" ")
}

/// Whether a source calls a setter: by its name, or by the end of that as the tables of Lua, PHP and Ruby have it, or
/// Python's own setter, which knows its unit apart.
fn sets(source: &str, object: &str, name: &str) -> bool {
    let whole = format!("mlab_{object}_set_{name}");
    let plain = name.trim_end_matches("_ms");
    let entries = [
        format!("= {{ \"{name}\","),
        format!("=> ['{name}',"),
        format!(": %i[{name} "),
        format!("{object}.set(\"{plain}\","),
    ];
    source.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == whole)
        || entries.iter().any(|entry| source.contains(entry))
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
    for layer in LAYERS {
        let source = source(layer, &generated);
        let missing: Vec<&str> = setters
            .iter()
            .filter(|(object, name)| !sets(&source, object, name))
            .map(|(_, name)| *name)
            .collect();
        assert_eq!(missing, layer.left_out, "{}", layer.language);
    }
}

#[test]
fn a_word_that_is_no_call_is_no_setting() {
    let is_set = |source: &str| sets(&code(source, "//"), "config", "log");
    for source in ["log.Fatal(err)", "// mlab_config_set_log", "/* => ['log', */", "mlab_config_set_login(c)"]
    {
        assert!(!is_set(source), "{source}");
    }
    let entries = [
        "log = {\n  \"log\", text }",
        "'log' => ['log', 'text']",
        "log: %i[log text]",
        "config.set(\"log\", 1)",
    ];
    for source in ["C.mlab_config_set_log(c)"].into_iter().chain(entries) {
        assert!(is_set(source), "{source}");
    }
}
