//! Go: the constants that a program sees. cgo reads the functions from the header itself, and compares their types.

use super::{MARK, each};
use crate::declarations::Constant;
use crate::header::{Enumeration, Header};
use crate::names::{camel, short_name};

/// What Go's linters want in capitals within a name.
const INITIALISMS: &[&str] = &["API", "OK", "TLS", "URL"];

/// The enumerations that programs see: the type that each has, written by hand beside its methods, and what stands before
/// the names of its constants.
const TYPES: &[(&str, &str, &str)] = &[
    ("mlab_statuses", "Status", ""),
    ("mlab_status_groups", "Group", "Group"),
    ("mlab_event_kinds", "EventKind", ""),
    ("mlab_roots_kinds", "Roots", "Roots"),
];

pub(super) fn constants(header: &Header) -> String {
    let of = |name: &str| header.enumerations.iter().find(|e| e.name == name).expect("in the header");
    let blocks = each(TYPES, |(name, kind, prefix)| {
        let constant = |c: &Constant| {
            format!("\n\t// {}\n\t{} {kind} = {}\n", c.comment, name_of(of(name), c, prefix), c.value)
        };
        let constants = each(&of(name).constants, constant);
        format!("\n// The constants of {name}.\nconst ({}\n)\n", constants.trim_end())
    });
    let groups = of("mlab_status_groups");
    let keys: Vec<String> = groups.constants.iter().map(|c| name_of(groups, c, "Group") + ":").collect();
    let width = keys.iter().map(String::len).max().unwrap_or_default(); // gofmt's columns.
    let words = groups.constants.iter().map(|c| short_name(groups, c).to_lowercase());
    let names: String =
        keys.iter().zip(words).map(|(key, word)| format!("\n\t{key:width$} \"{word}\",")).collect();
    format!("// {MARK}\n\npackage mlab\n{blocks}\nvar groupNames = map[Group]string{{{names}\n}}\n")
}

fn name_of(e: &Enumeration, c: &Constant, prefix: &str) -> String {
    let words = short_name(e, c).split('_').map(|word| match word {
        word if INITIALISMS.contains(&word) => word.to_owned(),
        word => camel(&word.to_lowercase()),
    });
    let name: String = words.collect();
    match c.name.as_str() {
        // Wait and Events deal with it.
        "MLAB_NO_EVENT" => "noEvent".to_owned(),
        // Image is a type.
        "MLAB_EVENT_IMAGE" => "ImageThere".to_owned(),
        error if error.starts_with("MLAB_E_") => format!("Err{name}"),
        _ => format!("{prefix}{name}"),
    }
}
