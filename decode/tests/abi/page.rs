//! The header as a page: every function says the same five things in the same order, and numbers agree with mlab.h.

use crate::built::root;
use crate::symbols;
use std::collections::BTreeMap;
use std::fs;

/// A declared function.
pub(crate) struct Function {
    pub(crate) name: String,
    returns_nothing: bool,
    parameters: Vec<String>,
    comment: Vec<String>,
}

pub(crate) fn header() -> String {
    fs::read_to_string(root().join("include/mlab_decode.h")).expect("the header")
}

/// Every function, in the header's order.
pub(crate) fn functions() -> Vec<Function> {
    let text = header();
    let found: Vec<Function> = text
        .split("/**")
        .skip(1)
        .filter_map(|item| {
            let (comment, code) = item.split_once("*/").expect("the end of a comment");
            let declaration = code.trim_start().strip_prefix("MLAB_DECODE_API")?.split_once(");")?.0;
            Some(function(comment, declaration))
        })
        .collect();
    let declared = text.lines().filter(|line| line.starts_with("MLAB_DECODE_API")).count();
    assert_eq!(found.len(), declared, "a function without a comment, or a comment that cannot be read");
    found
}

fn function(comment: &str, declaration: &str) -> Function {
    let last_word = |text: &str| text.trim().rsplit([' ', '*', '\n']).next().expect("a name").to_owned();
    let (head, parameters) = declaration.split_once('(').expect("the parameters of a function");
    let line = |line: &str| line.trim_start().trim_start_matches('*').trim().to_owned();
    Function {
        name: last_word(head),
        returns_nothing: head.trim().starts_with("void "),
        parameters: parameters.split(',').filter(|p| p.trim() != "void").map(last_word).collect(),
        comment: comment.trim().lines().map(line).collect(),
    }
}

/// What follows after what the function does.
const PARTS: [&str; 4] = ["Parameters:", "Returns:", "Threads:", "Since:"];

fn faults(function: &Function, since: &str) -> Vec<String> {
    let lines = &function.comment;
    let starts: Vec<usize> =
        PARTS.iter().filter_map(|part| lines.iter().position(|line| line.starts_with(part))).collect();
    let parts = lines.iter().filter(|line| PARTS.iter().any(|part| line.starts_with(part))).count();
    if starts.len() != 4 || parts != 4 || !starts.is_sorted() || starts[0] == 0 {
        return vec!["its five parts are not there once each and in order".to_owned()];
    }
    let text = |part: usize| {
        let end = starts.get(part + 1).copied().unwrap_or(lines.len());
        lines[starts[part]..end].join("\n")[PARTS[part].len()..].trim().to_owned()
    };
    let mut faults = Vec::new();
    for name in &function.parameters {
        if !text(0).lines().any(|line| line.trim_start_matches("- ").starts_with(&format!("{name}: "))) {
            faults.push(format!("nothing about {name}"));
        }
    }
    let fixed = [
        (0, function.parameters.is_empty(), "none."),
        (1, function.returns_nothing, "nothing."),
        (3, true, since),
    ];
    for (part, applies, wanted) in fixed {
        if applies != (text(part) == wanted) {
            faults.push(format!("{} {:?}", PARTS[part], text(part)));
        }
    }
    faults
        .extend((1..3).filter(|part| text(*part).is_empty()).map(|part| format!("{} is empty", PARTS[part])));
    faults
}

#[test]
fn every_function_comment_has_its_five_parts_in_order() {
    let since = symbols::list();
    for function in functions() {
        let version = since.get(&function.name).map_or("(not in the list)", String::as_str);
        assert_eq!(faults(&function, version), Vec::<String>::new(), "{}", function.name);
    }
}

#[test]
fn a_comment_without_one_of_its_parts_is_found() {
    let good =
        ["Does it.", "Parameters: image: borrowed.", "Returns: a number.", "Threads: any.", "Since: 0.1.0"];
    let faults_of = |lines: &[&str]| {
        faults(
            &function(&lines.join("\n * "), "int32_t mlab_decode_x(const mlab_decode_image *image"),
            "0.1.0",
        )
    };
    assert!(faults_of(&good).is_empty());
    for missing in 0..good.len() {
        let lines: Vec<&str> =
            good.iter().enumerate().filter(|(i, _)| *i != missing).map(|(_, l)| *l).collect();
        assert!(!faults_of(&lines).is_empty(), "without {}", good[missing]);
    }
    assert!(!faults_of(&[good[0], "Parameters: it: borrowed.", good[2], good[3], good[4]]).is_empty());
    assert!(!faults_of(&[good[0], good[1], good[2], good[3], "Since: 0.2.0"]).is_empty());
}

/// The constants of a header by name, whether they are enumerators or macros.
fn constants(header: &str) -> BTreeMap<String, i64> {
    let constant = |line: &str| {
        let line = line.trim().trim_end_matches(',');
        let (name, value) = match line.strip_prefix("#define ") {
            Some(rest) => rest.split_once(' ')?,
            None => line.split_once(" = ")?,
        };
        Some((name.to_owned(), value.trim_matches(['(', ')']).parse().ok()?))
    };
    header.lines().filter_map(constant).collect()
}

#[test]
fn a_status_that_mlab_has_too_has_the_same_number_and_no_other_one_has_it() {
    let mlab = constants(&fs::read_to_string(root().join("../include/mlab.h")).expect("the header of mlab"));
    let ours = constants(&header());
    let statuses = ours.iter().filter(|(name, _)| name.contains("_E_") || *name == "MLAB_DECODE_OK");
    let mut shared = 0;
    for (name, number) in statuses {
        let theirs = name.replace("MLAB_DECODE_", "MLAB_");
        match mlab.get(&theirs) {
            Some(same) => {
                assert_eq!(same, number, "{name}");
                shared += 1;
            }
            None => assert!((-99..=-80).contains(number), "{name}"),
        }
    }
    assert!(shared >= 6, "{ours:?}");
    assert!(!mlab.iter().any(|(name, number)| name.starts_with("MLAB_E_") && (-99..=-80).contains(number)));
}

#[test]
fn no_line_is_longer_than_a_page_is_wide() {
    for line in header().lines() {
        assert!(line.chars().count() <= 120, "{line}");
    }
}
