//! What is inside the library for one target: the crates that its features and its platform pull in, without build scripts and
//! macros, which leave nothing behind; Rust's standard library; and what the linker adds.

use crate::tools::Tool;
use crate::{Project, Result, Target, cargo, files};
use serde_json::Value;
use std::path::Path;

/// A crate, or a runtime library that comes with a compiler.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) version: String,
    /// An SPDX expression.
    pub(crate) licence: String,
    pub(crate) repository: Option<String>,
    /// What `cargo metadata` calls it, if it is a crate.
    pub(crate) id: Option<String>,
    /// The files that its licences ask to be passed on: name and text.
    pub(crate) texts: Vec<(String, String)>,
}

impl Part {
    /// A runtime library.
    pub(crate) fn runtime(name: &str, version: String, licence: &str, texts: &[(&str, &str)]) -> Part {
        Part {
            name: name.to_owned(),
            version,
            licence: licence.to_owned(),
            repository: None,
            id: None,
            texts: texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        }
    }

    /// As a package URL.
    pub(crate) fn purl(&self) -> String {
        let kind = if self.id.is_some() { "cargo" } else { "generic" };
        format!("pkg:{kind}/{}@{}", self.name, self.version)
    }
}

/// Everything that is not the project's own: crates by name, then runtime libraries.
pub(crate) fn of(project: &Project, target: &Target) -> Result<Vec<Part>> {
    let mut parts = crates(project, target)?;
    let rustc = cargo::Toolchain::of(target)?.version()?;
    parts.push(Part::runtime("rust-std", rustc, "MIT OR Apache-2.0", &[]));
    parts.extend(target.platform().runtime_parts(project, target)?);
    Ok(parts)
}

fn crates(project: &Project, target: &Target) -> Result<Vec<Part>> {
    let tree = ["tree", "--locked", "--package=mlab", "--edges=normal,no-proc-macro", "--prefix=none"];
    let tool = Tool::new("cargo").args(tree).args(["--format={p}", "--target", target.triple()]);
    let said = tool.output(project.root())?;
    let mut names: Vec<(&str, &str)> = said.lines().filter_map(name_and_version).collect();
    names.sort_unstable();
    names.dedup();
    let packages = names.into_iter().map(|(name, version)| project.package(name, version));
    packages
        .filter(|package| package.as_ref().map_or(true, |p| !p["source"].is_null()))
        .map(|p| part(p?))
        .collect()
}

/// From a line such as `ureq v3.5.1 (*)`.
fn name_and_version(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_whitespace();
    Some((words.next()?, words.next()?.strip_prefix('v')?))
}

fn part(package: &Value) -> Result<Part> {
    let text = |field: &str| package[field].as_str().map(str::to_owned);
    let name = text("name").unwrap_or_default();
    // The older spelling of "or".
    let licence = text("license").map(|licence| licence.replace('/', " OR "));
    let licence = licence.ok_or_else(|| format!("{name} names no licence: see what it may be used for"))?;
    let manifest = text("manifest_path").unwrap_or_default();
    let folder = Path::new(&manifest).parent().unwrap_or(Path::new("."));
    Ok(Part {
        version: text("version").unwrap_or_default(),
        repository: text("repository"),
        id: text("id"),
        texts: licence_texts(folder)?,
        name,
        licence,
    })
}

/// The files at the root of a crate whose names say that they are to be passed on.
fn licence_texts(folder: &Path) -> Result<Vec<(String, String)>> {
    const STARTS: [&str; 5] = ["license", "licence", "copying", "copyright", "notice"];
    let mut texts = Vec::new();
    for name in files::names(folder)? {
        let lower = name.to_lowercase();
        if STARTS.iter().any(|start| lower.starts_with(start)) && folder.join(&name).is_file() {
            texts.push((name.clone(), files::read(&folder.join(&name))?));
        }
    }
    Ok(texts)
}
