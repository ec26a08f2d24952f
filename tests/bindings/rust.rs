//! `mlab-core` as a Rust program gets it: a package outside of this workspace, to which the README's line has added it.

use crate::place::{fresh, run, source};
use crate::readme::{install, programs};
use crate::server::{KEY, Servers};
use crate::support::library::as_a_user_has_it;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The folder of its two programs: what the README shows, and the example of the crate.
fn built() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let place = fresh("rust");
        let manifest =
            "[package]\nname = \"shown\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
        fs::create_dir_all(place.join("src/bin")).expect("a folder");
        fs::write(place.join("Cargo.toml"), manifest).expect("a file");
        let programs = programs("Rust");
        let [program] = &programs[..] else { panic!("{} programs", programs.len()) };
        // As it stands, but for where the jobs are.
        let here = program.replacen(
            "Settings::default()",
            "Settings::with_endpoint(mlab_core::Endpoint::new(&std::env::var(\"MLAB_TEST_HTTP\")?)?)",
            1,
        );
        assert_ne!(&here, program);
        fs::write(place.join("src/bin/shown.rs"), here).expect("a file");
        fs::copy(source("core/examples/wait.rs"), place.join("src/bin/wait.rs")).expect("a file");
        // The versions that this workspace has fetched.
        fs::copy(source("Cargo.lock"), place.join("Cargo.lock")).expect("a file");
        let mut line = install("Rust", Path::new("cargo"));
        run(line.args(["--quiet", "--offline", "--path"]).arg(source("core")).current_dir(&place));
        // Not into its own folder: all but these two is built there already.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
        let mut build = as_a_user_has_it();
        build.args(["build", "--quiet", "--offline", "--target-dir"]).arg(target).current_dir(&place);
        run(&mut build);
        target.join("debug")
    })
}

fn program(name: &str, servers: &Servers) -> Command {
    let mut command = Command::new(built().join(name));
    servers.describe(&mut command);
    command.env_remove("MLAB_IMAGES").env("MODELSLAB_API_KEY", KEY).env("MLAB_ENDPOINT", servers.endpoint());
    command
}

#[test]
fn the_program_shown_for_rust_prints_the_images() {
    let servers = Servers::start();
    let done = run(&mut program("shown", &servers));
    assert_eq!(String::from_utf8_lossy(&done.stdout).lines().count(), 4);
}

#[test]
fn the_example_of_rust_waits_and_tells_how_it_went() {
    let servers = Servers::start();
    let run = |arguments: &[&str]| {
        let mut command = program("wait", &servers);
        let done = command.args(arguments).stdin(Stdio::null()).output().expect("it runs");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        (done.status.code(), String::from_utf8_lossy(&done.stdout).lines().count(), said)
    };
    let (code, links, said) = run(&["12202888"]);
    assert_eq!((code, links), (Some(0), 4), "{said}");
    let (code, links, said) = run(&["rust-1", "0.6"]);
    assert_eq!((code, links), (Some(0), 1), "{said}");
    assert!(said.contains("polls: 1"), "{said}");
    assert_eq!(run(&["fail-1"]).0, Some(1));
    assert_eq!(run(&["no id"]).0, Some(2));
    assert_eq!(run(&[]).0, Some(2));
    let folder = fresh("rust-images");
    let mut command = program("wait", &servers);
    let done = command.env("MLAB_IMAGES", &folder).arg("12202888").output().expect("it runs");
    let paths = String::from_utf8_lossy(&done.stdout);
    assert_eq!((done.status.code(), paths.lines().count()), (Some(0), 4), "{done:?}");
    assert!(paths.lines().all(|path| Path::new(path).is_file()), "{paths}");
}
