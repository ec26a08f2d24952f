//! The zig that cargo-zigbuild links with.

use crate::tools::Tool;
use crate::{Project, Result};
use std::path::PathBuf;

/// Where it is, and which.
#[derive(Debug)]
pub(super) struct Zig {
    /// The sources of the libraries that it compiles.
    pub(super) folder: PathBuf,
    pub(super) version: String,
}

impl Zig {
    /// Looks for it as cargo-zigbuild does.
    pub(super) fn installed(project: &Project) -> Result<Zig> {
        let ask = |tool: Tool| tool.args(["env"]).output(project.root());
        let said = ask(Tool::new("python3").args(["-m", "ziglang"])).or_else(|_| ask(Tool::new("zig")))?;
        let value = |name: &str| {
            let start = format!(".{name} = \"");
            let found = said.lines().find_map(|line| line.trim().strip_prefix(&start)?.strip_suffix("\","));
            found.map(str::to_owned).ok_or_else(|| format!("`zig env` names no .{name}:\n{said}"))
        };
        Ok(Zig { folder: PathBuf::from(value("lib_dir")?), version: value("version")? })
    }
}
