//! What the manifests say: versions, and the crates that may be inside.

use crate::Result;
use crate::files;
use crate::tools::Tool;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The sources this program was built from.
#[derive(Debug)]
pub struct Project {
    root: PathBuf,
    target_folder: PathBuf,
    packages: Vec<Value>,
    resolved: Vec<Value>,
}

impl Project {
    /// Asks cargo.
    pub fn read() -> Result<Project> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let root = root.canonicalize().map_err(|e| files::at(&root, &e))?;
        let said = Tool::new("cargo").args(["metadata", "--format-version=1", "--locked"]).output(&root)?;
        let said: Value = serde_json::from_str(&said).map_err(|e| format!("`cargo metadata`: {e}"))?;
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        Ok(Project {
            root,
            target_folder: said["target_directory"].as_str().unwrap_or_default().into(),
            packages: list(&said["packages"]),
            resolved: list(&said["resolve"]["nodes"]),
        })
    }

    /// The folder of the workspace.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo builds: `target` of that folder, or $CARGO_TARGET_DIR.
    pub fn target_folder(&self) -> &Path {
        &self.target_folder
    }

    /// The version of the package.
    pub fn version(&self) -> &str {
        self.library()["version"].as_str().unwrap_or_default()
    }

    /// Where the sources are.
    pub(crate) fn repository(&self) -> &str {
        self.library()["repository"].as_str().unwrap_or_default()
    }

    /// The version in the names of the shared library, whose first number is the ABI's; cargo-c reads the same.
    pub fn library_version(&self) -> &str {
        self.library()["metadata"]["capi"]["library"]["version"].as_str().unwrap_or_default()
    }

    /// The number in the SONAME.
    pub fn abi_number(&self) -> &str {
        self.library_version().split('.').next().unwrap_or_default()
    }

    /// Every function that leaves the library.
    pub fn symbols(&self) -> Result<Vec<String>> {
        let list = files::read(&self.root.join("tests/abi/symbols.txt"))?;
        let names = list.lines().filter_map(|line| line.split_whitespace().next());
        Ok(names.filter(|name| name.starts_with("mlab_")).map(str::to_owned).collect())
    }

    /// A crate by name and version, as `cargo metadata` describes it.
    pub(crate) fn package(&self, name: &str, version: &str) -> Result<&Value> {
        let found = self.packages.iter().find(|p| p["name"] == name && p["version"] == version);
        found.ok_or_else(|| format!("cargo metadata does not know {name} {version}"))
    }

    /// The ids of the crates that a crate calls itself.
    pub(crate) fn dependencies(&self, id: &str) -> Vec<&str> {
        let node = self.resolved.iter().find(|node| node["id"] == id);
        let all = node.and_then(|node| node["deps"].as_array()).into_iter().flatten();
        let at_run_time = |dependency: &&Value| {
            let kinds = dependency["dep_kinds"].as_array().into_iter().flatten();
            kinds.into_iter().any(|kind| kind["kind"].is_null())
        };
        all.filter(at_run_time).filter_map(|dependency| dependency["pkg"].as_str()).collect()
    }

    fn library(&self) -> &Value {
        self.packages.iter().find(|p| p["name"] == "mlab").unwrap_or(&Value::Null)
    }
}
