//! The statuses that the header lists for each function, for C: `documented_statuses.h`.

use mlab_bindings::declarations::{constants, functions};
use mlab_bindings::statuses::listed;
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
