//! Whose work is inside the libraries, under which licences, and where it comes from.
//!
//! `NOTICE` lists it. After a change of dependencies, `WRITE_NOTICE=1 cargo test --test licences` writes it anew.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What may be inside. All of these ask for a notice and nothing else, which a static library in a closed game can give.
/// A licence that asks for more (MPL, LGPL, GPL) does not go here.
const ALLOWED: &[&str] = &["Apache-2.0", "BSD-3-Clause", "CDLA-Permissive-2.0", "ISC", "MIT"];

const HEAD: &str = "\
mlab is licensed under MIT or Apache-2.0, as you like: LICENSE-MIT, LICENSE-APACHE.

Its libraries contain the work of others, listed here with their licences. You may choose any alternative that an OR
offers. A library holds only what its platform needs. Archives of built libraries carry a NOTICE of their own, with what
is inside that one, runtime libraries of the compiler and of C too, and the texts of the licences.
";

/// What cargo knows of the workspace.
struct Metadata {
    packages: BTreeMap<String, Value>,
}

impl Metadata {
    fn read() -> Metadata {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["metadata", "--format-version=1", "--locked"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        let output = cargo.output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let packages = list(&said["packages"]).iter().map(|package| (text(&package["id"]), package.clone()));
        Metadata { packages: packages.collect() }
    }

    /// The packages that C programs link: those built as shared libraries.
    fn libraries(&self) -> Vec<&Value> {
        let own = self.packages.values().filter(|package| package["source"].is_null());
        own.filter(|package| builds(package, "cdylib")).collect()
    }

    /// The others inside a package, sorted, whatever its platform. Macros run at build time and leave nothing of theirs
    /// behind. Asked of `cargo tree`: in the metadata the features of the whole workspace are united.
    fn inside(&self, library: &Value) -> Vec<&Value> {
        let mut tree = Command::new(env!("CARGO"));
        tree.args(["tree", "--locked", "--target=all", "--edges=normal,no-proc-macro", "--prefix=none"]);
        tree.args(["--format={p}", "--package", &text(&library["name"])])
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        let output = tree.output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let listed = String::from_utf8_lossy(&output.stdout);
        let names: BTreeSet<(&str, &str)> = listed
            .lines()
            .filter_map(|line| line.split_once(" v"))
            .map(|(name, rest)| (name, rest.split(' ').next().unwrap_or(rest)))
            .collect();
        let is_inside = |package: &&Value| {
            let (name, version) = (text(&package["name"]), text(&package["version"]));
            !package["source"].is_null() && names.contains(&(name.as_str(), version.as_str()))
        };
        let mut inside: Vec<&Value> = self.packages.values().filter(is_inside).collect();
        inside.sort_by_key(|package| line(package));
        inside
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn builds(package: &Value, kind: &str) -> bool {
    list(&package["targets"]).iter().any(|target| list(&target["kind"]).iter().any(|found| found == kind))
}

/// The SPDX expression; `/` is its older spelling of "or".
fn licence(package: &Value) -> String {
    text(&package["license"]).replace('/', " OR ")
}

fn line(package: &Value) -> String {
    format!("{} {}: {}", text(&package["name"]), text(&package["version"]), licence(package))
}

/// Whether one of the ways that an SPDX expression offers needs allowed licences alone. An exception only gives more. An
/// expression with parentheses is refused: nobody uses one yet, and a person should look at the first.
fn is_allowed(expression: &str) -> bool {
    let is_one = |licence: &str| ALLOWED.contains(&licence.split(" WITH ").next().unwrap_or_default().trim());
    !expression.contains('(') && expression.split(" OR ").any(|way| way.split(" AND ").all(is_one))
}

fn notice(metadata: &Metadata) -> String {
    let mut notice = HEAD.to_owned();
    for library in metadata.libraries() {
        let _ = write!(notice, "\nInside lib{}:\n\n", text(&library["name"]).replace('-', "_"));
        for package in metadata.inside(library) {
            let _ = writeln!(notice, "    {}", line(package));
        }
        notice.push_str("    the Rust standard library: MIT OR Apache-2.0\n");
    }
    notice
}

#[test]
fn every_part_of_a_library_has_an_allowed_licence() {
    let metadata = Metadata::read();
    let libraries = metadata.libraries();
    assert!(libraries.iter().any(|library| library["name"] == "mlab"), "the search finds libraries");
    for library in libraries {
        let inside = metadata.inside(library);
        // So that nothing printed is nothing hidden.
        println!("inside {}:", text(&library["name"]));
        inside.iter().for_each(|package| println!("    {}", line(package)));
        let wrong: Vec<String> = inside
            .iter()
            .filter(|package| !is_allowed(&licence(package)))
            .map(|package| line(package))
            .collect();
        assert!(!inside.is_empty() && wrong.is_empty(), "{wrong:?}");
    }
}

#[test]
fn everything_that_is_built_comes_from_the_workspace_or_one_registry() {
    let sources: BTreeSet<String> =
        Metadata::read().packages.values().map(|package| text(&package["source"])).collect();
    let foreign: Vec<&String> = sources.iter().filter(|source| !source.is_empty()).collect();
    assert!(matches!(foreign[..], [one] if one.starts_with("registry+")), "{foreign:?}");
}

/// The fuzz targets' too, which are workspaces of their own.
#[test]
fn every_lock_file_names_that_registry_alone() {
    for name in ["Cargo.lock", "fuzz/Cargo.lock", "decode/fuzz/Cargo.lock"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let locked = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        let sources: BTreeSet<&str> = locked.lines().filter(|line| line.starts_with("source = ")).collect();
        let of_registry = |source: &&str| source.starts_with("source = \"registry+");
        assert!(sources.len() == 1 && sources.iter().all(of_registry), "{name}: {sources:?}");
    }
}

#[test]
fn the_notice_lists_what_is_inside() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("NOTICE");
    let wanted = notice(&Metadata::read());
    if env::var_os("WRITE_NOTICE").is_some() {
        fs::write(&path, &wanted).expect("NOTICE can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == wanted,
        "NOTICE is not what is inside: run `WRITE_NOTICE=1 cargo test --test licences`"
    );
}

/// What a registry or a proxy takes from a folder of its own has the texts in that folder.
#[test]
fn the_texts_beside_packages_are_those_of_the_root() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        let text = fs::read(root.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        for folder in ["bindings/go", "bindings/ruby"] {
            assert!(fs::read(root.join(folder).join(name)).is_ok_and(|copy| copy == text), "{folder}/{name}");
        }
    }
}

#[test]
fn a_licence_is_allowed_if_one_of_its_ways_is() {
    let rows = [
        ("MIT", true),
        ("MIT OR GPL-3.0-only", true),
        ("Apache-2.0 AND ISC", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("MIT AND MPL-2.0", false),
        ("MPL-2.0", false),
        ("GPL-2.0-only OR LGPL-2.1-only", false),
        ("(MIT OR Apache-2.0) AND GPL-3.0-only", false),
        ("", false),
    ];
    for (expression, wanted) in rows {
        assert_eq!(is_allowed(expression), wanted, "{expression:?}");
    }
}
