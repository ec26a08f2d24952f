//! The header is the manual: every function says the same five things in the same order, as tags that Doxygen and clangd
//! show.

use crate::symbols;
use mlab_bindings::declarations::{self as header, Function, Parameter};

/// The tags of a comment in the order in which they must stand.
fn wanted(function: &Function, since: Option<&str>) -> Vec<String> {
    let mut tags: Vec<String> = function.parameters.iter().map(|p| format!("@param {}", p.name)).collect();
    if function.returns != "void" {
        tags.push("@return".into());
    }
    tags.push("@note Threads:".into());
    tags.push(format!("@since {}", since.unwrap_or("(not in the list of symbols)")));
    tags
}

/// What is wrong with a function's comment.
fn faults(function: &Function, since: Option<&str>) -> Vec<String> {
    let lines = &function.comment;
    let starts: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with('@')).collect();
    let mut faults = Vec::new();
    if lines[..starts.first().copied().unwrap_or(lines.len())].iter().all(String::is_empty) {
        faults.push("it does not say what the function does".to_owned());
    }
    let wanted = wanted(function, since);
    if starts.len() != wanted.len() {
        faults.push(format!("it has {} tags, not {}", starts.len(), wanted.len()));
    }
    for (start, tag) in starts.iter().zip(&wanted) {
        let line = lines[*start].replace("@param[out]", "@param");
        let text = line.strip_prefix(tag.as_str());
        let is_told = text.is_some_and(|text| tag.starts_with("@since") == text.trim().is_empty());
        if !is_told {
            faults.push(format!("{line:?} where {tag} stands in others"));
        }
    }
    faults
}

#[test]
fn every_function_comment_has_its_five_parts_in_order() {
    let since = symbols::list();
    let functions = header::functions();
    let wrong: Vec<String> = functions
        .iter()
        .map(|function| (&function.name, faults(function, since.get(&function.name).map(String::as_str))))
        .filter(|(_, faults)| !faults.is_empty())
        .map(|(name, faults)| format!("{name}: {}", faults.join("; ")))
        .collect();
    assert!(wrong.is_empty(), "of {} functions:\n{}", functions.len(), wrong.join("\n"));
}

#[test]
fn what_a_function_writes_into_is_told_as_an_out_parameter() {
    for function in header::functions() {
        for parameter in &function.parameters {
            let is_tagged = function
                .comment
                .iter()
                .any(|line| line.starts_with(&format!("@param[out] {} ", parameter.name)));
            let is_written = parameter.kind.ends_with("**")
                || ["size_t *", "uint64_t *"].contains(&parameter.kind.as_str());
            assert_eq!(is_tagged, is_written, "{}: {}", function.name, parameter.name);
        }
    }
}

#[test]
fn a_comment_without_one_of_its_parts_is_found() {
    let comment = |lines: &[&str]| Function {
        name: "mlab_x".into(),
        returns: "int32_t".into(),
        parameters: vec![Parameter { name: "config".into(), kind: "mlab_config *".into() }],
        comment: lines.iter().map(|&line| line.to_owned()).collect(),
    };
    let (what, parameter, returns) = ("Does it.", "@param config changed.", "@return MLAB_OK.");
    let (threads, since) = ("@note Threads: any.", "@since 0.1.0");
    let rows: [(&[&str], &str); 9] = [
        (&[what, parameter, returns, threads, since], ""),
        (&[parameter, returns, threads, since], "what the function does"),
        (&[what, returns, threads, since], "3 tags, not 4"),
        (&[what, parameter, threads, since], "3 tags, not 4"),
        (&[what, parameter, returns, since], "3 tags, not 4"),
        (&[what, parameter, returns, threads, "@since 0.2.0"], "where @since 0.1.0 stands"),
        (&[what, returns, parameter, threads, since], "where @param config stands"),
        (&[what, "@param it changed.", returns, threads, since], "where @param config stands"),
        (&[what, parameter, "@return", threads, since], "where @return stands"),
    ];
    for (lines, wanted) in rows {
        let found = faults(&comment(lines), Some("0.1.0")).join("; ");
        assert!(found.contains(wanted) && found.is_empty() == wanted.is_empty(), "{lines:?}: {found}");
    }
}
