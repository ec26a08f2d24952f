//! Relative links lead somewhere.

use crate::pages::{self, Page, root};
use std::path::Path;

/// The targets of a page's links and pictures, with their lines.
fn links(page: &Page) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (number, line) in page.prose() {
        // What is in backquotes is no link.
        let spoken: String = line.split('`').step_by(2).collect::<Vec<_>>().join("x");
        for after in spoken.split("](").skip(1) {
            let target = after.split(')').next().unwrap_or_default();
            links.push((number, target.to_owned()));
        }
    }
    links
}

/// What is wrong with a link of a page.
fn fault(page: &Page, pages: &[Page], target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let folder = page.path.parent().unwrap_or(Path::new(""));
    let path = if file.is_empty() { page.path.clone() } else { folder.join(file) };
    let Ok(found) = root().join(&path).canonicalize() else {
        return Some(format!("{target} leads to no file"));
    };
    let anchor = anchor?;
    let is_it = |page: &&Page| root().join(&page.path).canonicalize().is_ok_and(|path| path == found);
    let Some(page) = pages.iter().find(is_it) else {
        return Some(format!("{target} has an anchor, and {file} is none of the pages"));
    };
    let has_it = page.anchors().iter().any(|known| known == anchor);
    (!has_it).then(|| format!("{target}: {} has no such heading", page.path.display()))
}

#[test]
fn every_relative_link_leads_to_a_file_and_a_heading_that_are_there() {
    let pages = pages::all();
    let mut count = 0;
    let mut faults = Vec::new();
    for page in &pages {
        for (line, target) in links(page) {
            count += 1;
            let wrong = fault(page, &pages, &target);
            faults.extend(wrong.map(|why| format!("{}:{line}: {why}", page.path.display())));
        }
    }
    assert!(count > 10, "{count} links were found");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let page = Page { path: "docs/x.md".into(), text: "# Here\n[a](../README.md) `[b](no.md)`".into() };
    assert_eq!(links(&page), [(2, "../README.md".to_owned())]);
    let pages = [Page { path: "docs/x.md".into(), text: page.text.clone() }];
    let rows = [
        ("../README.md", true),
        ("https://example.com/no.md", true),
        ("no.md", false),
        ("../docs/../no/README.md", false),
        ("#there", false),
    ];
    for (target, is_good) in rows {
        // docs/x.md is not on the disk: a bare anchor of it is refused for that.
        assert_eq!(fault(&page, &pages, target).is_none(), is_good, "{target}");
    }
    let readme = &pages::all()[..];
    assert!(fault(&page, readme, "design.md#the-engine").is_none());
    assert!(fault(&page, readme, "design.md#no-such-heading").is_some());
}
