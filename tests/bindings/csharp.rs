//! The C# binding as a program gets it: an assembly with the native library beside it, in a fresh folder, and no variable
//! set that would help to find it.

use crate::server::{KEY, Servers};
use crate::support::{library, skip, tool};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const CORECLR_CONFIG: &str = r#"{"runtimeOptions":{"tfm":"netcoreapp3.1",
    "framework":{"name":"Microsoft.NETCore.App","version":"3.1.0"},"rollForward":"Major",
    "configProperties":{"System.Globalization.Invariant":true}}}"#;

/// What runs an assembly.
enum Runtime {
    Mono(PathBuf),
    /// The host and the folder with its framework.
    CoreClr(PathBuf, PathBuf),
}

impl Runtime {
    fn name(&self) -> &'static str {
        match self {
            Runtime::Mono(_) => "mono",
            Runtime::CoreClr(..) => "coreclr",
        }
    }

    fn mono() -> Option<Runtime> {
        tool("mono").map(Runtime::Mono)
    }

    /// CoreCLR from `PATH`, or as the Python package dotnetcore2 has it.
    fn coreclr() -> Option<Runtime> {
        let of_python = || {
            // Where it lies, without an import, which would ask what system this is.
            let script = "from importlib.util import find_spec as find; \
                print(find('dotnetcore2').submodule_search_locations[0] + '/bin/dotnet')";
            let said = Command::new("python3").args(["-c", script]).output().ok()?;
            let path = PathBuf::from(String::from_utf8(said.stdout).ok()?.trim());
            path.is_file().then_some(path)
        };
        let path = std::env::var_os("PATH").unwrap_or_default();
        let of_path =
            std::env::split_paths(&path).map(|folder| folder.join("dotnet")).find(|file| file.is_file());
        let framework = |host: &Path| {
            let host = fs::canonicalize(host).ok()?;
            let versions = fs::read_dir(host.parent()?.join("shared/Microsoft.NETCore.App")).ok()?;
            versions.flatten().map(|entry| entry.path()).max()
        };
        let found = of_path.or_else(of_python);
        let found = found.and_then(|host| framework(&host).map(|folder| Runtime::CoreClr(host, folder)));
        if found.is_none() {
            skip("CoreCLR is not installed (dotnet, or the Python package dotnetcore2)");
        }
        found
    }

    fn all() -> impl Iterator<Item = Runtime> {
        [Runtime::mono(), Runtime::coreclr()].into_iter().flatten()
    }

    /// Runs an assembly with these arguments.
    fn command(&self, program: &Path) -> Command {
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

    /// Compiles sources into an assembly, for CoreCLR against its own framework.
    fn compile(&self, mcs: &Path, out: &Path, sources: &[PathBuf], arguments: &[String]) {
        let mut command = Command::new(mcs);
        command.args(["-langversion:7.2", "-warn:4", "-warnaserror"]).arg(format!("-out:{}", out.display()));
        if let Runtime::CoreClr(_, framework) = self {
            command.args(["-nowarn:1702", "-noconfig", "-nostdlib", "-d:NETCOREAPP3_0_OR_GREATER"]);
            for part in [
                "System.Private.CoreLib",
                "System.Runtime",
                "System.Runtime.Extensions",
                "System.Collections",
                "System.Linq",
                "System.Console",
                "System.IO.FileSystem",
            ] {
                command.arg(format!("-r:{}/{part}.dll", framework.display()));
            }
        }
        let done = command.args(arguments).args(sources).output().expect("mcs runs");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{}: {said}", self.name());
    }
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A fresh folder with the assembly, the native library, and a program that is made of this source.
fn install(runtime: &Runtime, mcs: &Path, purpose: &str, source: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("csharp-{purpose}-{}", runtime.name()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let mut sources: Vec<PathBuf> = fs::read_dir(root("bindings/csharp/src"))
        .expect("the sources")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "cs"))
        .collect();
    sources.sort();
    let assembly = folder.join("Mlab.dll");
    runtime.compile(mcs, &assembly, &sources, &["-unsafe".into(), "-target:library".into()]);
    let program = folder.join(format!("{purpose}.exe"));
    runtime.compile(mcs, &program, &[source.into()], &[format!("-r:{}", assembly.display())]);
    fs::copy(&library().shared, folder.join("libmlab.so")).expect("the library");
    program
}

#[test]
#[ignore = "minutes under two runtimes: tests/long.sh csharp"]
fn the_binding_does_what_its_documentation_says_under_both_runtimes() {
    let Some(mcs) = tool("mcs") else { return };
    for runtime in Runtime::all() {
        let servers = Servers::start(); // Anew, since a job is ready some time after its first poll.
        let program = install(&runtime, &mcs, "checks", &root("tests/bindings/csharp/Checks.cs"));
        let mut command = runtime.command(&program);
        servers.describe(&mut command);
        let done =
            command.env("MLAB_TEST_FOLDER", program.parent().expect("a folder")).output().expect("it runs");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && said.contains("\n0 failures"), "{}:\n{said}", runtime.name());
    }
}

#[test]
#[ignore = "minutes under two runtimes: tests/long.sh csharp"]
fn a_process_with_open_jobs_ends_at_once() {
    let Some(mcs) = tool("mcs") else { return };
    for runtime in Runtime::all() {
        let servers = Servers::start();
        let program = install(&runtime, &mcs, "exit", &root("tests/bindings/csharp/Checks.cs"));
        let mut command = runtime.command(&program);
        servers.describe(&mut command);
        let at = Instant::now();
        let done = command.arg("exit").output().expect("it runs");
        assert_eq!(done.status.code(), Some(7), "{}: {done:?}", runtime.name());
        // Starting a runtime takes most of it; a call that is waited for would take 30 s.
        assert!(at.elapsed() < Duration::from_secs(10), "{}: {:?}", runtime.name(), at.elapsed());
    }
}

#[test]
#[ignore = "minutes under two runtimes: tests/long.sh csharp"]
fn the_example_waits_and_stops_at_once_on_an_interrupt() {
    let Some(mcs) = tool("mcs") else { return };
    for runtime in Runtime::all() {
        let servers = Servers::start();
        let program = install(&runtime, &mcs, "wait", &root("bindings/csharp/examples/Wait.cs"));
        let wait = |id: &str| {
            let mut command = runtime.command(&program);
            servers.describe(&mut command);
            command.env("MLAB_ENDPOINT", servers.endpoint()).env("MODELSLAB_API_KEY", KEY).arg(id);
            command
        };
        let done = wait("12202888").output().expect("it runs");
        let links = String::from_utf8_lossy(&done.stdout);
        assert_eq!((done.status.code(), links.lines().count()), (Some(0), 4), "{done:?}");
        assert_eq!(wait("fail-1").output().expect("it runs").status.code(), Some(6)); // The group of a failed job.

        if matches!(runtime, Runtime::Mono(_)) {
            continue; // Without a terminal Mono raises no CancelKeyPress: the signal ends the program by itself.
        }
        let mut waiting = wait("never-1").stderr(Stdio::piped()).spawn().expect("it runs");
        let mut said = BufReader::new(waiting.stderr.take().expect("piped"));
        said.read_line(&mut String::new()).expect("a line after the first poll");
        let at = Instant::now();
        let killed = Command::new("kill").args(["-INT", &waiting.id().to_string()]).status().expect("kill");
        assert!(killed.success());
        assert_eq!(waiting.wait().expect("it ends").code(), Some(130), "{}", runtime.name());
        assert!(at.elapsed() < Duration::from_millis(300), "{}: {:?}", runtime.name(), at.elapsed());
    }
}

#[test]
#[ignore = "minutes under two runtimes: tests/long.sh csharp"]
fn the_snippet_of_the_readme_compiles_and_prints_the_links() {
    let Some(mcs) = tool("mcs") else { return };
    let readme = fs::read_to_string(root("bindings/csharp/README.md")).expect("a README");
    let snippet =
        readme.split("```csharp\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a snippet");
    for runtime in Runtime::all() {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("Snippet.cs");
        fs::write(&file, snippet).expect("a file");
        let program = install(&runtime, &mcs, "snippet", &file);
        let servers = Servers::start();
        let mut command = runtime.command(&program);
        servers.describe(&mut command);
        let done = command
            .env("MODELSLAB_API_KEY", KEY)
            .env("MLAB_ENDPOINT", servers.endpoint())
            .output()
            .expect("it runs");
        let links = String::from_utf8_lossy(&done.stdout);
        assert_eq!((done.status.code(), links.lines().count()), (Some(0), 4), "{done:?}");
    }
}
