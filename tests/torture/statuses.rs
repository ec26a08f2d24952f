//! The statuses that the header lists for each function, read from its comments: `documented_statuses.h` for C.

use mlab_bindings::declarations::{Constant, Function, constants, functions};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Writes the table into a folder; several programs may do so at once.
pub(crate) fn write(folder: &Path) {
    let mut text = String::from(
        "#include <mlab.h>\n\
         typedef struct {\n    const char *function;\n    size_t count;\n    int32_t statuses[64];\n} documented;\n\
         static const documented documented_statuses[] = {\n",
    );
    let (functions, constants) = (functions(), constants());
    for function in functions.iter().filter(|function| function.returns == "int32_t") {
        let statuses: Vec<String> =
            listed(&functions, &constants, &function.name).iter().map(i32::to_string).collect();
        if !statuses.is_empty() {
            let count = statuses.len();
            writeln!(text, "    {{\"{}\", {count}, {{{}}}}},", function.name, statuses.join(", "))
                .expect("a String takes all");
        }
    }
    text.push_str("    {NULL, 0, {0}},\n};\n");
    let name = "documented_statuses.h";
    let (made, wanted) = (folder.join(format!("{name}.{}", std::process::id())), folder.join(name));
    fs::write(&made, text).and_then(|()| fs::rename(&made, &wanted)).expect("a file in the target folder");
}

/// The numbers of all statuses that the comment of a function lists, by name, as a range, or as those of another function.
fn listed(functions: &[Function], constants: &[Constant], name: &str) -> BTreeSet<i32> {
    let function = functions.iter().find(|function| function.name == name);
    let Some(about) = function.and_then(Function::about_return) else { return BTreeSet::new() };
    let number = |name: &str| {
        let constant = constants.iter().find(|constant| constant.name == name);
        constant.and_then(|constant| constant.value.parse::<i32>().ok())
    };
    let words: Vec<&str> = about
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let word = |at: usize| words.get(at).copied().unwrap_or_default();
    let (mut all, mut without) = (BTreeSet::new(), BTreeSet::new());
    for (at, &this) in words.iter().enumerate() {
        if this == "as" && word(at + 1).starts_with("mlab_") {
            all.extend(listed(functions, constants, word(at + 1)));
        }
        let Some(status) = number(this).filter(|_| !this.starts_with("MLAB_EVENT_")) else { continue };
        if at > 1 && [word(at - 2), word(at - 1)] == ["but", "not"] {
            without.insert(status);
            continue;
        }
        all.insert(status);
        if at > 0 && word(at - 1) == "from" && word(at + 1) == "to" {
            let last = number(word(at + 2)).expect("a range of two statuses");
            all.extend(constants.iter().filter(|constant| constant.name.starts_with("MLAB_E_")).filter_map(
                |constant| constant.value.parse::<i32>().ok().filter(|value| (last..=status).contains(value)),
            ));
        }
    }
    &all - &without
}

#[test]
fn the_lists_of_the_header_are_read() {
    let (functions, constants) = (functions(), constants());
    let of = |name| listed(&functions, &constants, name);
    let fetch = of("mlab_fetch_queued");
    // From RESOLVE to API, with those that are neither.
    for status in [0, 1, -1, -7, -8, -20, -28, -40, -48] {
        assert!(fetch.contains(&status), "{status} of {fetch:?}");
    }
    assert!(!fetch.contains(&-2) && !fetch.contains(&-60), "{fetch:?}");
    let wait = of("mlab_client_wait");
    assert!(wait.contains(&-60), "{wait:?}");
    assert!(wait.contains(&-3) && wait.contains(&-48) && !wait.contains(&1), "{wait:?}");
    assert!(of("mlab_client_download").contains(&-60) && !of("mlab_client_download_memory").contains(&-60));
    assert_eq!(of("mlab_config_set_ca_file"), BTreeSet::from([0, -1, -60]));
    assert!(wait.is_subset(&of("mlab_event_status")));
}
