//! The maps that open a folder of the source: they name each file and folder in it, and none that is not there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Files that must have one.
const ROOTS: &[&str] = &["core/src/lib.rs", "src/lib.rs"];

/// The names in the map of a file; none without a map.
fn named(text: &str) -> Option<BTreeSet<String>> {
    let head = text.lines().map_while(|line| line.strip_prefix("//!"));
    let mut map = head.skip_while(|line| line.trim() != "```text").skip(1).peekable();
    map.peek()?;
    let words = map.take_while(|line| line.trim() != "```").flat_map(str::split_whitespace);
    let words = words.map(|word| word.trim_matches([',', ';', ':', '.', '(', ')']));
    Some(words.filter(|word| word.ends_with(".rs") || word.ends_with('/')).map(str::to_owned).collect())
}

/// What stands in a folder beside the file that opens it. Unit tests need no place on a map, nor has each platform's file
/// one beside the file that they stand behind.
fn present(folder: &Path) -> BTreeSet<String> {
    let entries =
        fs::read_dir(folder).expect("a folder of the source").map(|entry| entry.expect("an entry").path());
    let names = entries.map(|path| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() { format!("{name}/") } else { name }
    });
    let is_of_the_map = |name: &String| {
        let is_source = name.ends_with(".rs") || name.ends_with('/');
        is_source
            && !matches!(&**name, "mod.rs" | "lib.rs" | "tests/")
            && !["_tests.rs", "_unix.rs", "_windows.rs"].iter().any(|ending| name.ends_with(ending))
    };
    names.filter(is_of_the_map).collect()
}

#[test]
fn a_map_names_each_file_of_its_folder_and_no_other() {
    for src in ["core/src", "src"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(src);
        for file in
            super::rust_files(&root).iter().filter(|file| file.ends_with("mod.rs") || *file == "lib.rs")
        {
            let path = root.join(file);
            let text = fs::read_to_string(&path).expect("a source file");
            let Some(mut named) = named(&text) else {
                assert!(!ROOTS.contains(&&*format!("{src}/{file}")), "{src}/{file} has no map");
                continue;
            };
            named.remove("mod.rs");
            let present = present(path.parent().expect("a folder"));
            let missing: Vec<&String> = present.difference(&named).collect();
            assert!(missing.is_empty(), "{src}/{file} does not name {missing:?}");
            let gone: Vec<&String> = named.difference(&present).collect();
            assert!(gone.is_empty(), "{src}/{file} names {gone:?}, which is not there");
        }
    }
}
