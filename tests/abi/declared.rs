//! The header of the last release against this one: what was declared is declared still, with the same types and numbers.

use crate::released::{HOW_TO_ADD, RELEASED_HEADER, has_the_last_releases_version};
use mlab_bindings::declarations::{Constant, Function, constants_of, functions_of, text, typedefs_of};

/// What they say about the library they came with, and not to it.
const VERSIONS: [&str; 5] =
    ["MLAB_VERSION", "MLAB_VERSION_NUMBER", "MLAB_VERSION_MAJOR", "MLAB_VERSION_MINOR", "MLAB_VERSION_PATCH"];

/// What a program compiled with the one header misses in a library with the other. What is new there is no break, and
/// what a parameter is called is nobody's affair.
fn breaks(released: &str, now: &str) -> Vec<String> {
    let (functions, constants) = (functions_of(now, "MLAB_API"), constants_of(now));
    let typedefs = typedefs_of(now);
    let types = |function: &Function| -> Vec<String> {
        let parameters = function.parameters.iter().map(|parameter| parameter.kind.clone());
        std::iter::once(function.returns.clone()).chain(parameters).collect()
    };
    let of_functions = functions_of(released, "MLAB_API").into_iter().filter_map(|old| {
        match functions.iter().find(|new| new.name == old.name) {
            None => Some(format!("{} is gone", old.name)),
            Some(new) if types(new) != types(&old) => {
                Some(format!("{} was {:?} and is {:?}", old.name, types(&old), types(new)))
            }
            Some(_) => None,
        }
    });
    let is_number = |constant: &Constant| !VERSIONS.contains(&constant.name.as_str());
    let of_constants = constants_of(released).into_iter().filter(is_number).filter_map(|old| match constants
        .iter()
        .find(|new| new.name == old.name)
    {
        None => Some(format!("{} is gone", old.name)),
        Some(new) if new.value != old.value => {
            Some(format!("{} was {} and is {}", old.name, old.value, new.value))
        }
        Some(_) => None,
    });
    let is_gone = |old: &String| !typedefs.contains(old);
    let of_types = typedefs_of(released).into_iter().filter(is_gone).map(|old| format!("is gone: {old}"));
    of_functions.chain(of_constants).chain(of_types).collect()
}

#[test]
fn what_the_last_release_declared_is_declared_still() {
    let broken = breaks(RELEASED_HEADER, &text());
    assert!(broken.is_empty(), "programs of the last release break:\n{}", broken.join("\n"));
}

/// Until the version is raised, what is kept of the last release is this one.
#[test]
fn under_the_last_releases_version_nothing_is_added_to_the_declarations() {
    if !has_the_last_releases_version(&text()) {
        return;
    }
    let added = breaks(&text(), RELEASED_HEADER);
    assert!(
        added.is_empty(),
        "the header in tests/abi/released lacks what this one has; {HOW_TO_ADD}:\n{}",
        added.join("\n")
    );
}

#[test]
fn a_break_of_the_declarations_is_found() {
    // As the header of a later version, with what must not be done in it.
    let planted = [
        ("size_t mlab_client_pending(", "size_t mlab_client_waiting(", "mlab_client_pending is gone"),
        ("int32_t mlab_result_attempts(", "int64_t mlab_result_attempts(", "mlab_result_attempts was"),
        ("deadline_ms);", "deadline_ms, uint32_t more);", "mlab_request_set_deadline_ms was"),
        ("uint64_t tag);", "uint32_t tag);", "mlab_request_set_tag was"),
        ("MLAB_E_BUSY = -4,", "MLAB_E_BUSY = -9,", "MLAB_E_BUSY was -4 and is -9"),
        ("MLAB_E_BUSY = -4,", "MLAB_E_CROWDED = -4,", "MLAB_E_BUSY is gone"),
        ("int32_t polls,", "int64_t polls,", "typedef int32_t (*mlab_progress_fn)("),
        ("typedef struct mlab_cancel mlab_cancel;", "", "typedef struct mlab_cancel mlab_cancel"),
        ("#define MLAB_ABI_VERSION 0", "#define MLAB_ABI_VERSION 1", "MLAB_ABI_VERSION was 0"),
    ];
    for (old, new, wanted) in planted {
        assert!(RELEASED_HEADER.contains(old), "{old}");
        let broken = breaks(RELEASED_HEADER, &RELEASED_HEADER.replacen(old, new, 1));
        assert!(broken.iter().any(|found| found.contains(wanted)), "{old} -> {new}: {broken:?}");
    }
}

#[test]
fn what_is_added_to_the_declarations_is_no_break() {
    let added = [
        (
            "    MLAB_E_BAD_IMAGE = -62,",
            "    MLAB_E_BAD_IMAGE = -62,\n    /** Anew. */\n    MLAB_E_ANEW = -63,",
        ),
        ("#define MLAB_VERSION_PATCH 0", "#define MLAB_VERSION_PATCH 1"),
        ("uint64_t tag);", "uint64_t number);"),
        (
            "/**\n * The version of the loaded",
            "/** Anew. */\nMLAB_API int32_t mlab_anew(void);\n\n/**\n * The version of the loaded",
        ),
    ];
    for (old, new) in added {
        assert!(RELEASED_HEADER.contains(old), "{old}");
        assert_eq!(breaks(RELEASED_HEADER, &RELEASED_HEADER.replacen(old, new, 1)), Vec::<String>::new());
    }
}

#[test]
fn what_is_added_under_the_last_releases_version_is_found() {
    let planted = [
        ("    MLAB_E_BAD_IMAGE = -62,", "    /** Anew. */\n    MLAB_E_ANEW = -63,\n", "MLAB_E_ANEW is gone"),
        (
            "/**\n * The version of the",
            "/** Anew. */\nMLAB_API int32_t mlab_anew(void);\n\n",
            "mlab_anew is gone",
        ),
        ("typedef struct mlab_cancel mlab_cancel;", "typedef struct mlab_anew mlab_anew;\n", "mlab_anew"),
    ];
    for (before, addition, wanted) in planted {
        assert!(RELEASED_HEADER.contains(before), "{before}");
        let grown = RELEASED_HEADER.replacen(before, &format!("{addition}{before}"), 1);
        assert!(has_the_last_releases_version(&grown));
        let added = breaks(&grown, RELEASED_HEADER);
        assert!(added.len() == 1 && added[0].contains(wanted), "{addition}: {added:?}");
    }
}
