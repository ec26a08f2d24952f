//! The pages, and their parts as Markdown has them: prose, fenced blocks, headings.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A page.
pub(crate) struct Page {
    /// Relative to the repository.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// A fenced block.
pub(crate) struct Block {
    /// What stands behind the fence, such as `c`.
    pub(crate) language: String,
    /// The line of the fence, from 1.
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// The folder of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What is made, and not the project's: pages of packages that were built or fetched.
const MADE: &[&str] = &["target", "node_modules", "vendor"];

/// The pages of this project, wherever they lie.
pub(crate) fn all() -> Vec<Page> {
    let mut pages = Vec::new();
    collect(root(), &mut pages);
    pages.sort_by(|one, other| one.path.cmp(&other.path));
    for wanted in ["README.md", "CONTRIBUTING.md", "docs/design.md", "bindings/node/README.md"] {
        assert!(pages.iter().any(|page| page.path == Path::new(wanted)), "{wanted} is missing");
    }
    pages
}

fn collect(folder: &Path, pages: &mut Vec<Page>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for entry in entries.map(|entry| entry.expect("an entry")) {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap_or_default());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if !name.starts_with('.') && !MADE.contains(&name.as_str()) {
                collect(&path, pages);
            }
        } else if name.ends_with(".md") {
            pages.push(read(&path));
        }
    }
}

fn read(file: &Path) -> Page {
    let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    Page { path: file.strip_prefix(root()).expect("inside the repository").to_owned(), text }
}

impl Page {
    /// The lines outside of fenced blocks, with their numbers from 1.
    pub(crate) fn prose(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut is_inside = false;
        self.text.lines().enumerate().filter_map(move |(index, line)| {
            let is_fence = line.trim_start().starts_with("```");
            is_inside ^= is_fence;
            (!is_fence && !is_inside).then_some((index + 1, line))
        })
    }

    /// The fenced blocks.
    pub(crate) fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut is_inside = false;
        for (index, line) in self.text.lines().enumerate() {
            match line.trim_start().strip_prefix("```") {
                Some(_) if is_inside => is_inside = false,
                Some(language) => {
                    is_inside = true;
                    blocks.push(Block {
                        language: language.trim().into(),
                        line: index + 1,
                        text: String::new(),
                    });
                }
                None if is_inside => {
                    let text = &mut blocks.last_mut().expect("the one that was begun").text;
                    text.push_str(line);
                    text.push('\n');
                }
                None => {}
            }
        }
        blocks
    }

    /// What `#` in a link may name, as GitHub makes it from the headings.
    pub(crate) fn anchors(&self) -> Vec<String> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let headings = self.prose().filter_map(|(_, line)| {
            let text = line.trim_start_matches('#');
            (text.len() < line.len() && text.starts_with(' ')).then(|| anchor(text.trim()))
        });
        let mut anchors = Vec::new();
        for heading in headings {
            let times = seen.entry(heading.clone()).or_default();
            anchors.push(if *times == 0 { heading } else { format!("{heading}-{times}") });
            *times += 1;
        }
        anchors
    }
}

/// Lower case, letters, digits, `_` and `-` alone, a `-` for each space.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).flat_map(char::to_lowercase).collect()
}

#[test]
fn an_anchor_is_made_as_github_makes_it() {
    let page =
        Page { path: "x.md".into(), text: "# 4. Around `the` call\n```\n# no\n```\n## A\n## A\n".into() };
    assert_eq!(page.anchors(), ["4-around-the-call", "a", "a-1"]);
}
