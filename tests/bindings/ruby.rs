//! bindings/ruby: built as the gem of this platform, installed into a fresh folder, and run from there by its own tests.

use crate::clone::Checkout;
use crate::example;
use crate::place::{fresh, run};
use crate::readme::{install, programs};
use crate::server::{KEY, Servers};
use crate::support::tool;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bindings/ruby")
}

/// What goes with the library, from the root.
const NOTICE: &str = "../../NOTICE";

/// A folder of gems with this one alone in it; what it depends on is the system's. `None` where there is no Ruby.
fn installed() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let make = || {
        let (_, gem) = (tool("ruby")?, tool("gem")?);
        let folder = fresh("ruby");
        // The page has a file for the name at the end, which no registry has yet.
        let line = install("Ruby", &gem);
        assert_eq!(line.get_args().collect::<Vec<_>>(), ["install", "mlab-client"]);
        // No registry is asked, for what the gem depends on neither.
        let settings = folder.join("gemrc");
        fs::write(&settings, "install: --local --ignore-dependencies --no-document\n").expect("a file");
        let clone = Checkout::new("Ruby", fresh("ruby-clone"), &[]);
        let mut lines = clone.block(0, &clone.root, &[]);
        run(lines.env("GEMRC", settings).env("GEM_HOME", folder.join("gems")));
        Some(folder)
    };
    FOLDER.get_or_init(make).as_deref()
}

/// Ruby with that folder before the system's, told where the servers are.
fn ruby(folder: &Path, servers: &Servers) -> Command {
    let mut command = Command::new("ruby");
    servers.describe(&mut command);
    let system = Command::new("gem").args(["environment", "gempath"]).output().expect("gem");
    let system = String::from_utf8_lossy(&system.stdout);
    command.env_remove("MLAB_LIBRARY").current_dir(folder);
    command.env("GEM_PATH", format!("{}:{}", folder.join("gems").display(), system.trim()));
    command
}

#[test]
fn the_gem_works_where_it_was_installed() {
    let Some(folder) = installed() else { return };
    let servers = Servers::start();
    let done = ruby(folder, &servers).arg("-w").arg(source().join("tests/all.rb")).output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stdout);
    let errors = String::from_utf8_lossy(&done.stderr);
    let is_ours = |line: &&str| line.contains("mlab-client") && line.contains("warning:");
    let warnings: Vec<&str> = errors.lines().filter(is_ours).collect();
    assert!(done.status.success() && warnings.is_empty(), "{said}{errors}");
}

#[test]
fn the_gem_brings_its_licences_and_those_of_what_is_inside() {
    let Some(folder) = installed() else { return };
    let mut gems = fs::read_dir(folder.join("gems/gems")).expect("gems");
    let gem = gems.next().expect("a gem").expect("it").path();
    for (file, original) in
        [("LICENSE-APACHE", "LICENSE-APACHE"), ("LICENSE-MIT", "LICENSE-MIT"), ("NOTICE", NOTICE)]
    {
        let brought = fs::read_to_string(gem.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        assert_eq!(brought, fs::read_to_string(source().join(original)).expect("it"), "{file}");
    }
}

#[test]
fn the_gem_of_a_mac_suits_every_version_of_its_system() {
    let Some(ruby) = tool("ruby") else { return };
    let place = fresh("ruby-platform");
    fs::create_dir(place.join("native")).expect("a folder");
    fs::write(place.join("native/libmlab.0.dylib"), "").expect("a file");
    fs::copy(source().join("mlab-client.gemspec"), place.join("mlab-client.gemspec")).expect("a copy");
    for (here, wanted) in [
        ("arm64-darwin-23", "arm64-darwin"),
        ("x86_64-darwin-19", "x86_64-darwin"),
        ("x86_64-linux", "x86_64-linux"),
    ] {
        let program = format!(
            "Gem::Platform.instance_variable_set(:@local, Gem::Platform.new('{here}'))\n\
             print Gem::Specification.load('mlab-client.gemspec').platform"
        );
        let done = Command::new(&ruby).args(["-e", &program]).current_dir(&place).output().expect("it runs");
        assert_eq!(String::from_utf8_lossy(&done.stdout), wanted, "{here}: {done:?}");
    }
}

#[test]
fn the_programs_shown_for_ruby_print_the_images() {
    let Some(folder) = installed() else { return };
    let servers = Servers::start();
    // The last goes on from one before.
    let [readme, page, many] = &programs("Ruby")[..] else { panic!("another number of programs") };
    let begin = "require 'mlab'\nclient = Mlab::Client.new\nids = %w[12202888 fail-1]\n";
    let shown = |program: &str| {
        // As it stands, but for where the jobs are.
        let here = ["Client.new", "Client.open"].iter().fold(program.to_owned(), |text, make| {
            text.replacen(make, &format!("{make}(endpoint: ENV['MLAB_TEST_HTTP'])"), 1)
        });
        assert_ne!(here, program);
        let mut command = ruby(folder, &servers);
        command.env("API_KEY", KEY).args(["-e", &here]);
        command
    };
    for program in [readme, page] {
        let said = String::from_utf8_lossy(&run(&mut shown(program)).stdout).into_owned();
        assert_eq!(said.matches("http://").count(), 4, "{said}");
    }
    example::saves(&mut shown(&format!("{begin}{many}")), folder);
}

#[test]
fn the_example_of_ruby_waits_and_stops_at_once_on_an_interrupt() {
    let Some(folder) = installed() else { return };
    let servers = Servers::start();
    example::waits_and_stops(&servers, || {
        let mut command = ruby(folder, &servers);
        command.arg(source().join("examples/wait.rb"));
        command
    });
}
