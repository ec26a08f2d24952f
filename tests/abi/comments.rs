//! The header is the manual: every function says the same five things in the same order.

use crate::header::{self, Function};
use crate::symbols;

/// What follows after what the function does.
const PARTS: [&str; 4] = ["Parameters:", "Returns:", "Threads:", "Since:"];

/// What is wrong with a function's comment.
fn faults(function: &Function, since: Option<&str>) -> Vec<String> {
    let lines = &function.comment;
    let mut starts = Vec::new();
    let mut faults = Vec::new();
    for part in PARTS {
        let found: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].starts_with(part)).collect();
        match found[..] {
            [at] => starts.push(at),
            _ => faults.push(format!("{part} stands there {} times", found.len())),
        }
    }
    if !faults.is_empty() {
        return faults;
    }
    if !starts.is_sorted() {
        faults.push("its parts are not in order".to_owned());
        return faults;
    }
    let text = |part: usize| {
        let end = starts.get(part + 1).copied().unwrap_or(lines.len());
        lines[starts[part]..end].join("\n")[PARTS[part].len()..].trim().to_owned()
    };
    if lines[..starts[0]].iter().all(String::is_empty) {
        faults.push("it does not say what the function does".to_owned());
    }
    for name in &function.parameters {
        if !text(0).lines().any(|line| line.trim_start_matches("- ").starts_with(&format!("{name}: "))) {
            faults.push(format!("Parameters: nothing about {name}"));
        }
    }
    let fixed = [
        (0, function.parameters.is_empty(), "none."),
        (1, function.returns == "void", "nothing."),
        (3, true, since.unwrap_or("(not in the list of symbols)")),
    ];
    for (part, applies, wanted) in fixed {
        if applies && text(part) != wanted {
            faults.push(format!("{} {:?}, not {wanted:?}", PARTS[part], text(part)));
        }
    }
    faults
        .extend((1..3).filter(|part| text(*part).is_empty()).map(|part| format!("{} is empty", PARTS[part])));
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
fn a_comment_without_one_of_its_parts_is_found() {
    let comment = |lines: &[&str]| Function {
        name: "mlab_x".into(),
        returns: "int32_t".into(),
        parameters: vec!["config".into()],
        comment: lines.iter().map(|&line| line.to_owned()).collect(),
    };
    let (what, parameters, returns) = ("Does it.", "Parameters: config: changed.", "Returns: MLAB_OK.");
    let (threads, since) = ("Threads: any.", "Since: 0.1.0");
    let rows: [(&[&str], &str); 8] = [
        (&[what, parameters, returns, threads, since], ""),
        (&[parameters, returns, threads, since], "what the function does"),
        (&[what, returns, threads, since], "Parameters: stands there 0 times"),
        (&[what, parameters, threads, since], "Returns: stands there 0 times"),
        (&[what, parameters, returns, since], "Threads: stands there 0 times"),
        (&[what, parameters, returns, threads, "Since: 0.2.0"], "not \"0.1.0\""),
        (&[what, returns, parameters, threads, since], "not in order"),
        (&[what, "Parameters: it: changed.", returns, threads, since], "nothing about config"),
    ];
    for (lines, wanted) in rows {
        let found = faults(&comment(lines), Some("0.1.0")).join("; ");
        assert!(found.contains(wanted) && found.is_empty() == wanted.is_empty(), "{lines:?}: {found}");
    }
}
