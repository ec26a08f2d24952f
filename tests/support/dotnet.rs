//! Mono and CoreCLR: where they are, and how assemblies are compiled for them and run by them.

use super::{skip, tool};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CORECLR_CONFIG: &str = r#"{"runtimeOptions":{"tfm":"netcoreapp3.1",
    "framework":{"name":"Microsoft.NETCore.App","version":"3.1.0"},"rollForward":"Major",
    "configProperties":{"System.Globalization.Invariant":true}}}"#;

/// What of CoreCLR's framework a program may use.
const CORECLR_PARTS: &[&str] = &[
    "netstandard",
    "System.Private.CoreLib",
    "System.Runtime",
    "System.Runtime.Extensions",
    "System.Collections",
    "System.Linq",
    "System.Console",
    "System.IO.FileSystem",
];

/// What runs an assembly.
#[derive(Debug, Clone)]
pub(crate) enum Runtime {
    /// The program.
    Mono(PathBuf),
    /// The host, and the folder with its framework.
    CoreClr(PathBuf, PathBuf),
}

impl Runtime {
    /// Those that are here; the others are said aloud.
    pub(crate) fn all() -> impl Iterator<Item = Runtime> {
        [Runtime::mono(), Runtime::coreclr()].into_iter().flatten()
    }

    pub(crate) fn mono() -> Option<Runtime> {
        tool("mono").map(Runtime::Mono)
    }

    /// CoreCLR from `PATH`, or as the Python package dotnetcore2 has it.
    pub(crate) fn coreclr() -> Option<Runtime> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let of_path =
            std::env::split_paths(&path).map(|folder| folder.join("dotnet")).find(|file| file.is_file());
        let found = of_path.or_else(coreclr_of_python);
        let found = found.and_then(|host| framework(&host).map(|folder| Runtime::CoreClr(host, folder)));
        if found.is_none() {
            skip("CoreCLR is not installed (dotnet, or the Python package dotnetcore2)");
        }
        found
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Runtime::Mono(_) => "mono",
            Runtime::CoreClr(..) => "coreclr",
        }
    }

    pub(crate) fn is_mono(&self) -> bool {
        matches!(self, Runtime::Mono(_))
    }

    /// Runs an assembly.
    pub(crate) fn command(&self, program: &Path) -> Command {
        match self {
            Runtime::Mono(mono) => {
                let mut command = Command::new(mono);
                command.arg(program);
                command
            }
            Runtime::CoreClr(host, _) => {
                let config = program.with_extension("runtimeconfig.json");
                fs::write(config, CORECLR_CONFIG).expect("a file");
                let mut command = Command::new(host);
                // Hexadecimal. The default is the size of the processor's cache, which hides what grows for long.
                command.arg(program).env("COMPlus_GCgen0size", "1000000");
                command
            }
        }
    }

    /// What lets `mcs` compile for this runtime: CoreCLR's own framework in place of Mono's.
    pub(crate) fn references(&self) -> Vec<String> {
        let Runtime::CoreClr(_, framework) = self else { return Vec::new() };
        let plain = ["-nowarn:1702", "-noconfig", "-nostdlib", "-d:NETCOREAPP3_0_OR_GREATER"];
        let parts = CORECLR_PARTS.iter().map(|part| format!("-r:{}/{part}.dll", framework.display()));
        plain.into_iter().map(str::to_owned).chain(parts).collect()
    }
}

/// Compiles sources into an assembly, every warning an error. C# 7.2, the oldest that the sources promise.
pub(crate) fn compile(mcs: &Path, out: &Path, sources: &[PathBuf], arguments: &[String]) {
    let mut command = Command::new(mcs);
    command.args(["-langversion:7.2", "-warn:4", "-warnaserror"]).arg(format!("-out:{}", out.display()));
    let done = command.args(arguments).args(sources).output().expect("mcs runs");
    assert!(done.status.success(), "{}: {}", out.display(), String::from_utf8_lossy(&done.stderr));
}

/// The host that the Python package dotnetcore2 has. Found without an import, which would ask what system this is.
fn coreclr_of_python() -> Option<PathBuf> {
    let script = "from importlib.util import find_spec as find; \
        print(find('dotnetcore2').submodule_search_locations[0] + '/bin/dotnet')";
    let said = Command::new("python3").args(["-c", script]).output().ok()?;
    let path = PathBuf::from(String::from_utf8(said.stdout).ok()?.trim());
    path.is_file().then_some(path)
}

/// The newest framework beside a host.
fn framework(host: &Path) -> Option<PathBuf> {
    let host = fs::canonicalize(host).ok()?;
    let versions = fs::read_dir(host.parent()?.join("shared/Microsoft.NETCore.App")).ok()?;
    versions.flatten().map(|entry| entry.path()).max()
}
