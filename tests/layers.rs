//! The layers of `core/src`: each knows only those below it, and no two files of one import each other.
//!
//! Read from the source text, since modules of one crate can see each other whatever a page says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the lowest to the highest; those of one row do not know each other.
const LAYERS: &[&[&str]] =
    &[&["error", "panics", "process", "status"], &["wire"], &["flow"], &["download", "net"], &["engine"]];

/// Layers in which no two files import each other.
const WITHOUT_CIRCLES: &[&str] = &["download"];

/// The path of a module, from the root of its crate.
type Module = Vec<String>;

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the source");
    entries
        .map(|entry| entry.expect("an entry").path())
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

fn module_of(file: &Path, root: &Path) -> Module {
    let path = file.strip_prefix(root).expect("a file below the root").with_extension("");
    let names = path.iter().map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| name != "mod" && name != "lib").collect()
}

/// The paths that a file names, in code and not in comments or its unit tests: those that begin at the crate's root or
/// above the file, and what it imports of the modules in it.
fn paths_in(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let code: String =
        code.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|l| [l, "\n"]).collect();
    let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let rooted = words.filter(|word| word.starts_with("crate::") || word.starts_with("super::"));
    let imports = code.split("use ").skip(1).filter_map(|rest| rest.split(';').next());
    let imports = imports.flat_map(|import| match import.split_once("::{") {
        Some((prefix, group)) => group
            .split([',', '{', '}'])
            .map(|name| format!("{prefix}::{}", name.trim()))
            .collect::<Vec<String>>(),
        None => vec![import.to_owned()],
    });
    rooted.map(str::to_owned).chain(imports).collect()
}

/// The module that a path in `from` leads to: the longest beginning of it that is one. None of ours: `from` itself.
fn target(path: &str, from: &Module, modules: &BTreeMap<Module, String>) -> Module {
    let mut at = from.clone();
    for name in path.split("::") {
        match name {
            "crate" => at.clear(),
            "super" => {
                at.pop();
            }
            name => at.push(name.to_owned()),
        }
    }
    while !at.is_empty() && !modules.contains_key(&at) {
        at.pop();
    }
    at
}

/// Which module imports which.
fn imports() -> BTreeSet<(Module, Module)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("core/src");
    let text = |file: &PathBuf| fs::read_to_string(file).expect("a source file");
    let modules: BTreeMap<Module, String> =
        rust_files(&root).iter().map(|file| (module_of(file, &root), text(file))).collect();
    let of = |(from, text): (&Module, &String)| -> Vec<(Module, Module)> {
        let targets = paths_in(text).into_iter().map(|path| target(&path, from, &modules));
        targets.filter(|to| !to.is_empty() && to != from).map(|to| (from.clone(), to)).collect()
    };
    modules.iter().flat_map(of).collect()
}

#[test]
fn no_layer_knows_one_above_it_or_beside_it() {
    let rank = |layer: &str| LAYERS.iter().position(|row| row.contains(&layer));
    let mut wrong = Vec::new();
    for (from, to) in imports() {
        let [Some(above), Some(below)] = [&from, &to].map(|module| module.first()) else { continue };
        let ranks = [above, below].map(|layer| rank(layer).unwrap_or_else(|| panic!("{layer} has no layer")));
        // The lowest row is what every layer stands on, and its own affair.
        if above != below && ranks[1] >= ranks[0] && ranks[0] > 0 {
            wrong.push(format!("{} imports {}", from.join("/"), to.join("/")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_two_files_of_a_layer_import_each_other() {
    let imports = imports();
    let in_circle = imports.iter().filter(|(from, to)| {
        let is_bound = from.first().is_some_and(|layer| WITHOUT_CIRCLES.contains(&layer.as_str()));
        is_bound && from < to && imports.contains(&(to.clone(), from.clone()))
    });
    let circles: Vec<String> =
        in_circle.map(|(from, to)| format!("{} and {}", from.join("/"), to.join("/"))).collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}
