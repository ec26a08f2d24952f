//! The tree below a prefix: the same when installed and in an archive.

use crate::cargo::{self, Built};
use crate::files::{self, Tree};
use crate::platform::Linkage;
use crate::{Project, Result, Target, documents, program, templates};
use std::path::Path;

/// Builds the library and puts everything below `prefix`, which may hold other things; libraries into `libraries` below it,
/// `lib` in most places.
pub fn install(project: &Project, target: &Target, prefix: &Path, libraries: &str) -> Result<()> {
    let tree = Tree::at(prefix).with_libraries_in(libraries);
    lay_out(project, target, &cargo::build(project, target)?, &tree).map(drop)
}

/// Puts everything into the tree.
pub(crate) fn lay_out(project: &Project, target: &Target, built: &Built, tree: &Tree) -> Result<Linkage> {
    let include = project.root().join("include");
    for name in files::names(&include)? {
        tree.copy(&include.join(&name), &format!("include/{name}"))?;
    }
    let linkage = target.platform().put_libraries(project, target, built, tree)?;
    templates::put(project, target, &linkage, tree)?;
    program::put(project, target, built, tree)?;
    documents::put(project, target, tree)?;
    Ok(linkage)
}
