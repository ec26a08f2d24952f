//! What the registries are told of the packages is the same in each of them.

use crate::pages::root;
use std::fs;

/// The manifest of every package that holds this version.
const MANIFESTS: &[&str] = &[
    "bindings/csharp/mlab-client.csproj",
    "bindings/java/pom.xml",
    "bindings/lua/mlab-client-0.1.0-1.rockspec",
    "bindings/node/package.json",
    "bindings/php/composer.json",
    "bindings/python/pyproject.toml",
    "bindings/ruby/mlab-client.gemspec",
];

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

#[test]
fn every_manifest_has_the_address_of_the_project_and_its_version() {
    let address = env!("CARGO_PKG_REPOSITORY").strip_prefix("https://").expect("an address");
    for path in MANIFESTS {
        let manifest = text(path);
        assert!(manifest.contains(address), "{path} does not name {address}");
        assert!(manifest.contains(env!("CARGO_PKG_VERSION")), "{path} is of another version");
    }
    // Go takes the version from the repository's tags.
    let module = format!("module {address}/bindings/go\n");
    assert!(text("bindings/go/go.mod").starts_with(&module), "go.mod does not begin with {module:?}");
}
