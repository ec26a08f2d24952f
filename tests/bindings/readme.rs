//! README.md's table of languages: a row's line installs the package, and the block of that name is run with it.

use crate::place::{snippets, source};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One language.
struct Row {
    language: String,
    install: String,
    /// Its own page; some need none.
    page: Option<PathBuf>,
}

fn text(path: impl AsRef<Path>) -> String {
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.as_ref().display()))
}

fn rows() -> Vec<Row> {
    let readme = text(source("README.md"));
    let (_, table) = readme.split_once("\n| language | install | more |\n|---|---|---|\n").expect("a table");
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [language, install, more] = cells[..] else { panic!("{line}") };
        let page = more.split_once("](").and_then(|(_, rest)| rest.split_once(')')).map(|(page, _)| page);
        Row {
            // `C++11 and later` is C++.
            language: language.split([' ', '1']).next().unwrap_or_default().to_owned(),
            install: install.trim_matches('`').to_owned(),
            page: page.filter(|page| page.ends_with(".md")).map(source),
        }
    };
    table.lines().take_while(|line| line.starts_with('|')).map(row).collect()
}

fn row(language: &str) -> Row {
    rows().into_iter().find(|row| row.language == language).unwrap_or_else(|| panic!("no row for {language}"))
}

/// The blocks behind the table: what each is called, its fence and its program.
fn blocks() -> Vec<(String, String, String)> {
    let readme = text(source("README.md"));
    let block = |rest: &str| {
        let (name, rest) =
            rest.split_once("</summary>\n\n```").expect("the end of a summary, then a program");
        let (fence, rest) = rest.split_once('\n').expect("a line");
        let (program, rest) = rest.split_once("```").expect("the end of a program");
        assert!(rest.starts_with("\n\n</details>\n"), "{name}: more than a program");
        (name.to_owned(), fence.to_owned(), program.to_owned())
    };
    readme.split("<details><summary>").skip(1).map(block).collect()
}

/// The README's line for a language, with this tool in place of its first word. Whoever runs it adds where to find what no
/// registry has yet.
pub(crate) fn install(language: &str, tool: &Path) -> Command {
    let line = install_cell(language);
    let mut words = line.split(' ');
    let first = words.next().expect("a word");
    assert_eq!(tool.file_name().and_then(|name| name.to_str()), Some(first), "{line}");
    let mut command = Command::new(tool);
    command.args(words);
    command
}

/// What the README says of installing, where that is no command.
pub(crate) fn install_cell(language: &str) -> String {
    row(language).install
}

/// The page of a language.
pub(crate) fn page(language: &str) -> PathBuf {
    row(language).page.unwrap_or_else(|| panic!("{language} has no page"))
}

/// All programs in a language that a reader sees: the README's, then those of its own page.
pub(crate) fn programs(language: &str) -> Vec<String> {
    let (_, fence, program) =
        blocks().into_iter().find(|(name, ..)| name == language).unwrap_or_else(|| panic!("{language}"));
    let page = row(language).page;
    let more = page.map(|page| snippets(&page, &fence)).unwrap_or_default();
    [vec![program], more].concat()
}

#[test]
fn every_row_has_a_program_and_a_page_that_says_the_same() {
    let (rows, blocks) = (rows(), blocks());
    assert!(rows.len() >= 10, "{} languages", rows.len());
    let languages: Vec<&str> = rows.iter().map(|row| row.language.as_str()).collect();
    let shown: Vec<&str> = blocks.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(languages, shown);
    for Row { language, install, page } in &rows {
        if let Some(page) = page {
            assert!(
                text(page).contains(install.as_str()),
                "{language}: {} does not say {install}",
                page.display()
            );
        }
    }
}
