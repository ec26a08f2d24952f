//! The statuses that the header lists for each function, read from its comments.

use crate::declarations::{Constant, Function};
use std::collections::BTreeSet;

/// The numbers of all statuses that the comment of a function lists, by name, as a range, or as those of another function.
pub fn listed(functions: &[Function], constants: &[Constant], name: &str) -> BTreeSet<i32> {
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
