//! The layers of `core/src` and of `src`: each knows only those below it, and no files import each other in a circle.
//!
//! What counts as an import: a file imports the file in which an item stands. To declare a module or to re-export its items
//! is no import, unless the file also uses them; and whoever goes through a re-export imports what lies behind it. So a
//! `mod.rs` may be the door of its folder, or hold the type that its other files add methods to, but then what it needs of
//! them itself stands in files that do not need it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

#[path = "layers/imports.rs"]
mod imports;
#[path = "layers/maps.rs"]
mod maps;
#[path = "layers/unsafe_code.rs"]
mod unsafe_code;

use imports::{Crate, File};

/// Modules at the root of a crate that stand on one level.
struct Layer {
    modules: &'static [&'static str],
    /// Whether they know each other, in no circle.
    are_neighbours: bool,
}

const fn layer(modules: &'static [&'static str]) -> Layer {
    Layer { modules, are_neighbours: false }
}

const fn neighbours(modules: &'static [&'static str]) -> Layer {
    Layer { modules, are_neighbours: true }
}

/// The crates, with their layers from the lowest to the highest.
const CRATES: &[(&str, &[Layer])] = &[
    (
        "core/src",
        &[
            neighbours(&["byte_order", "error", "panics", "process", "status"]),
            layer(&["wire"]),
            layer(&["planted"]),
            layer(&["flow"]),
            layer(&["download", "net"]),
            layer(&["engine"]),
        ],
    ),
    (
        "src",
        &[
            neighbours(&["callback", "convert", "handle", "numbers", "panic", "result_strings", "setter"]),
            layer(&["objects"]),
            // The sections of the header.
            neighbours(&[
                "call",
                "cancel",
                "client",
                "config",
                "event",
                "exchange",
                "identity",
                "images",
                "jobs",
                "log",
                "request",
                "result",
                "transport",
            ]),
        ],
    ),
];

fn each_crate() -> impl Iterator<Item = (&'static str, &'static [Layer], Crate)> {
    CRATES
        .iter()
        .map(|(src, layers)| (*src, *layers, Crate::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(src))))
}

#[test]
fn no_layer_knows_one_above_it_or_beside_it() {
    let mut wrong = Vec::new();
    for (src, layers, krate) in each_crate() {
        let rank = |module: &str| {
            let rank = layers.iter().position(|layer| layer.modules.contains(&module));
            rank.unwrap_or_else(|| panic!("{module} has no layer"))
        };
        let ranks: BTreeMap<&File, Option<(&str, usize)>> =
            krate.files().map(|(file, module)| (file, module.map(|module| (module, rank(module))))).collect();
        for (from, to) in krate.imports() {
            let is_wrong = match (ranks[&from], ranks[&to]) {
                // The root file declares and re-exports: nothing stands there.
                (_, None) => true,
                (None, _) => false,
                (Some((above, high)), Some((below, low))) => {
                    above != below && (low > high || low == high && !layers[high].are_neighbours)
                }
            };
            if is_wrong {
                wrong.push(format!("{src}/{from} imports {src}/{to}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut circles = Vec::new();
    for (src, _, krate) in each_crate() {
        let imports = krate.imports();
        let mut seen = BTreeSet::new();
        for (from, _) in &imports {
            let circle = way_back(from, &imports);
            if circle.iter().all(|file| seen.insert(file.clone())) && !circle.is_empty() {
                circles.push(format!("{src}: {}", circle.join(" -> ")));
            }
        }
    }
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

/// The shortest way from a file back to it, without its end; empty if there is none.
fn way_back(start: &File, imports: &BTreeSet<(File, File)>) -> Vec<File> {
    let (mut before, mut queue) = (BTreeMap::new(), VecDeque::from([start]));
    while let Some(at) = queue.pop_front() {
        for (_, to) in imports.iter().filter(|(from, _)| from == at) {
            if to == start {
                let mut way = vec![at.clone()];
                while let Some(earlier) = before.get(&way[way.len() - 1]) {
                    way.push(File::clone(earlier));
                }
                way.reverse();
                return way;
            }
            if !before.contains_key(to) {
                before.insert(to.clone(), at.clone());
                queue.push_back(to);
            }
        }
    }
    Vec::new()
}

#[test]
fn every_file_belongs_to_its_crate() {
    for (src, _, krate) in each_crate() {
        let declared: BTreeSet<String> = krate.files().map(|(file, _)| file.clone()).collect();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(src);
        let there = rust_files(&root).into_iter().filter(|file| !file.contains("tests"));
        let missing: Vec<String> = there.filter(|file| !declared.contains(file)).collect();
        assert!(missing.is_empty(), "{src}: {missing:?}");
    }
}

fn rust_files(root: &Path) -> Vec<String> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of the source") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned());
            }
        }
    }
    files
}
