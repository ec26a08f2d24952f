//! The header as Doxygen reads it: everything is documented, and every parameter.

use crate::support::tool;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Each warning that there is. Doxygen 1.9 sees no comment of a function unless it writes HTML; MLAB_API is no part of a
/// declaration.
const SETTINGS: &str = "\
QUIET = YES
WARNINGS = YES
WARN_IF_UNDOCUMENTED = YES
WARN_IF_DOC_ERROR = YES
WARN_NO_PARAMDOC = YES
OPTIMIZE_OUTPUT_FOR_C = YES
MACRO_EXPANSION = YES
PREDEFINED = MLAB_API=
GENERATE_LATEX = NO
GENERATE_HTML = YES
HAVE_DOT = NO
";

/// What Doxygen has to say of a header.
fn warnings(doxygen: &Path, name: &str, header: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("doxygen-{name}"));
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("mlab.h"), header).expect("written");
    fs::write(folder.join("Doxyfile"), format!("{SETTINGS}INPUT = mlab.h\n")).expect("written");
    let done = Command::new(doxygen).arg("Doxyfile").current_dir(folder).output().expect("it runs");
    assert!(done.status.success(), "{done:?}");
    String::from_utf8_lossy(&done.stderr).into_owned()
}

#[test]
fn doxygen_has_no_warning() {
    let Some(doxygen) = tool("doxygen") else { return };
    let header = mlab_bindings::declarations::text();
    assert_eq!(warnings(&doxygen, "header", &header), "");
    // It is awake: a parameter is not told of.
    let (before, after) = header.split_once(" * @param[out] out ").expect("a parameter");
    let without = format!("{before} * {after}");
    assert!(
        warnings(&doxygen, "without", &without).contains("parameter 'out'"),
        "a missing parameter is found"
    );
}
