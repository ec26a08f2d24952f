//! pkg-config and CMake files: templates of packaging/templates with `@NAME@` in place of what differs.

use crate::files::{self, Tree};
use crate::platform::{self, Linkage};
use crate::{Project, Result, Target};

/// Puts all of them.
pub(crate) fn put(project: &Project, target: &Target, linkage: &Linkage, tree: &Tree) -> Result<()> {
    let system = platform::system_libraries(target.triple())?;
    let values = [
        ("VERSION", project.version().to_owned()),
        ("SHARED_PROPERTIES", linkage.cmake_shared.clone()),
        ("STATIC", linkage.archive.clone()),
        ("SYSTEM_LIBRARIES", system.join(" ")),
        // CMake passes what begins with a dash on as it is.
        ("CMAKE_SYSTEM_LIBRARIES", system.join(";")),
    ];
    let folders = [
        ("mlab.pc", "lib/pkgconfig"),
        ("mlab-static.pc", "lib/pkgconfig"),
        ("mlab-config.cmake", "lib/cmake/mlab"),
        ("mlab-config-version.cmake", "lib/cmake/mlab"),
    ];
    for (name, folder) in folders {
        let template = project.root().join("packaging/templates").join(format!("{name}.in"));
        let text = filled(&files::read(&template)?, &values)?;
        tree.write(&format!("{folder}/{name}"), text)?;
    }
    Ok(())
}

fn filled(template: &str, values: &[(&str, String)]) -> Result<String> {
    let text = values
        .iter()
        .fold(template.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value));
    match text.split('@').nth(1) {
        None => Ok(text),
        Some(name) => Err(format!("a template asks for @{name}@, which nothing fills")),
    }
}
