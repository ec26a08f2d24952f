//! The pages' sections "From a clone": their lines are run as they stand, in a copy of what they take, where the library under
//! test lies as if cargo had built it there.

use crate::place::{run, source};
use crate::readme::page;
use crate::support::library;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What cargo does takes too long, and is done.
const BUILD: &str = "cargo build --release\n";

/// As much of the repository as the lines of one language take.
pub(crate) struct Checkout {
    pub(crate) root: PathBuf,
    /// Each the lines of a shell.
    blocks: Vec<String>,
}

impl Checkout {
    /// Of a language whose page is in a folder of bindings/, with what it takes besides.
    pub(crate) fn new(language: &str, root: PathBuf, besides: &[&str]) -> Checkout {
        let page = page(language);
        let own = page.parent().and_then(|own| own.strip_prefix(source("")).ok()).expect("a folder of ours");
        let licences = ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"].map(Path::new);
        for part in besides.iter().map(Path::new).chain(licences).chain([own]) {
            let to = root.join(part);
            fs::create_dir_all(to.parent().expect("a folder")).expect("folders");
            run(Command::new("cp").arg("-r").args([&source("").join(part), &to]));
        }
        let library_there = root.join("target/release/libmlab.so");
        fs::create_dir_all(library_there.parent().expect("a folder")).expect("folders");
        // As it is shipped: to pack what debuggers read would take most of the time.
        run(Command::new("strip").args(["--strip-debug", "-o"]).args([&library_there, &library().shared]));
        let text = fs::read_to_string(&page).expect("a page");
        let (_, section) = text.split_once("\n## From a clone\n").expect("the section");
        Checkout { root, blocks: blocks(section) }
    }

    /// A block of the section, from 0, to be run at a place: with what stands for these words.
    pub(crate) fn block(&self, number: usize, at: &Path, words: &[(&str, &Path)]) -> Command {
        let mut lines = self.blocks[number].replace(BUILD, "");
        for (word, path) in [("CLONE", self.root.as_path())].iter().chain(words) {
            lines = lines.replace(word, path.to_str().expect("UTF-8"));
        }
        let mut shell = Command::new("sh");
        shell.args(["-ec", &lines]).current_dir(at);
        shell
    }
}

/// What is indented by four, up to the next heading.
fn blocks(section: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in section.lines().take_while(|line| !line.starts_with("## ")) {
        let last = blocks.last_mut().expect("one");
        match line.strip_prefix("    ") {
            Some(line) => last.extend([line, "\n"]),
            None if !last.is_empty() => blocks.push(String::new()),
            None => {}
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

#[test]
fn blocks_are_told_from_what_stands_between_them() {
    let section = "Words:\n\n    one\n    two\n\nand\n\n    three\n\n## Another\n\n    four\n";
    assert_eq!(blocks(section), ["one\ntwo\n", "three\n"]);
}
