//! The Go binding as a program gets it: the module from a folder, the library by pkg-config.

use crate::server::{KEY, Servers};
use crate::support::{library, tool};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

const MODULE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/bindings/go");

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A folder with `mlab.pc`, for the library that programs find beside those in C.
fn pkg_config() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let (folder, library) = (folder("go-pkgconfig"), library());
        let (include, programs) = (library.include.display(), library.programs.display());
        let text = format!(
            "Name: mlab\nDescription: the library under test\nVersion: 0.1.0\nCflags: -I{include}\n\
             Libs: {} -Wl,-rpath,{programs}\n",
            library.programs.join("libmlab.so.0").display(),
        );
        fs::write(folder.join("mlab.pc"), text).expect("a file");
        folder
    })
}

/// `go` with these arguments, in this folder.
fn go(tool: &Path, at: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(tool);
    command.args(arguments).current_dir(at);
    command.env("PKG_CONFIG_PATH", pkg_config()).env("GOFLAGS", "-mod=mod").env("GOPROXY", "off");
    // Where HOME is not set, go wants to be told where it may keep what it compiled.
    command.env("GOCACHE", folder("go-cache")).env("CGO_LDFLAGS_ALLOW", "-Wl,-rpath.*|/.*\\.so\\.0");
    command
}

fn succeeds(mut command: Command) -> String {
    let done = command.output().expect("it runs");
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{command:?}:\n{said}");
    said
}

fn build(tool: &Path, at: &Path, name: &str, package: &str) -> PathBuf {
    let program = folder("go-programs").join(name);
    succeeds(go(tool, at, &["build", "-o", program.to_str().expect("UTF-8"), package]));
    program
}

#[test]
fn the_binding_does_what_its_documentation_says() {
    let Some(tool) = tool("go") else { return };
    let servers = Servers::start();
    succeeds(go(&tool, Path::new(MODULE), &["vet", "./..."]));
    let mut command = go(&tool, Path::new(MODULE), &["test", "-count=1", "-v", "."]);
    servers.describe(&mut command);
    let said = succeeds(command);
    assert!(
        !said.contains("--- SKIP") && said.contains("--- PASS: TestWaitGivesTheURLsOfAReadyJob"),
        "{said}"
    );
}

#[test]
fn the_sources_are_formatted() {
    let Some(tool) = tool("gofmt") else { return };
    let mut command = Command::new(tool);
    command.args(["-l", MODULE]);
    assert_eq!(succeeds(command), "");
}

#[test]
fn the_example_waits_and_stops_at_once_on_an_interrupt() {
    let Some(tool) = tool("go") else { return };
    let program = build(&tool, Path::new(MODULE), "wait", "./examples/wait");
    let servers = Servers::start();
    let wait = |id: &str| {
        let mut command = Command::new(&program);
        servers.describe(&mut command);
        command.env("MLAB_ENDPOINT", servers.endpoint()).env("MODELSLAB_API_KEY", KEY).arg(id);
        command
    };
    let done = wait("12202888").output().expect("it runs");
    let links = String::from_utf8_lossy(&done.stdout);
    assert_eq!((done.status.code(), links.lines().count()), (Some(0), 4), "{done:?}");
    assert_eq!(wait("fail-1").output().expect("it runs").status.code(), Some(1));

    let mut waiting = wait("never-1").stderr(Stdio::piped()).spawn().expect("it runs");
    let mut said = BufReader::new(waiting.stderr.take().expect("piped"));
    said.read_line(&mut String::new()).expect("a line after the first poll");
    let at = Instant::now();
    let killed = Command::new("kill").args(["-INT", &waiting.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    assert_eq!(waiting.wait().expect("it ends").code(), Some(130));
    assert!(at.elapsed() < Duration::from_millis(300), "{:?}", at.elapsed());
}

#[test]
fn the_snippet_of_the_readme_builds_in_a_module_of_its_own_and_prints_the_links() {
    let Some(tool) = tool("go") else { return };
    let readme = fs::read_to_string(Path::new(MODULE).join("README.md")).expect("a README");
    let snippet =
        readme.split("```go\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a snippet");
    let module = folder("go-snippet");
    fs::write(module.join("main.go"), snippet).expect("a file");
    let requires = format!(
        "module snippet\n\ngo 1.19\n\nrequire mlab-client v0.1.0\n\nreplace mlab-client => {MODULE}\n"
    );
    fs::write(module.join("go.mod"), requires).expect("a file");
    let program = build(&tool, &module, "snippet", ".");
    let servers = Servers::start();
    let mut command = Command::new(program);
    servers.describe(&mut command);
    let done = command
        .env("MODELSLAB_API_KEY", KEY)
        .env("MLAB_ENDPOINT", servers.endpoint())
        .output()
        .expect("it runs");
    let links = String::from_utf8_lossy(&done.stdout);
    assert_eq!((done.status.code(), links.lines().count()), (Some(0), 4), "{done:?}");
}
