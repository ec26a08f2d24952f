//! Java's exceptions: a class a group of statuses, in a file of its own, as Java wants it. Those of single statuses are written
//! by hand.

use super::{Layer, MARK};
use crate::declarations::Constant;
use crate::header::Header;
use crate::names::{camel, short_name};

/// The file of each group. One that is not here has no class, and the writer says so.
const FILES: &[&str] = &[
    "bindings/java/src/main/java/mlab/ArgumentException.java",
    "bindings/java/src/main/java/mlab/EndedException.java",
    "bindings/java/src/main/java/mlab/SystemException.java",
    "bindings/java/src/main/java/mlab/NetworkException.java",
    "bindings/java/src/main/java/mlab/AccountException.java",
    "bindings/java/src/main/java/mlab/JobException.java",
    "bindings/java/src/main/java/mlab/ImageException.java",
];

/// The groups of which a status has a class of its own: `DeadlineException`, `RateLimitException`.
const EXTENDED: &[&str] = &["EndedException", "AccountException"];

pub(super) fn exceptions(header: &Header) -> Vec<Layer> {
    let groups = header.enumerations.iter().find(|e| e.name == "mlab_status_groups").expect("the groups");
    let layer = |group: &Constant| {
        let class = camel(&short_name(groups, group).to_lowercase()) + "Exception";
        let is_its_own = |path: &&&str| path.ends_with(&format!("/{class}.java"));
        let path = FILES.iter().find(is_its_own).unwrap_or_else(|| panic!("{} has no file", group.name));
        Layer { path, text: exception(&class, group) }
    };
    groups.constants.iter().filter(|group| group.value != "0").map(layer).collect()
}

fn exception(class: &str, group: &Constant) -> String {
    let kind = if EXTENDED.contains(&class) { "class" } else { "final class" };
    format!(
        "// {MARK}\n\
         package mlab;\n\n\
         /** {} */\n\
         public {kind} {class} extends MlabException {{\n    \
         private static final long serialVersionUID = 1L;\n\n    \
         {class}(int number, String message, Result result) {{\n        super(number, message, result);\n    }}\n}}\n",
        group.comment
    )
}
