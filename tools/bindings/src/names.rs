//! How constants and enumerations are called where a class or module stands in for the prefix.

use crate::declarations::Constant;
use crate::header::Enumeration;

/// The name of one of these, as a type: `Status` for `mlab_statuses`, `EventKind` for `mlab_event_kinds`.
pub(crate) fn type_name(enumeration: &Enumeration) -> String {
    let plural = enumeration.name.strip_prefix("mlab_").unwrap_or(&enumeration.name);
    let singular = plural.strip_suffix("ses").map(|stem| format!("{stem}s"));
    camel(&singular.unwrap_or_else(|| plural.strip_suffix('s').unwrap_or(plural).to_owned()))
}

/// A constant within its type: `AUTH` for `MLAB_E_AUTH`, `DONE` for `MLAB_EVENT_DONE`.
pub(crate) fn short_name<'a>(enumeration: &Enumeration, constant: &'a Constant) -> &'a str {
    let word = enumeration.name.split('_').nth(1).unwrap_or_default();
    // mlab_status_groups has MLAB_GROUP_..., and mlab_statuses has MLAB_E_... or no word of its own; so has the decoder.
    let prefixes = match (enumeration.name.as_str(), word) {
        ("mlab_decode_statuses", _) => vec!["MLAB_DECODE_E_".to_owned(), "MLAB_DECODE_".to_owned()],
        ("mlab_decode_kinds", _) => vec!["MLAB_DECODE_KIND_".to_owned()],
        (_, "statuses") => vec!["MLAB_E_".to_owned(), "MLAB_".to_owned()],
        (_, "status") => vec!["MLAB_GROUP_".to_owned()],
        (_, word) => vec![format!("MLAB_{}_", word.to_uppercase())],
    };
    let name = prefixes.iter().find_map(|prefix| constant.name.strip_prefix(prefix.as_str()));
    name.unwrap_or_else(|| panic!("{} in {}", constant.name, enumeration.name))
}

/// `EventKind` for `event_kind`.
pub(crate) fn camel(name: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('_').filter(|w| !w.is_empty()).map(word).collect()
}
