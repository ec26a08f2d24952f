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

/// npm takes the library from the package of a platform, in exactly the version that is named.
#[test]
fn the_platforms_of_node_are_of_the_same_version() {
    let manifest: serde_json::Value =
        serde_json::from_str(&text("bindings/node/package.json")).expect("JSON");
    let platforms = manifest["optionalDependencies"].as_object().expect("packages by name");
    assert!(!platforms.is_empty());
    for (name, version) in platforms {
        assert_eq!(version, env!("CARGO_PKG_VERSION"), "{name}");
    }
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
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
