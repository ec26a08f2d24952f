//! The Go binding as a program gets it: the module from a folder, the library by pkg-config.

use crate::clone::Checkout;
use crate::example;
use crate::place::fresh;
use crate::readme::{install, programs};
use crate::server::{KEY, Servers};
use crate::support::{library, tool};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

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
        // Go's cache sees no change of a header: another one has other flags.
        let mut hasher = DefaultHasher::new();
        fs::read(library.include.join("mlab.h")).expect("the header").hash(&mut hasher);
        let header = hasher.finish();
        let text = format!(
            "Name: mlab\nDescription: the library under test\nVersion: 0.1.0\n\
             Cflags: -I{include} -DMLAB_HEADER={header}\nLibs: {} -Wl,-rpath,{programs}\n",
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
    example::waits_and_stops(&servers, || {
        let mut command = Command::new(&program);
        servers.describe(&mut command);
        command
    });
}

/// A module of its own, in which the README's line has added this one: from a proxy that is a folder, into a cache with
/// nothing in it.
fn with_module(tool: &Path) -> PathBuf {
    let (place, proxy) = (fresh("go"), folder("go-proxy"));
    fs::write(place.join("go.mod"), "module shown\n\ngo 1.19\n").expect("a file");
    let made = ["run", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bindings/go_proxy.go"), MODULE];
    succeeds(go(tool, &place, &[&made[..], &[proxy.to_str().expect("UTF-8")]].concat()));
    let mut line = install("Go", tool);
    line.current_dir(&place).env("GOCACHE", folder("go-cache")).env("GOSUMDB", "off");
    succeeds(offline(line, &place, &proxy));
    place
}

/// With modules of that folder alone, kept in this place.
fn offline(mut command: Command, place: &Path, proxy: &Path) -> Command {
    command.env("GOPROXY", format!("file://{}", proxy.display())).env("GOMODCACHE", place.join("cache"));
    command.env("GOFLAGS", "-modcacherw"); // So that the next run can remove it.
    // The index says what files a version of a module has, and outlives it in GOCACHE: here a version has others each time.
    command.env("GODEBUG", "goindex=0");
    command
}

/// What packaging/install.sh makes, as far as a program in Go needs it.
fn prefix() -> PathBuf {
    let (prefix, library) = (fresh("go-prefix"), library());
    let folders = ["include", "lib/pkgconfig"].map(|folder| prefix.join(folder));
    folders.iter().for_each(|folder| fs::create_dir_all(folder).expect("a folder"));
    fs::copy(library.include.join("mlab.h"), prefix.join("include/mlab.h")).expect("the header");
    fs::copy(&library.shared, prefix.join("lib/libmlab.so.0")).expect("the library");
    symlink("libmlab.so.0", prefix.join("lib/libmlab.so")).expect("a link");
    let text = "prefix=${pcfiledir}/../..\nName: mlab\nDescription: the library under test\nVersion: 0.1.0\n\
                Cflags: -I${prefix}/include\nLibs: -L${prefix}/lib -lmlab\n";
    fs::write(prefix.join("lib/pkgconfig/mlab.pc"), text).expect("a file");
    prefix
}

#[test]
fn the_lines_shown_for_a_clone_build_a_program_of_go() {
    let Some(_) = tool("go") else { return };
    let (servers, place) = (Servers::start(), fresh("go-clone"));
    let clone = Checkout::new("Go", place.join("clone"), &[]);
    let module = place.join("module");
    fs::create_dir(&module).expect("a folder");
    fs::write(module.join("go.mod"), "module shown\n\ngo 1.19\n").expect("a file");
    fs::write(module.join("main.go"), at_the_servers(&programs("Go")[0])).expect("a file");
    let mut lines = clone.block(0, &module, &[("PREFIX", &prefix())]);
    succeeds({
        lines.env("GOPROXY", "off").env("GOCACHE", folder("go-cache"));
        lines
    });
    let mut command = Command::new(module.join("shown"));
    servers.describe(&mut command);
    command.env("MODELSLAB_API_KEY", KEY).env("MLAB_ENDPOINT", servers.endpoint());
    assert_eq!(succeeds(command).matches("http://").count(), 4);
}

/// A shown program as it stands, but for where the jobs are.
fn at_the_servers(program: &str) -> String {
    let here = r#"NewClient("", &mlab.Options{Endpoint: os.Getenv("MLAB_ENDPOINT")})"#;
    let text =
        program.replace(r#"NewClient("", nil)"#, here).replace("\t\"log\"\n\n", "\t\"log\"\n\t\"os\"\n\n");
    assert!(text.contains(here), "{text}");
    text
}

#[test]
fn the_programs_shown_for_go_print_the_images() {
    let Some(tool) = tool("go") else { return };
    let module = with_module(&tool);
    let programs = programs("Go");
    assert_eq!(programs.len(), 2);
    let servers = Servers::start();
    for (number, text) in programs.into_iter().enumerate() {
        fs::write(module.join("main.go"), at_the_servers(&text)).expect("a file");
        let program = folder("go-programs").join(format!("shown-{number}"));
        let build = ["build", "-o", program.to_str().expect("UTF-8"), "."];
        succeeds(offline(go(&tool, &module, &build), &module, &folder("go-proxy")));
        let mut command = Command::new(program);
        servers.describe(&mut command);
        command.env("MODELSLAB_API_KEY", KEY).env("MLAB_ENDPOINT", servers.endpoint());
        let done = command.output().expect("it runs");
        let links = String::from_utf8_lossy(&done.stdout);
        assert_eq!((done.status.code(), links.lines().count()), (Some(0), 4), "{done:?}");
    }
}
