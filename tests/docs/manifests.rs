//! What the manifests and the pages say of the packages is the same in each of them.

use crate::pages::{self, root};
use std::fs;

/// The version of all packages.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The manifest of every package, and the lines of it that hold the version, which stands there as `{}`.
const MANIFESTS: &[(&str, &[&str])] = &[
    ("bindings/csharp/mlab-client.csproj", &["    <Version>{}</Version>"]),
    ("bindings/java/pom.xml", &["  <version>{}</version>"]),
    ("bindings/lua/mlab-client-0.1.0-1.rockspec", &["version = \"{}-1\"", "  tag = \"v{}\","]),
    ("bindings/node/package.json", &["  \"version\": \"{}\","]),
    ("bindings/php/composer.json", &["    \"version\": \"{}\","]),
    ("bindings/python/pyproject.toml", &["version = \"{}\""]),
    ("bindings/ruby/mlab-client.gemspec", &["  spec.version = \"{}\""]),
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

/// The versions in a text that are said to be of something of ours, each with the words of its line before it:
/// `mlab-client-0.1.0.tgz`, `libmlab.so.0.1.0`, `libmlab_decode 0.1.0`, `<version>0.1.0` below `mlab-client`.
fn versions(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut at = 0;
        for part in line.split(|c: char| !c.is_ascii_digit() && c != '.') {
            let before = &line[..at + part.len() - part.trim_start_matches('.').len()];
            at += part.len() + line[at + part.len()..].chars().next().map_or(0, char::len_utf8);
            let version = part.trim_matches('.');
            let word = before.trim_end_matches([' ', '"', ':']).rsplit([' ', '`', '(', '|']).next();
            let word = word.unwrap_or_default();
            let is_ours = word.contains("mlab") || word == "<version>";
            if is_ours && version.split('.').filter(|number| !number.is_empty()).count() == 3 {
                found.push((word, version));
            }
        }
    }
    found
}

#[test]
fn every_manifest_has_the_address_of_the_project_and_its_version() {
    let address = env!("CARGO_PKG_REPOSITORY").strip_prefix("https://").expect("an address");
    for (path, lines) in MANIFESTS {
        let manifest = text(path);
        assert!(manifest.contains(address), "{path} does not name {address}");
        for line in lines.iter().map(|line| line.replace("{}", VERSION)) {
            assert!(manifest.lines().any(|other| other == line), "{path} has no line {line:?}");
        }
        // Packages for one platform each, which the one above them asks for.
        for (word, version) in versions(&manifest).into_iter().filter(|(word, _)| word.contains("mlab")) {
            assert_eq!(version, VERSION, "{path}: {word}");
        }
    }
    // Go takes the version from the repository's tags.
    let module = format!("module {address}/bindings/go\n");
    assert!(text("bindings/go/go.mod").starts_with(&module), "go.mod does not begin with {module:?}");
}

#[test]
fn every_page_names_the_versions_that_the_packages_have() {
    let manifest = text("Cargo.toml");
    let library = manifest.split("[package.metadata.capi.library]").nth(1).expect("cargo-c's");
    let library = library.lines().find_map(|line| line.strip_prefix("version = ")).expect("a version");
    let mut seen = 0;
    for page in pages::all() {
        for (word, version) in versions(&page.text) {
            seen += 1;
            let wanted = if word.contains("libmlab.") { library.trim_matches('"') } else { VERSION };
            assert_eq!(version, wanted, "{}: {word}", page.path.display());
        }
    }
    assert!(seen > 5, "only {seen} versions were found");
}

#[test]
fn a_version_of_ours_is_told_from_others() {
    let text = "`mlab-client-0.1.0.tgz` and libmlab.so.0.2.0, but ureq 3.4.5 and 127.0.0.1\n<version>0.3.0</version>\n\
                `libmlab_decode 0.4.0`; \u{2026} mlab 1.2 and mlab:0.5.0.";
    let found: Vec<&str> = versions(text).into_iter().map(|(_, version)| version).collect();
    assert_eq!(found, ["0.1.0", "0.2.0", "0.3.0", "0.4.0", "0.5.0"]);
}

#[test]
fn every_page_names_the_system_libraries_that_the_packages_name() {
    let lists = text("packaging/system-libraries.txt");
    let list = lists.lines().find_map(|line| line.strip_prefix("linux-gnu ")).expect("Linux'");
    let mut seen = 0;
    for page in pages::all().iter().filter(|page| page.text.contains("-lgcc_s")) {
        seen += 1;
        let all = page.text.matches("-lgcc_s").count();
        assert_eq!(page.text.matches(list).count(), all, "{}: not {list}", page.path.display());
    }
    assert!(seen > 1, "{seen} pages name some");
}
