//! What the code cites of docs/contract.md is there.

use crate::pages::root;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders whose files may cite.
const CITING: &[&str] =
    &["benches", "bindings", "core", "decode", "engines", "examples", "include", "src", "tests"];
/// The files that are read.
const ENDINGS: &[&str] = &["c", "cpp", "h", "hpp", "rs"];

/// A section, or a rule of one: `3`, or `3` and `7`.
type Place = (u32, Option<u32>);

/// Every place of the contract, by its headings and the numbered rules below them.
fn places() -> BTreeSet<Place> {
    let text = fs::read_to_string(root().join("docs/contract.md")).expect("docs/contract.md");
    let mut places = BTreeSet::new();
    let mut section = None;
    for line in text.lines() {
        let rule = line.split_once(". ").and_then(|(number, _)| number.parse().ok());
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.split_once('.').and_then(|(number, _)| number.parse().ok());
            places.extend(section.map(|section| (section, None)));
        } else if let (Some(section), Some(rule)) = (section, rule) {
            places.insert((section, Some(rule)));
        }
    }
    places
}

/// What a text cites. Its comments may break a line anywhere.
fn citations(text: &str) -> Vec<Place> {
    let lines = text.lines().map(|line| line.trim().trim_start_matches(['/', '!', '*', '#']).trim());
    let text = lines.collect::<Vec<_>>().join(" ");
    let mut citations = Vec::new();
    for after in text.split("contract").skip(1) {
        // `contract, section 3, rule 7`, `contract (sections 2 and 3)`, `contract.md section 2`.
        let words: Vec<&str> = after
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty() && *word != "md")
            .take(6)
            .collect();
        let number = |at: usize| words.get(at).and_then(|word| word.parse::<u32>().ok());
        match words.first().copied() {
            Some("section") => {
                let rule = if words.get(2) == Some(&"rule") { number(3) } else { None };
                citations.extend(number(1).map(|section| (section, rule)));
            }
            Some("sections") => {
                citations.extend([1, 3].into_iter().filter_map(number).map(|section| (section, None)));
            }
            _ => {}
        }
    }
    citations
}

/// Every file below a folder that may cite. What is built or installed there is not ours.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        let is_ours =
            |name: &str| !name.starts_with('.') && !["target", "node_modules", "docs"].contains(&name);
        if path.is_dir() {
            if path.file_name().and_then(|name| name.to_str()).is_some_and(is_ours) {
                files(&path, found);
            }
        } else if path.extension().and_then(|ending| ending.to_str()).is_some_and(|e| ENDINGS.contains(&e)) {
            found.push(path);
        }
    }
}

#[test]
fn every_section_and_rule_that_the_code_cites_is_in_the_contract() {
    let places = places();
    let mut found = Vec::new();
    CITING.iter().for_each(|folder| files(&root().join(folder), &mut found));
    let (mut count, mut wrong) = (0, Vec::new());
    for file in found {
        for place in citations(&fs::read_to_string(&file).unwrap_or_default()) {
            count += 1;
            if !places.contains(&place) {
                wrong.push(format!("{}: {place:?}", file.display()));
            }
        }
    }
    assert!(count > 10, "{count} citations were found");
    assert!(wrong.is_empty(), "not in docs/contract.md:\n{}", wrong.join("\n"));
}

#[test]
fn citations_are_found_in_every_form_that_is_used() {
    let text = "/// (contract, section 3, rule\n/// 7) and contract (sections 2 and 3); contract.md section 9, a contract.";
    assert_eq!(citations(text), [(3, Some(7)), (2, None), (3, None), (9, None)]);
    assert!(!places().contains(&(9, None)));
    assert!(places().is_superset(&(1..=8).map(|rule| (3, Some(rule))).collect()));
}
