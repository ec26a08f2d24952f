//! What the pages call ours is in the header.

use crate::pages::{self, root};
use std::collections::BTreeSet;
use std::fs;

/// What is called so and stands elsewhere.
const ELSEWHERE: &[&str] = &[
    // Variables of the environment that the examples read.
    "MLAB_CA_FILE",
    "MLAB_ENDPOINT",
    "MLAB_WHEEL_PLATFORM",
    "MLAB_IMAGES",
    // The version node of symbols: MLAB_0.1.
    "MLAB_0",
    // A variable that the packages of other languages read.
    "MLAB_LIBRARY",
    // Packages.
    "mlab_core",
    "mlab_decode",
    "mlab_standin",
];

/// The words of a text that begin with `mlab_` or `MLAB_`.
fn names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("mlab_") || word.starts_with("MLAB_")).collect()
}

/// The header without its comments, which may speak of what is not there.
fn header() -> String {
    let text = fs::read_to_string(root().join("include/mlab.h")).expect("include/mlab.h");
    let mut parts = text.split("/*");
    let mut code = parts.next().unwrap_or_default().to_owned();
    code.extend(parts.map(|part| part.split_once("*/").expect("the end of a comment").1));
    code
}

#[test]
fn every_name_of_ours_on_a_page_is_in_the_header() {
    let header = header();
    let declared = names(&header);
    assert!(declared.contains("mlab_fetch_queued") && declared.contains("MLAB_E_AUTH"));
    // `mlab_*` and `MLAB_E_…` stand for all that begin so; functions and headers of other libraries of ours do not count.
    let is_known = |name: &str| {
        declared.contains(name)
            || ELSEWHERE.contains(&name)
            || name.ends_with('_') && declared.iter().any(|known| known.starts_with(name))
            || name.to_lowercase().starts_with("mlab_decode_")
    };
    let mut unknown = Vec::new();
    for page in pages::all() {
        let strange = names(&page.text).into_iter().filter(|name| !is_known(name));
        unknown.extend(strange.map(|name| format!("{}: {name}", page.path.display())));
    }
    assert!(unknown.is_empty(), "not in include/mlab.h:\n{}", unknown.join("\n"));
}
