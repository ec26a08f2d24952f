//! Files and commands that the pages name are there.

use crate::pages::{self, Page, root};
use std::fs;
use std::path::Path;

/// What a build makes, a system has, or a relay serves: paths that no file of the repository stands for.
const ELSEWHERE: &[&str] = &["bin/", "lib/", "target/"];

/// What a page sets as code: in backquotes, and in lines that are indented.
fn code(page: &Page) -> Vec<(usize, &str)> {
    let mut code = Vec::new();
    for (number, line) in page.prose() {
        match line.strip_prefix("    ") {
            Some(command) if !command.trim_start().starts_with(['|', '-']) => code.push((number, command)),
            _ => code.extend(line.split('`').skip(1).step_by(2).map(|span| (number, span))),
        }
    }
    code
}

/// The words of code that look like a path in the repository: no URL, no option, no placeholder.
fn paths<'a>(code: &'a str, folders: &[String]) -> Vec<&'a str> {
    let words = code.split_whitespace().map(|word| word.trim_end_matches([',', ';', ':']));
    let is_path = |word: &&str| {
        let first = word.split_once('/').map(|(first, _)| first);
        first.is_some_and(|first| folders.iter().any(|folder| folder == first))
            && !ELSEWHERE.iter().any(|folder| word.starts_with(folder))
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-*".contains(&byte))
    };
    words.filter(is_path).collect()
}

/// Whether a path leads somewhere, from the root or from the page's own folder; a `*` in its last part stands for anything.
fn is_there(page: &Page, path: &str) -> bool {
    let own = page.path.parent().unwrap_or(Path::new(""));
    is_below(root(), path) || is_below(&root().join(own), path)
}

fn is_below(top: &Path, path: &str) -> bool {
    let Some((before, after)) = path.split_once('*') else { return top.join(path).exists() };
    let (folder, start) = before.rsplit_once('/').unwrap_or(("", before));
    let Ok(mut entries) = fs::read_dir(top.join(folder)) else { return false };
    entries.any(|entry| {
        let name = entry.expect("an entry").file_name().into_string().unwrap_or_default();
        name.starts_with(start) && name.ends_with(after)
    })
}

/// The tests, benchmarks and examples that a command names and that are not there.
fn strange_targets(command: &str) -> Vec<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    if words.first() != Some(&"cargo") || words.contains(&"-p") {
        return Vec::new();
    }
    let of = |option: &str, folder: &str| {
        let named = words.windows(2).filter(|pair| pair[0] == option).map(|pair| pair[1]);
        let places = |name: &str| {
            [format!("{folder}/{name}.rs"), format!("{folder}/{name}/main.rs")]
                .iter()
                .any(|path| root().join(path).exists())
        };
        named.filter(|name| !places(name)).map(|name| format!("{option} {name}")).collect::<Vec<String>>()
    };
    [of("--test", "tests"), of("--bench", "benches"), of("--example", "examples")].concat()
}

#[test]
fn every_file_and_target_that_a_page_names_is_there() {
    let folders: Vec<String> = fs::read_dir(root())
        .expect("the repository")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let (mut wrong, mut seen) = (Vec::new(), 0);
    // What the changelog says of a release stays, whatever becomes of the files.
    for page in pages::all().into_iter().filter(|page| page.path != Path::new("CHANGELOG.md")) {
        for (number, code) in code(&page) {
            let paths = paths(code, &folders);
            seen += paths.len();
            let missing = paths.into_iter().filter(|path| !is_there(&page, path)).map(str::to_owned);
            let place = format!("{}:{number}", page.path.display());
            wrong.extend(missing.chain(strange_targets(code)).map(|what| format!("{place}: {what}")));
        }
    }
    assert!(seen > 50, "only {seen} paths were found");
    assert!(wrong.is_empty(), "not there:\n{}", wrong.join("\n"));
}

#[test]
fn what_is_not_there_is_found() {
    assert_eq!(paths("sh packaging/nothing.sh --x, a/b", &["packaging".into()]), ["packaging/nothing.sh"]);
    let page = |path: &str| Page { path: path.into(), text: String::new() };
    let (readme, of_java) = (page("README.md"), page("bindings/java/README.md"));
    assert!(!is_there(&readme, "packaging/nothing.sh") && !is_there(&readme, "tests/nothing*"));
    assert!(is_there(&of_java, "tests/c*") && is_there(&of_java, "examples/Wait.java"));
    assert!(!is_there(&readme, "examples/Wait.java"));
    assert_eq!(strange_targets("cargo test --test nothing --test docs"), ["--test nothing"]);
}
