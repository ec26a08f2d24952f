//! The lists of docs/design.md are whole: folders of the repository, modules of the core.

use crate::pages::root;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The text of a section of the page, without those below it.
fn section(heading: &str) -> String {
    let page = fs::read_to_string(root().join("docs/design.md")).expect("docs/design.md");
    let after = page.split_once(&format!("\n{heading}\n")).expect("the heading").1;
    after.split("\n#").next().unwrap_or_default().to_owned()
}

/// What stands in a folder; the names of folders end with a `/`.
fn entries(folder: &Path) -> BTreeSet<String> {
    let name = |entry: fs::DirEntry| {
        let end = if entry.path().is_dir() { "/" } else { "" };
        entry.file_name().into_string().expect("a name in UTF-8") + end
    };
    fs::read_dir(folder).expect("a folder").map(|entry| name(entry.expect("an entry"))).collect()
}

#[test]
fn the_shape_names_every_folder_of_the_repository() {
    let shape = section("## The shape");
    let block = shape.split("```").nth(1).expect("a block").trim_start_matches("text");
    let words = block.lines().filter_map(|line| line.split_whitespace().next());
    let named: BTreeSet<String> = words.map(str::to_owned).collect();
    let is_ours = |name: &String| name.ends_with('/') && !name.starts_with('.') && name != "target/";
    let there: BTreeSet<String> = entries(root()).into_iter().filter(is_ours).collect();
    assert_eq!(named, there);
}

#[test]
fn the_table_of_layers_names_every_module_of_the_core() {
    let rows = section("### Layers");
    let cells = rows.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let names = cells.flat_map(|cell| cell.split('`')).filter_map(|span| span.strip_prefix("core/src/"));
    let named: BTreeSet<String> = names.map(str::to_owned).collect();
    let there: BTreeSet<String> =
        entries(&root().join("core/src")).into_iter().filter(|name| name != "lib.rs").collect();
    assert_eq!(named, there);
}
