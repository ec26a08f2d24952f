//! pkg-config and CMake files: templates of packaging/templates with `@NAME@` in place of what differs.

use crate::files::{self, Tree};
use crate::platform::{self, Linkage};
use crate::{Project, Result, Target};

/// Puts all of them.
pub(crate) fn put(project: &Project, target: &Target, linkage: &Linkage, tree: &Tree) -> Result<()> {
    let system = platform::system_libraries(target.triple())?;
    // From a folder below that of the libraries.
    let prefix = "/..".repeat(tree.libraries().split('/').count() + 1);
    let values = [
        ("LIBRARIES", tree.libraries().to_owned()),
        ("FROM_PKGCONFIG", prefix.clone()),
        ("FROM_CMAKE", prefix + "/.."),
        ("VERSION", project.version().to_owned()),
        ("SHARED_PROPERTIES", linkage.cmake_shared.clone()),
        ("STATIC", linkage.archive.clone()),
        ("SYSTEM_LIBRARIES", system.join(" ")),
        // CMake passes what begins with a dash on as it is.
        ("CMAKE_SYSTEM_LIBRARIES", system.join(";")),
    ];
    let folders = [
        ("mlab.pc", "pkgconfig"),
        ("mlab-static.pc", "pkgconfig"),
        ("mlab-config.cmake", "cmake/mlab"),
        ("mlab-config-version.cmake", "cmake/mlab"),
    ];
    for (name, folder) in folders {
        let template = project.root().join("packaging/templates").join(format!("{name}.in"));
        let text = filled(&files::read(&template)?, &values)?;
        tree.write(&tree.library(&format!("{folder}/{name}")), text)?;
    }
    Ok(())
}

/// Every second part of a template is a name. What stands in its place may hold the sign too: `@rpath/libmlab.0.dylib`.
fn filled(template: &str, values: &[(&str, String)]) -> Result<String> {
    let mut text = String::new();
    for (at, part) in template.split('@').enumerate() {
        match values.iter().find(|(name, _)| *name == part) {
            _ if at % 2 == 0 => text += part,
            Some((_, value)) => text += value,
            None => return Err(format!("a template asks for @{part}@, which nothing fills")),
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_hold_the_sign_that_begins_a_name() {
        let values = [("A", "@rpath/a".to_owned()), ("B", "@A@".to_owned())];
        assert_eq!(filled("x @A@ @B@@B@ y", &values).as_deref(), Ok("x @rpath/a @A@@A@ y"));
        assert!(filled("x @C@", &values).is_err_and(|why| why.contains("@C@")));
    }
}
