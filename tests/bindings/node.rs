//! bindings/node: packed, installed into a fresh folder, and run from there by its own tests.

use crate::clone::Checkout;
use crate::example;
use crate::place::{fresh, has_licences, run as checked};
use crate::readme::{install, programs};
use crate::server::{KEY, Servers};
use crate::support::{run, skip, tool};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The platform package of this machine.
const PLATFORM: &str = if cfg!(target_arch = "aarch64") { "linux-arm64-gnu" } else { "linux-x64-gnu" };

/// From npm's own cache where it is there, without a word.
const QUIET: [&str; 4] = ["--prefer-offline", "--no-audit", "--no-fund", "--silent"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bindings/node")
}

/// Whether npm can give what the package depends on; says aloud if not.
fn has_dependencies(npm: &Path, folder: &Path) -> bool {
    let manifest = fs::read_to_string(source().join("package.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    let named = manifest["dependencies"].as_object().expect("dependencies");
    let named = named.iter().map(|(name, range)| format!("{name}@{}", range.as_str().expect("a range")));
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join("package.json"), r#"{"private": true}"#).expect("a file");
    let had = run(Command::new(npm).arg("install").args(QUIET).args(named).current_dir(folder));
    if let Err(why) = &had {
        skip(&format!("what the package depends on cannot be had from npm: {why}"));
    }
    had.is_ok()
}

/// A folder with nothing but the two packages and what they depend on; `None` where there is no Node, or npm cannot give
/// what they depend on.
fn installed() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let make = || {
        let (_, npm) = (tool("node")?, tool("npm")?);
        let folder = fresh("node");
        if !has_dependencies(&npm, &folder.join("dependencies")) {
            return None;
        }
        fs::write(folder.join("package.json"), r#"{"private": true}"#).expect("a file");
        // The page has files for the name at the end, which no registry has yet.
        let line = install("Node", &npm);
        assert_eq!(line.get_args().collect::<Vec<_>>(), ["install", "mlab-client"]);
        let clone = Checkout::new("Node", fresh("node-clone"), &[]);
        let words = [("linux-x64-gnu", Path::new(PLATFORM))];
        for (block, at) in [(0, &clone.root), (1, &folder)] {
            let mut lines = clone.block(block, at, &words);
            // What the packages depend on is taken from npm's own cache, where it is there.
            for (name, value) in [("PREFER_OFFLINE", "true"), ("AUDIT", "false"), ("FUND", "false")] {
                lines.env(format!("NPM_CONFIG_{name}"), value);
            }
            checked(&mut lines);
        }
        Some(folder)
    };
    FOLDER.get_or_init(make).as_deref()
}

/// Node in that folder, told where the servers are.
fn node(folder: &Path, servers: &Servers) -> Command {
    let mut command = Command::new("node");
    servers.describe(&mut command);
    command.env_remove("MLAB_LIBRARY").current_dir(folder);
    command
}

#[test]
fn the_package_of_node_works_where_it_was_installed() {
    let Some(folder) = installed() else { return };
    let files = ["support.mjs", "client.test.mjs", "transport.test.mjs", "life.test.mjs"];
    for file in files {
        fs::copy(source().join("tests").join(file), folder.join(file)).expect("the tests");
    }
    let servers = Servers::start();
    // One after the other, since some of them measure.
    for file in &files[1..] {
        let done = node(folder, &servers).args(["--test", file]).output().expect("it runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    }
}

#[test]
fn the_packages_of_node_hold_their_licences() {
    let Some(folder) = installed() else { return };
    let modules = folder.join("node_modules");
    let platform = modules.join(format!("mlab-client-{PLATFORM}"));
    has_licences(&modules.join("mlab-client"));
    has_licences(&platform);
    assert!(platform.join("NOTICE").is_file(), "whose work is inside the library");
}

#[test]
fn the_types_of_node_are_what_typescript_takes_and_refuses() {
    let Some(folder) = installed() else { return };
    let npm = tool("npm").expect("it was there a moment ago");
    if run(Command::new(npm)
        .args(["install", "--no-save"])
        .args(QUIET)
        .arg("typescript@5")
        .current_dir(folder))
    .is_err()
    {
        return skip("TypeScript cannot be had from npm");
    }
    let files = ["types.mts", "types.cts"];
    for file in files {
        fs::copy(source().join("tests").join(file), folder.join(file)).expect("a file");
    }
    let libraries = "es2023,dom,dom.iterable,dom.asynciterable";
    let strictly = ["--noEmit", "--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes"];
    let mut compiler = Command::new(folder.join("node_modules/.bin/tsc"));
    compiler.args(strictly).args(["--target", "es2022", "--module", "nodenext", "--lib", libraries]);
    run(compiler.args(files).current_dir(folder)).unwrap_or_else(|why| panic!("{why}"));
}

#[test]
fn the_programs_shown_for_node_print_the_images() {
    let Some(folder) = installed() else { return };
    let servers = Servers::start();
    // The last goes on from one before.
    let [readme, page, many] = &programs("Node")[..] else { panic!("another number of programs") };
    let begin = "import { Client } from 'mlab-client';\n\
                 const [client, ids] = [new Client(), ['12202888', 'fail-1']];\n";
    let shown = |program: &str| {
        // As it stands, but for where the jobs are.
        let here =
            program.replacen("new Client()", "new Client({ endpoint: process.env.MLAB_TEST_HTTP })", 1);
        assert_ne!(here, program);
        fs::write(folder.join("shown.mjs"), here).expect("a file");
        let mut command = node(folder, &servers);
        command.env("API_KEY", KEY).arg("shown.mjs");
        command
    };
    for program in [readme, page] {
        let said = String::from_utf8_lossy(&checked(&mut shown(program)).stdout).into_owned();
        assert_eq!(said.matches("http://").count(), 4, "{said}");
    }
    example::saves(&mut shown(&format!("{begin}{many}")), folder);
}

#[test]
fn the_example_of_node_waits_and_stops_at_once_on_an_interrupt() {
    let Some(folder) = installed() else { return };
    let servers = Servers::start();
    // The package brings it along.
    fs::copy(folder.join("node_modules/mlab-client/examples/wait.mjs"), folder.join("wait.mjs")).expect("it");
    example::waits_and_stops(&servers, || {
        let mut command = node(folder, &servers);
        command.arg("wait.mjs");
        command
    });
}
