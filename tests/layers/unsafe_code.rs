//! Which files of `core/src` and of `src` may be unsafe, and that each place says why it is sound.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// In `core/src`: one file a system call, which allows it for itself; everywhere else the compiler denies it.
const CORE: &[&str] = &[
    "engine/readiness_windows.rs",
    "net/pin_windows.rs",
    "process/forks_unix.rs",
    "process/privileges_unix.rs",
    "process/signals_unix.rs",
    // Their unit tests: one reads a descriptor that the host was given, the other forks.
    "engine/events.rs",
    "process/mod.rs",
];

/// In `src`: the ABI, the whole of which may be. Not here: what calls nothing and exports nothing.
const ABI: &[&str] = &[
    // Pointers, the host's functions.
    "convert.rs",
    "handle.rs",
    "panic.rs",
    // The sections of the header.
    "call.rs",
    "cancel.rs",
    "client.rs",
    "config.rs",
    "event.rs",
    "exchange.rs",
    "identity.rs",
    "images.rs",
    "jobs.rs",
    "log.rs",
    "objects.rs",
    "request.rs",
    "result.rs",
    "transport.rs",
];

fn sources(src: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(src);
    let read = |file: String| {
        let text = fs::read_to_string(root.join(&file)).expect("a source file");
        (file, text)
    };
    super::rust_files(&root).into_iter().map(read).collect()
}

/// A line without its comment.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|other| other == word)
}

#[test]
fn unsafe_code_is_where_the_list_says_and_nowhere_else() {
    for (src, listed) in [("core/src", CORE), ("src", ABI)] {
        let is_unsafe = |text: &str| text.lines().any(|line| has_word(code(line), "unsafe"));
        let found: BTreeSet<String> =
            sources(src).into_iter().filter(|(_, text)| is_unsafe(text)).map(|(file, _)| file).collect();
        let listed: BTreeSet<String> = listed.iter().map(|file| (*file).to_owned()).collect();
        let unlisted: Vec<&String> = found.difference(&listed).collect();
        assert!(unlisted.is_empty(), "{src}: unsafe, and not on the list: {unlisted:?}");
        let idle: Vec<&String> = listed.difference(&found).collect();
        assert!(idle.is_empty(), "{src}: on the list for nothing: {idle:?}");
    }
}

#[test]
fn only_listed_files_allow_unsafe_code() {
    let allowing = sources("core/src").into_iter().filter(|(_, text)| text.contains("allow(unsafe_code"));
    let unlisted: Vec<String> =
        allowing.map(|(file, _)| file).filter(|file| !CORE.contains(&&**file)).collect();
    assert!(unlisted.is_empty(), "{unlisted:?}");
}

#[test]
fn a_safety_line_names_what_it_rests_on() {
    let empty =
        ["promise", "promises the rest", "asks of its caller", "ask the same", "as above", "no precondition"];
    let mut wrong = Vec::new();
    for src in ["core/src", "src"] {
        for (file, text) in sources(src) {
            let said = text
                .lines()
                .enumerate()
                .filter_map(|(at, line)| Some((at, line.split_once("// SAFETY:")?.1)));
            for (at, reason) in said {
                if empty.iter().any(|empty| reason.contains(empty)) {
                    wrong.push(format!("{src}/{file}:{}:{reason}", at + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
